//! Whether the portal still follows its clusters: whether the reconciler comes to those that are due, and what ails the
//! database. Pages say since when they are old.
//!
//! The database is read every second, since the reconciler reads only what changed. A failed write may be one command's
//! own bad luck: whenever one fails, the database is asked whether it writes, and asked again every second until it does.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::view::Old;
use jiff::Timestamp;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::plane::Inner;
use crate::store::Trouble;

/// Between two looks. An ailment that lasts no longer is nobody's concern.
const LOOK: Duration = Duration::from_secs(1);
/// Whoever is due is looked at within a moment, and as soon is something small read: with what waits for so long, pages are
/// old.
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
    /// Why rows cannot be read.
    unread: Option<Trouble>,
    /// Since when something small is being read.
    reading: Option<Instant>,
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
        let now = Now { unread: None, reading: None, unwritten: None, asking: None, well: at };
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

    /// Looks, and tells if the answer is another one.
    fn look(&self, at: Timestamp, lag: Duration) {
        let old = self.change(|now| {
            let slow = now.asking.is_some_and(|since| since.elapsed() > SLOW);
            let why = match (now.unread, now.unwritten) {
                (Some(trouble), _) | (None, Some(trouble)) => trouble.sentence(),
                (None, None) if slow => Trouble::Locked.sentence(),
                (None, None) if now.reading.is_some_and(|since| since.elapsed() > TIMEOUT) => {
                    Trouble::Away.sentence()
                }
                (None, None) if lag > TIMEOUT => {
                    "The portal has not looked at its clusters since; it may have too much to do."
                }
                (None, None) => {
                    now.well = at;
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
            inner.health.look(inner.clock.now(), inner.reconciler.lag());
            tokio::time::sleep(LOOK).await;
        }
    };
    tokio::select! {
        () = looks => {}
        () = read(&inner) => {}
        () = ask(&inner) => {}
        () = inner.stop.cancelled() => {}
    }
}

/// Reads something small from the database.
async fn read(inner: &Inner) {
    loop {
        inner.health.change(|now| now.reading = Some(Instant::now()));
        let read = inner.store.newest().await;
        let unread = read.err().map(|error| error.trouble().unwrap_or(Trouble::Damaged));
        let before = inner.health.change(|now| {
            now.reading = None;
            std::mem::replace(&mut now.unread, unread)
        });
        match (before, unread) {
            (None, Some(trouble)) => tracing::error!("{}", trouble.sentence()),
            (Some(_), None) => tracing::info!("the database answers again; the portal carries on"),
            (None, None) | (Some(_), Some(_)) => {}
        }
        tokio::time::sleep(LOOK).await;
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
