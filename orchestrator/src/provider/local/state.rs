//! Checkpoints and savepoints: where they lie, and which of them are complete.
//!
//! People see addresses (`abfs://container@account...`); Flink is given the files behind them.

use std::path::Path;

use domain::address::Address;
use domain::id::{ClusterId, OperationId};
use domain::spec::ClusterSpec;
use jiff::Timestamp;

use super::spot::{Kept, Place, Spot};
use crate::provider::{Checkpoint, Target};
use crate::storage::remote::Remote;
use crate::storage::{Storage, is_complete};

/// The part of a cluster's container that belongs to the cluster, and where its savepoints are.
#[derive(Clone, Debug)]
pub(crate) struct StateFolder {
    state: Spot,
    /// What holds its savepoints: the same folder, or its own in a savepoint directory.
    home: Spot,
}

impl StateFolder {
    pub(crate) fn of(storage: &Storage, cluster: ClusterId, spec: &ClusterSpec) -> std::io::Result<Self> {
        let (state, home) = (spec.state_folder(cluster), spec.savepoint_home(cluster));
        Ok(Self { state: Spot::of(storage, state)?, home: Spot::of(storage, home)? })
    }

    /// The folder itself, where it is one of this machine.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.state.path()
    }

    pub(crate) fn address(&self) -> &Address {
        self.state.address()
    }

    /// Where Flink puts checkpoints: a URI.
    pub(crate) fn checkpoints(&self) -> String {
        format!("{}/checkpoints", self.state.uri())
    }

    /// Where Flink puts savepoints: a URI.
    pub(crate) fn savepoints(&self) -> String {
        format!("{}/savepoints", self.home.uri())
    }

    /// What holds the savepoints, where it is a folder of this machine, and its address.
    pub(crate) fn savepoint_home(&self) -> (Option<&Path>, &Address) {
        (self.home.path(), self.home.address())
    }

    /// Why the storage of its state or of its savepoints is not there; none if both are.
    pub(crate) fn not_there(&self, storage: &Storage) -> Option<String> {
        [&self.state, &self.home].into_iter().find_map(|spot| storage.not_there(spot.address()))
    }

    /// Where the savepoint of a trigger goes: a URI. Flink adds a folder of its own choice.
    pub(crate) fn savepoint_target(&self, trigger: OperationId) -> String {
        format!("{}/{}", self.savepoints(), trigger.trigger())
    }

    /// The address of a trigger's savepoint, if it is complete.
    pub(crate) fn savepoint(&self, trigger: OperationId) -> std::io::Result<Option<String>> {
        let inside = self.home.below(&format!("savepoints/{}", trigger.trigger()))?;
        match inside.place() {
            Place::Here(path) => {
                let complete = complete_in(path)?.into_iter().next();
                Ok(complete.map(|name| format!("{}/{name}", inside.address())))
            }
            Place::There(remote) => {
                let complete = remote.complete_below(inside.address()).map_err(std::io::Error::other)?;
                Ok(complete.first().map(|(address, _)| address.to_string()))
            }
        }
    }

    /// A job's complete checkpoints that are kept, newest last. Its own code may have them in a folder of its choice,
    /// and here is all that it may write: each is below a folder that Flink gives the job's id.
    pub(crate) fn kept_checkpoints(&self, job: &str) -> std::io::Result<Vec<Checkpoint>> {
        let path = match self.state.place() {
            Place::Here(path) => path,
            Place::There(remote) => return self.kept_there(remote, job),
        };
        let mut numbered = Vec::new();
        let mut folders = vec![(path.clone(), 0)];
        let mut searched = 0;
        while let Some((folder, depth)) = folders.pop() {
            for name in folders_in(&folder, &mut searched)? {
                let inside = folder.join(&name);
                if name == job {
                    let complete = complete_in(&inside)?.into_iter();
                    numbered.extend(complete.filter_map(|name| Some((number(&name)?, inside.join(name)))));
                } else if depth < DEEPEST && inside != path.join("savepoints") && !is_a_jobs(&name) {
                    folders.push((inside, depth + 1));
                }
            }
        }
        numbered.sort_unstable();
        Ok(numbered.into_iter().map(|(_, folder)| self.checkpoint(&folder)).collect())
    }

    /// The same in a remote account: one search over what the cluster has there.
    fn kept_there(&self, remote: &Remote, job: &str) -> std::io::Result<Vec<Checkpoint>> {
        let savepoints = self.state.below("savepoints")?.address().clone();
        let mut numbered = Vec::new();
        for (at, completed) in remote.left_by(job, self.state.address()).map_err(std::io::Error::other)? {
            let of_job = at.path().parent().is_some_and(|above| above.name() == job);
            if let Some(number) = number(at.name()).filter(|_| of_job && !savepoints.holds(&at)) {
                numbered.push((number, Checkpoint { address: at.to_string(), completed }));
            }
        }
        numbered.sort_by_key(|(number, _)| *number);
        Ok(numbered.into_iter().map(|(_, checkpoint)| checkpoint).collect())
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
        let named = self.state.named(flinks).or_else(|| self.home.named(flinks));
        named.unwrap_or_else(|| flinks.to_owned())
    }

    /// Whether anything is left that a deletion removes.
    pub(crate) fn has_left_overs(&self, left: &Left) -> std::io::Result<bool> {
        left.tops(self)?.iter().try_fold(false, |found, top| Ok(found || top.has_any_but(&left.kept)?))
    }

    /// Removes the checkpoints, and the savepoints too unless they are kept; but nothing that others need.
    pub(crate) fn remove(&self, left: &Left) -> std::io::Result<()> {
        left.tops(self)?.iter().try_for_each(|top| top.remove_but(&left.kept))?;
        std::iter::once(&self.state).chain(&left.homes).for_each(Spot::remove_empty);
        Ok(())
    }
}

