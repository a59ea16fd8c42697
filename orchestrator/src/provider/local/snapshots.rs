//! Savepoints and retained checkpoints by their addresses: how large they are, and how they go.

use std::io::{Error, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::address::Address;

use super::state::gone;
use super::{LocalProvider, blocking};
use crate::file;
use crate::storage::is_complete;
use crate::storage::remote::Remote;

impl LocalProvider {
    /// Bytes of a snapshot.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub async fn snapshot_size(&self, address: &str) -> std::io::Result<u64> {
        self.with_snapshot(address, |place| match place {
            Snapshot::Here(folder) => file::size(&folder),
            Snapshot::There(remote, address) => remote.size(&address).map_err(Error::other),
        })
        .await
    }

    /// Deletes a snapshot's files. One that is gone is deleted.
    ///
    /// # Errors
    /// When the folder is no snapshot, or the disk or the account's server refuses.
    pub async fn delete_snapshot(&self, address: &str) -> std::io::Result<()> {
        self.with_snapshot(address, |place| match place {
            Snapshot::Here(folder) => delete(&folder),
            Snapshot::There(remote, address) => remote.delete_snapshot(&address).map_err(Error::other),
        })
        .await
    }

    async fn with_snapshot<T: Send + 'static>(
        &self,
        address: &str,
        work: impl FnOnce(Snapshot) -> std::io::Result<T> + Send + 'static,
    ) -> std::io::Result<T> {
        let address = Address::parse(address).map_err(|error| Error::new(ErrorKind::InvalidInput, error))?;
        if address.path().is_root() {
            return Err(Error::new(ErrorKind::InvalidInput, "a container is no savepoint"));
        }
        let storage = self.local.storage.clone();
        blocking(move || {
            // What is not there now has not gone.
            if let Some(why) = storage.not_there(&address) {
                return Err(Error::other(why));
            }
            work(match storage.remotes().get(address.account()) {
                Some(remote) => Snapshot::There(remote, address),
                None => Snapshot::Here(storage.resolve(&address).map_err(Error::other)?),
            })
        })
        .await
    }
}

/// Where a snapshot lies.
enum Snapshot {
    Here(PathBuf),
    There(Arc<Remote>, Address),
}

/// In two moves: under another name nobody takes it for a savepoint, and what a crash leaves of it is known for what it
/// is, and goes with the next try.
fn delete(folder: &Path) -> std::io::Result<()> {
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else { return Ok(()) };
    let mut aside = std::ffi::OsString::from(".deleted-");
    aside.push(name);
    let aside = parent.join(aside);
    gone(file::remove_tree(&aside))?;
    if folder.exists() && !is_complete(folder) {
        return Err(Error::new(ErrorKind::InvalidInput, "the folder holds no savepoint"));
    }
    gone(std::fs::rename(folder, &aside))?;
    gone(file::remove_tree(&aside))?;
    // The folder of its trigger holds nothing else. One that does refuses to go.
    let _ = std::fs::remove_dir(parent);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_crash_left_of_a_deletion_goes_with_the_next_try() {
        let place = tempfile::tempdir().expect("a folder");
        let (trigger, other) = (place.path().join("trigger"), place.path().join("other"));
        for (folder, file) in [(trigger.join(".deleted-savepoint-1"), "part"), (other.clone(), "notes")] {
            std::fs::create_dir_all(&folder).expect("made");
            std::fs::write(folder.join(file), b"left").expect("written");
        }
        delete(&trigger.join("savepoint-1")).expect("the rest goes");
        assert!(!trigger.exists());
        delete(&trigger.join("savepoint-1")).expect("it is gone");
        assert!(delete(&other).is_err() && other.join("notes").exists(), "it is no savepoint");
        std::fs::write(other.join("_metadata"), b"state").expect("written");
        delete(&other).expect("it is one now");
        assert!(!other.exists() && !place.path().join(".deleted-other").exists());
    }
}
