//! Files of remote accounts that something of this machine has to read as files: a jar that is inspected, the `_metadata`
//! of a state. Each version is fetched once and kept for a while; the portal's start clears them.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use domain::address::Address;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::remote::Remote;
use super::{Storage, StorageError, disk};
use crate::file;

/// The newest so many stay.
const KEPT: usize = 16;
/// What was fetched lately may be in use.
const IN_USE: Duration = Duration::from_secs(600);

impl Storage {
    /// The file at an address as one of this machine.
    ///
    /// # Errors
    /// `NotFound`, `Refused`; the disk, or the account's server.
    pub(crate) fn file(&self, address: &Address) -> Result<PathBuf, StorageError> {
        match self.remotes.get(address.account()) {
            Some(remote) => self.fetched(&remote, address),
            None => self.resolve(address),
        }
    }

    pub(super) fn fetched(&self, remote: &Remote, address: &Address) -> Result<PathBuf, StorageError> {
        let failed = |error: std::io::Error| disk(address, &error);
        let version = remote.version(address)?.ok_or_else(|| StorageError::NotFound(address.to_string()))?;
        let folder = self.uploads.join("fetched");
        let own = folder.join(hex::encode(Sha256::digest(format!("{address} {version}"))));
        let place = own.join(address.name());
        if file::is_file(&place) {
            return Ok(place);
        }
        std::fs::create_dir_all(&own).map_err(failed)?;
        let part = own.join(format!(".{}", Uuid::now_v7().simple()));
        let fetched = remote.fetch(address, &part);
        if let Err(error) = fetched {
            // Best effort: the portal's start clears the rest.
            let _ = std::fs::remove_file(&part);
            return Err(error);
        }
        std::fs::rename(&part, &place).map_err(failed)?;
        // What cannot be removed now is cleared when the portal starts.
        let _ = forget_old(&folder);
        Ok(place)
    }
}

fn forget_old(folder: &Path) -> std::io::Result<()> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        all.push((entry.metadata()?.modified()?, entry.path()));
    }
    all.sort();
    let old = |at: &SystemTime| at.elapsed().is_ok_and(|age| age > IN_USE);
    let most = all.len().saturating_sub(KEPT);
    all.iter().take(most).filter(|(at, _)| old(at)).try_for_each(|(_, path)| file::remove_tree(path))
}
