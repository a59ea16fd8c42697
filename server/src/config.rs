//! The command line: flags and environment, documented by `--help`.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use orchestrator::PlaneConfig;

/// A self-service portal for Apache Flink Application Mode clusters.
#[derive(Parser)]
#[command(name = "penstock", version)]
pub(crate) struct Penstock {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What the binary does.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serves the portal. Ctrl-C ends it; the clusters run on.
    Serve(Serve),
    /// Prints a new one-time sign-in link for a portal on this machine.
    Link(Folder),
    /// Ends every cluster of a data folder and removes the folder.
    Clean(Folder),
}

/// `penstock serve`.
#[derive(Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// The Flink distribution that clusters run: a folder with lib, opt and plugins.
    #[arg(long, env = "FLINK_HOME", value_name = "DIR")]
    pub(crate) flink_home: PathBuf,
    /// The loopback range of the clusters' addresses.
    #[arg(long, env = "PENSTOCK_LOOPBACK", value_name = "A.B.0.0/16", default_value = "127.4.0.0/16", value_parser = range)]
    pub(crate) loopback: (u8, u8),
    /// A proxy with TLS stands before the portal, so it may listen on another address than loopback.
    #[arg(long, env = "PENSTOCK_BEHIND_PROXY")]
    pub(crate) behind_proxy: bool,
    /// Creates a small sample cluster when the data folder is new.
    #[arg(long)]
    pub(crate) sample: bool,
}

/// Where a portal keeps its data and answers.
#[derive(Args)]
pub(crate) struct Folder {
    /// The data folder.
    #[arg(long, env = "PENSTOCK_DATA", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// `postgres://user@host/database`; without it, SQLite in the data folder.
    #[arg(long, env = "PENSTOCK_DATABASE", value_name = "URL", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// The address on which the portal answers.
    #[arg(long, env = "PENSTOCK_LISTEN", value_name = "ADDR:PORT", default_value = "127.0.0.1:7373")]
    pub(crate) listen: SocketAddr,
}

impl Serve {
    /// The control plane's configuration.
    pub(crate) fn plane(&self, jars: PathBuf) -> anyhow::Result<PlaneConfig> {
        if !self.folder.listen.ip().is_loopback() && !self.behind_proxy {
            bail!(
                "{} is not a loopback address and the portal has no TLS of its own. Listen on 127.0.0.1, or put a \
                 proxy with TLS before it and say --behind-proxy.",
                self.folder.listen
            );
        }
        Ok(PlaneConfig {
            data: self.folder.data()?,
            database: self.folder.database.clone(),
            flink_home: std::path::absolute(&self.flink_home).context("--flink-home")?,
            jars,
            loopback: self.loopback,
        })
    }
}

impl Folder {
    /// The data folder as an absolute path: processes that outlive the portal refer to it.
    pub(crate) fn data(&self) -> anyhow::Result<PathBuf> {
        std::path::absolute(&self.data).context("--data")
    }
}

fn range(text: &str) -> Result<(u8, u8), String> {
    let refused = || format!("“{text}” is no loopback range; write for example 127.4.0.0/16.");
    let network = text.strip_suffix(".0.0/16").ok_or_else(refused)?;
    let (first, second) = network.split_once('.').ok_or_else(refused)?;
    match (first.parse(), second.parse()) {
        (Ok(127), Ok(second)) => Ok((127, second)),
        _ => Err(refused()),
    }
}
