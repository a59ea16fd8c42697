//! What the reconciler remembers of the rows, so that a pass in which nothing changes reads none.
//!
//! Specifications never change. A cluster's rows are changed by commands, which wake it, and by passes; both make it
//! forgotten here, and the scan forgets whatever it finds changed otherwise. What is remembered is never newer than the
//! rows, and a pass that goes by something older is refused by the compare-and-swap of its write.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::id::{ClusterId, PoolId};
use domain::lifecycle::{Launch, Phase};
use domain::offer::NodeSize;
use domain::spec::{Capacity, ClusterSpec, task_managers};

use super::gathered::at_rest;
use crate::provider::Target;
use crate::store::cluster::Cluster as Row;
use crate::store::launched::Launched;
use crate::store::status::ClusterRecord;
use crate::store::{Store, StoreError};

/// What is remembered.
#[derive(Default)]
pub(crate) struct Remembered {
    clusters: Mutex<HashMap<ClusterId, Cluster>>,
    pools: Mutex<HashMap<PoolId, Arc<Pool>>>,
}

#[derive(Default)]
struct Cluster {
    record: Option<Arc<ClusterRecord>>,
    /// The revision that was asked for last.
    spec: Option<(u32, Arc<ClusterSpec>)>,
    /// Values of key vaults that a run of it may have been given, sealed.
    values: Option<Arc<Vec<String>>>,
}

/// What a target needs of its pool.
struct Pool {
    sizes: Vec<NodeSize>,
    readable: Vec<PathBuf>,
    /// The addresses of its subnets, by their ids.
    subnets: HashMap<String, String>,
}

impl Pool {
    fn size_of(&self, revision: u32, spec: &ClusterSpec) -> Result<&NodeSize, StoreError> {
        self.sizes.iter().find(|size| size.name == spec.node_size).ok_or_else(|| {
            StoreError::Corrupt(format!(
                "revision {revision} has nodes of size {}, which is not in its pool's catalogue any more",
                spec.node_size
            ))
        })
    }
}

impl Pool {
    fn subnet_of(&self, cluster: &Row) -> Result<String, StoreError> {
        let range = self.subnets.get(&cluster.subnet).cloned();
        range.ok_or_else(|| {
            StoreError::Corrupt(format!("cluster.subnet names {}, which is none", cluster.subnet))
        })
    }
}

impl Remembered {
    /// Both rows of a cluster; none if it is gone. Only for the pass that has the cluster: it alone may remember.
    pub(super) async fn record(
        &self,
        store: &Store,
        id: ClusterId,
    ) -> Result<Option<Arc<ClusterRecord>>, StoreError> {
        if let Some(record) = self.peek(id) {
            return Ok(Some(record));
        }
        let record = store.cluster_record(id).await?.map(Arc::new);
        match &record {
            Some(record) => self.clusters().entry(id).or_default().record = Some(record.clone()),
            None => drop(self.clusters().remove(&id)),
        }
        Ok(record)
    }

    /// The rows as they are remembered.
    pub(crate) fn peek(&self, id: ClusterId) -> Option<Arc<ClusterRecord>> {
        self.clusters().get(&id)?.record.clone()
    }

    /// The rows changed, or may have.
    pub(crate) fn forget(&self, id: ClusterId) {
        if let Some(cluster) = self.clusters().get_mut(&id) {
            cluster.record = None;
            cluster.values = None;
        }
    }

    /// The cluster rests or is gone: nobody asks for it soon.
    pub(crate) fn forget_all_of(&self, id: ClusterId) {
        self.clusters().remove(&id);
    }

