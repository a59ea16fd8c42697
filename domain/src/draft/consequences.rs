//! What the numbers of a draft give, shown beside them at once.

use super::validate::text;
use super::{ClusterDraft, MOST_NODES};
use serde::{Deserialize, Serialize};

use crate::memory::{JobManagerMemory, MemoryPart, TaskManagerMemory};
use crate::offer::Offer;
use crate::option::FlinkOptions;
use crate::spec::{self, Capacity, Resources};

/// Head nodes of a cluster: two, fixed.
pub const HEAD_NODES: u32 = 2;

/// What the numbers of a draft give, shown beside them at once. Computed by [`ClusterDraft::consequences`] on both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consequences {
    /// How many task managers.
    pub task_managers: u32,
    /// How many of them fit on one node.
    pub per_node: u32,
    /// Worker nodes.
    pub nodes: u32,
    /// Slots in all.
    pub slots: u32,
    /// Memory that stays free on each worker node, MB.
    pub node_memory_left_mb: u32,
    /// Cores that stay free on each worker node.
    pub node_cpu_left: f64,
    /// A task manager's memory as Flink splits it; the parts add up to its memory.
    pub task_manager_memory: Vec<MemoryPart>,
    /// The job manager's memory as Flink splits it.
    pub job_manager_memory: Vec<MemoryPart>,
    /// Cores in all.
    pub cpu: f64,
    /// Memory in all, MB.
    pub memory_mb: u64,
    /// Cost per hour, where the node sizes have a price.
    pub cost: Option<f64>,
}

impl ClusterDraft {
    /// What the numbers of the Configuration tab give; none while one of them is missing or wrong. CPU and memory
    /// are what the cluster's processes take (task managers and job manager); the cost is that of its worker and
    /// head nodes. Memory that cannot be split has no parts: [`ClusterDraft::validate`] says why.
    pub fn consequences(&self, offer: &Offer) -> Option<Consequences> {
        let node = offer.node_sizes.iter().find(|size| size.name == text(&self.node_size))?;
        let nodes = self.worker_nodes.filter(|nodes| (1..=MOST_NODES).contains(nodes))?;
        let task_manager = Resources::new(self.task_manager_cpu?, self.task_manager_memory?).ok()?;
        let job_manager = Resources::new(self.job_manager_cpu?, self.job_manager_memory?).ok()?;
        let options: FlinkOptions = self
            .options
            .iter()
            .map(|pair| (pair.key.trim().to_owned(), pair.value.trim().to_owned()))
            .collect();

        let per_node = spec::fitting(task_manager, node);
        let task_managers = per_node * nodes;
        let takes = Capacity::of_processes(task_managers, task_manager, job_manager);
        let taken_mb = per_node * task_manager.memory_mb();
        Some(Consequences {
            task_managers,
            per_node,
            nodes,
            slots: task_managers.saturating_mul(spec::slots(&options, task_manager)),
            node_memory_left_mb: node.memory_mb - taken_mb,
            node_cpu_left: (node.cpu - f64::from(per_node) * task_manager.cpu()).max(0.0),
            task_manager_memory: TaskManagerMemory::split(task_manager.memory_mb(), &options)
                .map(|memory| memory.parts())
                .unwrap_or_default(),
            job_manager_memory: JobManagerMemory::split(job_manager.memory_mb(), &options)
                .map(|memory| memory.parts())
                .unwrap_or_default(),
            cpu: takes.cores(),
            memory_mb: takes.memory_mb,
            cost: node.price.map(|price| price * f64::from(nodes + HEAD_NODES)),
        })
    }
}
