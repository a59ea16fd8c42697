//! Checkpoints and savepoints: where they lie, and which of them are complete.
//!
//! People see addresses (`abfs://container@account...`); Flink is given the files behind them.

use std::path::{Path, PathBuf};

use domain::address::Address;
use domain::id::{ClusterId, OperationId};
use domain::spec::ClusterSpec;

use jiff::Timestamp;

use crate::file;
use crate::provider::Checkpoint;
use crate::storage::{Storage, is_complete};

/// The part of a cluster's container that belongs to the cluster.
#[derive(Clone, Debug)]
pub(crate) struct StateFolder {
    path: PathBuf,
    address: Address,
}

impl StateFolder {
    pub(crate) fn of(storage: &Storage, cluster: ClusterId, spec: &ClusterSpec) -> std::io::Result<Self> {
        let address = spec.state_folder(cluster);
        Ok(Self { path: storage.resolve(&address).map_err(std::io::Error::other)?, address })
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
        self.path.join("savepoints")
    }

    /// Where the savepoint of a trigger goes. Flink adds a folder of its own choice.
    pub(crate) fn savepoint_target(&self, trigger: OperationId) -> PathBuf {
        self.savepoints().join(trigger.trigger())
    }

    /// The address of a trigger's savepoint, if it is complete.
    pub(crate) fn savepoint(&self, trigger: OperationId) -> std::io::Result<Option<String>> {
        let folder = self.savepoint_target(trigger);
        let complete = complete_in(&folder)?.into_iter().next();
        Ok(complete.map(|name| format!("{}/savepoints/{}/{name}", self.address, trigger.trigger())))
    }

    /// A job's complete checkpoints that are kept, newest last.
    pub(crate) fn kept_checkpoints(&self, job: &str) -> std::io::Result<Vec<Checkpoint>> {
        let folder = self.checkpoints().join(job);
        let mut numbered: Vec<(u64, String)> =
            complete_in(&folder)?.into_iter().filter_map(|name| Some((number(&name)?, name))).collect();
        numbered.sort_unstable();
        let checkpoint = |(_, name): (u64, String)| {
            let written = folder.join(&name).join("_metadata").metadata().and_then(|file| file.modified());
            let completed = written.ok().and_then(|time| Timestamp::try_from(time).ok());
            let address = format!("{}/checkpoints/{job}/{name}", self.address);
            Checkpoint { address, completed: completed.unwrap_or(Timestamp::UNIX_EPOCH) }
        };
        Ok(numbered.into_iter().map(checkpoint).collect())
    }

    /// The address of what Flink names by a path below this folder; the path itself for what lies elsewhere.
    pub(crate) fn named(&self, flinks: &str) -> String {
        let path = flinks.trim_start_matches("file:");
        let path = Path::new("/").join(path.trim_start_matches('/'));
        match path.strip_prefix(&self.path) {
            Ok(below) => format!("{}/{}", self.address, below.display()),
            Err(_) => flinks.to_owned(),
        }
    }

    /// Whether anything is left that a deletion removes.
    pub(crate) fn has_left_overs(&self, keep_savepoints: bool) -> bool {
        self.checkpoints().exists() || (!keep_savepoints && self.path.exists())
    }

    /// Removes the checkpoints, and the savepoints too unless they are kept.
    pub(crate) fn remove(&self, keep_savepoints: bool) -> std::io::Result<()> {
        if !keep_savepoints {
            return gone(file::remove_tree(&self.path));
        }
        gone(file::remove_tree(&self.checkpoints()))?;
        // Without savepoints an empty folder would be all that stays. One that is not empty refuses to go.
        let _ = std::fs::remove_dir(self.savepoints());
        let _ = std::fs::remove_dir(&self.path);
        Ok(())
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
