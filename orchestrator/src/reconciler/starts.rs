//! How many clusters are started at once. Each start is several JVMs that want every core for a while: dozens together
//! come up later than one after the other, and what runs already suffers.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::Duration;

use domain::id::ClusterId;

/// A start that takes longer holds up no other any more.
const LONGEST: Duration = Duration::from_secs(60);

/// Who is being started, and who waits for it in which order.
#[derive(Debug, Default)]
pub(crate) struct Starts(Mutex<Line>);

#[derive(Debug, Default)]
struct Line {
    /// Until when a start counts.
    admitted: HashMap<ClusterId, Duration>,
    waiting: VecDeque<ClusterId>,
}

impl Starts {
    /// Whether the cluster may be started now, with so many at once. Otherwise it waits in line: it asks again.
    pub(super) fn admit(&self, id: ClusterId, at_once: usize, now: Duration) -> bool {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.admitted.retain(|_, until| *until > now);
        if state.admitted.contains_key(&id) {
            return true;
        }
        let before = state.waiting.iter().position(|other| *other == id);
        let before = before.unwrap_or_else(|| {
            state.waiting.push_back(id);
            state.waiting.len() - 1
        });
        if state.admitted.len() + before >= at_once {
            return false;
        }
        state.waiting.remove(before);
        state.admitted.insert(id, now + LONGEST);
        true
    }

    /// The cluster has come up, or is not to be started any more. Gives who may have its turn now.
    pub(super) fn leave(&self, id: ClusterId) -> Option<ClusterId> {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let waited = state.waiting.len();
        state.waiting.retain(|other| *other != id);
        let left = state.admitted.remove(&id).is_some() || state.waiting.len() < waited;
        state.waiting.front().copied().filter(|_| left)
    }

    /// Clusters that wait for their start.
    pub(crate) fn waiting(&self) -> usize {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).waiting.len()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_few_are_started_at_once_and_the_others_in_their_order() {
        let [a, b, c, d] = [1, 2, 3, 4].map(|n| ClusterId(Uuid::from_u128(n)));
        let (starts, now) = (Starts::default(), Duration::ZERO);
        let may = |id, at| starts.admit(id, 2, at);
        assert!(may(a, now) && may(b, now) && may(a, now));
        assert!(!may(c, now) && !may(d, now));
        assert_eq!(starts.leave(c), Some(d), "who waits no more gives its place");
        assert!(!may(c, now), "and comes back as the last");
        assert_eq!((starts.leave(b), starts.waiting()), (Some(d), 2));
        assert!(!may(c, now) && may(d, now));
        assert_eq!(starts.leave(b), None, "it had left");
        assert!(!may(c, LONGEST / 2) && may(c, LONGEST), "a start that hangs holds up nobody for ever");
        assert_eq!(starts.waiting(), 0);
    }
}
