//! The local provider under the product's own loop, watched: what it saw and refused last, and the moment at which the
//! portal is to die.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use domain::id::ClusterId;
use domain::lifecycle::{Act, Observation};
use domain::view::{LogFile, LogPart, Reported};
use orchestrator::PlaneConfig;
use orchestrator::provider::local::LocalProvider;
use orchestrator::provider::{ActError, Checkpoint, Provider, Runtime, Target};
use orchestrator::sampler::Sample;
use tokio::sync::Notify;

/// Whether it is a certain act.
pub(crate) type Is = fn(&Act) -> bool;

/// When the portal dies: its act is not done, or not answered.
#[derive(Clone, Copy)]
pub(crate) enum Dies {
    Before(Is),
    After(Is),
}

/// What a test's cluster is given in place of what its pool has.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) cluster: ClusterId,
    pub(crate) subnet: String,
    pub(crate) readable: Vec<PathBuf>,
}

/// What was seen last, how often was looked, and what was refused last.
pub(crate) struct Watch {
    pub(crate) seen: Observation,
    pub(crate) looks: u64,
    pub(crate) refused: Option<ActError>,
}

pub(crate) struct Watched {
    local: LocalProvider,
    given: Given,
    dies: Option<Dies>,
    watch: Mutex<Watch>,
    /// Told when the portal is to be taken for dead.
    pub(crate) died: Notify,
}

impl Watched {
    pub(crate) fn open(config: &PlaneConfig, given: Given, dies: Option<Dies>) -> Self {
        let watch = Watch { seen: Observation::Absent, looks: 0, refused: None };
        Self {
            local: LocalProvider::open(config).unwrap(),
            given,
            dies,
            watch: Mutex::new(watch),
            died: Notify::new(),
        }
    }

    pub(crate) fn watch(&self) -> MutexGuard<'_, Watch> {
        self.watch.lock().unwrap()
    }

    fn given(&self, target: &Target) -> Target {
        let Given { subnet, readable, .. } = self.given.clone();
        Target { subnet, readable, ..target.clone() }
    }

    async fn dead<T>(&self) -> T {
        self.died.notify_one();
        std::future::pending().await
    }
}

impl Deref for Watched {
    type Target = LocalProvider;

    fn deref(&self) -> &LocalProvider {
        &self.local
    }
}

#[async_trait]
impl Provider for Watched {
    fn runtime(&self) -> Runtime {
        self.local.runtime()
    }

    fn starts_at_once(&self) -> usize {
        self.local.starts_at_once()
    }

    async fn observe(&self, target: &Target) -> Observation {
        if target.cluster != self.given.cluster {
            return Observation::Unreachable { why: "This test is about another cluster.".to_owned() };
        }
        let seen = self.local.observe(target).await;
        let mut watch = self.watch();
        watch.looks += 1;
        watch.seen = seen.clone();
        seen
    }

    async fn act(&self, target: &Target, act: &Act) -> Result<(), ActError> {
        match self.dies {
            Some(Dies::Before(is)) if is(act) => self.dead().await,
            Some(Dies::Before(_) | Dies::After(_)) | None => {}
        }
        let done = self.local.act(&self.given(target), act).await;
        self.watch().refused = done
            .as_ref()
            .err()
            .map(|ActError { message, retry }| ActError { message: message.clone(), retry: *retry });
        match self.dies {
            Some(Dies::After(is)) if is(act) => self.dead().await,
            Some(Dies::Before(_) | Dies::After(_)) | None => done,
        }
    }

    async fn checkpoints(&self, target: &Target) -> std::io::Result<Vec<Checkpoint>> {
        self.local.checkpoints(target).await
    }

    async fn missing(&self, address: &str) -> Option<String> {
        Provider::missing(&self.local, address).await
    }

    async fn earlier_jar(&self, cluster: ClusterId, revision: u32) -> Option<std::fs::File> {
        self.local.earlier_jar(cluster, revision).await
    }

    async fn sample(&self, target: &Target) -> Option<Sample> {
        self.local.sample(target).await
    }

    async fn reported(&self, cluster: ClusterId, run: u32) -> Option<Reported> {
        self.local.reported(cluster, run).await
    }

    async fn configuration(&self, cluster: ClusterId, run: u32) -> std::io::Result<BTreeMap<String, String>> {
        self.local.configuration(cluster, run).await
    }

    async fn logs(&self, cluster: ClusterId) -> std::io::Result<Vec<LogFile>> {
        self.local.logs(cluster).await
    }

    async fn log(
        &self,
        cluster: ClusterId,
        run: u32,
        name: &str,
        from: Option<u64>,
    ) -> std::io::Result<LogPart> {
        self.local.log(cluster, run, name, from).await
    }

    async fn remove_logs(&self, cluster: ClusterId, run: u32) -> std::io::Result<()> {
        self.local.remove_logs(cluster, run).await
    }

    async fn snapshot_size(&self, path: &str) -> std::io::Result<u64> {
        self.local.snapshot_size(path).await
    }

    async fn delete_snapshot(&self, path: &str) -> std::io::Result<()> {
        self.local.delete_snapshot(path).await
    }
}
