//! A savepoint is deleted: its files first, then its row. Interrupted between the two it can be asked again.

use domain::id::{ClusterId, SnapshotId};
use domain::lifecycle::{Phase, Restore};
use domain::policy::Actor;
use domain::refusal::Refusal;

use crate::plane::ControlPlane;
use crate::store::event::NewEvent;
use crate::store::status::ClusterRecord;

pub(crate) async fn delete_snapshot(
    plane: &ControlPlane,
    actor: &Actor,
    cluster: ClusterId,
    snapshot: SnapshotId,
) -> Result<(), Refusal> {
    let standing = plane.cluster_record(cluster).await?;
    let store = plane.store();
    let found = store.snapshots(cluster).await?.into_iter().find(|row| row.id == snapshot);
    let found =
        found.ok_or_else(|| Refusal::NotFound("There is no such savepoint; it may be gone.".to_owned()))?;
    if let Some(other) = standing.in_progress() {
        return Err(Refusal::Conflict(format!(
            "{} is in progress and may need it; wait until it has ended.",
            other.word()
        )));
    }
    if needed(&standing, &found.path) {
        return Err(Refusal::Conflict(
            "The job would start from this one. Take another savepoint first, or cancel the job.".to_owned(),
        ));
    }
    plane.inner.provider.delete_snapshot(&found.path).await.map_err(|error| {
        Refusal::Unavailable(format!("Its files could not be deleted: {error}. It is still there."))
    })?;
    let now = plane.now();
    let event = NewEvent {
        cluster: Some(cluster),
        cluster_name: standing.cluster.name.clone(),
        kind: "snapshot",
        tone: "idle",
        title: "Savepoint deleted".to_owned(),
        detail: format!("{}; by {}", found.path, actor.name),
        actor: actor.name.clone(),
    };
    let last = store.forget_snapshot(cluster, snapshot, actor, event, now).await?;
    plane.changed(last, Some(cluster));
    Ok(())
}

/// What a phase starts from, or rests upon.
fn needed(standing: &ClusterRecord, path: &str) -> bool {
    match &standing.status.phase {
        Phase::Stopped { savepoint, .. } => savepoint == path,
        Phase::Failed {
            newest: Restore::Savepoint { path: newest } | Restore::Checkpoint { path: newest },
            ..
        } => newest == path,
        phase => {
            !standing.status.state.at_rest()
                && phase.launch().and_then(|launch| launch.from.path()) == Some(path)
        }
    }
}
