//! A savepoint is deleted: that is recorded, unless somebody needs it, and the reconciler carries it out.

use domain::id::{ClusterId, SnapshotId};
use domain::refusal::Refusal;

use crate::plane::ControlPlane;
use crate::store::Permit;
use crate::store::snapshot::Deletion;

pub(crate) async fn delete_snapshot(
    plane: &ControlPlane,
    permit: &Permit,
    cluster: ClusterId,
    snapshot: SnapshotId,
) -> Result<(), Refusal> {
    let standing = plane.cluster_record(cluster).await?;
    if let Some(other) = standing.in_progress() {
        return Err(Refusal::NotAllowed(format!(
            "{} is in progress and may need it; wait until it has ended.",
            other.word()
        )));
    }
    let name = &standing.cluster.name;
    match plane.store().doom_snapshot(permit, (cluster, name), snapshot, plane.now()).await? {
        Deletion::Recorded(event) => {
            plane.changed(event, Some(cluster));
            plane.inner.reconciler.scan_now();
            Ok(())
        }
        Deletion::UnderWay => Ok(()),
        Deletion::NotThere => {
            Err(Refusal::NotFound("There is no such savepoint; it may be gone.".to_owned()))
        }
        Deletion::Needed(why) => Err(Refusal::InUse(why)),
    }
}
