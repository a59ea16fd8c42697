//! What a cluster's processes see: Java, Flink, the files of their run, the cluster's own state, the state that they
//! start from, and the folders that the pool lets jobs read. How much they take is asked for elsewhere.

use std::path::{Path, PathBuf};

use super::Local;
use super::folder::{Role, RunFolder};
use super::state::StateFolder;
use crate::confine::{Bounds, Group};
use crate::java;
use crate::provider::Target;

/// What the bounds of a run's processes follow from.
pub(super) struct Sees<'a> {
    pub(super) target: &'a Target,
    pub(super) run: u32,
    pub(super) folder: &'a RunFolder,
    pub(super) state: &'a StateFolder,
    /// The savepoint or checkpoint that the run starts from.
    pub(super) from: Option<PathBuf>,
}

impl Local {
    /// The bounds of one process. The folder of the state is made: what is not there cannot be given.
    pub(super) fn bounds(&self, sees: &Sees<'_>, role: Role) -> std::io::Result<Bounds> {
        let Sees { target, run, folder, state, from } = sees;
        state.path().map_or(Ok(()), std::fs::create_dir_all)?;
        let mut read = vec![self.distribution.home.clone(), folder.path().to_owned()];
        read.extend(java::home().map(Path::to_owned));
        read.extend(self.class_data.folder().map(Path::to_owned));
        read.extend(from.as_deref().map(whole));
        read.extend(self.plugins.store());
        read.extend(target.readable.iter().cloned());
        let name = self.processes.group(target.cluster, *run, role);
        let groups = Group::make(&name, None).folders().to_vec();
        let mut write = vec![folder.tmp(), folder.logs(), folder.record()];
        write.extend(state.path().map(Path::to_owned));
        let (home, address) = state.savepoint_home();
        // Made in the place of storage that is away, it would be taken for it.
        if let Some(home) = home
            && self.storage.not_there(address).is_none()
        {
            std::fs::create_dir_all(home)?;
            write.push(home.to_owned());
        }
        Ok(Bounds { name, read, write, listens: true, limits: None, groups })
    }
}

/// An incremental checkpoint refers to files beside its own folder; a savepoint is whole.
fn whole(from: &Path) -> PathBuf {
    let is_checkpoint = from.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"chk-"));
    from.parent().filter(|_| is_checkpoint).unwrap_or(from).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_is_seen_with_what_it_shares_and_a_savepoint_alone() {
        let whole = |path: &str| whole(Path::new(path)).display().to_string();
        assert_eq!(whole("/s/checkpoints/ab/chk-7"), "/s/checkpoints/ab");
        assert_eq!(whole("/s/savepoints/1/savepoint-ab-2"), "/s/savepoints/1/savepoint-ab-2");
    }
}
