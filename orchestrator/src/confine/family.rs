//! Who is whose child, from `/proc`: everything that a program has started, however it hides.

use std::io;

use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};

/// A process, as `/proc/<pid>/stat` has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Member {
    pub(crate) pid: i32,
    pub(crate) parent: i32,
    pub(crate) session: i32,
    /// In clock ticks since the machine started: with the pid, unique for as long as the machine runs.
    pub(crate) started: u64,
}

impl Member {
    /// The process of that pid; none if it has ended.
    pub(crate) fn at(pid: i32) -> Option<Self> {
        Self::of(pid, &std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
    }

    fn of(pid: i32, stat: &str) -> Option<Self> {
        // The name may hold anything, so fields are counted from behind its closing bracket: state is the first.
        let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
        let state = fields.next()?;
        let parent = fields.next()?.parse().ok()?;
        let session = fields.nth(1)?.parse().ok()?;
        let threads: u32 = fields.nth(13)?.parse().ok()?;
        let started = fields.nth(1)?.parse().ok()?;
        // Of one that has been killed the first thread may have ended before the others: until they have too, it holds
        // its sockets.
        if state == "X" || (state == "Z" && threads <= 1) {
            return None;
        }
        Some(Self { pid, parent, session, started })
    }

    pub(crate) fn signal(&self, signal: Signal) -> io::Result<()> {
        self::signal(self.pid, self.started, signal)
    }

    /// A variable of the environment that the process was started with; those of another user are not seen.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        let environment = std::fs::read(format!("/proc/{}/environ", self.pid)).ok()?;
        let mut variables = environment.split(|byte| *byte == 0);
        let value = variables.find_map(|one| one.strip_prefix(name.as_bytes())?.strip_prefix(b"="))?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// The names of the control groups that the process lives in.
    pub(crate) fn groups(&self) -> Vec<String> {
        let groups = std::fs::read_to_string(format!("/proc/{}/cgroup", self.pid)).unwrap_or_default();
        groups.lines().filter_map(|line| Some(line.rsplit_once('/')?.1.to_owned())).collect()
    }
}

/// Sends a signal to a process that started then, never to another one that was given its pid since.
pub(crate) fn signal(pid: i32, started: u64, signal: Signal) -> io::Result<()> {
    let Some(handle) = Pid::from_raw(pid) else { return Ok(()) };
    let handle = match pidfd_open(handle, PidfdFlags::empty()) {
        Err(Errno::SRCH) => return Ok(()),
        handle => handle?,
    };
    // The handle cannot change its process any more; now it is safe to see whose it is.
    if Member::at(pid).is_none_or(|now| now.started != started) {
        return Ok(());
    }
    match pidfd_send_signal(handle, signal) {
        Err(Errno::SRCH) => Ok(()),
        sent => Ok(sent?),
    }
}

/// Everything that lives.
pub(crate) fn everyone() -> io::Result<Vec<Member>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        // A process may end while it is looked at.
        found.extend(name.to_str().and_then(|name| name.parse().ok()).and_then(Member::at));
    }
    Ok(found)
}

/// The children of these processes, and theirs, and so on; not the processes themselves.
pub(crate) fn descendants(everyone: &[Member], of: &[i32]) -> Vec<Member> {
    let mut found: Vec<Member> = Vec::new();
    let mut parents = of.to_vec();
    while !parents.is_empty() {
        let children: Vec<Member> = everyone
            .iter()
            .filter(|one| parents.contains(&one.parent) && !of.contains(&one.pid) && !found.contains(one))
            .copied()
            .collect();
        parents = children.iter().map(|child| child.pid).collect();
        found.extend(children);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_found_and_a_pid_that_is_free_is_not() {
        let me = i32::try_from(std::process::id()).expect("a pid fits");
        let found = Member::at(me).expect("it lives");
        assert!(everyone().expect("readable").contains(&found));
        assert_eq!(Member::at(i32::MAX), None);
    }

    #[test]
    fn who_has_ended_has_with_the_last_thread() {
        let stat = |state: &str, threads: u32| {
            format!(
                "42 (a) b) {state} 7 42 41 0 -1 4194316 1 0 0 0 3 4 0 0 20 0 {threads} 0 123456 0 0 18446744073709551615"
            )
        };
        let lives = Member { pid: 42, parent: 7, session: 41, started: 123_456 };
        for (state, threads) in [("S", 30), ("T", 30), ("D", 1), ("Z", 2)] {
            assert_eq!(Member::of(42, &stat(state, threads)), Some(lives), "{state} {threads}");
        }
        for (state, threads) in [("Z", 1), ("X", 1)] {
            assert_eq!(Member::of(42, &stat(state, threads)), None, "{state} {threads}");
        }
    }

    #[test]
    fn descendants_are_children_and_their_children_and_nobody_else() {
        let member = |pid, parent| Member { pid, parent, session: 1, started: 1 };
        let all = [member(1, 0), member(2, 1), member(3, 2), member(4, 3), member(5, 1)];
        let pids = |of: &[i32]| descendants(&all, of).iter().map(|one| one.pid).collect::<Vec<_>>();
        assert_eq!(pids(&[2]), [3, 4]);
        assert_eq!(pids(&[5]), [0; 0]);
        assert_eq!(pids(&[1]), [2, 5, 3, 4]);
    }
}
