//! Whether the portal still follows its clusters: when a pass over all that is due was finished last, and what ails the
//! database. Pages say since when they are old.
//!
//! A failed write may be one command's own bad luck. So whenever one fails, the database is asked whether it writes, and
//! asked again every second until it does.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::view::Old;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::plane::Inner;
use crate::store::{StoreError, Trouble};

/// Between two looks. An ailment that lasts no longer is nobody's concern.
const LOOK: Duration = Duration::from_secs(1);
/// Passes begin every second at the latest: without one for so long, pages are old.
const TIMEOUT: Duration = Duration::from_secs(5);
/// With less than this left on its disk a database in the data folder is as good as full, bytes.
const ROOM: u64 = 1 << 20;
/// A write that takes longer is waiting for somebody.
const SLOW: Duration = Duration::from_secs(3);

/// What is known of the portal's own health.
#[derive(Debug)]
pub(crate) struct Health {
    now: Mutex<Now>,
    told: watch::Sender<Option<Old>>,
}

#[derive(Debug)]
struct Now {
    /// When the last pass over all that is due was finished, or the plane opened.
    pass: (Instant, Timestamp),
    /// Why the last one was not finished.
    failed: Option<Trouble>,
    /// Why rows cannot be written.
    unwritten: Option<Trouble>,
    /// Since when it is asked whether they can.
    asking: Option<Instant>,
    /// When all was well last.
    well: Timestamp,
}

impl Health {
    pub(crate) fn new(clock: &dyn Clock) -> Self {
        let at = clock.now();
        let now = Now { pass: (Instant::now(), at), failed: None, unwritten: None, asking: None, well: at };
        Self { now: Mutex::new(now), told: watch::Sender::new(None) }
    }

    /// Changes of the answer to [`Health::old`].
    pub(crate) fn watch(&self) -> watch::Receiver<Option<Old>> {
        self.told.subscribe()
    }

    /// Since when pages are old, and why; none if they are not.
    pub(crate) fn old(&self) -> Option<Old> {
        self.told.borrow().clone()
    }

    /// A pass over all that is due was finished, or not.
    pub(crate) fn passed(&self, result: Result<(), &StoreError>, at: Timestamp) {
        self.change(|now| match result {
            Ok(()) => {
                now.pass = (Instant::now(), at);
                now.failed = None;
            }
            Err(error) => now.failed = Some(error.trouble().unwrap_or(Trouble::Damaged)),
        });
    }

    /// Looks, and tells if the answer is another one.
    fn look(&self) {
        let old = self.change(|now| {
            let slow = now.asking.is_some_and(|since| since.elapsed() > SLOW);
            let why = match (now.failed, now.unwritten) {
                (Some(trouble), _) | (None, Some(trouble)) => trouble.sentence(),
                (None, None) if slow => Trouble::Locked.sentence(),
                (None, None) if now.pass.0.elapsed() > TIMEOUT => {
                    "The portal has not looked at its clusters since; it may have too much to do."
                }
                (None, None) => {
                    now.well = now.pass.1;
                    return None;
                }
            };
            Some(Old { since: now.well, why: why.to_owned() })
        });
        self.told.send_if_modified(|told| {
            let news = *told != old;
            *told = old;
            news
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Now) -> T) -> T {
        change(&mut self.now.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Looks every second until the plane closes.
pub(crate) async fn run(inner: Arc<Inner>) {
    let looks = async {
        loop {
            inner.health.look();
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        () = looks => {}
        () = ask(&inner) => {}
        () = inner.stop.cancelled() => {}
    }
}

/// Asks the database whether it writes, as long as there is a doubt.
async fn ask(inner: &Inner) {
    loop {
        let ailing = inner.health.change(|now| now.unwritten.is_some());
        if inner.store.in_doubt() || ailing {
            inner.health.change(|now| now.asking = Some(Instant::now()));
            let unwritten = match inner.store.probe().await {
                Err(error) => Some(error.trouble().unwrap_or(Trouble::Away)),
                // What SQLite has set aside takes something small when nothing else fits any more.
                Ok(()) => full(inner).then_some(Trouble::Full),
            };
            let before = inner.health.change(|now| {
                now.asking = None;
                std::mem::replace(&mut now.unwritten, unwritten)
            });
            match (before, unwritten) {
                (None, Some(trouble)) => tracing::error!("{}", trouble.sentence()),
                (Some(_), None) => tracing::info!("the database writes again; the portal carries on"),
                (None, None) | (Some(_), Some(_)) => {}
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Whether the disk of a database within the data folder is full. One elsewhere knows its own disk.
fn full(inner: &Inner) -> bool {
    let disk = rustix::fs::statvfs(&inner.config.data);
    inner.config.database.is_none() && disk.is_ok_and(|disk| disk.f_bavail * disk.f_frsize < ROOM)
}
