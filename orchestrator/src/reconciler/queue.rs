//! Which cluster is looked at next, and when: a delay queue by the cluster's id.
//!
//! A cluster is in it once, at the soonest time that anybody named. While a pass looks at it, it is out of it: nobody
//! else takes it, and who wakes it meanwhile makes it be looked at again as soon as that pass has ended.
//!
//! The queue goes by the [`Clock`]'s steady time and not by that of tokio, whose own delay queue would be the first
//! choice: tests hold the former in their hands, and the latter cannot be paused beside a database that works on threads
//! of its own.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use domain::id::ClusterId;
use tokio::sync::watch;

use crate::clock::Clock;

/// The queue. Whoever changes it tells all who wait for it.
pub(crate) struct Queue {
    clock: Arc<dyn Clock>,
    state: watch::Sender<Entries>,
    /// Told when all rows are to be looked over sooner than was said.
    sooner: tokio::sync::Notify,
}

#[derive(Debug, Default)]
struct Entries {
    /// By time; the same entries as in `due`.
    order: BTreeSet<(Duration, ClusterId)>,
    due: HashMap<ClusterId, Duration>,
    /// Who is looked at, and whether somebody woke it meanwhile.
    under_way: HashMap<ClusterId, bool>,
    /// When all rows are looked over for what no wake told.
    scan: Duration,
}

/// How long the queue is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Length {
    /// Clusters that wait for their time.
    pub(crate) queued: usize,
    /// Clusters that are looked at.
    pub(crate) under_way: usize,
    /// For how long the first one has been due; zero if none is.
    pub(crate) lag: Duration,
}

impl Queue {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, state: watch::Sender::default(), sooner: tokio::sync::Notify::new() }
    }

    /// Makes a cluster due now.
    pub(crate) fn wake(&self, id: ClusterId) {
        let now = self.clock.steady();
        self.state.send_modify(|state| match state.under_way.get_mut(&id) {
            Some(woken) => *woken = true,
            None => state.queue(id, now),
        });
    }

    /// Makes a cluster that nobody has queued due after this; gives whether it is new here.
    pub(super) fn meet(&self, id: ClusterId, after: Duration) -> bool {
        let at = self.clock.steady() + after;
        self.state.send_if_modified(|state| {
            let new = !state.due.contains_key(&id) && !state.under_way.contains_key(&id);
            if new {
                state.queue(id, at);
            }
            new
        })
    }

    /// The cluster that has been due for longest. It is the caller's until [`Queue::done`] is called.
    pub(super) fn take(&self) -> Option<ClusterId> {
        let now = self.clock.steady();
        let mut taken = None;
        // Nobody waits for an entry to go.
        self.state.send_if_modified(|state| {
            if let Some(&(at, id)) = state.order.first()
                && at <= now
            {
                state.order.pop_first();
                state.due.remove(&id);
                state.under_way.insert(id, false);
                taken = Some(id);
            }
            false
        });
        taken
    }

    /// A pass has ended: the cluster is due again after this, or never by itself. Whoever woke it meanwhile has it
    /// looked at again at once; gives whether somebody did.
    pub(super) fn done(&self, id: ClusterId, again: Option<Duration>) -> bool {
        let now = self.clock.steady();
        let mut woken = false;
        self.state.send_modify(|state| {
            woken = state.under_way.remove(&id).unwrap_or_default();
            if let Some(after) = again.or(woken.then_some(Duration::ZERO)) {
                state.queue(id, if woken { now } else { now + after });
            }
        });
        woken
    }

    /// Waits until somebody is due.
    pub(super) async fn due(&self) {
        let mut changes = self.state.subscribe();
        loop {
            let first = changes.borrow_and_update().order.first().map(|(at, _)| *at);
            match first {
                Some(at) if at <= self.clock.steady() => return,
                Some(at) => tokio::select! {
                    () = self.clock.reaches(at) => return,
                    _ = changes.changed() => {}
                },
                None => drop(changes.changed().await),
            }
        }
    }

    /// Waits until all rows are to be looked over.
    pub(super) async fn scan_due(&self) {
        loop {
            let at = self.state.borrow().scan;
            tokio::select! {
                () = self.clock.reaches(at) => return,
                () = self.sooner.notified() => {}
            }
        }
    }

    /// They are to be looked over now.
    pub(super) fn scan_now(&self) {
        self.scanned(Duration::ZERO);
        self.sooner.notify_one();
    }

    /// All rows were looked over; they are again after this.
    pub(super) fn scanned(&self, again: Duration) {
        let at = self.clock.steady() + again;
        self.state.send_modify(|state| state.scan = at);
    }

    /// Waits until nobody is due and nobody is looked at.
    pub(super) async fn idle(&self) {
        let idle = |state: &Entries| {
            let now = self.clock.steady();
            let due = state.order.first().is_some_and(|(at, _)| *at <= now);
            !due && state.under_way.is_empty() && state.scan > now
        };
        // The sender is this queue's own, so it is there.
        let _ = self.state.subscribe().wait_for(idle).await;
    }

    pub(crate) fn length(&self) -> Length {
        let now = self.clock.steady();
        let state = self.state.borrow();
        let first = state.order.first().map_or(now, |(at, _)| *at);
        Length { queued: state.order.len(), under_way: state.under_way.len(), lag: now.saturating_sub(first) }
    }
}

