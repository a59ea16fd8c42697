//! What a specification takes and gives: task managers on worker nodes, and slots. The one owner of these sums;
//! form, preflight and provider ask here.
//!
//! A node is filled with as many task managers as its cores and its memory hold. Memory is counted plain, as typed:
//! it is the size of the whole process, JVM overhead included, so nothing has to be added on top. The job manager
//! has its place on a head node and takes nothing from the worker nodes.

use super::{ClusterSpec, Resources};
use crate::offer::NodeSize;
use crate::option::FlinkOptions;

/// The option that says how many slots a task manager offers.
pub const SLOTS: &str = "taskmanager.numberOfTaskSlots";

/// How many task managers fit on one node.
pub fn fitting(task_manager: Resources, node: &NodeSize) -> u32 {
    let by_cpu = ((node.cpu + 1e-9) / task_manager.cpu()).floor();
    let by_memory = f64::from(node.memory_mb / task_manager.memory_mb());
    whole(by_cpu.min(by_memory))
}

/// How many task managers the cluster has: as many as fit on its worker nodes.
pub fn task_managers(spec: &ClusterSpec, node: &NodeSize) -> u32 {
    spec.worker_nodes.saturating_mul(fitting(spec.task_manager, node))
}

/// Slots of one task manager: `taskmanager.numberOfTaskSlots`, or one for each whole core and at least one.
pub fn slots_per_task_manager(spec: &ClusterSpec) -> u32 {
    slots(&spec.job.options, spec.task_manager)
}

/// The same, of its parts. An option that is no number counts as absent; the form refuses it.
pub fn slots(options: &FlinkOptions, task_manager: Resources) -> u32 {
    let configured = options.get(SLOTS).and_then(|text| text.trim().parse::<u32>().ok());
    configured.unwrap_or(whole(task_manager.cpu())).max(1)
}

#[expect(clippy::cast_possible_truncation, reason = "rounded down and clamped on purpose")]
fn whole(number: f64) -> u32 {
    number.floor().clamp(0.0, f64::from(u32::MAX)) as u32
}
