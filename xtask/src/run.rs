//! `cargo xtask run`: builds what changed and becomes the portal.

use crate::{build, paths, say};
use anyhow::{Context, Result};
use clap::Args;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::Command;

/// Which portal to start, and where.
#[derive(Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    build: build::BuildArgs,
    /// The portal's data: its database, the clusters, their storage [default: penstock in the user's data folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The port on the portal's own loopback address.
    #[arg(long, default_value_t = 7373)]
    port: u16,
}

/// Does not come back: the portal takes this process over, so Ctrl-C reaches it and nothing in between.
pub(crate) fn run(options: &RunArgs) -> Result<()> {
    let built = build::build(&options.build)?;
    let data = match &options.data {
        Some(data) => std::path::absolute(data).context("the data folder has no path")?,
        None => paths::data()?,
    };
    say::now(&format!("Starting the portal; its data are in {}", data.display()));
    let failure = Command::new(&built.penstock)
        .arg("serve")
        .arg("--data")
        .arg(data)
        .arg("--flink-home")
        .arg(built.flink_home)
        .arg("--port")
        .arg(options.port.to_string())
        .arg("--sample")
        .exec();
    Err(failure).with_context(|| format!("cannot start {}", built.penstock.display()))
}
