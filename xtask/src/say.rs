//! Lines for a person: what happens now, with the time since the start, and a bar for what takes long.

use std::io::{IsTerminal, Write, stderr};
use std::sync::LazyLock;
use std::time::Instant;

static START: LazyLock<Instant> = LazyLock::new(Instant::now);

/// One line of progress: `[ 12.3 s] Building the browser side`.
pub(crate) fn now(what: &str) {
    eprintln!("[{:6.1} s] {what}", START.elapsed().as_secs_f64());
}

/// Progress through a known number of bytes: one line that grows in a terminal, a line for each tenth elsewhere.
pub(crate) struct Bar {
    what: &'static str,
    total: u64,
    done: u64,
    shown: u64,
    terminal: bool,
}

impl Bar {
    /// Begins at zero of `total` bytes.
    pub(crate) fn begin(what: &'static str, total: u64) -> Bar {
        let mut bar =
            Bar { what, total: total.max(1), done: 0, shown: u64::MAX, terminal: stderr().is_terminal() };
        bar.at(0);
        bar
    }

    /// So many bytes are done now.
    pub(crate) fn at(&mut self, done: u64) {
        self.done = done.min(self.total);
        let hundredth = self.done * 100 / self.total;
        let step = if self.terminal { hundredth } else { hundredth / 10 };
        if step == self.shown {
            return;
        }
        self.shown = step;
        let (start, end) = if self.terminal { ("\r", "") } else { ("", "\n") };
        let filled = usize::try_from(hundredth / 4).unwrap_or(25);
        let megabytes = |bytes: u64| bytes / 1_000_000;
        eprint!(
            "{start}[{:6.1} s] {} [{:<25}] {:3} of {} MB{end}",
            START.elapsed().as_secs_f64(),
            self.what,
            "=".repeat(filled),
            megabytes(self.done),
            megabytes(self.total),
        );
        // A bar that cannot be shown is no reason to stop the work behind it.
        let _ = stderr().flush();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.terminal {
            eprintln!();
        }
    }
}
