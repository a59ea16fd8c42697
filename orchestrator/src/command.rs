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
