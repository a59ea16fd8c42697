//! What the reading of one jar may take. Whatever a file says of itself, it gets no more.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use tokio_util::sync::CancellationToken;

use super::JarError;

/// No jar of a real job comes near: Flink's own distribution has 40,000 entries in all its jars.
const ENTRIES: u64 = 200_000;
/// Of classes, bytes.
const INFLATED: u64 = 4 << 30;
/// Of a processor. Five times what a jar of 300 MB takes.
const TIME: Duration = Duration::from_secs(10);
/// By the clock, for a disk may be slow and a machine busy. Nobody waits longer.
const TIMEOUT: Duration = Duration::from_secs(30);

/// What a reading may take, and whether somebody still waits for it.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Entries of the archive.
    pub entries: u64,
    /// Bytes to which its classes unpack.
    pub inflated: u64,
    /// Of a processor, on the thread that made this.
    pub time: Duration,
    /// By the clock.
    pub patience: Duration,
    /// When the reading began: by the clock, and what the thread had taken of a processor then.
    pub began: (Instant, Duration),
    /// Cancelled when nobody waits for it any more.
    pub stop: CancellationToken,
}

impl Budget {
    /// What every reading gets, from now on and until `stop`.
    pub fn new(stop: CancellationToken) -> Self {
        Self {
            entries: ENTRIES,
            inflated: INFLATED,
            time: TIME,
            patience: TIMEOUT,
            began: (Instant::now(), processor()),
            stop,
        }
    }

    /// Asked between any two steps, none of which takes more than some milliseconds.
    ///
    /// # Errors
    /// `Stopped`, `Time`.
    pub(super) fn go_on(&self) -> Result<(), JarError> {
        if self.stop.is_cancelled() {
            return Err(JarError::Stopped);
        }
        let (clock, before) = self.began;
        if processor().saturating_sub(before) > self.time {
            return Err(JarError::Time(self.time));
        }
        if clock.elapsed() > self.patience { Err(JarError::Time(self.patience)) } else { Ok(()) }
    }
}

/// What this thread has taken of a processor.
fn processor() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    // Neither part is ever negative.
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}
