//! Savepoints and retained checkpoints by their addresses: how large they are, and how they go.

use std::io::{Error, ErrorKind};
use std::path::PathBuf;

use domain::address::Address;

use super::state::gone;
use super::{LocalProvider, blocking};
use crate::file;
use crate::storage::is_complete;

impl LocalProvider {
    /// Bytes of a snapshot.
    ///
    /// # Errors
    /// When there is none or it cannot be read.
    pub async fn snapshot_size(&self, address: &str) -> std::io::Result<u64> {
        let folder = self.snapshot(address)?;
        blocking(move || file::size(&folder)).await
    }

    /// Deletes a snapshot's files. One that is gone is deleted.
    ///
    /// # Errors
    /// When the folder is no snapshot, or the disk refuses.
    pub async fn delete_snapshot(&self, address: &str) -> std::io::Result<()> {
        let folder = self.snapshot(address)?;
        blocking(move || {
            if folder.exists() && !is_complete(&folder) {
                return Err(Error::new(ErrorKind::InvalidInput, "the folder holds no savepoint"));
            }
            gone(file::remove_tree(&folder))?;
            // The folder of its trigger holds nothing else. One that does refuses to go.
            if let Some(trigger) = folder.parent() {
                let _ = std::fs::remove_dir(trigger);
            }
            Ok(())
        })
        .await
    }

    fn snapshot(&self, address: &str) -> std::io::Result<PathBuf> {
        let address = Address::parse(address).map_err(|error| Error::new(ErrorKind::InvalidInput, error))?;
        if address.path().is_root() {
            return Err(Error::new(ErrorKind::InvalidInput, "a container is no savepoint"));
        }
        self.local.storage.resolve(&address).map_err(Error::other)
    }
}
