//! Commands: check, write intent, operation, audit and event in one transaction, wake the reconciler.
//!
//! Who may is asked at the [`crate::desk`]; here stands what fits.

mod act;
mod create;
mod restore;
mod snapshot;

pub use act::Arguments;
pub(crate) use act::act;
pub(crate) use create::{NewCluster, create};
pub(crate) use snapshot::delete_snapshot;

use domain::refusal::Refusal;
use domain::spec::{ClusterSpec, task_managers};
use domain::view::NodeSize;

use crate::plane::ControlPlane;
use crate::store::pool::Pool;

/// Cores (thousandths) and memory (MB) of a cluster's processes.
pub(crate) fn needs(spec: &ClusterSpec, sizes: &[NodeSize]) -> Result<(i64, u64), Refusal> {
    let size = sizes.iter().find(|size| size.name == spec.node_size).ok_or_else(|| {
        Refusal::field("node_size", &spec.node_size, format!("There is no node size {}.", spec.node_size))
    })?;
    let managers = task_managers(spec, size);
    let cpu = f64::from(managers) * spec.task_manager.cpu() + spec.job_manager.cpu();
    let memory = u64::from(managers) * u64::from(spec.task_manager.memory_mb())
        + u64::from(spec.job_manager.memory_mb());
    Ok((crate::store::milli(cpu), memory))
}

/// Refused with the sum: what is there, what is held by others, what is asked. `own` is what the cluster itself holds
/// and gives back.
async fn room(
    plane: &ControlPlane,
    pool: &Pool,
    (cpu_milli, memory_mb): (i64, u64),
    own: (f64, u64),
) -> Result<(), Refusal> {
    let (cpu_held, memory_held) = plane.store().held(pool.id).await?;
    let (cpu_held, memory_held) = ((cpu_held - own.0).max(0.0), memory_held.saturating_sub(own.1));
    let cpu = crate::store::from_milli(cpu_milli);
    if memory_held + memory_mb > pool.memory_mb {
        return Err(Refusal::Conflict(format!(
            "Pool {} has {} MB of memory; its clusters hold {memory_held} MB and this one needs {memory_mb} MB. Stop \
             a cluster or ask for less memory.",
            pool.name, pool.memory_mb
        )));
    }
    // Cores add up in thousandths: what a sum of fractions is off by must not refuse anything.
    if cpu_held + cpu > pool.cpu + 1e-9 {
        return Err(Refusal::Conflict(format!(
            "Pool {} may promise {} cores; its clusters hold {cpu_held} and this one needs {cpu}. Stop a cluster or \
             ask for fewer cores.",
            pool.name, pool.cpu
        )));
    }
    Ok(())
}
