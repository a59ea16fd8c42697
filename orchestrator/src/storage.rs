//! Storage accounts, of whatever kind: one place that lists, reads, writes and deletes, and says what Flink must be told.
//!
//! Those of kind `local` are `<root>/<account>/<container>/<path>`. What a path may be is decided by [`domain::address`];
//! what lies on disk is checked here: a link anywhere below the root is refused, so that nothing outside is ever read,
//! written or deleted. All others are `remote`; what asks them blocks, and has no business on a thread that answers
//! requests.

mod archive;
mod fetched;
mod flink;
mod free_space;
mod identity;
mod incoming;
mod list;
pub(crate) mod remote;
mod tried;
mod upload;

pub(crate) use flink::FlinkPlace;
pub(crate) use incoming::Incoming;
pub(crate) use list::is_complete;

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::path::{Path as FilePath, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use domain::address::Address;
use domain::name::{AccountName, ContainerName};
use domain::view::{Tested, Try};
use jiff::Timestamp;

pub use self::free_space::Allowance;
use self::free_space::Usage;
use self::remote::Remotes;
use crate::file;

/// The local storage accounts of a data folder.
#[derive(Clone, Debug)]
pub struct Storage {
    data: PathBuf,
    root: PathBuf,
    /// Where uploads grow until they are whole; on the same disk, so that a rename publishes them.
    uploads: PathBuf,
    /// How much the accounts hold.
    usage: Arc<Usage>,
    /// The accounts that are not folders of this machine.
    remotes: Remotes,
    /// How the last test of each container went.
    tests: Arc<Mutex<BTreeMap<(AccountName, ContainerName), Tested>>>,
}

/// What is wrong where a server does not do it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Where it is looked for.
    Address,
    /// By what it is signed in to.
    Key,
    /// The container.
    Container,
    /// Something else.
    Other,
}

/// Why storage did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// Nothing is there.
    #[error("There is nothing at {0}.")]
    NotFound(String),
    /// Something is there already.
    #[error("There is already something at {0}. Choose another name or replace it.")]
    Taken(String),
    /// The path is not what the request needs, or leads outside.
    #[error("{0}")]
    Refused(String),
    /// The server of a remote account.
    #[error("{1}")]
    Server(Fault, String),
    /// The disk.
    #[error("{0}")]
    Disk(String),
    /// The account or its disk has no room for anything new.
    #[error("{0}")]
    Full(String),
}

impl Storage {
    /// The accounts below a data folder, as they are.
    pub fn of(data: &FilePath) -> Self {
        Self {
            data: data.to_owned(),
            root: data.join("storage"),
            uploads: data.join("uploads"),
            usage: Arc::default(),
            remotes: Remotes::default(),
            tests: Arc::default(),
        }
    }

    /// The same with these remote accounts.
    pub(crate) fn with_remotes(self, remotes: Remotes) -> Self {
        Self { remotes, ..self }
    }

    /// The remote accounts.
    pub(crate) fn remotes(&self) -> &Remotes {
        &self.remotes
    }

    /// The accounts below a data folder. In a `new` one the account and container of `first` are made; afterwards nobody
    /// makes them again by itself. What interrupted uploads left is removed.
    ///
    /// # Errors
    /// The folder cannot be written.
    pub fn open(data: &FilePath, first: (&str, &str), new: bool) -> io::Result<Self> {
        Self::of(data).opened(first, new)
    }

    pub(crate) fn opened(self, first: (&str, &str), new: bool) -> io::Result<Self> {
        let storage = self;
        if storage.uploads.exists() {
            file::remove_tree(&storage.uploads)?;
        }
        std::fs::create_dir_all(&storage.uploads)?;
        storage.identify_older(first, new)?;
        Ok(storage)
    }

