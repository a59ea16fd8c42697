//! What a specification takes and gives: task managers on worker nodes, and slots. The one owner of these sums;
//! form, preflight and provider ask here.
//!
//! A node is filled with as many task managers as its cores and its memory hold. Memory is counted plain, as typed:
//! it is the size of the whole process, JVM overhead included, so nothing has to be added on top. The job manager
//! has its place on a head node and takes nothing from the worker nodes.

use std::ops::{Add, Sub};

use super::{ClusterSpec, Resources};
use crate::offer::NodeSize;
use crate::option::FlinkOptions;

/// The option that says how many slots a task manager offers.
pub const SLOTS: &str = "taskmanager.numberOfTaskSlots";

/// Processor and memory: what a cluster's processes hold, and what a pool has for them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Capacity {
    /// Thousandths of a core.
    pub cpu_milli: u64,
    /// MB.
    pub memory_mb: u64,
}

impl Capacity {
    /// So many cores, rounded to thousandths, and MB.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a cast saturates, and no pool comes near"
    )]
    pub fn new(cores: f64, memory_mb: u64) -> Self {
        Self { cpu_milli: (cores * 1000.0).round() as u64, memory_mb }
    }

    /// What the processes of a cluster hold whose task managers run on such nodes.
    pub fn of(spec: &ClusterSpec, node: &NodeSize) -> Self {
        Self::of_processes(task_managers(spec, node), spec.task_manager, spec.job_manager)
    }

    /// The same, of so many task managers and one job manager.
    pub fn of_processes(task_managers: u32, task_manager: Resources, job_manager: Resources) -> Self {
        let cores = f64::from(task_managers) * task_manager.cpu() + job_manager.cpu();
        let memory_mb = u64::from(task_managers) * u64::from(task_manager.memory_mb())
            + u64::from(job_manager.memory_mb());
        Self::new(cores, memory_mb)
    }

    /// Cores.
    #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
    pub fn cores(self) -> f64 {
        self.cpu_milli as f64 / 1000.0
    }

    /// Whether there is room for it.
    pub fn fits(self, room: Self) -> bool {
        self.cpu_milli <= room.cpu_milli && self.memory_mb <= room.memory_mb
    }

    /// The larger of both, each by itself.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            cpu_milli: self.cpu_milli.max(other.cpu_milli),
            memory_mb: self.memory_mb.max(other.memory_mb),
        }
    }
}

impl Add for Capacity {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            cpu_milli: self.cpu_milli.saturating_add(other.cpu_milli),
            memory_mb: self.memory_mb.saturating_add(other.memory_mb),
        }
    }
}

/// What is left; nothing where more is taken than there is.
impl Sub for Capacity {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            cpu_milli: self.cpu_milli.saturating_sub(other.cpu_milli),
            memory_mb: self.memory_mb.saturating_sub(other.memory_mb),
        }
    }
}

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
