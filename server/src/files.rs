//! The limit of open files: raised at the start, and watched. Connections, logs, the database and every process of a
//! cluster take some of them.

use std::time::Duration;

use app::Warnings;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// More than a portal can use; some systems allow so many that programs which it starts would suffer.
const PLENTY: u64 = 1 << 20;
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What a warning is about.
const SUBJECT: &str = "files";

/// Raises the limit as far as the system lets it; how many files the portal may have open now.
pub(crate) fn raise() -> u64 {
    let limit = getrlimit(Resource::Nofile);
    let now = limit.current.unwrap_or(PLENTY);
    let most = limit.maximum.unwrap_or(PLENTY).min(PLENTY);
    if now >= most {
        return now;
    }
    match setrlimit(Resource::Nofile, Rlimit { current: Some(most), ..limit }) {
        Ok(()) => most,
        Err(error) => {
            tracing::warn!("The limit of open files stays at {now}: {error}.");
            now
        }
    }
}

/// Warns while fewer than a tenth are left.
pub(crate) async fn watch(most: u64, warnings: Warnings) {
    let mut low = false;
    loop {
        let open = open().unwrap_or(most); // to count them takes one
        let is_low = most.saturating_sub(open) < most / 10;
        if is_low {
            let sentence = format!(
                "The portal has {open} of {most} files open. At the limit it takes no connection and starts no \
                 process. Raise the limit (ulimit -n) and start the portal again; the clusters run on."
            );
            if !low {
                tracing::warn!("{sentence}");
            }
            warnings.set(SUBJECT, sentence);
        } else if low {
            tracing::info!("The portal has enough files left again.");
            warnings.clear(SUBJECT);
        }
        low = is_low;
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

fn open() -> Option<u64> {
    std::fs::read_dir("/proc/self/fd").ok().map(|entries| entries.count() as u64)
}
