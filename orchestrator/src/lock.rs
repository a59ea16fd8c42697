//! The lock on the data folder: one portal at a time.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use crate::plane::OpenError;

/// Every data folder has it, from its first portal on.
pub(crate) const FILE: &str = "portal.lock";

/// Held as long as the portal uses the folder; the system releases it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct DataLock {
    _file: File,
}

impl DataLock {
    /// Makes the folder if it is missing, proves that it can be written, and locks it.
    pub(crate) fn take(data: &Path) -> Result<Self, OpenError> {
        let unusable = |error: &std::io::Error| {
            OpenError(format!(
                "The data folder {} cannot be written: {error}. Give it room and write permission, or name another \
                 one with --data.",
                data.display()
            ))
        };
        // State, logs and configurations may hold secrets: the folder is its owner's alone.
        DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(|error| unusable(&error))?;
        prove_writable(data).map_err(|error| unusable(&error))?;
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
