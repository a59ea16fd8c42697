//! Jars by their bytes: `<data>/jars/<sha256>`, each once however many revisions name it, for as long as one does. What
//! happens to the file in a storage account that they were read from concerns nobody who runs them.
//!
//! They are thrown away by one collection, which asks the rows. Between the moment at which bytes are kept and the one at
//! which a row names them stands a [`Lease`].

mod lease;

use std::collections::HashSet;
use std::fs::{DirBuilder, File};
use std::io::{self, ErrorKind, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::address::Address;
use domain::artifact::{Artifact, Sha256};
use domain::free_space::FreeSpace;
use sha2::{Digest, Sha256 as Hash};
use uuid::Uuid;

use crate::file;
use crate::storage::{Storage, StorageError};

pub use lease::Lease;
use lease::Leases;
pub(crate) use lease::Sweep;

/// Where job graphs lie beside the jars, those of each jar in a folder that is called by its digest.
pub(crate) const GRAPHS: &str = "graphs";

/// The jars of a data folder. Cloning it is cheap and gives the same one.
#[derive(Clone, Debug)]
pub struct JarStore {
    folder: PathBuf,
    /// Where a copy grows until it is whole; it is cleared when the portal starts.
    parts: PathBuf,
    leases: Leases,
}

/// Why a jar was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// Nothing is at its address.
    #[error(
        "The jar {0} is not in the storage account (any more). Upload it again, or update the job with another one."
    )]
    Missing(Address),
    /// What is there is no file, or lies behind a link.
    #[error("{0}")]
    Refused(String),
    /// Somebody writes to it.
    #[error("The jar was written to while it was read. Try again.")]
    Changed,
    /// The disk has too little room for a copy.
    #[error("The jar cannot be kept: {0}")]
    Full(String),
    /// The disk.
    #[error("The jar cannot be kept: {0}. Try again; if it stays so, look at the disk of the data folder.")]
    Disk(#[from] io::Error),
}

impl JarStore {
    /// The jars below a data folder.
    pub fn of(data: &Path) -> Self {
        Self { folder: data.join("jars"), parts: data.join("uploads"), leases: Leases::default() }
    }

    /// Reads the jar at an address, whole, and keeps its bytes. Blocks; a large one takes some seconds.
    ///
    /// # Errors
    /// [`KeepError`], each with its sentence.
    pub fn keep_from(&self, storage: &Storage, address: &Address) -> Result<Lease, KeepError> {
        match storage.read(address) {
            Ok((_, file)) => self.keep(file),
            Err(StorageError::NotFound(_)) => Err(KeepError::Missing(address.clone())),
            Err(error @ (StorageError::Refused(_) | StorageError::Taken(_))) => {
                Err(KeepError::Refused(error.to_string()))
            }
            Err(StorageError::Full(why)) => Err(KeepError::Full(why)),
            Err(StorageError::Disk(why) | StorageError::Server(_, why)) => {
                Err(KeepError::Disk(io::Error::other(why.trim_end_matches('.'))))
            }
        }
    }

    /// Keeps the bytes of a file. Blocks.
    ///
    /// # Errors
    /// `Changed`, `Full`, `Disk`.
    pub fn keep(&self, mut file: File) -> Result<Lease, KeepError> {
        let (sha256, size) = sha256(&mut file)?;
        let artifact = Artifact { sha256, size, modified: super::modified(&file) };
        // The lease comes first: from here on no collection takes what is found to be there.
        let lease = self.leases.take(artifact);
        if !self.is_whole(&lease.artifact().sha256) {
            self.copy(file, lease.artifact())?;
        }
        Ok(lease)
    }

