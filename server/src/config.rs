//! The command line: flags and environment, documented by `--help`.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use domain::lifecycle::Limits;
use domain::policy::Role;
use domain::scope::Scope;
use domain::token::{self, Lifetime, NewToken};
use jiff::SignedDuration;
use orchestrator::confine::Launcher;
use orchestrator::{PlaneConfig, Retention, SessionLimits};
use sha2::{Digest, Sha256};

use crate::certificate::Certificate;
use crate::origin::{Origin, PublicUrl};

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
    Serve(Box<Serve>),
    /// Prints a new one-time sign-in link for a portal on this machine.
    Link(Folder),
    /// Makes access tokens for programs, also beside a portal that runs.
    #[command(subcommand)]
    Token(Token),
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
    /// The address on which the portal answers. [default: port 7373 of a loopback address of its own for each data
    /// folder]
    #[arg(long, env = "PENSTOCK_LISTEN", value_name = "ADDR:PORT", conflicts_with = "port")]
    listen: Option<SocketAddr>,
    /// Another port of the portal's own loopback address.
    #[arg(long, env = "PENSTOCK_PORT")]
    port: Option<u16>,
    /// HTTPS by the portal itself: a PEM file of its certificate and of those that vouch for it. Read again when it
    /// changes.
    #[arg(long, env = "PENSTOCK_TLS_CERT", value_name = "FILE", requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// The PEM file of the certificate's private key.
    #[arg(long, env = "PENSTOCK_TLS_KEY", value_name = "FILE", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A proxy stands before the portal, so it may listen on another address than loopback. It must pass on the name
    /// that it was asked for (Host), and set X-Forwarded-Proto and X-Forwarded-For.
    #[arg(long, env = "PENSTOCK_BEHIND_PROXY", requires = "public_url", conflicts_with = "tls_cert")]
    pub(crate) behind_proxy: bool,
    /// The file of the key by which secrets are sealed in the database; a new one is made where none was used so far.
    /// [default: portal.key in the data folder]
    #[arg(long, env = "PENSTOCK_KEY_FILE", value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
    /// Where browsers reach the portal, if that is not where it listens: the only scheme and name that it answers to.
    #[arg(long, env = "PENSTOCK_PUBLIC_URL", value_name = "URL", value_parser = PublicUrl::parse)]
    pub(crate) public_url: Option<PublicUrl>,
    /// A session ends when it was not used for so long.
    #[arg(long, env = "PENSTOCK_SESSION_IDLE", value_name = "TIME", default_value = "168h", value_parser = time)]
    session_idle: SignedDuration,
    /// A session ends after so long in any case.
    #[arg(long, env = "PENSTOCK_SESSION_LONGEST", value_name = "TIME", default_value = "720h", value_parser = time)]
    pub(crate) session_longest: SignedDuration,
    /// So long an updated job goes back by itself if it does not hold, unless it has completed two checkpoints before;
    /// 0s for never.
    #[arg(long, env = "PENSTOCK_PROBATION", value_name = "TIME", default_value = "60s", value_parser = span)]
    probation: SignedDuration,
    #[command(flatten)]
    keep: Keep,
    /// Creates a small sample cluster when the data folder is new.
    #[arg(long)]
    pub(crate) sample: bool,
}

/// `penstock token`.
#[derive(Subcommand)]
pub(crate) enum Token {
    /// Makes a token and prints it, alone; it is not to be had again. Settings lists and revokes it.
    Create(CreateToken),
}

/// `penstock token create`.
#[derive(Args)]
pub(crate) struct CreateToken {
    #[command(flatten)]
    pub(crate) folder: Folder,
    /// What it is called in lists and histories.
    #[arg(long, default_value = "command line", value_parser = token::name)]
    name: String,
    /// What it may do: Reader, Contributor or Owner.
    #[arg(long, default_value = "Owner", value_parser = role)]
    role: Role,
    /// Where it may: / for everything, or the ARM id of a subscription, a resource group, a pool or a cluster. The
    /// subscription may be named by its name.
    #[arg(long, value_name = "PATH", default_value = "/")]
    scope: Scope,
    /// For how long: 30d, 12h, 45m, or never.
    #[arg(long, value_name = "TIME", default_value = "90d", value_parser = Lifetime::parse)]
    expires: Lifetime,
}

impl CreateToken {
    /// The token that is wanted.
    pub(crate) fn wanted(&self) -> NewToken {
        let Self { name, role, scope, expires, .. } = self;
        NewToken { name: name.clone(), role: *role, scope: scope.clone(), lifetime: *expires }
    }
}

/// How long the portal keeps what it measured and what happened. Runs, operations and the audit stay.
#[derive(Args)]
struct Keep {
    /// Measurements of running jobs, one every five seconds.
    #[arg(long, env = "PENSTOCK_KEEP_SAMPLES", value_name = "TIME", default_value = "1h", value_parser = time)]
    keep_samples: SignedDuration,
    /// The same, one a minute.
    #[arg(long, env = "PENSTOCK_KEEP_MINUTES", value_name = "TIME", default_value = "168h", value_parser = time)]
    keep_minutes: SignedDuration,
    /// The same, one an hour.
    #[arg(long, env = "PENSTOCK_KEEP_HOURS", value_name = "TIME", default_value = "8760h", value_parser = time)]
    keep_hours: SignedDuration,
    /// The history of what happened.
    #[arg(long, env = "PENSTOCK_KEEP_EVENTS", value_name = "TIME", default_value = "8760h", value_parser = time)]
    keep_events: SignedDuration,
    /// The logs of runs that have ended, except of a cluster's last run.
    #[arg(long, env = "PENSTOCK_KEEP_LOGS", value_name = "TIME", default_value = "720h", value_parser = time)]
    keep_logs: SignedDuration,
}

