//! The reconciler: makes true what rows ask for.
//!
//! Each cluster has its time in the [`Queue`]; a command wakes it, and a pass that has ended names the next one. A pass
//! takes no input but the rows, so a wake is only a hint: every ten seconds all rows are looked over for what none
//! told. One cluster is looked at by one pass at a time, several clusters by several, and one that keeps its pass waiting
//! holds up no other.

mod conclude;
mod discreet;
mod doomed;
mod events;
mod gathered;
mod held_up;
mod last_seen;
mod pass;
mod pin;
mod queue;
mod remembered;
mod starts;
mod steps;
mod tally;
mod waits;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use domain::id::ClusterId;
use domain::view::ReconcilerView;
use futures::FutureExt;
use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::plane::Inner;
use crate::store::StoreError;
use last_seen::LastSeen;
use queue::Queue;
use remembered::Remembered;
use starts::Starts;
use tally::Tally;

/// Passes that compute together. More would only wait for the processor and the database.
const TOGETHER: usize = 16;
/// A pass that takes longer waits for a cluster that does not answer, and needs no turn for that.
const BRIEF: Duration = Duration::from_millis(250);
/// How late a lost wake can make the loop.
const SCAN: Duration = Duration::from_secs(10);
/// The same when the rows could not be read.
const SCAN_AGAIN: Duration = Duration::from_secs(1);
/// When to look again after a pass that panicked.
const AFTER_MISTAKE: Duration = Duration::from_secs(10);
/// What is not looked at within this is not remembered meanwhile.
const REMEMBER: Duration = Duration::from_secs(60);

/// What the loop knows between passes. Lost in a crash it costs some looks.
pub(crate) struct Reconciler {
    queue: Queue,
    pub(crate) known: Remembered,
    pub(crate) last_seen: LastSeen,
    starts: Starts,
    tally: Tally,
}

impl Reconciler {
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            queue: Queue::new(clock),
            known: Remembered::default(),
            last_seen: LastSeen::default(),
            starts: Starts::default(),
            tally: Tally::default(),
        }
    }

    /// The rows of a cluster changed: it is to be looked at.
    pub(crate) fn wake(&self, id: ClusterId) {
        self.known.forget(id);
        self.queue.wake(id);
    }

    /// Something is to be done that belongs to no cluster's pass.
    pub(crate) fn scan_now(&self) {
        self.queue.scan_now();
    }

    /// For how long the cluster has waited that has been due for longest.
    pub(crate) fn lag(&self) -> Duration {
        self.queue.length().lag
    }

    /// How it stands.
    pub(crate) fn view(&self) -> ReconcilerView {
        self.tally.view(self.queue.length(), self.starts.waiting())
    }

    /// Whether the cluster may be started now. Otherwise it is woken when it may.
    fn admit(&self, inner: &Inner, id: ClusterId) -> bool {
        self.starts.admit(id, inner.provider.starts_at_once(), inner.clock.steady())
    }

    /// The cluster is not being started, or not any more.
    fn not_starting(&self, id: ClusterId) {
        if let Some(next) = self.starts.leave(id) {
            self.queue.wake(next);
        }
    }
}

/// Runs until the plane closes.
pub(crate) async fn run(inner: Arc<Inner>) {
    if let Err(error) = pass::read_all(&inner).await {
        tracing::warn!(%error, "not every cluster could be read");
    }
    follow(&inner, inner.stop.cancelled()).await;
}

/// Runs until there is nothing to be done at this time: the same loop, for those who hold the clock.
pub(crate) async fn settle(inner: &Arc<Inner>) {
    follow(inner, inner.reconciler.queue.idle()).await;
}

async fn follow(inner: &Arc<Inner>, until: impl Future<Output = ()>) {
    let loops = async { tokio::join!(passes(inner), scans(inner)) };
    tokio::select! {
        () = until => {}
        ((), ()) = loops => {}
    }
}

/// Starts a pass for whoever is due.
async fn passes(inner: &Arc<Inner>) {
    let together = Arc::new(Semaphore::new(TOGETHER));
    while let Ok(turn) = together.clone().acquire_owned().await {
        let id = loop {
            inner.reconciler.queue.due().await;
            if let Some(id) = inner.reconciler.queue.take() {
                break id;
            }
        };
        let inner = inner.clone();
        let tasks = inner.tasks.clone();
        tasks.spawn(async move {
            let begun = inner.clock.steady();
            // A mistake of ours must not be the last look at a cluster.
            let mut pass = std::pin::pin!(AssertUnwindSafe(pass::run(&inner, id)).catch_unwind());
            let ended = match tokio::time::timeout(BRIEF, &mut pass).await {
                Ok(ended) => ended,
                Err(_) => {
                    drop(turn);
                    pass.await
                }
            };
            let reconciler = &inner.reconciler;
            let again = ended.unwrap_or_else(|_| {
                let why = format!("{id}: the pass made a mistake, which the log describes.");
                reconciler.tally.failed(why, inner.clock.now());
                Some(AFTER_MISTAKE)
            });
            reconciler.tally.passed(inner.clock.steady().saturating_sub(begun), inner.clock.now());
            if again.is_none_or(|again| again > REMEMBER) {
                reconciler.known.forget_all_of(id);
                reconciler.last_seen.forget(id);
            }
            if again.is_none() {
                reconciler.not_starting(id);
            }
            if reconciler.queue.done(id, again) {
                // Who woke it may have been overtaken by this pass's own reading.
                reconciler.known.forget(id);
            }
        });
    }
}

/// Looks all rows over, again and again.
async fn scans(inner: &Arc<Inner>) {
    loop {
        inner.reconciler.queue.scan_due().await;
        doomed::delete(inner).await;
        let again = match scan(inner).await {
            Ok(()) => SCAN,
            // What ails the database is said once, by the look at the portal's own health.
            Err(error) => {
                tracing::debug!(%error, "the rows could not be looked over");
                inner.reconciler.tally.failed(error.to_string(), inner.clock.now());
                SCAN_AGAIN
            }
        };
        inner.reconciler.queue.scanned(again);
    }
}

/// Queues what no wake told: clusters that are new here, and those whose rows are not as they are remembered.
async fn scan(inner: &Inner) -> Result<(), StoreError> {
    let (rows, now) = (inner.store.outline().await?, inner.clock.now());
    inner.reconciler.known.forget_pools();
    for row in rows {
        let known = inner.reconciler.known.peek(row.cluster);
        let changed = known.is_some_and(|known| {
            (known.status.version, known.cluster.generation) != (row.version, row.generation)
        });
        if changed || row.generation > row.observed_generation {
            inner.reconciler.wake(row.cluster);
        } else {
            let wait = Duration::try_from(row.due_at.duration_since(now)).unwrap_or_default();
            inner.reconciler.queue.meet(row.cluster, wait);
        }
    }
    Ok(())
}
