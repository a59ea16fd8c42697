//! What the reconciler tells of itself: how much it has done, and what went wrong last.

use std::sync::Mutex;
use std::time::Duration;

use domain::view::{Mishap, ReconcilerView};
use jiff::Timestamp;

use super::queue::Length;

/// Counts since the portal was started.
#[derive(Debug, Default)]
pub(super) struct Tally(Mutex<Counts>);

#[derive(Clone, Debug, Default)]
struct Counts {
    passes: u64,
    took: Duration,
    last: Option<Timestamp>,
    failures: u64,
    mishap: Option<Mishap>,
}

impl Tally {
    /// A pass has ended.
    pub(super) fn passed(&self, took: Duration, at: Timestamp) {
        let mut counts = self.counts();
        counts.passes += 1;
        counts.took += took;
        counts.last = Some(at);
    }

    /// A pass, or a look over all rows, could not be finished.
    pub(super) fn failed(&self, why: String, at: Timestamp) {
        let mut counts = self.counts();
        counts.failures += 1;
        counts.mishap = Some(Mishap { at, why });
    }

    pub(super) fn view(&self, queue: Length, waiting: usize) -> ReconcilerView {
        let counts = self.counts().clone();
        ReconcilerView {
            last_pass: counts.last,
            lag_ms: millis(queue.lag),
            queued: queue.queued,
            under_way: queue.under_way,
            waiting,
            passes: counts.passes,
            passes_ms: millis(counts.took),
            failures: counts.failures,
            mishap: counts.mishap,
        }
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