    /// Does what may take a while where it holds up nobody.
    ///
    /// # Errors
    /// `Disk`, where it was interrupted.
    pub(crate) async fn off<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> T + Send + 'static,
    ) -> Result<T, StorageError> {
        let storage = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&storage)).await;
        done.map_err(|_| StorageError::Disk("The work on storage was interrupted; try again.".to_owned()))
    }

    /// The file or folder behind an address, which may or may not be there.
    ///
    /// # Errors
    /// `Refused` when a link stands on the way.
    pub fn resolve(&self, address: &Address) -> Result<PathBuf, StorageError> {
        if self.remotes.get(address.account()).is_some() {
            return Err(StorageError::Refused(format!("{address} is no file of this machine.")));
        }
        let mut place = self.root.clone();
        let names = [address.account().as_str(), address.container().as_str()];
        for name in names.into_iter().chain(address.path().segments()) {
            place.push(name);
            match std::fs::symlink_metadata(&place) {
                Ok(found) if found.file_type().is_symlink() => {
                    return Err(StorageError::Refused(format!(
                        "“{name}” in {address} is a link, and links are not followed. Put the file itself there."
                    )));
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(disk(address, &error)),
            }
        }
        Ok(place)
    }

    /// Where an account lies on this machine, as the paths that Flink prints begin.
    pub(crate) fn folder(&self, account: &AccountName) -> String {
        if self.remotes.get(account).is_some() {
            return String::new();
        }
        let folder = self.root.join(account.as_str());
        std::path::absolute(&folder).unwrap_or(folder).to_string_lossy().into_owned()
    }

    /// An account's containers, by name.
    ///
    /// # Errors
    /// The disk.
    pub fn containers(&self, account: &AccountName) -> Result<Vec<String>, StorageError> {
        let folder = self.root.join(account.as_str());
        let mut names: Vec<String> = match std::fs::read_dir(&folder) {
            Ok(entries) => entries
                .filter_map(Result::ok)
                .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
                .filter_map(|entry| entry.file_name().into_string().ok())
                .collect(),
            Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
            Err(error) => return Err(disk(account, &error)),
        };
        names.sort();
        Ok(names)
    }

    /// Makes a container, or makes one of a folder that somebody put there.
    ///
    /// # Errors
    /// `Taken`; the disk.
    pub fn make_container(
        &self,
        account: &AccountName,
        container: &ContainerName,
    ) -> Result<(), StorageError> {
        if let Some(remote) = self.remotes.get(account) {
            return remote.make_container(container);
        }
        let folder = self.root.join(account.as_str()).join(container.as_str());
        if file::is_file(&folder.join(identity::FILE)) {
            return Err(StorageError::Taken(format!("{account}/{container}")));
        }
        std::fs::create_dir_all(folder)
            .and_then(|()| self.identify(account, container))
            .map_err(|error| disk(container, &error))
    }

    /// Tries a container: what was done, and what failed.
    ///
    /// # Errors
    /// Where nothing can be tried.
    pub(crate) fn tried(
        &self,
        account: &AccountName,
        container: &ContainerName,
        at: Timestamp,
    ) -> Result<Vec<Try>, StorageError> {
        let steps = match self.remotes.get(account) {
            Some(remote) => remote.tried(container),
            None => self.tried_here(account, container),
        }?;
        let tested = Tested { container: container.to_string(), at, steps: steps.clone() };
        let mut tests = self.tests.lock().unwrap_or_else(PoisonError::into_inner);
        tests.insert((account.clone(), container.clone()), tested);
        Ok(steps)
    }

    /// How the last test of each container of an account went.
    pub(crate) fn last_tests(&self, account: &AccountName) -> Vec<Tested> {
        let tests = self.tests.lock().unwrap_or_else(PoisonError::into_inner);
        let of_account = tests.iter().filter(|((name, _), _)| name == account);
        of_account.map(|(_, tested)| tested.clone()).collect()
    }

    /// A file to read, and its size.
    ///
    /// # Errors
    /// `NotFound`, `Refused`; the disk.
    pub fn read(&self, address: &Address) -> Result<(u64, std::fs::File), StorageError> {
        let place = self.file(address)?;
        let file = file::open(&place).map_err(|error| match error.kind() {
            ErrorKind::InvalidInput => {
                StorageError::Refused(format!("{address} cannot be read: {error}. Choose a file."))
            }
            _ => missing(address, &error),
        })?;
        let size = file.metadata().map_err(|error| disk(address, &error))?.len();
        Ok((size, file))
    }

    /// Deletes a file, or a folder with everything in it; never a container.
    ///
    /// # Errors
    /// `NotFound`, `Refused`; the disk.
    pub fn delete(&self, address: &Address) -> Result<(), StorageError> {
        if address.path().is_root() {
            return Err(StorageError::Refused(
                "A container is not deleted as a whole; delete what is in it.".to_owned(),
            ));
        }
        if let Some(remote) = self.remotes.get(address.account()) {
            remote.entry_at(address)?;
            return remote.delete_below(address, &[]);
        }
        let place = self.resolve(address)?;
        let metadata = std::fs::symlink_metadata(&place).map_err(|error| missing(address, &error))?;
        let deleted =
            if metadata.is_dir() { file::remove_tree(&place) } else { std::fs::remove_file(&place) };
        self.count_anew(address.account());
        deleted.map_err(|error| disk(address, &error))
    }
}

fn missing(address: &Address, error: &io::Error) -> StorageError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => StorageError::NotFound(address.to_string()),
        _ => disk(address, error),
    }
}

fn disk(what: &dyn std::fmt::Display, error: &io::Error) -> StorageError {
    StorageError::Disk(match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("The disk is full; {what} was not written. Free some space and try again.")
        }
        ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied => {
            format!(
                "The portal may not write or read {what}: {error}. Check the data folder's owner and rights."
            )
        }
        _ => format!("The disk did not do its work for {what}: {error}."),
    })
}
