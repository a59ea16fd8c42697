//! Where things lie: in the checkout, in cargo's target folder, and in the user's own folders.

use anyhow::{Context, Result};
use std::env;
use std::path::{Path, PathBuf};

/// The top of this checkout.
pub(crate) fn workspace() -> PathBuf {
    // Cargo sets the variable at run time; the compiled-in value serves who starts the program by hand.
    let xtask =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    xtask.parent().map(Path::to_path_buf).unwrap_or(xtask)
}

/// Cargo's target folder, wherever the user has put it: this program lies in it, two levels down.
pub(crate) fn cargo_target() -> Result<PathBuf> {
    let program = env::current_exe().context("the path of this program is unknown")?;
    let target = program.ancestors().nth(2).context("this program does not lie in a target folder")?;
    Ok(target.to_path_buf())
}

/// What this program makes for this checkout: site, jars, stamps. Never shared between checkouts.
pub(crate) fn made() -> PathBuf {
    workspace().join("target")
}

/// The files that the portal serves or hands to Flink. `server/build.rs` names the same two folders.
pub(crate) fn site(release: bool) -> PathBuf {
    made().join(if release { "site-release" } else { "site" })
}

/// Downloads, kept for all checkouts.
pub(crate) fn cache() -> Result<PathBuf> {
    users_folder("XDG_CACHE_HOME", ".cache")
}

/// Where a portal keeps its data unless `--data` says otherwise.
pub(crate) fn data() -> Result<PathBuf> {
    users_folder("XDG_DATA_HOME", ".local/share")
}

fn users_folder(variable: &str, below_home: &str) -> Result<PathBuf> {
    let absolute = |value: std::ffi::OsString| Some(PathBuf::from(value)).filter(|path| path.is_absolute());
    env::var_os(variable)
        .and_then(absolute)
        .or_else(|| env::home_dir().map(|home| home.join(below_home)))
        .map(|folder| folder.join("penstock"))
        .with_context(|| format!("there is no home folder; set {variable} to a folder of yours"))
}

/// Every file below a folder, sorted, as paths that begin with the folder. A missing folder has none.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(folder) = waiting.pop().filter(|folder| folder.exists()) {
        for entry in folder.read_dir().with_context(|| format!("cannot list {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}
