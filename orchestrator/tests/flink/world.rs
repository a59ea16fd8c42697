//! One cluster in a data folder of its own, and the portal over it: the product's own store and loop over real Flink.

#[path = "drive.rs"]
mod drive;

use std::future::Future;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use domain::artifact::Artifact;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{Ask, KnownState, Limits, Observation, ObservedRun, Phase, Restarts, Restore};
use domain::spec::ClusterSpec;
use domain::view::OperationView;
use orchestrator::confine::Launcher;
use orchestrator::flink::JobManager;
use orchestrator::provider::local::LocalProvider;
use orchestrator::provider::{ActError, Target};
use orchestrator::storage::Storage;
use orchestrator::{ControlPlane, PlaneConfig, Retention, SessionLimits};
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, SemaphorePermit};
use uuid::Uuid;

use crate::watched::{Dies, Given, Watched};

/// Two clusters at once are what two cores carry.
static ROOM: Semaphore = Semaphore::const_new(2);
static LAST_SUBNET: AtomicU8 = AtomicU8::new(0);
static LAST_RANGE: AtomicU8 = AtomicU8::new(0);

pub(crate) const ACCOUNT: &str = "teststorage";
pub(crate) const CONTAINER: &str = "flink";

pub(crate) struct World {
    pub(crate) provider: Arc<Watched>,
    pub(crate) config: PlaneConfig,
    pub(crate) cluster: ClusterId,
    /// Each world has one of its own, in the range of this run of the tests.
    pub(crate) subnet: String,
    pub(crate) revisions: Vec<ClusterSpec>,
    pub(crate) phase: Phase,
    /// The operation that was asked last, once it has ended.
    pub(crate) outcome: Option<OperationView>,
    /// The newest state that was ever seen.
    pub(crate) known: Option<KnownState>,
    /// How often it was restarted.
    pub(crate) restarts: Option<Restarts>,
    pub(crate) seen: Observation,
    pub(crate) refused: Option<ActError>,
    /// When the portal dies that is opened next.
    pub(crate) dies: Option<Dies>,
    /// Folders that the pool lets its jobs read.
    pub(crate) readable: Vec<PathBuf>,
    /// Every phase's name that was passed, without repetitions.
    pub(crate) passed: Vec<&'static str>,
    operation: Option<OperationId>,
    /// The bytes of the newest revision.
    jar_of_last: Option<Artifact>,
    portal: Option<(ControlPlane, Runtime)>,
    folder: Option<tempfile::TempDir>,
    _room: SemaphorePermit<'static>,
}

/// Runs a test on a world of its own; everything that it started is ended afterwards, also when it fails.
pub(crate) fn test<F: Future<Output = ()>>(body: impl FnOnce(World) -> F) {
    let (Ok(flink_home), Ok(jars)) =
        (std::env::var("PENSTOCK_FLINK_HOME"), std::env::var("PENSTOCK_FLINK_JARS"))
    else {
        assert!(
            std::env::var("CI").is_err(),
            "PENSTOCK_FLINK_HOME and PENSTOCK_FLINK_JARS must be set where CI is"
        );
        eprintln!("left out: PENSTOCK_FLINK_HOME and PENSTOCK_FLINK_JARS are not set");
        return;
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let room = ROOM.acquire().await.unwrap();
        body(World::new(flink_home.into(), jars.into(), room)).await;
    });
}

impl World {
    fn new(flink_home: PathBuf, jars: PathBuf, room: SemaphorePermit<'static>) -> Self {
        // A portal refuses a folder that others may read.
        let private = std::fs::Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().permissions(private).tempdir().unwrap();
        let own = 100 + (std::process::id() % 100) as u8;
        let subnet = LAST_SUBNET.fetch_add(1, Ordering::Relaxed);
        let launcher = Launcher::at(env!("CARGO_BIN_EXE_confine").as_ref());
        let (data, sessions) = (folder.path().to_owned(), SessionLimits::default());
        let config = PlaneConfig {
            data,
            database: None,
            key_file: None,
            flink_home,
            jars,
            launcher,
            loopback: Self::range(),
            sessions,
            limits: Limits::default(),
            retention: Retention::default(),
        };
        let storage = folder.path().join("storage").join(ACCOUNT).join(CONTAINER).join("jars");
        std::fs::create_dir_all(&storage).unwrap();
        std::fs::copy(config.jars.join("penstock-samples.jar"), storage.join("samples.jar")).unwrap();
        // A container that is known, as the portal makes them.
        Storage::open(folder.path(), (ACCOUNT, CONTAINER), true).unwrap();
        let given = Given {
            cluster: ClusterId(Uuid::now_v7()),
            subnet: format!("127.{own}.{subnet}.0/24"),
            readable: Vec::new(),
        };
        Self {
            provider: Arc::new(Watched::open(&config, given.clone(), None)),
            config,
            cluster: given.cluster,
            subnet: given.subnet,
            revisions: vec![spec("Counter", "--rate 200", &[])],
            phase: Phase::Accepted,
            outcome: None,
            operation: None,
            jar_of_last: None,
            portal: None,
            dies: None,
            known: None,
            restarts: None,
            seen: Observation::Absent,
            refused: None,
            readable: Vec::new(),
            passed: Vec::new(),
            folder: Some(folder),
            _room: room,
        }
    }

