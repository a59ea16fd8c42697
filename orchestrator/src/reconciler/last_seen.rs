//! When each cluster was last seen: what tells how old a row is that nobody could look at since.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::id::ClusterId;
use jiff::{SignedDuration, Timestamp};

/// A cluster that lives is looked at every second. A row that is older is said to be.
const EXPECTED: SignedDuration = SignedDuration::from_secs(10);

/// The times, as long as the portal runs. Rows have them as of their last change.
#[derive(Default)]
pub(crate) struct LastSeen(Mutex<HashMap<ClusterId, Timestamp>>);

impl LastSeen {
    /// It was seen.
    pub(super) fn note(&self, id: ClusterId, at: Timestamp) {
        self.times().insert(id, at);
    }

    /// It rests or is gone: what was seen of it last stays true.
    pub(super) fn forget(&self, id: ClusterId) {
        self.times().remove(&id);
    }

    /// When it was seen, if that was since the portal was started.
    pub(super) fn of(&self, id: ClusterId) -> Option<Timestamp> {
        self.times().get(&id).copied()
    }

    /// When it was seen, if that is longer ago than it should be. `written` is what its row knows of that.
    pub(crate) fn too_long_ago(
        &self,
        id: ClusterId,
        written: Timestamp,
        now: Timestamp,
    ) -> Option<Timestamp> {
        let seen = self.of(id).map_or(written, |seen| seen.max(written));
        (now.duration_since(seen) > EXPECTED).then_some(seen)
    }

    fn times(&self) -> MutexGuard<'_, HashMap<ClusterId, Timestamp>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_seen_a_moment_ago_has_no_age() {
        let (times, id) = (LastSeen::default(), ClusterId(uuid::Uuid::nil()));
        let at = |second| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second);
        assert_eq!(times.too_long_ago(id, at(20), at(100)), Some(at(20)), "by a portal of before");
        times.note(id, at(95));
        assert_eq!(times.too_long_ago(id, at(20), at(105)), None);
        assert_eq!(times.too_long_ago(id, at(20), at(106)), Some(at(95)));
        times.forget(id);
        assert_eq!(times.of(id), None);
    }
}