/// What a deletion leaves.
pub(crate) struct Left {
    savepoints: bool,
    /// What other clusters need.
    kept: Kept,
    /// Where savepoints are, beside the folder of the state.
    homes: Vec<Spot>,
}

impl Left {
    pub(crate) fn of(storage: &Storage, target: &Target, savepoints: bool) -> std::io::Result<Self> {
        let homes = target.homes.iter().map(|home| Spot::of(storage, home.clone()));
        let kept = Kept::of(storage, &target.needed)?;
        Ok(Self { savepoints, kept, homes: homes.collect::<Result<_, _>>()? })
    }

    /// The folders that go.
    fn tops(&self, state: &StateFolder) -> std::io::Result<Vec<Spot>> {
        Ok(match self.savepoints {
            true => vec![state.state.below("checkpoints")?],
            false => std::iter::once(&state.state).chain(&self.homes).cloned().collect(),
        })
    }
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

    fn here(path: &Path, address: Address) -> StateFolder {
        let spot = Spot::here(path.to_owned(), address);
        StateFolder { state: spot.clone(), home: spot }
    }

    /// As Flink lays them out, wherever the job's own code has it do so.
    #[test]
    fn a_jobs_checkpoints_are_found_wherever_below_the_clusters_folder_they_are() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::parse("lake/flink/1").expect("an address");
        let path = folder.path().join("1");
        let state = here(&path, address);
        let (job, other) = ("0".repeat(32), "1".repeat(32));
        let complete = |name: &str| {
            std::fs::create_dir_all(path.join(name)).expect("made");
            std::fs::write(path.join(name).join("_metadata"), b"state").expect("written");
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
        std::fs::create_dir_all(path.join(format!("my/own/{job}/chk-13"))).expect("made");
        std::os::unix::fs::symlink(folder.path(), path.join("round")).expect("a link");
        assert_eq!(found(), [format!("checkpoints/{job}/chk-9"), format!("my/own/{job}/chk-10")]);
    }

    /// Another cluster runs from one savepoint and from one job's checkpoints; all else goes, and then nothing is left
    /// to remove.
    #[test]
    fn what_others_need_stays_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let address = Address::parse("lake/flink/1").expect("an address");
        let path = folder.path().join("1");
        let state = here(&path, address.clone());
        for name in [
            "checkpoints/a/chk-7",
            "checkpoints/a/shared",
            "checkpoints/b/chk-1",
            "savepoints/1/x",
            "savepoints/2/y",
        ] {
            std::fs::create_dir_all(path.join(name)).expect("made");
            std::fs::write(path.join(name).join("_metadata"), b"state").expect("written");
        }
        std::os::unix::fs::symlink(folder.path(), path.join("savepoints/link")).expect("a link");
        let left = |savepoints, names: &[&str]| Left {
            savepoints,
            kept: Kept::folders(names.iter().map(|name| path.join(name)).collect()),
            homes: [path.clone(), folder.path().join("other/1")]
                .map(|home| Spot::here(home, address.clone()))
                .into(),
        };
        let there = |name: &str| path.join(name).exists();

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
        assert!(!path.exists() && folder.path().exists());
    }
}
