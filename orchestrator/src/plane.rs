//! The control plane as one value: what it is made of, how it opens, how it ends.

use std::path::PathBuf;

use domain::id::{ClusterId, EventId};
use domain::policy::Actor;
use domain::refusal::Refusal;
use tokio::sync::broadcast;

use crate::desk::Desk;

/// What the control plane needs to know.
#[derive(Clone, Debug)]
pub struct PlaneConfig {
    /// The data folder. It is locked: a second portal on it is refused.
    pub data: PathBuf,
    /// `sqlite:...` or `postgres://...`; none means SQLite within the data folder.
    pub database: Option<String>,
    /// The Flink distribution that cluster version 1.2.1 runs (1.20.5).
    pub flink_home: PathBuf,
    /// The folder that holds `penstock-probe.jar` and `penstock-samples.jar`.
    pub jars: PathBuf,
    /// The loopback range of this portal's pools: `127.4` means 127.4.0.0/16.
    pub loopback: (u8, u8),
}

/// The control plane. Cloning it is cheap and gives the same one.
#[derive(Clone)]
pub struct ControlPlane {
    pub(crate) changes: broadcast::Sender<Change>,
}

/// A hint that something changed; the rows are the truth.
#[derive(Clone, Debug)]
pub struct Change {
    /// The newest event.
    pub event: EventId,
    /// The cluster that it is about, if it is about one.
    pub cluster: Option<ClusterId>,
}

/// Why a control plane cannot open.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);

impl ControlPlane {
    /// Opens the store (migrating it), locks the data folder, finds the clusters that are there and starts the
    /// reconciler.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do: folder in use by another portal, not writable, database
    /// not reachable, Flink or Java missing.
    pub async fn open(_config: PlaneConfig) -> Result<Self, OpenError> {
        let (changes, _) = broadcast::channel(256);
        Ok(Self { changes })
    }

    /// The desk of one person: every command and every query goes through it.
    pub fn desk(&self, actor: Actor) -> Desk {
        Desk { plane: self.clone(), actor }
    }

    /// Hints of changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// The folder of the portal's own jars.
    pub fn jars(&self) -> &std::path::Path {
        unimplemented!()
    }

    /// A new one-time sign-in link's token.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn new_link(&self) -> Result<String, Refusal> {
        unimplemented!()
    }

    /// Turns a one-time token into a session's secret.
    ///
    /// # Errors
    /// `NotFound` when it is unknown, used or too old.
    pub async fn redeem_link(&self, token: &str) -> Result<String, Refusal> {
        let _ = token;
        unimplemented!()
    }

    /// Who holds this session.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn session(&self, secret: &str) -> Result<Option<Actor>, Refusal> {
        let _ = secret;
        unimplemented!()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn sign_out(&self, secret: &str) -> Result<(), Refusal> {
        let _ = secret;
        unimplemented!()
    }

    /// Ends the reconciler after its present passes and closes the store. Clusters run on.
    pub async fn close(&self) {}
}

/// A new one-time sign-in link's token, made beside a running portal.
///
/// # Errors
/// A sentence: there is no store in this folder, or it does not answer.
pub async fn new_link(_data: &std::path::Path, _database: Option<&str>) -> Result<String, OpenError> {
    unimplemented!()
}

/// Ends every process of a data folder's clusters; how many there were.
///
/// # Errors
/// A sentence: a portal runs on the folder, or a process does not end.
pub async fn end_all(_data: &std::path::Path) -> Result<usize, OpenError> {
    unimplemented!()
}
