//! What a provider is told of a cluster.

use domain::lifecycle::{Launch, Phase};
use domain::spec::task_managers;

use crate::provider::Target;
use crate::store::status::ClusterRecord;
use crate::store::{Store, StoreError};

/// The cluster in this phase, with the revision that the phase's launch runs.
pub(crate) async fn target(
    store: &Store,
    standing: &ClusterRecord,
    phase: Phase,
) -> Result<Target, StoreError> {
    let cluster = &standing.cluster;
    let revision = phase.launch().map_or(cluster.revision, |Launch { revision, .. }| *revision);
    let spec = store.spec(cluster.id, revision).await?;
    let sizes = store.node_sizes(cluster.pool).await?;
    let size = sizes.iter().find(|size| size.name == spec.node_size).ok_or_else(|| {
        StoreError::Corrupt(format!(
            "revision {revision} has nodes of size {}, which is not in its pool's catalogue any more",
            spec.node_size
        ))
    })?;
    let managers = task_managers(&spec, size);
    let needed = match phase {
        Phase::Deleting { .. } => store.needed_by_others(cluster.id, &spec).await?,
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
        | Phase::Deleted => Vec::new(),
    };
    let needed = needed.into_iter().map(|need| need.at).collect();
    let readable = store.pool(cluster.pool).await?.readable.into_iter().map(Into::into).collect();
    Ok(Target {
        cluster: cluster.id,
        known: standing.status.known.clone(),
        address: cluster.address,
        phase,
        spec,
        locked: None,
        jar: None,
        needed,
        task_managers: managers,
        readable,
    })
}
