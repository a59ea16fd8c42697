//! A folder of storage that belongs to a cluster, wherever it lies: here, or in a remote account.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::address::Address;

use super::state::gone;
use crate::file;
use crate::storage::Storage;
use crate::storage::remote::Remote;

/// Such a folder.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    place: Place,
    address: Address,
    uri: String,
}

/// Where it lies.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Here(PathBuf),
    There(Arc<Remote>),
}

/// What a removal leaves.
#[derive(Debug, Default)]
pub(super) struct Kept {
    addresses: Vec<Address>,
    /// As much of it as lies on this machine.
    folders: Vec<PathBuf>,
}

impl Kept {
    pub(super) fn of(storage: &Storage, addresses: &[Address]) -> std::io::Result<Self> {
        let mut folders = Vec::new();
        for at in addresses {
            folders.extend(storage.flink(at).map_err(std::io::Error::other)?.local);
        }
        Ok(Self { addresses: addresses.to_vec(), folders })
    }

    #[cfg(test)]
    pub(super) fn folders(folders: Vec<PathBuf>) -> Self {
        Self { addresses: Vec::new(), folders }
    }
}

impl Spot {
    pub(super) fn of(storage: &Storage, address: Address) -> std::io::Result<Self> {
        let found = storage.flink(&address).map_err(std::io::Error::other)?;
        let place = match (found.local, storage.remotes().get(address.account())) {
            (None, Some(remote)) => Place::There(remote),
            (local, _) => Place::Here(local.unwrap_or_default()),
        };
        Ok(Self { place, address, uri: found.uri })
    }

    #[cfg(test)]
    pub(super) fn here(path: PathBuf, address: Address) -> Self {
        let uri = super::state::uri(&path);
        Self { place: Place::Here(path), address, uri }
    }

    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    pub(super) fn address(&self) -> &Address {
        &self.address
    }

    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// The folder itself, where it is one of this machine.
    pub(super) fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::Here(path) => Some(path),
            Place::There(_) => None,
        }
    }

    /// A folder below it.
    pub(super) fn below(&self, path: &str) -> std::io::Result<Self> {
        let inside = self.address.path().join(path).map_err(std::io::Error::other)?;
        let address = Address::new(self.address.account().clone(), self.address.container().clone(), inside);
        let place = match &self.place {
            Place::Here(folder) => Place::Here(folder.join(path)),
            Place::There(remote) => Place::There(remote.clone()),
        };
        Ok(Self { place, address, uri: format!("{}/{path}", self.uri) })
    }

    /// The address of what Flink names by a path below it; none for what lies elsewhere.
    pub(super) fn named(&self, flinks: &str) -> Option<String> {
        let below = match &self.place {
            Place::Here(folder) => {
                let path = flinks.trim_start_matches("file:");
                let path = Path::new("/").join(path.trim_start_matches('/'));
                path.strip_prefix(folder).ok()?.display().to_string()
            }
            Place::There(_) => flinks.strip_prefix(&self.uri)?.strip_prefix('/')?.to_owned(),
        };
        Some(format!("{}/{below}", self.address))
    }

    /// Whether anything is there beside what is kept and the folders that it lies in.
    pub(super) fn has_any_but(&self, kept: &Kept) -> std::io::Result<bool> {
        match &self.place {
            Place::Here(path) => any_but(path, &kept.folders),
            Place::There(remote) => {
                remote.has_any(&self.address, &kept.addresses).map_err(std::io::Error::other)
            }
        }
    }

    /// Removes it but for what is kept.
    pub(super) fn remove_but(&self, kept: &Kept) -> std::io::Result<()> {
        match &self.place {
            Place::Here(path) => remove_but(path, &kept.folders),
            Place::There(remote) => {
                remote.delete_below(&self.address, &kept.addresses).map_err(std::io::Error::other)
            }
        }
    }

    /// Without savepoints an empty folder would be all that stays. One that is not empty refuses to go.
    pub(super) fn remove_empty(&self) {
        if let Place::Here(path) = &self.place {
            let _ = std::fs::remove_dir(path.join("savepoints"));
            let _ = std::fs::remove_dir(path);
        }
    }
}

fn any_but(top: &Path, kept: &[PathBuf]) -> std::io::Result<bool> {
    match kept_below(top, kept) {
        Holds::OnlyKept => Ok(false),
        Holds::NothingKept => Ok(top.exists()),
        Holds::Both => {
            entries(top)?.iter().try_fold(false, |found, entry| Ok(found || any_but(entry, kept)?))
        }
    }
}

fn remove_but(top: &Path, kept: &[PathBuf]) -> std::io::Result<()> {
    match kept_below(top, kept) {
        Holds::OnlyKept => Ok(()),
        Holds::NothingKept if std::fs::symlink_metadata(top).is_ok_and(|found| !found.is_dir()) => {
            gone(std::fs::remove_file(top))
        }
        Holds::NothingKept => gone(file::remove_tree(top)),
        Holds::Both => entries(top)?.iter().try_for_each(|entry| remove_but(entry, kept)),
    }
}

/// How much of a folder is kept.
enum Holds {
    OnlyKept,
    Both,
    NothingKept,
}

fn kept_below(top: &Path, kept: &[PathBuf]) -> Holds {
    if kept.iter().any(|kept| top.starts_with(kept)) {
        Holds::OnlyKept
    } else if kept.iter().any(|kept| kept.starts_with(top) && kept.exists()) {
        Holds::Both
    } else {
        Holds::NothingKept
    }
}

fn entries(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}
