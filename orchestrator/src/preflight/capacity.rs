//! Does it fit: memory on its nodes, and the whole into what the pool has left.

use std::time::{Duration, Instant};

use domain::spec::ClusterSpec;
use domain::view::Check;

use super::{Subject, Verdict};

/// How long storage has to take a few bytes.
const PATIENCE: Duration = Duration::from_secs(10);

impl Subject<'_> {
    /// Whether what the job will write finds room. A cluster that is there already goes on with what it has.
    pub(super) fn storage(&self, spec: &ClusterSpec) -> Option<Check> {
        let began = Instant::now();
        self.name.as_ref()?;
        let verdict =
            match self.context.offer.free_space(spec.account.as_str())?.too_little(spec.account.as_str()) {
                Some(why) => Verdict::failed(why),
                None => Verdict::passed(format!("the account {}", spec.account)),
            };
        Some(verdict.check("Storage has room", "account", began))
    }

    /// Whether savepoints can be written where the cluster wants them: it is tried.
    pub(crate) async fn savepoint_directory(&self, spec: &ClusterSpec) -> Option<Check> {
        let began = Instant::now();
        let directory = spec.job.savepoint_directory.clone()?;
        let (storage, place) = (self.storage.clone(), directory.clone());
        let tried = tokio::task::spawn_blocking(move || storage.try_writing(&place));
        let account = directory.account().as_str();
        let full = self.context.offer.free_space(account).and_then(|space| space.too_little(account));
        let verdict = match tokio::time::timeout(PATIENCE, tried).await {
            Ok(Ok(Err(why))) => Verdict::failed(why),
            Ok(Ok(Ok(()))) => match full {
                Some(why) => Verdict::failed(why),
                None => Verdict::passed(directory.to_string()),
            },
            Ok(Err(_)) => Verdict::not_known("the portal is ending"),
            Err(_) => Verdict::not_known("the storage account has not answered within ten seconds"),
        };
        Some(verdict.check("Savepoints can be written", "savepoint_directory", began))
    }

    pub(super) fn capacity(&self, spec: &ClusterSpec) -> Vec<Check> {
        let began = Instant::now();
        let Some(given) = self.draft.consequences(&self.context.offer) else { return Vec::new() };
        let packed = if given.task_managers == 0 {
            Verdict::failed(format!(
                "A task manager of {} CPU and {} MB does not fit on a node of size {}. Choose a larger size, or make \
                 the task manager smaller.",
                spec.task_manager.cpu(),
                spec.task_manager.memory_mb(),
                spec.node_size
            ))
        } else {
            Verdict::passed(format!(
                "{} × {} MB on {} {}",
                given.task_managers,
                spec.task_manager.memory_mb(),
                given.nodes,
                if given.nodes == 1 { "node" } else { "nodes" }
            ))
        };
        let cpu = self.context.offer.cpu_left + self.held.cores();
        let memory = self.context.offer.memory_left_mb + self.held.memory_mb;
        let left = if given.cpu <= cpu && given.memory_mb <= memory {
            Verdict::passed(format!("{} of {cpu} vCPU, {} of {memory} MB", given.cpu, given.memory_mb))
        } else {
            Verdict::failed(format!(
                "It needs {} vCPU and {} MB; the pool has {cpu} vCPU and {memory} MB left. Make it smaller, or stop \
                 another cluster.",
                given.cpu, given.memory_mb
            ))
        };
        vec![
            packed.check("Memory adds up", "task_manager_memory", began),
            left.check("Capacity is left", "worker_nodes", began),
        ]
    }
}