    /// A range of addresses for a whole portal, which no other test's clusters have addresses in.
    fn range() -> (u8, u8) {
        let next = std::process::id() + u32::from(LAST_RANGE.fetch_add(1, Ordering::Relaxed));
        (127, 201 + (next % 50) as u8)
    }

    pub(crate) fn target(&self) -> Target {
        let revision = self.phase.launch().map_or(self.revision(), |launch| launch.revision);
        Target {
            cluster: self.cluster,
            subnet: self.subnet.clone(),
            phase: self.phase.clone(),
            spec: self.revisions[revision as usize - 1].clone(),
            known: self.known.clone(),
            locked: None,
            given: Default::default(),
            jar: self.jar_of_last.clone(),
            more_jars: Vec::new(),
            needed: Vec::new(),
            homes: Vec::new(),
            task_managers: 1,
            readable: self.readable.clone(),
        }
    }

    pub(crate) async fn create(&mut self) {
        self.succeeds("create", Ask::Start { revision: self.revision(), from: Restore::Fresh }).await;
    }

    pub(crate) fn revision(&self) -> u32 {
        u32::try_from(self.revisions.len()).unwrap()
    }

    /// Passes until it is so.
    pub(crate) async fn until(&mut self, what: &str, is: impl Fn(&World) -> bool) {
        self.until_with(what, is, async |world| world.pass().await).await;
    }

    /// The same, with passes of another kind.
    pub(crate) async fn until_with(
        &mut self,
        what: &str,
        is: impl Fn(&World) -> bool,
        mut pass: impl AsyncFnMut(&mut World) -> Duration,
    ) {
        let began = Instant::now();
        loop {
            let look_again = pass(self).await;
            if is(self) {
                return;
            }
            assert!(
                began.elapsed() < Duration::from_secs(120),
                "{what} does not come: {:?}\n{:?}\nrefused: {:?}\n{}",
                self.phase,
                self.seen,
                self.refused,
                self.tail_of_log().await
            );
            tokio::time::sleep(look_again.min(Duration::from_secs(1))).await;
        }
    }

    pub(crate) fn observed(&self) -> &ObservedRun {
        match &self.seen {
            Observation::Present(observed) => observed,
            seen => panic!("nothing was observed: {seen:?}"),
        }
    }

    pub(crate) fn run(&self) -> u32 {
        self.phase.launch().map_or(0, |launch| launch.run)
    }

    pub(crate) async fn tail_of_log(&self) -> String {
        match self.provider.log(self.cluster, self.run(), "jobmanager.log", None).await {
            Ok(chunk) => chunk.text,
            Err(error) => error.to_string(),
        }
    }

    /// The present run's job manager, asked by the run's own keys.
    pub(crate) async fn flink(&self) -> JobManager {
        JobManager::at(&self.provider.endpoint(self.cluster, self.run()).await.unwrap()).unwrap()
    }

    /// Where the present run listens.
    pub(crate) async fn address(&self) -> Ipv4Addr {
        let url = self.provider.endpoint(self.cluster, self.run()).await.unwrap().url;
        let (_, host) = url.split_once("://").unwrap();
        host.rsplit_once(':').unwrap().0.parse().unwrap()
    }

