//! The Flink distribution: one that the user names, or one downloaded once and kept for all checkouts.
//!
//! Apache publishes it for Python users too (`apache-flink-libraries`), which makes it one `pip download`.

mod download;
mod unpack;

use crate::{paths, say};
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// The one version that the portal is built and tested with.
pub(crate) const VERSION: &str = "1.20.5";

/// A folder with `lib`, `opt`, `plugins` and `bin` of Flink.
pub(crate) fn home(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(named) = named {
        let home = named.canonicalize().with_context(|| format!("there is no folder {}", named.display()))?;
        check(&home)?;
        return Ok(home);
    }
    let versions = paths::cache()?.join("flink");
    let home = versions.join(VERSION);
    if check(&home).is_err() {
        install(&versions, &home)?;
    }
    Ok(home)
}

/// Another run may be installing just now: it has the lock, and what it installed is then taken as it is.
fn install(versions: &Path, home: &Path) -> Result<()> {
    fs::create_dir_all(versions).with_context(|| format!("cannot make {}", versions.display()))?;
    let lock = File::create(versions.join(".lock"))?;
    lock.lock().context("cannot lock the folder of Flink versions")?;
    if check(home).is_ok() {
        return Ok(());
    }
    say::now(&format!("Installing Flink {VERSION} in {} (once for all checkouts)", versions.display()));
    let work = versions.join(".work");
    if work.exists() {
        fs::remove_dir_all(&work)
            .with_context(|| format!("cannot remove what is left in {}", work.display()))?;
    }
    fs::create_dir_all(&work)?;
    let archive = download::archive(&work)?;
    let unpacked = unpack::distribution(&archive, &work)?;
    check(&unpacked)?;
    if home.exists() {
        fs::remove_dir_all(home).with_context(|| format!("cannot replace {}", home.display()))?;
    }
    fs::rename(&unpacked, home).context("cannot put Flink in its place")?;
    fs::remove_dir_all(&work).with_context(|| format!("cannot remove {}", work.display()))?;
    say::now(&format!("Flink {VERSION} is installed"));
    Ok(())
}

fn check(home: &Path) -> Result<()> {
    let has = |path: &str| home.join(path).exists();
    if !has("lib") {
        bail!("{} is no Flink distribution: it has no folder lib", home.display());
    }
    if !has(&format!("lib/flink-dist-{VERSION}.jar")) {
        bail!("{} is not Flink {VERSION}: lib/flink-dist-{VERSION}.jar is not there", home.display());
    }
    for part in ["opt", "plugins", "bin/bash-java-utils.jar"] {
        if !has(part) {
            bail!("{} is no whole Flink distribution: {part} is not there", home.display());
        }
    }
    Ok(())
}
