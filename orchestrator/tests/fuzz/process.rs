//! What this process and this thread have taken, as Linux counts it.

use std::fs::{read_to_string, write};
use std::time::Duration;

/// By how much the memory of this process was larger at its highest than before, bytes.
pub(crate) fn grown(work: impl FnOnce()) -> u64 {
    write("/proc/self/clear_refs", "5").expect("the highest is forgotten");
    let before = status("VmRSS:");
    work();
    status("VmHWM:").saturating_sub(before)
}

fn status(name: &str) -> u64 {
    let text = read_to_string("/proc/self/status").expect("Linux");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("it is there");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") << 10
}

/// For how long a processor has worked for this thread: what else the machine does counts nothing.
pub(crate) fn processor_time() -> Duration {
    let text = read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = text.split_whitespace().next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number"))
}