    /// What the job has counted so far, as Flink's metric says it.
    pub(crate) async fn count(&self) -> f64 {
        let flink = self.flink().await;
        let job = self.cluster.job_id(self.run());
        let began = Instant::now();
        loop {
            // A busy machine may let a deadline pass; the next question is answered.
            for vertex in flink.graph(&job).await.unwrap_or_default().vertices {
                let figures =
                    flink.vertex_figures(&job, &vertex.id, &["Count.count"]).await.unwrap_or_default();
                if let Some(count) = figures.get("Count.count") {
                    return count.sum;
                }
            }
            assert!(began.elapsed() < Duration::from_secs(30), "Flink gives no count");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The jar in the storage account.
    /// The folder of the container that holds jars and state.
    pub(crate) fn container(&self) -> PathBuf {
        self.config.data.join("storage").join(ACCOUNT).join(CONTAINER)
    }

    /// The container goes away, to this folder, until [`World::bring_back`].
    pub(crate) fn take_away(&self) -> PathBuf {
        let away = self.config.data.join("away");
        std::fs::rename(self.container(), &away).unwrap();
        away
    }

    pub(crate) fn bring_back(&self) {
        std::fs::rename(self.config.data.join("away"), self.container()).unwrap();
    }

    pub(crate) fn jar(&self) -> PathBuf {
        self.container().join("jars").join("samples.jar")
    }

    pub(crate) fn run_folder(&self, run: u32) -> PathBuf {
        self.config.data.join("clusters").join(self.cluster.0.simple().to_string()).join(run.to_string())
    }

    /// How many complete savepoints there are.
    pub(crate) fn savepoints(&self) -> usize {
        let own = self.cluster.0.simple().to_string();
        let folder =
            self.config.data.join("storage").join(ACCOUNT).join(CONTAINER).join(own).join("savepoints");
        let inside = |folder: PathBuf| std::fs::read_dir(folder).into_iter().flatten().flatten();
        let taken = inside(folder).flat_map(|trigger| inside(trigger.path()));
        taken.filter(|savepoint| savepoint.path().join("_metadata").is_file()).count()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let (data, portal) = (self.config.data.clone(), self.portal.take());
        // This may run while a test panics, in the middle of its runtime: the clearing away gets its own.
        let cleared = std::thread::spawn(move || {
            // Before its processes: it would start others.
            portal.into_iter().for_each(killed);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(LocalProvider::end_all(&data))
        })
        .join();
        if std::thread::panicking() {
            if let Some(folder) = self.folder.take() {
                eprintln!("files are kept in {}", folder.keep().display());
            }
            return;
        }
        cleared.expect("no panic").expect("every process ends");
        // The provider may still be writing down how the last of them ended.
        let began = Instant::now();
        while std::fs::remove_dir_all(&self.config.data).is_err() && self.config.data.exists() {
            assert!(began.elapsed() < Duration::from_secs(10), "the data folder cannot be removed");
            std::thread::yield_now();
        }
    }
}

/// As if its process were killed: its tasks are dropped where they are.
fn killed((plane, runtime): (ControlPlane, Runtime)) {
    drop(plane);
    runtime.shutdown_timeout(Duration::from_secs(10));
}

/// A specification of a sample job.
pub(crate) fn spec(class: &str, args: &str, options: &[(&str, &str)]) -> ClusterSpec {
    let mut all: serde_json::Map<String, Value> = [
        ("execution.checkpointing.interval", "1 s"),
        ("parallelism.default", "2"),
        ("taskmanager.numberOfTaskSlots", "2"),
        ("restart-strategy.type", "fixed-delay"),
        ("restart-strategy.fixed-delay.attempts", "100"),
        ("restart-strategy.fixed-delay.delay", "500 ms"),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), json!(value)))
    .collect();
    all.extend(options.iter().map(|(key, value)| ((*key).to_owned(), json!(value))));
    serde_json::from_value(json!({
        "name": "sample", "version": "1.2.1", "account": ACCOUNT, "container": CONTAINER,
        "node_size": "Standard_D2", "worker_nodes": 1,
        "job": {
            "jar": format!("abfs://{CONTAINER}@{ACCOUNT}.dfs.core.windows.net/jars/samples.jar"),
            "entry_class": format!("penstock.samples.{class}"),
            "args": args, "savepoint": null, "upgrade_mode": "UPDATE", "options": all,
        },
        "task_manager": { "cpu": 2.0, "memory_mb": 1800 },
        "job_manager": { "cpu": 1.0, "memory_mb": 1800 },
        "tags": {},
    }))
    .unwrap()
}
