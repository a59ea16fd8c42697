//! Playwright in front of the real portal and real Flink, with the Chromium that is here.

use super::ground::{Ground, Missing};
use crate::tools::system::{self, Package};
use crate::{place, say, shell, stamp};
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

const CHROMIUM: Package =
    Package { what: "Chromium", debian: "chromium", fedora: "chromium", mac: "chromium" };
const NODE: Package = Package { what: "Node.js with npm", debian: "npm", fedora: "nodejs-npm", mac: "node" };

/// Names under which systems and people have it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const ON_A_MAC: [&str; 2] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

pub(super) fn test(ground: &mut Ground) -> Result<()> {
    let chromium = find_or_install(chromium, &CHROMIUM)?;
    find_or_install(|| shell::which("npm"), &NODE)?;
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
    place::workspace().join("end2end")
}

fn find_or_install(find: impl Fn() -> Option<PathBuf>, package: &Package) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    system::install(package).map_err(Missing)?;
    find().with_context(|| format!("{} was installed, but is not on the path", package.what))
}

fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|file| file.exists());
    let on_path = || NAMES.into_iter().find_map(shell::which);
    let on_a_mac = || ON_A_MAC.into_iter().map(PathBuf::from).find(|file| file.exists());
    named.or_else(on_path).or_else(on_a_mac)
}