impl Entries {
    fn queue(&mut self, id: ClusterId, at: Duration) {
        let at = match self.due.get(&id).copied() {
            Some(sooner) if sooner <= at => return,
            Some(later) => {
                self.order.remove(&(later, id));
                at
            }
            None => at,
        };
        self.due.insert(id, at);
        self.order.insert((at, id));
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    use super::*;
    use crate::clock::ManualClock;

    const SECOND: Duration = Duration::from_secs(1);

    fn queue() -> (Queue, Arc<ManualClock>, [ClusterId; 2]) {
        let clock = Arc::new(ManualClock::new(Timestamp::UNIX_EPOCH));
        (Queue::new(clock.clone()), clock, [1, 2].map(|n| ClusterId(Uuid::from_u128(n))))
    }

    #[test]
    fn each_is_taken_at_the_soonest_time_that_was_named() {
        let (queue, clock, [one, two]) = queue();
        assert!(queue.meet(one, 3 * SECOND) && queue.meet(two, SECOND));
        assert!(!queue.meet(two, 9 * SECOND), "it is known");
        assert_eq!(queue.take(), None);
        clock.advance(SignedDuration::from_secs(2));
        assert_eq!((queue.take(), queue.take()), (Some(two), None));
        queue.done(two, Some(5 * SECOND));
        queue.wake(two);
        assert_eq!((queue.take(), queue.take()), (Some(two), None), "a wake comes before the pause is over");
        queue.done(two, None);
        clock.advance(SignedDuration::from_secs(9));
        assert_eq!(queue.length(), Length { queued: 1, under_way: 0, lag: 8 * SECOND });
        assert_eq!((queue.take(), queue.take()), (Some(one), None));
    }

    #[test]
    fn one_that_is_looked_at_is_nobody_elses_and_no_wake_is_lost() {
        let (queue, _, [one, _]) = queue();
        queue.wake(one);
        assert_eq!(queue.take(), Some(one));
        queue.wake(one);
        assert!(!queue.meet(one, Duration::ZERO));
        assert_eq!(queue.take(), None);
        assert!(queue.done(one, Some(60 * SECOND)), "somebody woke it");
        assert_eq!(queue.take(), Some(one));
        assert!(!queue.done(one, Some(60 * SECOND)));
        assert_eq!(queue.take(), None);
        queue.wake(one);
        queue.take();
        queue.wake(one);
        queue.done(one, None);
        assert_eq!(queue.take(), Some(one), "also of one that would not be looked at again");
    }

    #[tokio::test]
    async fn who_waits_is_told() {
        let (queue, clock, [one, two]) = queue();
        assert!(queue.due().now_or_never().is_none(), "nobody is there");
        let woken = async {
            tokio::task::yield_now().await;
            queue.wake(one);
        };
        tokio::join!(queue.due(), woken);
        assert_eq!(queue.take(), Some(one));
        queue.done(one, None);
        queue.meet(two, SECOND);
        let passes = async {
            tokio::task::yield_now().await;
            clock.advance(SignedDuration::from_secs(1));
        };
        tokio::join!(queue.due(), passes);
        assert!(queue.idle().now_or_never().is_none(), "one is due, and nothing was looked over");
        queue.take();
        queue.done(two, None);
        queue.scanned(SECOND);
        queue.idle().await;
    }
}
