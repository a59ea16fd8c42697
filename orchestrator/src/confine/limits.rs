//! How much a confined program takes, by the limits that every process has. They hold for each process alone; where
//! there are control groups, those hold for all together.

use std::io;

use rustix::process::{Resource, Rlimit, getrlimit, getuid, setrlimit};

use super::ResourceLimits;

/// Open files of one process. Flink's classes open some hundred.
const FILES: u64 = 4_096;

/// Lays the limits upon this process and its children to come.
pub(super) fn lay(limits: &ResourceLimits) -> io::Result<()> {
    // What a process writes to counts, not what it reserves: a Java reserves many times what it uses.
    at_most(Resource::Data, limits.memory_mb << 20)?;
    at_most(Resource::Fsize, limits.file_mb << 20)?;
    at_most(Resource::Core, 0)?;
    at_most(Resource::Nofile, FILES)?;
    if !getuid().is_root() {
        // The kernel counts everything that the user runs, so what runs already is added. Root it does not count.
        at_most(Resource::Nproc, threads_of_user() + limits.tasks)?;
    }
    Ok(())
}

fn at_most(resource: Resource, most: u64) -> io::Result<()> {
    let now = getrlimit(resource);
    let most = now.maximum.map_or(most, |maximum| maximum.min(most));
    Ok(setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?)
}

fn threads_of_user() -> u64 {
    let user = format!("\nUid:\t{}\t", getuid().as_raw());
    let of = |entry: std::fs::DirEntry| {
        let status = std::fs::read_to_string(entry.path().join("status")).ok()?;
        let threads = status.split_once("\nThreads:\t")?.1.lines().next()?.parse::<u64>().ok()?;
        status.contains(&user).then_some(threads)
    };
    std::fs::read_dir("/proc").into_iter().flatten().flatten().filter_map(of).sum()
}
