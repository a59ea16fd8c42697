//! Servers that stand in for clouds in the tests: built once, kept in the user's cache for all checkouts.

use super::how_to_get;
use crate::{paths, say, shell};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// Azure's blobs, by npm.
const AZURITE: &str = "azurite@3.37.0";
/// S3, by Go: program and module.
const BY_GO: [(&str, &str); 1] = [("versitygw", "github.com/versity/versitygw/cmd/versitygw@v1.8.0")];

/// The folder that holds them; what is missing is brought.
pub(crate) fn stores() -> Result<PathBuf> {
    let cache = paths::cache()?;
    let (azurite, bin) = (cache.join("azurite"), cache.join("bin"));
    if !azurite.join("node_modules/azurite/dist/src/blob/main.js").exists() {
        if shell::which("npm").is_none() {
            bail!("npm is not here. {}", how_to_get("npm", "nodejs-npm"));
        }
        say::now("Installing Azurite, once");
        fs::create_dir_all(&azurite).context("cannot make the folder of Azurite")?;
        let mut npm = Command::new("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--silent", "--prefix"]).arg(&azurite).arg(AZURITE);
        shell::ask(npm.current_dir(&azurite))?;
    }
    for (program, module) in BY_GO.into_iter().filter(|(program, _)| !bin.join(program).exists()) {
        if shell::which("go").is_none() {
            bail!("Go is not here. {}", how_to_get("golang", "golang"));
        }
        say::now(&format!("Building {program}, once"));
        shell::ask(Command::new("go").args(["install", module]).env("GOBIN", &bin))?;
    }
    Ok(cache)
}
