//! The lock on the data folder: one portal at a time, and nobody else looks in.

use std::fs::{DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::Path;

use crate::error::OpenError;

/// Every data folder has it, from its first portal on.
pub(crate) const FILE: &str = "portal.lock";

/// Held as long as the portal uses the folder; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

impl DataLock {
    /// Makes the folder if it is missing, proves that it can be written, closes it to other users, and locks it.
    pub(crate) fn take(data: &Path) -> Result<Self, OpenError> {
        make(data).map_err(|error| unusable(data, &error))?;
        close(data)?;
        Self::take_as_it_is(data)
    }

    /// The same with a folder that is there and stays as open as it is, for those who throw it away.
    pub(crate) fn take_as_it_is(data: &Path) -> Result<Self, OpenError> {
        let unusable = |error: &std::io::Error| unusable(data, error);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(data.join(FILE))
            .map_err(|error| unusable(&error))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(in_use(data, &mut file)),
            Err(TryLockError::Error(error)) => return Err(unusable(&error)),
        }
        let pid = std::process::id().to_string();
        file.set_len(0).map_err(|error| unusable(&error))?;
        file.rewind().map_err(|error| unusable(&error))?;
        file.write_all(pid.as_bytes()).map_err(|error| unusable(&error))?;
        Ok(Self { _file: file })
    }
}

fn unusable(data: &Path, error: &std::io::Error) -> OpenError {
    OpenError(format!(
        "The data folder {} cannot be written: {error}. Give it room and write permission, or name another one with \
         --data.",
        data.display()
    ))
}

fn make(data: &Path) -> std::io::Result<()> {
    // State, logs and configurations may hold secrets: the folder is its owner's alone.
    DirBuilder::new().recursive(true).mode(0o700).create(data)?;
    prove_writable(data)
}

/// Closes a folder that was made open, by hand or by an older portal, and the files that lie in it. A folder that may
/// be something else is not ours to close.
fn close(data: &Path) -> Result<(), OpenError> {
    let unusable = |error: std::io::Error| unusable(data, &error);
    let folder = data.metadata().map_err(unusable)?;
    let others = folder.mode() & 0o077 != 0;
    let ours = folder.uid() == rustix::process::geteuid().as_raw();
    if others && !(ours && (data.join(FILE).is_file() || empty(data).map_err(unusable)?)) {
        let what = if ours { "holds other things" } else { "belongs to another user" };
        return Err(OpenError(format!(
            "The data folder {0} is open to other users of this machine, and {what}, so it is left as it is. Name a new \
             or an empty folder with --data, or close this one: chmod 700 {0}",
            data.display()
        )));
    }
    if !ours {
        return Ok(());
    }
    if others {
        std::fs::set_permissions(data, Permissions::from_mode(0o700)).map_err(unusable)?;
        tracing::warn!("The data folder {} was open to other users; it is closed now.", data.display());
    }
    for entry in data.read_dir().map_err(unusable)? {
        let entry = entry.map_err(unusable)?;
        let closed = entry.metadata().and_then(|file| {
            if file.is_file() && file.mode() & 0o077 != 0 {
                std::fs::set_permissions(entry.path(), Permissions::from_mode(0o600))?;
            }
            Ok(())
        });
        match closed {
            // Whoever closes the database takes its log with it, such as `penstock link` just now.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            closed => closed.map_err(unusable)?,
        }
    }
    Ok(())
}

/// A file system's own folder is nobody's content.
fn empty(data: &Path) -> std::io::Result<bool> {
    for entry in data.read_dir()? {
        if entry?.file_name() != "lost+found" {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Permission bits tell root nothing, and a full disk has none: only writing proves that one can write.
fn prove_writable(data: &Path) -> std::io::Result<()> {
    let probe = data.join("portal.probe");
    std::fs::write(&probe, [0_u8; 4096])?;
    std::fs::remove_file(&probe)
}

fn in_use(data: &Path, file: &mut File) -> OpenError {
    let mut pid = String::new();
    let who = match file.read_to_string(&mut pid) {
        Ok(_) if !pid.trim().is_empty() => format!(" (process {})", pid.trim()),
        _ => String::new(),
    };
    OpenError(format!(
        "Another portal{who} uses the data folder {}. End it first, or name another folder with --data.",
        data.display()
    ))
}
