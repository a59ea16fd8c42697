//! What the reading of one jar may take. Whatever a file says of itself, it gets no more.

use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::JarError;

/// No jar of a real job comes near: Flink's own distribution has 40,000 entries in all its jars.
const ENTRIES: u64 = 200_000;
/// Of classes, bytes.
const INFLATED: u64 = 4 << 30;
/// Ten times what a jar of 300 MB takes.
const TIME: Duration = Duration::from_secs(10);

/// What a reading may take, and whether somebody still waits for it.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Entries of the archive.
    pub entries: u64,
    /// Bytes to which its classes unpack.
    pub inflated: u64,
    /// From `began` on.
    pub time: Duration,
    /// When the reading began.
    pub began: Instant,
    /// Cancelled when nobody waits for it any more.
    pub stop: CancellationToken,
}

impl Budget {
    /// What every reading gets, from now on and until `stop`.
    pub fn new(stop: CancellationToken) -> Self {
        Self { entries: ENTRIES, inflated: INFLATED, time: TIME, began: Instant::now(), stop }
    }

    /// Asked between any two steps, none of which takes more than some milliseconds.
    ///
    /// # Errors
    /// `Stopped`, `Time`.
    pub(super) fn go_on(&self) -> Result<(), JarError> {
        if self.stop.is_cancelled() {
            return Err(JarError::Stopped);
        }
        if self.began.elapsed() > self.time { Err(JarError::Time(self.time)) } else { Ok(()) }
    }
}
