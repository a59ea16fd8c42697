//! Checkpoints and savepoints: where they lie, and which of them are complete.
//!
//! People see addresses (`abfs://container@account...`); Flink is given the files behind them.

use std::path::{Path, PathBuf};

use domain::address::Address;
use domain::id::{ClusterId, OperationId};
use domain::spec::ClusterSpec;

use jiff::Timestamp;

use crate::file;
use crate::provider::{Checkpoint, Target};
use crate::storage::{Storage, is_complete};

/// The part of a cluster's container that belongs to the cluster, and where its savepoints are.
#[derive(Clone, Debug)]
pub(crate) struct StateFolder {
    path: PathBuf,
    address: Address,
    /// What holds its savepoints: the same folder, or its own in a savepoint directory.
    home: PathBuf,
    home_address: Address,
}

impl StateFolder {
    pub(crate) fn of(storage: &Storage, cluster: ClusterId, spec: &ClusterSpec) -> std::io::Result<Self> {
        let (address, home_address) = (spec.state_folder(cluster), spec.savepoint_home(cluster));
        let place = |address| storage.resolve(address).map_err(std::io::Error::other);
        Ok(Self { path: place(&address)?, home: place(&home_address)?, address, home_address })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    pub(crate) fn checkpoints(&self) -> PathBuf {
        self.path.join("checkpoints")
    }

    pub(crate) fn savepoints(&self) -> PathBuf {
        self.home.join("savepoints")
    }

    /// What holds the savepoints, and its address.
    pub(crate) fn savepoint_home(&self) -> (&Path, &Address) {
        (&self.home, &self.home_address)
    }

    /// Why the storage of its state or of its savepoints is not there; none if both are.
    pub(crate) fn not_there(&self, storage: &Storage) -> Option<String> {
        [&self.address, &self.home_address].into_iter().find_map(|address| storage.not_there(address))
    }

    /// Where the savepoint of a trigger goes. Flink adds a folder of its own choice.
    pub(crate) fn savepoint_target(&self, trigger: OperationId) -> PathBuf {
        self.savepoints().join(trigger.trigger())
    }

    /// The address of a trigger's savepoint, if it is complete.
    pub(crate) fn savepoint(&self, trigger: OperationId) -> std::io::Result<Option<String>> {
        let folder = self.savepoint_target(trigger);
        let complete = complete_in(&folder)?.into_iter().next();
        Ok(complete.map(|name| format!("{}/savepoints/{}/{name}", self.home_address, trigger.trigger())))
    }

    /// A job's complete checkpoints that are kept, newest last. Its own code may have them in a folder of its choice,
    /// and here is all that it may write: each is below a folder that Flink gives the job's id.
    pub(crate) fn kept_checkpoints(&self, job: &str) -> std::io::Result<Vec<Checkpoint>> {
        let mut numbered = Vec::new();
        let mut folders = vec![(self.path.clone(), 0)];
        let mut searched = 0;
        while let Some((folder, depth)) = folders.pop() {
            for name in folders_in(&folder, &mut searched)? {
                let inside = folder.join(&name);
                if name == job {
                    let complete = complete_in(&inside)?.into_iter();
                    numbered.extend(complete.filter_map(|name| Some((number(&name)?, inside.join(name)))));
                } else if depth < DEEPEST && inside != self.path.join("savepoints") && !is_a_jobs(&name) {
                    folders.push((inside, depth + 1));
                }
            }
        }
        numbered.sort_unstable();
        Ok(numbered.into_iter().map(|(_, folder)| self.checkpoint(&folder)).collect())
    }

    fn checkpoint(&self, folder: &Path) -> Checkpoint {
        let written = folder.join("_metadata").metadata().and_then(|file| file.modified());
        let completed = written.ok().and_then(|time| Timestamp::try_from(time).ok());
        Checkpoint {
            address: self.named(&folder.display().to_string()),
            completed: completed.unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }

    /// The address of what Flink names by a path below this folder; the path itself for what lies elsewhere.
    pub(crate) fn named(&self, flinks: &str) -> String {
        let path = flinks.trim_start_matches("file:");
        let path = Path::new("/").join(path.trim_start_matches('/'));
        let places = [(&self.path, &self.address), (&self.home, &self.home_address)];
        let below = places.into_iter().find_map(|(folder, address)| {
            Some(format!("{address}/{}", path.strip_prefix(folder).ok()?.display()))
        });
        below.unwrap_or_else(|| flinks.to_owned())
    }

    /// Whether anything is left that a deletion removes.
    pub(crate) fn has_left_overs(&self, left: &Left) -> std::io::Result<bool> {
        left.tops(self).iter().try_fold(false, |found, top| Ok(found || any_but(top, &left.needed)?))
    }

    /// Removes the checkpoints, and the savepoints too unless they are kept; but nothing that others need.
    pub(crate) fn remove(&self, left: &Left) -> std::io::Result<()> {
        left.tops(self).iter().try_for_each(|top| remove_but(top, &left.needed))?;
        // Without savepoints an empty folder would be all that stays. One that is not empty refuses to go.
        for home in std::iter::once(&self.path).chain(&left.homes) {
            let _ = std::fs::remove_dir(home.join("savepoints"));
            let _ = std::fs::remove_dir(home);
        }
        Ok(())
    }
}

/// What a deletion leaves.
pub(crate) struct Left {
    savepoints: bool,
    /// Folders that other clusters need.
    needed: Vec<PathBuf>,
    /// Where savepoints are, beside the folder of the state.
    homes: Vec<PathBuf>,
}

impl Left {
    pub(crate) fn of(storage: &Storage, target: &Target, savepoints: bool) -> std::io::Result<Self> {
        let places = |all: &[Address]| -> std::io::Result<Vec<PathBuf>> {
            all.iter().map(|at| storage.resolve(at).map_err(std::io::Error::other)).collect()
        };
        Ok(Self { savepoints, needed: places(&target.needed)?, homes: places(&target.homes)? })
    }

    /// The folders that go.
    fn tops(&self, state: &StateFolder) -> Vec<PathBuf> {
        match self.savepoints {
            true => vec![state.checkpoints()],
            false => std::iter::once(&state.path).chain(&self.homes).cloned().collect(),
        }
    }
}

/// Whether anything is there beside what is kept and the folders that it lies in.
fn any_but(top: &Path, kept: &[PathBuf]) -> std::io::Result<bool> {
    match kept_below(top, kept) {
        Kept::All => Ok(false),
        Kept::Nothing => Ok(top.exists()),
        Kept::Some => entries(top)?.iter().try_fold(false, |found, entry| Ok(found || any_but(entry, kept)?)),
    }
}

fn remove_but(top: &Path, kept: &[PathBuf]) -> std::io::Result<()> {
    match kept_below(top, kept) {
        Kept::All => Ok(()),
        Kept::Nothing if std::fs::symlink_metadata(top).is_ok_and(|found| !found.is_dir()) => {
            gone(std::fs::remove_file(top))
        }
        Kept::Nothing => gone(file::remove_tree(top)),
        Kept::Some => entries(top)?.iter().try_for_each(|entry| remove_but(entry, kept)),
    }
}

/// How much of a folder is kept.
enum Kept {
    All,
    Some,
    Nothing,
}

fn kept_below(top: &Path, kept: &[PathBuf]) -> Kept {
    if kept.iter().any(|kept| top.starts_with(kept)) {
        Kept::All
    } else if kept.iter().any(|kept| kept.starts_with(top) && kept.exists()) {
        Kept::Some
    } else {
        Kept::Nothing
    }
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

/// A removal of what is not there has succeeded.
pub(crate) fn gone(removed: std::io::Result<()>) -> std::io::Result<()> {
    match removed {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// The URI by which Flink is given a file or folder. Flink takes it as it is, nothing is escaped.
pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

/// `chk-17` is 17.
fn number(name: &str) -> Option<u64> {
    name.strip_prefix("chk-")?.parse().ok()
}

/// How far below a cluster's own folder its job's own code may keep checkpoints and have them found.
const DEEPEST: usize = 6;

/// Whether it is a name that Flink gives to a job's folder.
fn is_a_jobs(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The names of the folders within this one, in all no more than [`MOST`]. A link is none.
fn folders_in(folder: &Path, searched: &mut usize) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries.take(MOST - *searched) {
        let entry = entry?;
        *searched += 1;
        if entry.file_type()?.is_dir() {
            names.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(names)
}

/// A job that leaves more than this in such a folder has not Flink write there, and is not looked for to the end.
const MOST: usize = 100_000;

/// The names of the folders within this one that hold a complete checkpoint or savepoint.
fn complete_in(folder: &Path) -> std::io::Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut names = Vec::new();
    for entry in entries.take(MOST) {
        let entry = entry?;
        if is_complete(&entry.path()) {
            names.extend(entry.file_name().into_string().ok());
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As Flink lays them out, wherever the job's own code has it do so.
    #[test]
    fn a_jobs_checkpoints_are_found_wherever_below_the_clusters_folder_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::parse("lake/flink/1").expect("an address");
        let path = folder.path().join("1");
        let state = StateFolder { home: path.clone(), home_address: address.clone(), path, address };
        let (job, other) = ("0".repeat(32), "1".repeat(32));
        let complete = |name: &str| {
            std::fs::create_dir_all(state.path.join(name)).expect("made");
            std::fs::write(state.path.join(name).join("_metadata"), b"state").expect("written");
        };
        let found = || -> Vec<String> {
            let kept = state.kept_checkpoints(&job).expect("looked").into_iter();
            kept.map(|checkpoint| checkpoint.address.rsplit_once("/1/").expect("below").1.to_owned())
                .collect()
        };
        assert_eq!(found(), Vec::<String>::new());
        complete(&format!("checkpoints/{job}/chk-9"));
        complete(&format!("checkpoints/{other}/chk-11"));
        complete(&format!("my/own/{job}/chk-10"));
        complete(&format!("savepoints/{job}/chk-12"));
        std::fs::create_dir_all(state.path.join(format!("my/own/{job}/chk-13"))).expect("made");
        std::os::unix::fs::symlink(folder.path(), state.path.join("round")).expect("a link");
        assert_eq!(found(), [format!("checkpoints/{job}/chk-9"), format!("my/own/{job}/chk-10")]);
    }

    /// Another cluster runs from one savepoint and from one job's checkpoints; all else goes, and then nothing is left
    /// to remove.
    #[test]
    fn what_others_need_stays_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::parse("lake/flink/1").expect("an address");
        let path = folder.path().join("1");
        let state = StateFolder { home: path.clone(), home_address: address.clone(), path, address };
        for name in [
            "checkpoints/a/chk-7",
            "checkpoints/a/shared",
            "checkpoints/b/chk-1",
            "savepoints/1/x",
            "savepoints/2/y",
        ] {
            std::fs::create_dir_all(state.path.join(name)).expect("made");
            std::fs::write(state.path.join(name).join("_metadata"), b"state").expect("written");
        }
        std::os::unix::fs::symlink(folder.path(), state.path.join("savepoints/link")).expect("a link");
        let left = |savepoints, names: &[&str]| Left {
            savepoints,
            needed: names.iter().map(|name| state.path.join(name)).collect(),
            homes: vec![state.path.clone(), folder.path().join("other/1")],
        };
        let there = |name: &str| state.path.join(name).exists();

        let kept = left(true, &["checkpoints/a"]);
        assert!(state.has_left_overs(&kept).expect("looked"));
        state.remove(&kept).expect("removed");
        assert!(
            there("checkpoints/a/chk-7/_metadata")
                && there("checkpoints/a/shared")
                && !there("checkpoints/b")
        );
        assert!(there("savepoints/2/y") && !state.has_left_overs(&kept).expect("looked"));

        let kept = left(false, &["checkpoints/a", "savepoints/1/x"]);
        assert!(state.has_left_overs(&kept).expect("looked"));
        state.remove(&kept).expect("removed");
        assert!(there("checkpoints/a/chk-7") && there("savepoints/1/x/_metadata") && !there("savepoints/2"));
        assert!(!state.has_left_overs(&kept).expect("looked"));

        let elsewhere = folder.path().join("other/1/savepoints/3/z");
        std::fs::create_dir_all(&elsewhere).expect("made");
        assert!(state.has_left_overs(&left(false, &[])).expect("looked"));
        state.remove(&left(false, &["elsewhere"])).expect("removed");
        assert!(folder.path().join("other").exists() && !folder.path().join("other/1").exists());
        assert!(!state.path.exists() && folder.path().exists());
    }
}
