//! Fetches the archive through pip, shows how far it is, and lets no other bytes pass than those that were pinned.

use super::VERSION;
use crate::{paths, say, tools};
use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

const SIZE: u64 = 231_999_354;
const SHA256: &str = "e6aee62ea1a1fe7b32e28894ad079f3f1a50a372a4caac3df52405267f4228c8";

/// Gives the checked archive, somewhere below `work`.
pub(super) fn archive(work: &Path) -> Result<PathBuf> {
    let log = work.join("pip.log");
    let mut pip = Command::new(tools::python())
        .args(["-m", "pip", "download", "--no-deps", "--no-cache-dir", "--disable-pip-version-check"])
        // The source archive is the whole distribution; only this one package, its build tools may be wheels.
        .args(["--no-binary", "apache-flink-libraries", "--quiet", "--dest"])
        .arg(work)
        .arg(format!("apache-flink-libraries=={VERSION}"))
        // What pip has fetched so far then lies where it can be counted, and goes when the folder goes.
        .env("TMPDIR", work)
        .stdout(File::create(&log)?)
        .stderr(File::options().append(true).open(&log)?)
        .stdin(Stdio::null())
        .spawn()
        .context("cannot start pip")?;
    let mut bar = say::Bar::begin("Downloading Flink", SIZE);
    let status = loop {
        if let Some(status) = pip.try_wait()? {
            break status;
        }
        // Files of pip come and go meanwhile; a count that fails is tried again at the next look.
        bar.at(largest(work).unwrap_or(0));
        thread::sleep(Duration::from_millis(200));
    };
    if status.success() {
        bar.at(SIZE);
    }
    drop(bar);
    let archive = work.join(format!("apache_flink_libraries-{VERSION}.tar.gz"));
    if !status.success() || !archive.exists() {
        let said = fs::read_to_string(&log).unwrap_or_default();
        bail!(
            "pip could not download Flink {VERSION} (is the network there?). Start again, or name a Flink that \
             you have with --flink-home. It said:\n{}",
            said.trim_end()
        );
    }
    check(&archive)?;
    Ok(archive)
}

fn largest(work: &Path) -> Option<u64> {
    let files = paths::files_below(work).ok()?;
    files.iter().filter_map(|file| file.metadata().ok()).map(|facts| facts.len()).max()
}

fn check(archive: &Path) -> Result<()> {
    let mut bar = say::Bar::begin("Checking Flink", SIZE);
    let mut file = File::open(archive)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut done = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(&buffer[..read]);
        done += read as u64;
        bar.at(done);
    }
    let sum = hex::encode(hash.finalize());
    if sum != SHA256 {
        bail!(
            "what was downloaded is not Flink {VERSION}: its SHA-256 is {sum}, not {SHA256}; nothing was installed"
        );
    }
    Ok(())
}
