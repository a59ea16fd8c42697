//! Start without a request: which state it starts from.

use domain::lifecycle::{Phase, Restore};
use domain::view::SnapshotView;

/// The newest savepoint; else the newest state that the failed run is known to have left; else none.
pub(crate) fn newest(phase: &Phase, snapshots: &[SnapshotView]) -> Restore {
    if let Some(savepoint) = snapshots.iter().find(|snapshot| snapshot.kind == "savepoint") {
        return Restore::Savepoint { path: savepoint.path.clone() };
    }
    match phase {
        Phase::Failed { newest, .. } => newest.clone(),
        Phase::Stopped { savepoint, .. } => Restore::Savepoint { path: savepoint.clone() },
        Phase::Accepted
        | Phase::Starting { .. }
        | Phase::Running { .. }
        | Phase::Saving { .. }
        | Phase::Stopping { .. }
        | Phase::Canceling { .. }
        | Phase::Ending { .. }
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Deleting { .. }
        | Phase::Deleted => Restore::Fresh,
    }
}