impl Keep {
    fn retention(&self) -> anyhow::Result<Retention> {
        // Sparklines show the last half hour.
        if self.keep_samples < SignedDuration::from_mins(30) {
            bail!(
                "--keep-samples is shorter than 30m, which the grid shows of every job. Name a longer time."
            );
        }
        if !(self.keep_samples <= self.keep_minutes && self.keep_minutes <= self.keep_hours) {
            bail!(
                "--keep-samples, --keep-minutes and --keep-hours must not become shorter in this order: what is \
                 coarser takes the place of what is finer."
            );
        }
        Ok(Retention {
            samples: self.keep_samples,
            minutes: self.keep_minutes,
            hours: self.keep_hours,
            events: self.keep_events,
            logs: self.keep_logs,
        })
    }
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
}

/// The port on which a portal answers unless it is told otherwise.
const PORT: u16 = 7373;
/// Holds the address at which the portal of a data folder is reached, for who asks beside it.
const ADDRESS: &str = "portal.address";

impl Serve {
    /// The control plane's configuration.
    pub(crate) fn plane(&self) -> anyhow::Result<PlaneConfig> {
        let data = self.folder.data()?;
        Ok(PlaneConfig {
            jars: data.join("jars"),
            loopback: self.range(&data),
            data,
            database: self.folder.database.clone(),
            key_file: self.key_file.as_ref().map(std::path::absolute).transpose().context("--key-file")?,
            launcher: Launcher::own(),
            flink_home: std::path::absolute(&self.flink_home).context("--flink-home")?,
            retention: self.keep.retention()?,
            sessions: SessionLimits { idle: self.session_idle, longest: self.session_longest },
            limits: Limits { probation: self.probation, ..Limits::default() },
        })
    }

    /// The address on which the portal is to listen. Without TLS of its own or a proxy before it that is a loopback
    /// address, and one of its own unless it is told otherwise: browsers give a cookie to every port of an address.
    pub(crate) fn listen(&self) -> anyhow::Result<SocketAddr> {
        let (first, second) = self.range(&self.folder.data()?);
        let own = SocketAddr::from(([first, second, 0, 1], self.port.unwrap_or(PORT)));
        let address = self.listen.unwrap_or(own);
        if !address.ip().is_loopback() && !self.behind_proxy && self.tls_cert.is_none() {
            bail!(
                "{address} is not a loopback address, and without TLS everybody on the way would read what is said \
                 there. Name a certificate (--tls-cert, --tls-key), put a proxy with TLS before the portal \
                 (--behind-proxy), or leave out --listen."
            );
        }
        Ok(address)
    }

    /// The certificate that the portal is to show.
    pub(crate) fn certificate(&self) -> anyhow::Result<Option<Certificate>> {
        match (&self.tls_cert, &self.tls_key) {
            (Some(chain), Some(key)) => Certificate::read(chain.clone(), key.clone()).map(Some),
            _ => Ok(None),
        }
    }

    /// Where browsers reach a portal that listens there.
    pub(crate) fn origin(
        &self,
        address: SocketAddr,
        certificate: Option<&Arc<Certificate>>,
    ) -> anyhow::Result<Origin> {
        match (&self.public_url, certificate) {
            (Some(url), _) if !self.behind_proxy && url.is_secure() != certificate.is_some() => {
                let (said, spoken) = if url.is_secure() { ("HTTPS", "HTTP") } else { ("HTTP", "HTTPS") };
                bail!(
                    "--public-url says {said}, but the portal itself speaks {spoken} and no proxy stands before it."
                )
            }
            (Some(url), _) => Ok(Origin::public(url, self.behind_proxy)),
            (None, Some(certificate)) => Ok(Origin::certified(certificate.clone(), address)),
            (None, None) => Ok(Origin::listening(address)),
        }
    }

    fn range(&self, data: &Path) -> (u8, u8) {
        self.loopback.unwrap_or_else(|| own_range(data))
    }
}

impl Folder {
    /// The data folder as an absolute path: processes that outlive the portal refer to it.
    pub(crate) fn data(&self) -> anyhow::Result<PathBuf> {
        std::path::absolute(&self.data).context("--data")
    }

    /// Keeps the address at which the portal is reached.
    pub(crate) fn remember(&self, url: &str) -> anyhow::Result<()> {
        let file = self.data()?.join(ADDRESS);
        std::fs::write(&file, url).with_context(|| format!("Cannot write {}", file.display()))
    }

    /// The address at which the folder's portal is reached; empty if none was ever served.
    pub(crate) fn reached_at(&self) -> String {
        let url = std::fs::read_to_string(self.data.join(ADDRESS)).unwrap_or_default();
        // Earlier portals wrote host and port alone.
        if url.is_empty() || url.contains("://") { url } else { format!("http://{url}") }
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

fn role(text: &str) -> Result<Role, String> {
    let names = Role::ALL.map(Role::name).join(", ");
    Role::named(text).ok_or_else(|| format!("“{text}” is no role. Choose one of {names}."))
}

fn span(text: &str) -> Result<SignedDuration, String> {
    let refused = || format!("“{text}” is no length of time; write for example 60s, or 0s for none.");
    text.parse().ok().filter(|span: &SignedDuration| !span.is_negative()).ok_or_else(refused)
}

fn time(text: &str) -> Result<SignedDuration, String> {
    let refused = || format!("“{text}” is no length of time; write for example 168h or 45m.");
    text.parse().ok().filter(SignedDuration::is_positive).ok_or_else(refused)
}
