//! How a control plane opens.

use std::path::Path;
use std::sync::{Arc, Mutex};

use domain::id::ClusterId;
use domain::policy::Actor;
use domain::spec::Capacity;
use domain::token::NewToken;
use domain::view::Safeguard;
use jiff::Timestamp;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{ControlPlane, Inner, database};
use crate::clock::{Clock, SystemClock};
use crate::config::PlaneConfig;
use crate::confine::means::Means;
use crate::error::OpenError;
use crate::fits::FitsMemory;
use crate::health::{self, Health};
use crate::jar::{JarStore, Readings};
use crate::lock::DataLock;
use crate::machine::Machine;
use crate::probe::{self, Probe};
use crate::provider::Provider;
use crate::provider::local::LocalProvider;
use crate::reconciler::{self, Reconciler};
use crate::seal::{self, Seal};
use crate::storage::Storage;
use crate::storage::remote::Remotes;
use crate::store::{At, Denied, Store, StoreError, seed};
use crate::{measure, retention, sign_in};

/// Hints that a slow browser may lag behind before it is told that everything may have changed.
const HINTS: usize = 256;

/// What a control plane meets outside of itself.
struct World {
    provider: Arc<dyn Provider>,
    clock: Arc<dyn Clock>,
    /// Shared with the provider: what the rows say of accounts is true for both.
    remotes: Remotes,
}

impl ControlPlane {
    /// Locks the data folder, opens the store (migrating it), finds the clusters that are there and starts the
    /// reconciler.
    ///
    /// # Errors
    /// A sentence that says what is wrong and what to do: folder in use by another portal, not writable, database
    /// not reachable, Flink or Java missing.
    pub async fn open(config: PlaneConfig) -> Result<Self, OpenError> {
        Self::open_after(config, |_| Ok(())).await
    }

    /// The same; `prepare` is what the holder of the folder does before anything is started, such as to write the
    /// portal's own jars.
    ///
    /// # Errors
    /// As [`ControlPlane::open`], and those of `prepare`.
    pub async fn open_after(
        config: PlaneConfig,
        prepare: impl FnOnce(&ControlPlane) -> Result<(), OpenError>,
    ) -> Result<Self, OpenError> {
        // The lock comes first: what a provider looks at is the lock holder's.
        let lock = DataLock::take(&config.data)?;
        probe::clear(&config.data)
            .map_err(|error| OpenError(format!("What an earlier portal left cannot be removed: {error}.")))?;
        let safeguards = safeguards(&config)?;
        let provider = Arc::new(LocalProvider::open(&config)?);
        let running = provider.running().await.map_err(|error| {
            OpenError(format!("The processes of this machine cannot be looked at: {error}."))
        })?;
        provider.forget_ended().await.map_err(|error| {
            OpenError(format!(
                "The folders of runs that have ended cannot be cleared of their secrets: {error}."
            ))
        })?;
        let remotes = provider.remotes().clone();
        let world = World { provider, clock: Arc::new(SystemClock), remotes };
        let plane = Self::opened(config, lock, world, safeguards, &running).await?;
        prepare(&plane)?;
        plane.start();
        Ok(plane)
    }

