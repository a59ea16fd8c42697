//! Commands: check, write intent, operation, audit and event in one transaction, wake the reconciler.
//!
//! Who may is asked at the [`crate::desk`]; here stands what fits.

mod act;
mod create;
mod repeated;
mod snapshot;
mod states;

pub use act::Arguments;
pub(crate) use act::{NewRevision, act};
pub(crate) use create::{NewCluster, create};
pub(crate) use snapshot::delete_snapshot;
pub(crate) use states::{newest, states};

use domain::offer::NodeSize;
use domain::refusal::Refusal;
use domain::spec::{ClusterSpec, task_managers};

use crate::store::pool::Pool;

/// Cores (thousandths) and memory (MB) of a cluster's processes.
pub(crate) fn needs(spec: &ClusterSpec, sizes: &[NodeSize]) -> Result<(i64, u64), Refusal> {
    let size = sizes.iter().find(|size| size.name == spec.node_size).ok_or_else(|| {
        Refusal::field("node_size", &spec.node_size, format!("There is no node size {}.", spec.node_size))
    })?;
    Ok(needs_on(spec, size))
}

/// The same on nodes of a size that is known.
pub(crate) fn needs_on(spec: &ClusterSpec, size: &NodeSize) -> (i64, u64) {
    let managers = task_managers(spec, size);
    let cpu = f64::from(managers) * spec.task_manager.cpu() + spec.job_manager.cpu();
    let memory = u64::from(managers) * u64::from(spec.task_manager.memory_mb())
        + u64::from(spec.job_manager.memory_mb());
    (crate::store::milli(cpu), memory)
}

/// The refusal with the sum: what is there, what others hold, what is asked.
fn no_room(pool: &Pool, (cpu_held, memory_held): (f64, u64), (cpu_milli, memory_mb): (i64, u64)) -> Refusal {
    Refusal::Conflict(if memory_held + memory_mb > pool.memory_mb {
        format!(
            "Pool {} has {} MB of memory; its clusters hold {memory_held} MB and this one needs {memory_mb} MB. Stop \
             a cluster or ask for less memory.",
            pool.name, pool.memory_mb
        )
    } else {
        format!(
            "Pool {} may promise {} cores; its clusters hold {cpu_held} and this one needs {}. Stop a cluster or ask \
             for fewer cores.",
            pool.name,
            pool.cpu,
            crate::store::from_milli(cpu_milli)
        )
    })
}