    /// What pools offer and lend may have changed.
    pub(crate) fn forget_pools(&self) {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The cluster in this phase, as a provider is told of it: with the revision that the phase's launch runs.
    pub(crate) async fn target(
        &self,
        store: &Store,
        record: &ClusterRecord,
        phase: Phase,
    ) -> Result<Target, StoreError> {
        let cluster = &record.cluster;
        let revision = phase.launch().map_or(cluster.revision, |Launch { revision, .. }| *revision);
        let spec = self.spec(store, cluster.id, revision).await?;
        let pool = self.pool(store, cluster.pool).await?;
        let size = pool.size_of(revision, &spec)?;
        let (needed, homes) = match phase {
            Phase::Deleting { .. } => {
                let needed = store.needed_by_others(cluster.id, &spec).await?;
                (needed, store.homes(cluster.id, &spec).await?)
            }
            Phase::Accepted
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Saving { .. }
            | Phase::Stopping { .. }
            | Phase::Canceling { .. }
            | Phase::Ending { .. }
            | Phase::Waiting { .. }
            | Phase::Stopped { .. }
            | Phase::Canceled { .. }
            | Phase::Finished { .. }
            | Phase::Failed { .. }
            | Phase::Deleted => (Vec::new(), Vec::new()),
        };
        Ok(Target {
            cluster: cluster.id,
            known: record.status.known.clone(),
            subnet: pool.subnet_of(cluster)?,
            phase,
            task_managers: task_managers(&spec, size),
            spec: spec.as_ref().clone(),
            locked: None,
            given: Default::default(),
            jar: None,
            more_jars: Vec::new(),
            needed: needed.into_iter().map(|need| need.at).collect(),
            homes,
            readable: pool.readable.clone(),
        })
    }

    /// What the phase's launch has launched, and holds. What is launched now runs on `flink`.
    pub(super) async fn launched(
        &self,
        store: &Store,
        record: &ClusterRecord,
        phase: &Phase,
        flink: &str,
    ) -> Result<Launched, StoreError> {
        let (cluster, was) = (&record.cluster, &record.status);
        let Some(Launch { run, revision, .. }) = phase.launch() else { return Ok(was.launched.clone()) };
        let spec = self.spec(store, cluster.id, *revision).await?;
        let holds = if at_rest(phase) {
            Capacity::default()
        } else {
            Capacity::of(&spec, self.pool(store, cluster.pool).await?.size_of(*revision, &spec)?)
        };
        let same = was.phase.launch().is_some_and(|before| before.run == *run);
        let flink = if same { &was.launched.flink } else { flink };
        Ok(Launched { revision: *revision, flink: flink.to_owned(), tags: spec.tags.clone(), holds })
    }

    /// Every value of a key vault that a run of the cluster may have been given, sealed. Who names none, as far as the
    /// specification tells without its key, is not looked for.
    pub(super) async fn values(
        &self,
        store: &Store,
        id: ClusterId,
        spec: &ClusterSpec,
    ) -> Result<Arc<Vec<String>>, StoreError> {
        if let Some(known) = self.clusters().get(&id).and_then(|cluster| cluster.values.clone()) {
            return Ok(known);
        }
        let names_none = !spec.has_secrets() && spec.references().is_empty();
        let values = if names_none { Vec::new() } else { store.sealed_values_of(id).await? };
        let values = Arc::new(values);
        if let Some(cluster) = self.clusters().get_mut(&id) {
            cluster.values = Some(values.clone());
        }
        Ok(values)
    }

    async fn spec(
        &self,
        store: &Store,
        id: ClusterId,
        revision: u32,
    ) -> Result<Arc<ClusterSpec>, StoreError> {
        if let Some((known, spec)) = self.clusters().get(&id).and_then(|cluster| cluster.spec.as_ref())
            && *known == revision
        {
            return Ok(spec.clone());
        }
        let spec = Arc::new(store.spec(id, revision).await?);
        // What nobody has a record of is not remembered: it may be gone.
        if let Some(cluster) = self.clusters().get_mut(&id) {
            cluster.spec = Some((revision, spec.clone()));
        }
        Ok(spec)
    }

    async fn pool(&self, store: &Store, id: PoolId) -> Result<Arc<Pool>, StoreError> {
        let pools = || self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools().get(&id) {
            return Ok(pool.clone());
        }
        let row = store.pool(id).await?;
        let readable = row.readable.into_iter().map(Into::into).collect();
        let networks = store.networks(id).await?.into_iter();
        let subnets = networks.flat_map(|network| network.subnets);
        let subnets = subnets.map(|subnet| (subnet.id, subnet.range.to_string())).collect();
        let pool = Arc::new(Pool { sizes: store.node_sizes(id).await?, readable, subnets });
        pools().insert(id, pool.clone());
        Ok(pool)
    }

    fn clusters(&self) -> MutexGuard<'_, HashMap<ClusterId, Cluster>> {
        self.clusters.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
