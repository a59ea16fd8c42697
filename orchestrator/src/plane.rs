//! The control plane as one value: what it is made of, how it opens, how it ends.

mod database;
mod jars;
mod open;
mod session;

use std::path::Path;
use std::sync::{Arc, Mutex};

use domain::id::{ClusterId, EventId};
use domain::policy::Actor;
use domain::refusal::Refusal;
use domain::view::{GroupCounts, Old, ReconcilerView, Safeguard, Scope};
use jiff::Timestamp;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::PlaneConfig;
use crate::desk::Desk;
use crate::fits::FitsMemory;
use crate::health::Health;
use crate::jar::{JarStore, Readings};
use crate::lock::DataLock;
use crate::probe::Probe;
use crate::provider::Provider;
use crate::reconciler::Reconciler;
use crate::storage::Storage;
use crate::store::status::ClusterRecord;
use crate::store::{Sight, Store};

pub(crate) use jars::KeptJars;
pub use open::{end_all, is_data_folder, new_link, new_token};
pub use session::Session;

/// The control plane. Cloning it is cheap and gives the same one.
#[derive(Clone)]
pub struct ControlPlane {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) config: PlaneConfig,
    pub(crate) store: Store,
    pub(crate) storage: Storage,
    pub(crate) readings: Readings,
    /// The bytes that revisions name.
    pub(crate) jars: JarStore,
    pub(crate) probe: Probe,
    /// Which states fit which jobs.
    pub(crate) fits: FitsMemory,
    pub(crate) provider: Arc<dyn Provider>,
    /// What programs of other people are kept from on this machine.
    pub(crate) safeguards: Vec<Safeguard>,
    pub(crate) clock: Arc<dyn Clock>,
    /// Hints for browsers.
    pub(crate) changes: broadcast::Sender<Change>,
    /// Hints that a session was ended.
    pub(crate) ended: broadcast::Sender<()>,
    /// Counts changes of who may what: whoever follows rows looks again at what may be seen.
    pub(crate) roles: watch::Sender<u64>,
    /// What is looked at when, and what is remembered of it.
    pub(crate) reconciler: Reconciler,
    /// Held by whoever deletes snapshots.
    pub(crate) deleting: tokio::sync::Mutex<()>,
    /// Whether the portal still follows its clusters.
    pub(crate) health: Health,
    /// Ends the loops.
    pub(crate) stop: CancellationToken,
    /// The loops and the passes under way: closing waits for them.
    pub(crate) tasks: TaskTracker,
    /// Given back when the plane closes.
    lock: Mutex<Option<DataLock>>,
}

/// A hint that something changed; the rows are the truth.
#[derive(Clone, Debug)]
pub struct Change {
    /// The newest event; none for what only changes what is seen now, such as an operation's step.
    pub event: Option<EventId>,
    /// The cluster that it is about, if it is about one.
    pub cluster: Option<ClusterId>,
}

impl ControlPlane {
    /// The desk of the portal itself, or of whoever holds its process, under a name for its histories: it may everything.
    pub fn own_desk(&self, name: &str) -> Desk {
        self.desk(Actor::portal(name))
    }

    /// The desk of one principal: every command and every query goes through it.
    pub(crate) fn desk(&self, actor: Actor) -> Desk {
        Desk { plane: self.clone(), actor, session: None }
    }

    /// Hints of changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.inner.changes.subscribe()
    }

    /// Since when what pages show is old, and why; none while the portal follows its clusters.
    pub fn old(&self) -> Option<Old> {
        self.inner.health.old()
    }

    /// How the reconciler stands.
    pub fn reconciler(&self) -> ReconcilerView {
        self.inner.reconciler.view()
    }

    /// How many clusters there are, by the group of their state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self) -> Result<GroupCounts, Refusal> {
        Ok(self.inner.store.counts(&Scope::All, &Sight::of_everything()).await?)
    }

    /// Changes of [`ControlPlane::old`] from now on.
    pub fn health(&self) -> watch::Receiver<Option<Old>> {
        self.inner.health.watch()
    }

    /// The folder of the portal's own jars.
    pub fn jars(&self) -> &Path {
        &self.inner.config.jars
    }

    /// The rows.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The files of the storage accounts.
    pub(crate) fn storage(&self) -> &Storage {
        &self.inner.storage
    }

    /// Reads jars.
    pub(crate) fn readings(&self) -> &Readings {
        &self.inner.readings
    }

    /// Flink's own classes, to be asked.
    pub(crate) fn probe(&self) -> &Probe {
        &self.inner.probe
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        self.inner.clock.now()
    }

    /// Tells browsers and reconciler that rows changed.
    pub fn changed(&self, event: Option<EventId>, cluster: Option<ClusterId>) {
        self.inner.hint(event, cluster);
        match cluster {
            Some(cluster) => self.inner.reconciler.wake(cluster),
            None => self.inner.reconciler.known.forget_pools(),
        }
    }

    /// Both rows of a cluster.
    pub(crate) async fn cluster_record(&self, id: ClusterId) -> Result<ClusterRecord, Refusal> {
        let found = self.store().cluster_record(id).await?;
        found.ok_or_else(gone)
    }

    /// Ends the reconciler after its present passes and closes the store. Clusters run on. Whoever drops the lock that
    /// this gives, gives the data folder back.
    pub async fn close(&self) -> Option<DataLock> {
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        self.inner.store.close().await;
        self.inner.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
    }
}

/// What is said of a cluster that is not there.
pub(crate) fn gone() -> Refusal {
    Refusal::NotFound("There is no such cluster; it may have been deleted.".to_owned())
}

impl Inner {
    /// Roles were given or taken.
    pub(crate) fn roles_changed(&self) {
        self.roles.send_modify(|changes| *changes += 1);
    }

    /// A hint for browsers. Nobody listening is no mistake.
    pub(crate) fn hint(&self, event: Option<EventId>, cluster: Option<ClusterId>) {
        let _ = self.changes.send(Change { event, cluster });
    }
}
