//! Servers that stand in for clouds in the tests: built once, kept in the user's cache for all checkouts.

use super::system::{NODE, Package, find_or_install};
use crate::{paths, say, shell};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Azure's blobs, by npm.
const AZURITE: &str = "azurite@3.37.0";
/// S3, by Go.
const VERSITY: &str = "github.com/versity/versitygw/cmd/versitygw@v1.8.0";
const GO: Package = Package { what: "Go", debian: "golang", fedora: "golang" };
/// Brings what Flink speaks with them by.
const MAVEN: Package = Package { what: "Maven", debian: "maven", fedora: "maven" };

/// The folder that holds them; what is missing is brought.
pub(crate) fn stores() -> Result<PathBuf> {
    let cache = paths::cache()?;
    let (azurite, bin) = (cache.join("azurite"), cache.join("bin"));
    if !azurite.join("node_modules/azurite/dist/src/blob/main.js").exists() {
        let npm = find_or_install(|| shell::which("npm"), &NODE)?;
        say::now("Installing Azurite, once");
        // Half of it would be taken for the whole.
        let part = cache.join(format!("azurite.{}", std::process::id()));
        fs::create_dir_all(&part).context("cannot make the folder of Azurite")?;
        let mut npm = Command::new(npm);
        npm.args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"]).arg(&part).arg(AZURITE);
        shell::ask(npm.current_dir(&part))?;
        if azurite.exists() {
            fs::remove_dir_all(&azurite).context("cannot remove half an Azurite")?;
        }
        fs::rename(&part, &azurite).context("cannot put Azurite into its place")?;
    }
    if !bin.join("versitygw").exists() {
        let go = find_or_install(|| shell::which("go"), &GO)?;
        say::now("Building versitygw, once");
        shell::ask(Command::new(go).args(["install", VERSITY]).env("GOBIN", &bin))?;
    }
    find_or_install(|| shell::which("mvn"), &MAVEN)?;
    Ok(cache)
}
