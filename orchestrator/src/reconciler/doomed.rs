//! Snapshots whose deletion is recorded: their files go, then their row, whoever dies in between. What stays is tried
//! again, and says why.

use domain::address::Address;
use domain::event::Event;
use domain::id::ClusterId;
use domain::lifecycle::Phase;
use jiff::SignedDuration;

use crate::plane::Inner;
use crate::store::event::NewEvent;
use crate::store::snapshot::Doomed;
use crate::store::status::ClusterRecord;
use crate::store::{Store, StoreError};

/// How long a deletion that failed rests. Longer lets a person wait who has mended the cause; shorter knocks at a disk
/// that has enough to do.
const REST: SignedDuration = SignedDuration::from_secs(5);

/// Deletes what is due. One at a time: two would delete the same files.
pub(super) async fn delete(inner: &Inner) {
    let Ok(_alone) = inner.deleting.try_lock() else { return };
    let doomed = match inner.store.doomed(inner.clock.now()).await {
        Ok(doomed) => doomed,
        Err(error) => return tracing::debug!(%error, "the snapshots to be deleted cannot be read"),
    };
    for one in doomed {
        if let Err(error) = delete_one(inner, &one).await {
            tracing::debug!(%error, "a deletion could not be recorded; it is done again");
        }
    }
}

async fn delete_one(inner: &Inner, doomed: &Doomed) -> Result<(), StoreError> {
    let deleted = inner.provider.delete_snapshot(&doomed.path).await;
    let now = inner.clock.now();
    let event = match deleted {
        Ok(()) => inner.store.forget_snapshot(doomed, now).await?,
        Err(error) => {
            let why = format!(
                "Its files could not be deleted: {}. It is tried again.",
                error.to_string().trim_end_matches('.')
            );
            let again = now.checked_add(REST).unwrap_or(now);
            inner.store.deletion_failed(doomed, &why, again, now).await?
        }
    };
    if event.is_some() {
        inner.hint(event, Some(doomed.cluster));
    }
    Ok(())
}

/// What is left of a deleted cluster's state, which its deletion would have taken, since others need it.
pub(super) async fn left_to_others(
    store: &Store,
    was: &ClusterRecord,
) -> Result<Option<NewEvent>, StoreError> {
    let Phase::Deleting { keep_savepoints, .. } = was.status.phase else { return Ok(None) };
    let cluster = &was.cluster;
    let spec = store.spec(cluster.id, was.revision()).await?;
    let mut needs = store.needed_by_others(cluster.id, &spec).await?;
    // Those stay in any case.
    needs.retain(|need| !(keep_savepoints && is_savepoint_of(&need.at, cluster.id)));
    let left: Vec<_> = needs.iter().map(|need| (need.at.to_string(), need.name.clone())).collect();
    let what = Event::StateLeftToOthers { left };
    Ok((!needs.is_empty()).then(|| NewEvent::of(cluster.id, &cluster.name, what)))
}

/// Whether it lies among a cluster's savepoints, wherever those are.
fn is_savepoint_of(at: &Address, cluster: ClusterId) -> bool {
    at.path().segments().skip_while(|name| *name != cluster.folder()).nth(1) == Some("savepoints")
}
