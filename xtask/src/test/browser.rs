//! Playwright in front of the real portal and real Flink, with the Chromium that is here.

use super::ground::{Ground, Missing};
use crate::tools::system::{NODE, Package, find_or_install};
use crate::{paths, say, shell, stamp};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

const CHROMIUM: Package = Package { what: "Chromium", debian: "chromium", fedora: "chromium" };

/// Names under which systems and people have it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
pub(super) fn test(ground: &mut Ground) -> Result<()> {
    let chromium = find_or_install(chromium, &CHROMIUM).map_err(Missing)?;
    find_or_install(|| shell::which("npm"), &NODE).map_err(Missing)?;
    packages()?;
    let mut command = Command::new("npx");
    command.args(["playwright", "test"]).current_dir(folder()).env("CHROMIUM", chromium);
    command.env("PENSTOCK_BIN", ground.penstock()?);
    ground.run(&mut command, "browser")
}

/// What `package-lock.json` names, installed again only when that file changed.
fn packages() -> Result<()> {
    let lock = folder().join("package-lock.json");
    let installed = folder().join("node_modules/.package-lock.json");
    let made = stamp::unless_made("npm", &[lock], &[&installed], || {
        say::now("Installing the packages of the browser tests");
        let mut npm = Command::new("npm");
        npm.args(["ci", "--no-audit", "--no-fund"]).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        shell::ask(npm.current_dir(folder())).map(drop)
    });
    made.map(drop)
}

fn folder() -> PathBuf {
    paths::workspace().join("end2end")
}

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|file| file.exists());
    let on_path = || NAMES.into_iter().find_map(shell::which);
    named.or_else(on_path)
}
