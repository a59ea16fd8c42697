//! The local provider: real Flink in processes of this machine that outlive the portal.
//!
//! Java is started directly. Each run has its own loopback address with Flink's usual ports, and its files under
//! `<data>/clusters/<id>/<run>/`. What is alive is read from the processes themselves, never from memory, so a portal
//! that starts again finds everything as it is.

mod address;
mod bounds;
mod class_data;
mod configuration;
mod distribution;
mod ending;
mod endpoint;
mod folder;
mod forget;
mod keys;
mod launch;
mod logs;
mod observe;
mod plugins;
mod processes;
mod record;
mod refusing;
mod registered;
mod snapshots;
mod spawn;
mod spot;
mod state;
mod stores;
mod why;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use async_trait::async_trait;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{Act, Launch, Observation};
use domain::snapshot::SavepointFormat;
use domain::view::{LogFile, LogPart, Reported};

use self::class_data::ClassData;
use self::distribution::Distribution;
use self::endpoint::Clients;
use self::folder::ClusterFolder;
use self::plugins::Plugins;
use self::processes::{Process, Processes};
use self::registered::Registrations;
use self::state::StateFolder;
use super::{ActError, Checkpoint, Provider, Runtime, Target};
use crate::config::PlaneConfig;
use crate::confine::Launcher;
use crate::error::OpenError;
use crate::flink::{Endpoint, Savepoint};
use crate::jar::JarStore;
use crate::sampler::{self, Sample};
use crate::storage::Storage;
use crate::storage::remote::Remotes;

/// Runs clusters on this machine. Cloning it is cheap and gives the same one.
#[derive(Clone, Debug)]
pub struct LocalProvider {
    local: Arc<Local>,
}

#[derive(Debug)]
struct Local {
    data: PathBuf,
    storage: Storage,
    jars: JarStore,
    distribution: Distribution,
    /// What confines the processes.
    confine: Launcher,
    /// The jar of `flink/launcher`.
    launcher: PathBuf,
    class_data: Arc<ClassData>,
    plugins: Plugins,
    clients: Clients,
    processes: Processes,
    registrations: Registrations,
    /// Held from the choice of an address until its processes are seen, so that no two runs choose the same.
    choosing: tokio::sync::Mutex<()>,
    /// Who was asked to end, and when: force comes only after a while.
    asked_to_end: Mutex<HashMap<Process, Instant>>,
}

impl LocalProvider {
    /// Looks at the machine: its Java, the Flink distribution, the data folder.
    ///
    /// # Errors
    /// The sentence that says what is missing and how to get it.
    pub fn open(config: &PlaneConfig) -> Result<Self, OpenError> {
        let data = config.data.canonicalize().map_err(|error| {
            OpenError(format!("The data folder {} cannot be opened: {error}.", config.data.display()))
        })?;
        if !Path::new("/proc/self/stat").exists() {
            return Err(OpenError(
                "Clusters are recognised through /proc, which this system does not have. Use Linux."
                    .to_owned(),
            ));
        }
        let distribution = Distribution::find(&config.flink_home)?;
        let local = Local {
            class_data: Arc::new(ClassData::of(&distribution)),
            plugins: Plugins::of(&distribution.home, &distribution.version),
            distribution,
            confine: config.launcher.clone(),
            launcher: config.jars.join("penstock-launcher.jar"),
            clients: Clients::default(),
            processes: Processes::of(&data),
            registrations: Registrations::default(),
            choosing: tokio::sync::Mutex::default(),
            storage: Storage::of(&data),
            jars: JarStore::of(&data),
            asked_to_end: Mutex::default(),
            data,
        };
        Ok(Self { local: Arc::new(local) })
    }

    /// The remote accounts that its clusters may use: whoever knows the rows sets them.
    pub(crate) fn remotes(&self) -> &Remotes {
        self.local.storage.remotes()
    }

    /// The effective Flink configuration of a run, as it was given to Flink.
    ///
    /// # Errors
    /// `NotFound` when the run has no folder.
    pub async fn configuration(
        &self,
        cluster: ClusterId,
        run: u32,
    ) -> std::io::Result<BTreeMap<String, String>> {
        let folder = self.local.folder(cluster).run(run);
        blocking(move || configuration::read(&folder)).await
    }

    /// Figures of the job of the target's run; none if Flink does not answer.
    pub async fn sample(&self, target: &Target) -> Option<Sample> {
        let run = target.phase.launch()?.run;
        let flink = self.local.job_manager(target.cluster, run).await.ok()?;
        sampler::sample(&flink, &target.cluster.job_id(run)).await
    }

    /// Starts what a run lacks, whatever else of its cluster runs: two runs stand side by side. [`Act::Launch`] clears
    /// the others away first.
    ///
    /// # Errors
    /// As a launch.
    pub async fn start(&self, target: &Target, launch: &Launch) -> Result<(), ActError> {
        self.local.start(target, launch).await
    }

    /// Where the job manager of a run answers, and what both sides show.
    ///
    /// # Errors
    /// `NotFound` when the run has no folder.
    pub async fn endpoint(&self, cluster: ClusterId, run: u32) -> std::io::Result<Endpoint> {
        let folder = self.local.folder(cluster).run(run);
        blocking(move || endpoint::read(&folder)).await
    }
}

