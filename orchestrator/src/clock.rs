//! The time, so that tests can hold it in their hands.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

/// Says what time it is, and waits.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Now, in whole microseconds: what is stored is what was said.
    fn now(&self) -> Timestamp;

    /// Time that has passed since some moment, the same for as long as the process lives. It never jumps, whatever the
    /// machine's clock is set to: pauses are measured by it.
    fn steady(&self) -> Duration;

    /// Waits until so much steady time has passed.
    async fn reaches(&self, steady: Duration);
}

/// The system's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

/// The moment from which the system's steady time is counted.
static ORIGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

#[async_trait]
impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        whole_micros(Timestamp::now())
    }

    fn steady(&self) -> Duration {
        ORIGIN.elapsed()
    }

    async fn reaches(&self, steady: Duration) {
        tokio::time::sleep(steady.saturating_sub(self.steady())).await;
    }
}

/// A clock that moves only when it is told to.
#[derive(Debug)]
pub struct ManualClock {
    start: Timestamp,
    passed: watch::Sender<Duration>,
}

impl ManualClock {
    /// Shows this time.
    pub fn new(now: Timestamp) -> Self {
        Self { start: whole_micros(now), passed: watch::Sender::new(Duration::ZERO) }
    }

    /// Moves on.
    pub fn advance(&self, by: SignedDuration) {
        self.passed.send_modify(|passed| *passed += by.unsigned_abs());
    }
}

#[async_trait]
impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        self.start.checked_add(self.steady()).unwrap_or(Timestamp::MAX)
    }

    fn steady(&self) -> Duration {
        *self.passed.borrow()
    }

    async fn reaches(&self, steady: Duration) {
        // The sender is this clock's own, so it is there.
        let _ = self.passed.subscribe().wait_for(|passed| *passed >= steady).await;
    }
}

fn whole_micros(at: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at)
}
