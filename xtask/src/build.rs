//! `cargo xtask build`: browser side, Java side and server, in the order in which they need each other.

mod browser;
mod compress;
mod java;
mod site;
mod split;
mod style;

use crate::{flink, paths, say, shell, tools};
use anyhow::Result;
use clap::Args;
use std::path::{Path, PathBuf};

/// What to build, and with which Flink.
#[derive(Args)]
#[group(id = "build")] // `run` takes these too, and groups of one name may not meet
pub(crate) struct BuildArgs {
    /// Optimised, with pages, wasm, styles and jars inside the one file `penstock`.
    #[arg(long)]
    pub(crate) release: bool,
    /// A Flink distribution that is here already; without it one is downloaded once and kept.
    #[arg(long, value_name = "DIR")]
    pub(crate) flink_home: Option<PathBuf>,
}

/// What a build made.
pub(crate) struct Built {
    /// The portal's program.
    pub(crate) penstock: PathBuf,
    /// The Flink distribution that the jars were compiled against.
    pub(crate) flink_home: PathBuf,
}

/// Builds what changed. The browser side comes first, since a release server has it inside.
pub(crate) fn build(options: &BuildArgs) -> Result<Built> {
    tools::check()?;
    let flink_home = flink::home(options.flink_home.as_deref())?;
    say::now("Building the browser side");
    let pkg = browser::build(options.release)?;
    site::assemble(options.release, &pkg, &jars(&flink_home)?)?;
    say::now("Building the server");
    shell::go(shell::cargo(["build", "--package", "server"]).args(options.release.then_some("--release")))?;
    let profile = if options.release { "release" } else { "debug" };
    Ok(Built { penstock: paths::cargo_target()?.join(profile).join("penstock"), flink_home })
}

/// Gives the folder with the probe and the samples, compiled against this Flink.
pub(crate) fn jars(flink_home: &Path) -> Result<PathBuf> {
    java::compile(flink_home)
}
