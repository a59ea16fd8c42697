//! The system's package manager: it brings what only the tests need, where this program may ask it to.

use super::how_to_get;
use crate::{say, shell};
use anyhow::{Context, Result, bail};
use std::path::PathBuf;
use std::process::Command;

/// What runs the browser's tests and Azure's stand-in.
pub(crate) const NODE: Package = Package { what: "Node.js with npm", debian: "npm", fedora: "nodejs-npm" };

/// The same thing by the names of two systems.
pub(crate) struct Package {
    /// In the words of a person.
    pub(crate) what: &'static str,
    /// Debian's and Ubuntu's name.
    pub(crate) debian: &'static str,
    /// Fedora's name.
    pub(crate) fedora: &'static str,
}

/// Finds a program, or installs the package that has it.
pub(crate) fn find_or_install(find: impl Fn() -> Option<PathBuf>, package: &Package) -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    install(package)?;
    find().with_context(|| format!("{} was installed, but is not on the path", package.what))
}

/// Installs a package when this is root on a system that we know; otherwise says how to get it.
pub(crate) fn install(package: &Package) -> Result<()> {
    let commands: &[&[&str]] = if shell::which("apt-get").is_some() {
        &[
            &["apt-get", "update", "--quiet"],
            &["apt-get", "install", "--yes", "--no-install-recommends", package.debian],
        ]
    } else if shell::which("dnf").is_some() {
        &[&["dnf", "install", "--assumeyes", package.fedora]]
    } else {
        &[]
    };
    if commands.is_empty() || !is_root() {
        bail!("{} is not here. {}", package.what, how_to_get(package.debian, package.fedora));
    }
    say::now(&format!("Installing {}", package.what));
    for command in commands {
        shell::ask(Command::new(command[0]).args(&command[1..]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

/// Is this process root's?
pub(crate) fn is_root() -> bool {
    shell::ask(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
