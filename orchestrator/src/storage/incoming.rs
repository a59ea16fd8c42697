//! A savepoint that somebody uploads, as an archive or as its files: it grows in a folder of its own, and stands at its
//! place whole or not at all.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use domain::address::{Address, Path as Inside};
use domain::view::Entry;
use futures::Stream;
use rustix::fs::{CWD, RenameFlags, renameat_with};
use uuid::Uuid;

use super::archive::{Archive, MOST_FILES};
use super::free_space::{Allowance, Growing};
use super::{Storage, StorageError, disk, is_complete};
use crate::file;

/// A savepoint that comes in.
pub(crate) struct Incoming {
    storage: Storage,
    /// The folder that it is put into.
    folder: Address,
    /// What it is to be called; none while nothing has said it.
    name: Option<String>,
    allowance: Allowance,
    growing: Growing,
    part: PathBuf,
    files: BTreeSet<String>,
}

impl Storage {
    /// Begins to receive a savepoint for a folder, under this name or the one that its archive says.
    ///
    /// # Errors
    /// As for the upload of a file: `Full`, `NotFound`, `Refused`; the disk.
    pub(crate) async fn receive(
        &self,
        folder: &Address,
        name: Option<&str>,
        allowance: Allowance,
    ) -> Result<Incoming, StorageError> {
        if let Some(remote) = self.remotes().get(folder.account()) {
            let at = folder.container().clone();
            if let Some(why) = self.off(move |_| remote.not_there(&at)).await? {
                return Err(StorageError::Disk(why));
            }
        } else if !self.resolve(&container(folder))?.is_dir() {
            return Err(StorageError::NotFound(container(folder).to_string()));
        }
        let space = self.free_space_of(folder, allowance).await?;
        if let Some(why) = space.too_little(folder.account().as_str()) {
            return Err(StorageError::Full(why));
        }
        let part = self.uploads.join(Uuid::now_v7().simple().to_string());
        std::fs::create_dir(&part).map_err(|error| disk(folder, &error))?;
        Ok(Incoming {
            storage: self.clone(),
            folder: folder.clone(),
            name: name.map(str::to_owned),
            allowance,
            growing: self.growing(folder.account()),
            part,
            files: BTreeSet::new(),
        })
    }
}

impl Incoming {
    /// Takes an archive in. `file`: what it is called itself.
    ///
    /// # Errors
    /// `Refused` with what is wrong in it; `Full`; the disk.
    pub(crate) async fn archive(
        &mut self,
        file: &str,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send + Unpin,
    ) -> Result<(), StorageError> {
        let refused = |why: String| {
            StorageError::Refused(format!("{file} was not taken: {why}. Nothing of it was kept."))
        };
        let mut archive = Archive::new(bytes);
        let mut top = None;
        while let Some(entry) = archive.next().await.map_err(refused)? {
            if *top.get_or_insert_with(|| entry.folder.clone()) != entry.folder {
                return Err(refused("it holds more than one folder, and a savepoint is one".to_owned()));
            }
            let chunks = futures::stream::unfold(&mut archive, |archive| async {
                let chunk = archive.chunk().await.map_err(io::Error::other);
                Some((chunk.transpose()?, archive))
            });
            self.file(&entry.name, chunks).await?;
        }
        let own = file.strip_suffix(".tar").unwrap_or(file).to_owned();
        self.name = self.name.take().or(top.flatten()).or(Some(own));
        Ok(())
    }

    /// Takes one of its files in.
    ///
    /// # Errors
    /// `Refused` for its name; `Full`; the disk.
    pub(crate) async fn file(
        &mut self,
        name: &str,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<(), StorageError> {
        let one = Inside::parse(name).is_ok_and(|path| path.segments().count() == 1);
        if !one {
            return Err(StorageError::Refused(format!("“{name}” is no name of a savepoint's file.")));
        }
        if self.files.len() == MOST_FILES {
            return Err(StorageError::Refused(format!("A savepoint has no more than {MOST_FILES} files.")));
        }
        if !self.files.insert(name.to_owned()) {
            return Err(StorageError::Refused(format!("“{name}” came twice. Nothing of it was kept.")));
        }
        let place = self.part.join(name);
        let growing = (self.allowance, &mut self.growing);
        self.storage.grow(&self.folder, &place, growing, bytes).await
    }

    /// Where it has come so far, to be read.
    ///
    /// # Errors
    /// `Refused` when it is no savepoint.
    pub(crate) fn complete(&self) -> Result<&Path, StorageError> {
        if is_complete(&self.part) {
            return Ok(&self.part);
        }
        Err(StorageError::Refused(
            "What was uploaded is no savepoint: the file _metadata is not in it. Choose an archive of the savepoint's \
             folder, or all of its files. Nothing of it was kept."
                .to_owned(),
        ))
    }

    /// Where it will stand.
    ///
    /// # Errors
    /// `Refused` where that is not said, or by no name.
    pub(crate) fn address(&self) -> Result<Address, StorageError> {
        let Some(name) = self.name.as_deref().filter(|name| !name.is_empty()) else {
            return Err(StorageError::Refused("Write what the savepoint is to be called.".to_owned()));
        };
        let one = Inside::parse(name).is_ok_and(|path| path.segments().count() == 1);
        let path = self.folder.path().join(name).ok().filter(|_| one);
        let path = path.ok_or_else(|| {
            StorageError::Refused(format!("“{name}” is no name for a folder. Write one without slashes."))
        })?;
        Ok(Address::new(self.folder.account().clone(), self.folder.container().clone(), path))
    }

    /// Puts it at its place, whole.
    ///
    /// # Errors
    /// `Taken`; `Refused` for links on the way; the disk.
    pub(crate) fn publish(self) -> Result<Entry, StorageError> {
        let address = self.address()?;
        if let Some(remote) = self.storage.remotes().get(address.account()) {
            return remote.put_state(&address, &self.part, &self.files);
        }
        let place = self.storage.resolve(&address)?;
        let above = place.parent().unwrap_or(&self.storage.root);
        std::fs::create_dir_all(above).map_err(|error| disk(&address, &error))?;
        renameat_with(CWD, &self.part, CWD, &place, RenameFlags::NOREPLACE).map_err(|error| {
            match io::Error::from(error) {
                error if error.kind() == io::ErrorKind::AlreadyExists => {
                    StorageError::Taken(address.to_string())
                }
                error => disk(&address, &error),
            }
        })?;
        self.growing.done();
        self.storage.entry_at(&address)
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        // Best effort: what stays is removed when the portal starts.
        if self.part.exists() {
            let _ = file::remove_tree(&self.part);
        }
    }
}

fn container(folder: &Address) -> Address {
    Address::new(folder.account().clone(), folder.container().clone(), Inside::default())
}
