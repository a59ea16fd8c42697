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
use domain::spec::{Capacity, ClusterSpec};

use crate::store::pool::Pool;

/// What a cluster's processes hold.
pub(crate) fn needs(spec: &ClusterSpec, sizes: &[NodeSize]) -> Result<Capacity, Refusal> {
    let size = sizes.iter().find(|size| size.name == spec.node_size).ok_or_else(|| {
        Refusal::field("node_size", &spec.node_size, format!("There is no node size {}.", spec.node_size))
    })?;
    Ok(Capacity::of(spec, size))
}

/// The refusal with the sum: what is there, what others hold, what is asked.
fn no_room(pool: &Pool, (held, shared): (Capacity, bool), needs: Capacity) -> Refusal {
    if shared {
        let (all, provider) = (pool.shared, &pool.provider);
        return Refusal::OverQuota(format!(
            "The pools of {provider} share {} cores and {} MB; the clusters of all of them hold {} cores and {} MB, and this \
             one needs {} cores and {} MB. Stop a cluster or ask for less.",
            all.cores(),
            all.memory_mb,
            held.cores(),
            held.memory_mb,
            needs.cores(),
            needs.memory_mb
        ));
    }
    Refusal::OverQuota(if held.memory_mb + needs.memory_mb > pool.has.memory_mb {
        format!(
            "Pool {} has {} MB of memory; its clusters hold {} MB and this one needs {} MB. Stop a cluster or ask for \
             less memory.",
            pool.path.name(),
            pool.has.memory_mb,
            held.memory_mb,
            needs.memory_mb
        )
    } else {
        format!(
            "Pool {} may promise {} cores; its clusters hold {} and this one needs {}. Stop a cluster or ask for fewer \
             cores.",
            pool.path.name(),
            pool.has.cores(),
            held.cores(),
            needs.cores()
        )
    })
}