#[async_trait]
impl Provider for LocalProvider {
    fn runtime(&self) -> Runtime {
        let distribution = &self.local.distribution;
        Runtime { flink: distribution.version.clone(), java: distribution.java_feature }
    }

    fn starts_at_once(&self) -> usize {
        // Less than two would let one slow start hold up all others.
        std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2))
    }

    async fn observe(&self, target: &Target) -> Observation {
        self.local.observe(target).await.unwrap_or_else(|error| Observation::Unreachable {
            why: format!("The cluster's files or processes cannot be read: {error}."),
        })
    }

    async fn act(&self, target: &Target, act: &Act) -> Result<(), ActError> {
        let local = &self.local;
        match act {
            Act::Launch(launch) => local.launch(target, launch).await,
            Act::Savepoint { run, trigger, format } => {
                local.save(target, *run, *trigger, AfterSavepoint::GoOn(*format)).await
            }
            Act::StopWithSavepoint { run, trigger } => {
                local.save(target, *run, *trigger, AfterSavepoint::Stop).await
            }
            Act::Cancel { run } => {
                let flink = local.job_manager(target.cluster, *run).await.map_err(refusing::disk)?;
                flink.cancel(&target.cluster.job_id(*run)).await.map_err(refusing::flink)
            }
            Act::End => {
                local.end(target.cluster, |_| true).await.map_err(refusing::disk)?;
                self.forget_secrets(target.cluster, HashSet::new()).await.map_err(refusing::disk)
            }
            Act::Remove { keep_savepoints } => local.remove(target, *keep_savepoints).await,
        }
    }

    async fn checkpoints(&self, target: &Target) -> std::io::Result<Vec<Checkpoint>> {
        let Some(launch) = target.phase.launch() else { return Ok(Vec::new()) };
        let (state, job) = (self.local.state(target)?, target.cluster.job_id(launch.run));
        blocking(move || state.kept_checkpoints(&job)).await
    }

    async fn missing(&self, address: &str) -> Option<String> {
        let (storage, path) = (self.local.storage.clone(), address.to_owned());
        blocking(move || Ok(storage.missing(&path))).await.unwrap_or_else(|error| Some(error.to_string()))
    }

    async fn earlier_jar(&self, cluster: ClusterId, revision: u32) -> Option<std::fs::File> {
        let folder = self.local.folder(cluster);
        blocking(move || Ok(folder.jar_of(revision))).await.ok().flatten()
    }

    async fn sample(&self, target: &Target) -> Option<Sample> {
        LocalProvider::sample(self, target).await
    }

    async fn reported(&self, cluster: ClusterId, run: u32) -> Option<Reported> {
        let flink = self.local.job_manager(cluster, run).await.ok()?;
        flink.reported(&cluster.job_id(run)).await.ok()
    }

    async fn configuration(&self, cluster: ClusterId, run: u32) -> std::io::Result<BTreeMap<String, String>> {
        LocalProvider::configuration(self, cluster, run).await
    }

    async fn logs(&self, cluster: ClusterId) -> std::io::Result<Vec<LogFile>> {
        LocalProvider::logs(self, cluster).await
    }

    async fn remove_logs(&self, cluster: ClusterId, run: u32) -> std::io::Result<()> {
        LocalProvider::remove_logs(self, cluster, run).await
    }

    async fn log(
        &self,
        cluster: ClusterId,
        run: u32,
        name: &str,
        from: Option<u64>,
    ) -> std::io::Result<LogPart> {
        LocalProvider::log(self, cluster, run, name, from).await
    }

    async fn snapshot_size(&self, path: &str) -> std::io::Result<u64> {
        LocalProvider::snapshot_size(self, path).await
    }

    async fn delete_snapshot(&self, path: &str) -> std::io::Result<()> {
        LocalProvider::delete_snapshot(self, path).await
    }
}

/// What a savepoint leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AfterSavepoint {
    GoOn(SavepointFormat),
    Stop,
}

impl Local {
    fn folder(&self, cluster: ClusterId) -> ClusterFolder {
        ClusterFolder::of(&self.data, cluster)
    }

    fn state(&self, target: &Target) -> std::io::Result<StateFolder> {
        StateFolder::of(&self.storage, target.cluster, &target.spec)
    }

    /// Triggers a savepoint, unless it was triggered before: then there is nothing left to do.
    async fn save(
        &self,
        target: &Target,
        run: u32,
        trigger: OperationId,
        kind: AfterSavepoint,
    ) -> Result<(), ActError> {
        let (job, id) = (target.cluster.job_id(run), trigger.trigger());
        let flink = self.job_manager(target.cluster, run).await.map_err(refusing::disk)?;
        if flink.savepoint(&job, &id).await.map_err(refusing::flink)? != Savepoint::Unknown {
            return Ok(());
        }
        let folder = self.state(target).map_err(refusing::disk)?.savepoint_target(trigger);
        match kind {
            AfterSavepoint::GoOn(format) => flink.save(&job, &id, &folder, format).await,
            AfterSavepoint::Stop => flink.stop(&job, &id, &folder).await,
        }
        .map_err(refusing::flink)
    }
}

/// Work on the disk, where it blocks nobody.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> std::io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}