    /// The same with another provider and another clock, and nothing started: who holds the clock
    /// calls [`ControlPlane::settle`].
    ///
    /// # Errors
    /// As [`ControlPlane::open`].
    pub async fn with_provider(
        config: PlaneConfig,
        provider: Arc<dyn Provider>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, OpenError> {
        let lock = DataLock::take(&config.data)?;
        let world = World { provider, clock, remotes: Remotes::default() };
        Self::opened(config, lock, world, Vec::new(), &[]).await
    }

    async fn opened(
        config: PlaneConfig,
        lock: DataLock,
        World { provider, clock, remotes }: World,
        safeguards: Vec<Safeguard>,
        running: &[ClusterId],
    ) -> Result<Self, OpenError> {
        let store = database::open_for(&config.data, config.database.as_deref(), running).await?;
        let store = sealed(store, &config, clock.now()).await?;
        let unprepared = |error: StoreError| OpenError(format!("The database cannot be prepared: {error}."));
        let new = store.subscriptions().await.map_err(unprepared)?.is_empty();
        let storage = Storage::of(&config.data).with_remotes(remotes);
        let storage = storage.opened((seed::ACCOUNT, seed::CONTAINER), new).map_err(|error| {
            OpenError(format!("The storage folders in {} cannot be made: {error}.", config.data.display()))
        })?;
        let (machine, runtime) = (Machine::here(), provider.runtime());
        let seed = seed::Seed {
            loopback: config.loopback,
            has: Capacity::new(machine.cpu(), machine.memory_mb),
            flink: runtime.flink,
            java: runtime.java,
        };
        store.seed(&seed, clock.now()).await.map_err(unprepared)?;
        store.name_parts().await.map_err(unprepared)?;
        storage.remotes().set(store.remote_accounts().await.map_err(unprepared)?);
        let jars = JarStore::of(&config.data);
        let (changes, _) = broadcast::channel(HINTS);
        let inner = Inner {
            probe: Probe::new(&config, store.seal().clone()),
            fits: FitsMemory::default(),
            health: Health::new(clock.as_ref()),
            config,
            store,
            storage,
            readings: Readings::new(),
            jars,
            provider,
            safeguards,
            reconciler: Reconciler::new(clock.clone()),
            clock,
            changes,
            ended: broadcast::channel(HINTS).0,
            roles: watch::Sender::new(0),
            deleting: tokio::sync::Mutex::default(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            lock: Mutex::new(Some(lock)),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Starts the reconciler, the measuring, the forgetting and the look at the portal's own health.
    pub fn start(&self) {
        self.collect_jars();
        self.inner.tasks.spawn(health::run(self.inner.clone()));
        self.inner.tasks.spawn(reconciler::run(self.inner.clone()));
        self.inner.tasks.spawn(measure::run(self.inner.clone()));
        self.inner.tasks.spawn(retention::run(self.inner.clone()));
    }

    /// Runs the reconciler until it has nothing more to do at this time of the clock.
    pub async fn settle(&self) {
        reconciler::settle(&self.inner).await;
    }
}

/// Tries what programs can be confined with here, and says what is missing.
fn safeguards(config: &PlaneConfig) -> Result<Vec<Safeguard>, OpenError> {
    let means = Means::found(&config.launcher, &probe::LIMITS).map_err(|error| {
        OpenError(format!("Programs cannot be confined: {error}. The portal starts itself for that."))
    })?;
    let safeguards = means.safeguards(&probe::LIMITS);
    let (there, missing): (Vec<_>, Vec<_>) = safeguards.iter().partition(|safeguard| safeguard.there);
    let titles: Vec<&str> = there.iter().map(|safeguard| &*safeguard.title).collect();
    tracing::info!(target: "penstock", "Programs are confined in: {}.", titles.join(", "));
    for Safeguard { title, detail, .. } in missing {
        tracing::warn!(target: "penstock", "Programs are not confined in: {title}. {detail}");
    }
    Ok(safeguards)
}

/// A new one-time sign-in link's token, made beside a running portal.
///
/// # Errors
/// A sentence: there is no store in this folder, or it does not answer.
pub async fn new_link(data: &Path, database: Option<&str>) -> Result<String, OpenError> {
    let store = beside(data, database).await?;
    let token = sign_in::new_link(&store, SystemClock.now())
        .await
        .map_err(|error| OpenError(format!("The link cannot be kept: {error}.")))?;
    store.close().await;
    Ok(token)
}

/// A new access token's secret, made beside a running portal by whoever holds its data folder.
///
/// # Errors
/// A sentence: there is no store in this folder, it does not answer, or it does not know the scope.
pub async fn new_token(data: &Path, database: Option<&str>, new: &NewToken) -> Result<String, OpenError> {
    let store = beside(data, database).await?;
    let permit =
        store.authorize(&Actor::portal("Command line"), new.role.deed(), At::Scope(&new.scope)).await;
    let permit = permit.map_err(|denied| {
        OpenError(match denied {
            Denied::Hidden => format!("There is nothing at {}. Name a scope that is there.", new.scope),
            Denied::Lacking(why) => why,
            Denied::Unknown(error) => format!("The token cannot be kept: {error}."),
        })
    })?;
    let (secret, hash) = sign_in::new_token();
    let made = store.new_token(&permit, new, &hash, SystemClock.now()).await;
    made.map_err(|error| OpenError(format!("The token cannot be kept: {error}.")))?;
    store.close().await;
    Ok(secret)
}

/// The store of a data folder that has one.
async fn beside(data: &Path, database: Option<&str>) -> Result<Store, OpenError> {
    if database.is_none() && !data.join(database::FILE).exists() {
        return Err(OpenError(format!(
            "There is no portal in {}. Start one first: it prints a link itself.",
            data.display()
        )));
    }
    database::open(data, database).await
}

/// Whether a folder is a portal's data folder: nothing else may be removed as one.
pub fn is_data_folder(data: &Path) -> bool {
    data.join(crate::lock::FILE).is_file()
}

/// Ends every process of a data folder's clusters; how many there were.
///
/// # Errors
/// A sentence: a portal runs on the folder, or a process does not end.
pub async fn end_all(data: &Path) -> Result<usize, OpenError> {
    if !data.exists() {
        return Ok(0);
    }
    let _lock = DataLock::take_as_it_is(data)?;
    LocalProvider::end_all(data).await.map_err(|error| {
        OpenError(format!("Not every process of {} could be ended: {error}.", data.display()))
    })
}

/// The store with its key, found or made; what lay open before is sealed by it. Without its key a portal starts all the
/// same, and says what it lacks.
async fn sealed(store: Store, config: &PlaneConfig, now: Timestamp) -> Result<Store, OpenError> {
    let failed = |error: StoreError| OpenError(format!("The database cannot be prepared: {error}."));
    let file = config.key_file.clone().unwrap_or_else(|| config.data.join(seal::FILE));
    let known = store.recipient().await.map_err(failed)?;
    let seal = Seal::of(&file, known).map_err(|error| OpenError(error.to_string()))?;
    let ready = seal.ready();
    let store = store.sealed_by(seal, now).await.map_err(failed)?;
    match ready {
        Ok(()) => store.scrub(now).await.map_err(failed)?,
        Err(error) => tracing::error!("{error}"),
    }
    Ok(store)
}
