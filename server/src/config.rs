//! The command line: flags and environment, documented by `--help`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use orchestrator::PlaneConfig;
use orchestrator::confine::Launcher;
use sha2::{Digest, Sha256};

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
    /// The loopback range of the clusters' addresses; chosen when the data folder is new. [default: one of its own for
    /// each data folder]
    #[arg(long, env = "PENSTOCK_LOOPBACK", value_name = "A.B.0.0/16", value_parser = range)]
    pub(crate) loopback: Option<(u8, u8)>,
    /// A proxy with TLS stands before the portal, so it may listen on another address than loopback.
    #[arg(long, env = "PENSTOCK_BEHIND_PROXY")]
    pub(crate) behind_proxy: bool,
    /// The file of the key by which secrets are sealed in the database; a new one is made where none was used so far.
    /// [default: portal.key in the data folder]
    #[arg(long, env = "PENSTOCK_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
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
    /// The address on which the portal answers. [default: 127.0.0.1:7373]
    #[arg(long, env = "PENSTOCK_LISTEN", value_name = "ADDR:PORT")]
    listen: Option<SocketAddr>,
}

/// Where a portal answers unless it is told otherwise.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 7373);
/// Holds the address on which the portal of a data folder answers, for who asks beside it.
const ADDRESS: &str = "portal.address";

impl Serve {
    /// The control plane's configuration.
    pub(crate) fn plane(&self) -> anyhow::Result<PlaneConfig> {
        if !self.folder.listen().ip().is_loopback() && !self.behind_proxy {
            bail!(
                "{} is not a loopback address and the portal has no TLS of its own. Listen on 127.0.0.1, or put a \
                 proxy with TLS before it and say --behind-proxy.",
                self.folder.listen()
            );
        }
        let data = self.folder.data()?;
        Ok(PlaneConfig {
            jars: data.join("jars"),
            loopback: self.loopback.unwrap_or_else(|| own_range(&data)),
            data,
            database: self.folder.database.clone(),
            key_file: self.key_file.as_ref().map(std::path::absolute).transpose().context("--key-file")?,
            launcher: Launcher::own(),
            flink_home: std::path::absolute(&self.flink_home).context("--flink-home")?,
        })
    }
}

impl Folder {
    /// The data folder as an absolute path: processes that outlive the portal refer to it.
    pub(crate) fn data(&self) -> anyhow::Result<PathBuf> {
        std::path::absolute(&self.data).context("--data")
    }

    /// The address on which the portal is to answer.
    pub(crate) fn listen(&self) -> SocketAddr {
        self.listen.unwrap_or(LISTEN)
    }

    /// Keeps the address on which the portal answers.
    pub(crate) fn remember(&self, address: SocketAddr) -> anyhow::Result<()> {
        let file = self.data()?.join(ADDRESS);
        std::fs::write(&file, address.to_string()).with_context(|| format!("Cannot write {}", file.display()))
    }

    /// The address on which the folder's portal answers, or would.
    pub(crate) fn answers_at(&self) -> SocketAddr {
        let remembered = || std::fs::read_to_string(self.data.join(ADDRESS)).ok()?.parse().ok();
        self.listen.or_else(remembered).unwrap_or(LISTEN)
    }
}

/// Two portals on one machine must not give the same address to their clusters: each data folder has a range of its
/// own, 127.200.0.0/16 to 127.247.0.0/16. (The tests use lower ones.)
fn own_range(data: &Path) -> (u8, u8) {
    let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
    (127, 200 + digest[0] % 48)
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
