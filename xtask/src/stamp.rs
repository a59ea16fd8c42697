//! What has not changed is not made again: a stamp holds what a result was made from.

use crate::paths;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// Runs `make` unless `outputs` are there and were made from the very same inputs; says which of the two it was.
pub(crate) fn unless_made(
    name: &str,
    inputs: &[PathBuf],
    outputs: &[&Path],
    make: impl FnOnce() -> Result<()>,
) -> Result<bool> {
    let stamp = paths::made().join("stamps").join(name);
    let print = fingerprint(inputs)?;
    if outputs.iter().all(|file| file.exists()) && fs::read_to_string(&stamp).is_ok_and(|old| old == print) {
        return Ok(false);
    }
    make()?;
    write_if_other(&stamp, print.as_bytes())?;
    Ok(true)
}

/// Path, size and time of each file, as one number. What is missing counts as missing.
fn fingerprint(inputs: &[PathBuf]) -> Result<String> {
    let mut hash = Sha256::new();
    for path in inputs {
        hash.update(path.as_os_str().as_encoded_bytes());
        if let Ok(facts) = path.metadata() {
            let changed = facts.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            hash.update(facts.len().to_le_bytes());
            hash.update(changed.as_nanos().to_le_bytes());
        }
        hash.update([0]);
    }
    Ok(hex::encode(hash.finalize()))
}

/// Writes a file with its folders, and leaves it alone (with its time) when it holds just that already.
pub(crate) fn write_if_other(path: &Path, content: &[u8]) -> Result<bool> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}