    fn copy(&self, mut file: File, artifact: &Artifact) -> Result<(), KeepError> {
        for folder in [&self.folder, &self.parts] {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        if let Some(why) = self.too_little_room(artifact.size)? {
            return Err(KeepError::Full(why));
        }
        let part = self.parts.join(Uuid::now_v7().simple().to_string());
        let copied = copy_to(&mut file, &part).map_err(KeepError::Disk).and_then(|mut copy| {
            if sha256(&mut copy)?.0 != artifact.sha256 {
                return Err(KeepError::Changed);
            }
            copy.sync_all()?;
            std::fs::rename(&part, self.path(&artifact.sha256))?;
            // The name is part of what must outlive a power cut: a row is about to rely on it.
            Ok(File::open(&self.folder)?.sync_all()?)
        });
        if copied.is_err() {
            // What stays is removed when the portal starts.
            let _ = std::fs::remove_file(&part);
        }
        copied
    }

    fn too_little_room(&self, size: u64) -> io::Result<Option<String>> {
        let found = rustix::fs::statvfs(&self.folder)?;
        let blocks = |number: u64| number.saturating_mul(found.f_frsize);
        let whole = found.f_blocks.saturating_sub(found.f_bfree).saturating_add(found.f_bavail);
        let free = blocks(found.f_bavail).saturating_sub(size);
        Ok(FreeSpace { used: 0, quota: None, free, disk: blocks(whole) }.too_little(""))
    }

    /// Gives a run these bytes, under this name: another name for the same file, or a copy where the file system has no
    /// such thing. False when they are not there, or not what they were.
    ///
    /// # Errors
    /// The disk.
    pub(crate) fn link(&self, artifact: &Artifact, place: &Path) -> io::Result<bool> {
        if !self.is_whole(&artifact.sha256) {
            return Ok(false);
        }
        let kept = self.path(&artifact.sha256);
        match std::fs::remove_file(place) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let linked = std::fs::hard_link(&kept, place);
        if linked.is_err() {
            // Another disk, a file system without links, or one that has enough of them.
            let part = place.with_extension("part");
            let _ = std::fs::remove_file(&part);
            copy_to(&mut file::open(&kept)?, &part)?;
            std::fs::rename(&part, place)?;
        }
        Ok(true)
    }

    /// Where these bytes are kept, if they are.
    pub(crate) fn place(&self, artifact: &Artifact) -> Option<PathBuf> {
        self.holds(artifact).then(|| self.path(&artifact.sha256))
    }

    /// Whether so many bytes are kept under that digest. Whether they are the right ones, [`Self::link`] looks.
    pub(crate) fn holds(&self, artifact: &Artifact) -> bool {
        let found = std::fs::symlink_metadata(self.path(&artifact.sha256));
        found.is_ok_and(|found| found.is_file() && found.len() == artifact.size)
    }

    /// Whether these bytes are kept, each of them.
    fn is_whole(&self, digest: &Sha256) -> bool {
        let read = file::open(&self.path(digest)).and_then(|mut file| sha256(&mut file));
        read.is_ok_and(|(found, _)| found == *digest)
    }

    /// Begins a collection. What nobody names is to be asked after this.
    pub(crate) async fn sweep(&self) -> Sweep {
        self.leases.sweep(self.folder.clone()).await
    }

    /// Names of what is kept, for tests.
    #[cfg(test)]
    pub(crate) fn kept(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut names: Vec<_> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
        names.sort();
        names
    }

    fn path(&self, digest: &Sha256) -> PathBuf {
        self.folder.join(digest.as_str())
    }
}

impl Sweep {
    /// Throws away what is not needed by these and was not leased since the collection began; how many jars that were.
    /// Blocks.
    ///
    /// # Errors
    /// The disk. What was thrown away until then is gone.
    pub(crate) fn finish(self, needed: &HashSet<String>) -> io::Result<usize> {
        let entries = match std::fs::read_dir(self.folder()) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            entries => entries?,
        };
        let mut gone = 0;
        for entry in entries {
            let entry = entry?;
            // The portal's own jars lie here too; they are not named by a digest.
            let digest = entry.file_name().to_str().and_then(|name| name.parse::<Sha256>().ok());
            let Some(digest) = digest.filter(|digest| !needed.contains(digest.as_str())) else { continue };
            gone += usize::from(self.unless_leased(&digest, || std::fs::remove_file(entry.path()))?);
        }
        self.forget_graphs(needed)?;
        Ok(gone)
    }
}

impl Sweep {
    /// What programs built of bytes that nobody needs any more goes with them.
    fn forget_graphs(&self, needed: &HashSet<String>) -> io::Result<()> {
        let entries = match std::fs::read_dir(self.folder().join(GRAPHS)) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let digest = entry.file_name().to_str().and_then(|name| name.parse::<Sha256>().ok());
            let Some(digest) = digest.filter(|digest| !needed.contains(digest.as_str())) else { continue };
            self.unless_leased(&digest, || file::remove_tree(&entry.path()))?;
        }
        Ok(())
    }
}

/// Copies a whole file into a new one, which is its owner's alone. Where the file system can, both share their blocks.
fn copy_to(file: &mut File, place: &Path) -> io::Result<File> {
    let mut copy = File::options().read(true).write(true).create_new(true).mode(0o600).open(place)?;
    if rustix::fs::ioctl_ficlone(&copy, &*file).is_err() {
        file.rewind()?;
        io::copy(file, &mut copy)?;
        copy.flush()?;
    }
    Ok(copy)
}

/// The digest of a whole file, and its size.
fn sha256(file: &mut File) -> io::Result<(Sha256, u64)> {
    file.rewind()?;
    let mut hash = Hash::new();
    let size = io::copy(file, &mut hash)?;
    Ok((hex::encode(hash.finalize()).parse().map_err(io::Error::other)?, size))
}

#[cfg(test)]
mod tests;
