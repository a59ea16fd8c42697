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
    let size = sizes.iter().find(|size| size.name == spec.node_size);
    let managers = size.map_or(1, |size| task_managers(&spec, size));
    let readable = store.pool(cluster.pool).await?.readable.into_iter().map(Into::into).collect();
    Ok(Target {
        cluster: cluster.id,
        known: standing.status.known.clone(),
        address: cluster.address,
        phase,
        spec,
        locked: None,
        task_managers: managers,
        readable,
    })
}
