//! `cargo xtask clean`: ends and removes all that `run` made, and says what that was.

use crate::{paths, say, shell};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::fs;
use std::io::{BufRead, IsTerminal, Write, stderr, stdin};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What to remove.
#[derive(Args)]
pub(crate) struct CleanArgs {
    /// The data folder that was given to `run` [default: penstock in the user's data folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Also the Flink distributions that were downloaded for all checkouts.
    #[arg(long)]
    cache: bool,
    /// Does not ask.
    #[arg(long, short)]
    yes: bool,
}

/// Clusters first: a process whose folder is gone could not be found again.
pub(crate) fn clean(options: &CleanArgs) -> Result<()> {
    let data = match &options.data {
        Some(data) => std::path::absolute(data).context("the data folder has no path")?,
        None => paths::data()?,
    };
    let site = [paths::site(false), paths::site(true)];
    let made = ["pkg", "flink", "stamps"].map(|name| paths::made().join(name));
    let cache = if options.cache { Some(paths::cache()?) } else { None };
    if data.exists() {
        agree(options, &data)?;
        end_clusters(&data)?;
    }
    for folder in [&data].into_iter().chain(&site).chain(&made).chain(&cache) {
        remove(folder)?;
    }
    Ok(())
}

fn agree(options: &CleanArgs, data: &Path) -> Result<()> {
    if options.yes {
        return Ok(());
    }
    let question = format!("End all clusters of {} and remove their state and files?", data.display());
    if !stdin().is_terminal() {
        bail!("{question} Nobody can answer here; say --yes if you mean it");
    }
    eprint!("{question} [y/N] ");
    stderr().flush()?;
    let mut answer = String::new();
    stdin().lock().read_line(&mut answer)?;
    if !answer.trim().eq_ignore_ascii_case("y") {
        bail!("nothing was removed");
    }
    Ok(())
}

/// The portal knows its own processes by their marker; without it none of them can have been started here.
fn end_clusters(data: &Path) -> Result<()> {
    let target = paths::cargo_target()?;
    let built = ["debug", "release"].map(|profile| target.join(profile).join("penstock"));
    let Some(penstock) = built.iter().find(|file| file.exists()) else {
        bail!(
            "the portal is not built here, so its clusters cannot be ended. Run `cargo xtask build` first; nothing \
             was removed"
        );
    };
    shell::go(Command::new(penstock).arg("clean").arg("--data").arg(data))
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        say::now(&format!("Removed {}", folder.display()));
    }
    Ok(())
}
