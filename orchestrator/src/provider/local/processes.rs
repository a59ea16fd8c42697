//! Which processes of this data folder are alive. The processes themselves are the truth: each carries a marker in
//! its command line that names data folder, cluster, run and role. Files only remember.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::id::ClusterId;
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::folder::Role;

const MARK: &[u8] = b"-Dpenstock.run=";

/// One look serves every cluster that is looked at within this time.
const FRESH: Duration = Duration::from_millis(150);

/// A live process.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Process {
    pub(crate) pid: i32,
    /// In clock ticks since the machine started: with the pid, unique for as long as the machine runs.
    pub(crate) started: u64,
    pub(crate) cluster: ClusterId,
    pub(crate) run: u32,
    pub(crate) role: Role,
}

/// Finds the processes of one data folder.
#[derive(Debug)]
pub(crate) struct Processes {
    folder: String,
    /// The last look and when it began. Locked while looking, so that those who come meanwhile share it.
    last: Mutex<Option<(Instant, Arc<Vec<Process>>)>>,
}

impl Processes {
    pub(crate) fn of(data: &Path) -> Self {
        let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
        Self { folder: hex::encode(&digest[..8]), last: Mutex::new(None) }
    }

    /// The argument by which a process is recognised.
    pub(crate) fn marker(&self, cluster: ClusterId, run: u32, role: Role) -> String {
        let mark = String::from_utf8_lossy(MARK);
        format!("{mark}{}:{}:{run}:{role}", self.folder, cluster.0.simple())
    }

    /// Every live process of the data folder, as of a moment ago.
    pub(crate) async fn alive(&self) -> std::io::Result<Arc<Vec<Process>>> {
        let mut last = self.last.lock().await;
        if let Some((began, processes)) = last.as_ref()
            && began.elapsed() < FRESH
        {
            return Ok(processes.clone());
        }
        let began = Instant::now();
        let folder = self.folder.clone();
        let processes =
            tokio::task::spawn_blocking(move || scan(&folder)).await.map_err(std::io::Error::other)??;
        let processes = Arc::new(processes);
        *last = Some((began, processes.clone()));
        Ok(processes)
    }

    /// The live processes of one cluster.
    pub(crate) async fn of_cluster(&self, cluster: ClusterId) -> std::io::Result<Vec<Process>> {
        let alive = self.alive().await?;
        Ok(alive.iter().filter(|process| process.cluster == cluster).cloned().collect())
    }

    /// The next look is a new one. Whoever started or ended a process says so.
    pub(crate) async fn look_anew(&self) {
        *self.last.lock().await = None;
    }
}

impl Process {
    /// Sends a signal to this very process, never to another one that was given its pid since.
    pub(crate) fn signal(&self, signal: Signal) -> std::io::Result<()> {
        let Some(pid) = Pid::from_raw(self.pid) else { return Ok(()) };
        let handle = match pidfd_open(pid, PidfdFlags::empty()) {
            Err(Errno::SRCH) => return Ok(()),
            handle => handle?,
        };
        // The handle cannot change its process any more; now it is safe to see whose it is.
        if started(self.pid) != Some(self.started) {
            return Ok(());
        }
        match pidfd_send_signal(handle, signal) {
            Err(Errno::SRCH) => Ok(()),
            sent => Ok(sent?),
        }
    }
}

fn scan(folder: &str) -> std::io::Result<Vec<Process>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse::<i32>().ok()) else { continue };
        // A process may end while it is looked at; one that has ended and waits for its parent has no command line.
        let Ok(line) = std::fs::read(format!("/proc/{pid}/cmdline")) else { continue };
        let Some((cluster, run, role)) =
            line.split(|byte| *byte == 0).find_map(|argument| marked(argument, folder))
        else {
            continue;
        };
        if let Some(started) = started(pid) {
            found.push(Process { pid, started, cluster, run, role });
        }
    }
    Ok(found)
}

/// What the marker says, if the argument is one of this data folder.
fn marked(argument: &[u8], folder: &str) -> Option<(ClusterId, u32, Role)> {
    let text = std::str::from_utf8(argument.strip_prefix(MARK)?).ok()?;
    let mut parts = text.strip_prefix(folder)?.strip_prefix(':')?.splitn(3, ':');
    let cluster = parts.next()?.parse().ok()?;
    let run = parts.next()?.parse().ok()?;
    let role = parts.next()?.parse().ok()?;
    Some((cluster, run, role))
}

/// When the process started; none if it has ended.
fn started(pid: i32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may hold anything, so fields are counted from behind its closing bracket: state is the first.
    let mut fields = stat.get(stat.rfind(')')? + 1..)?.split_ascii_whitespace();
    let state = fields.next()?;
    if matches!(state, "Z" | "X") {
        return None;
    }
    fields.nth(18)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_read_back_by_its_own_data_folder_only() {
        let (ours, theirs) = (Processes::of(Path::new("/a")), Processes::of(Path::new("/b")));
        let cluster = ClusterId(uuid::Uuid::from_u128(7));
        for role in [Role::JobManager, Role::TaskManager(12)] {
            let marker = ours.marker(cluster, 3, role);
            assert_eq!(marked(marker.as_bytes(), &ours.folder), Some((cluster, 3, role)));
            assert_eq!(marked(marker.as_bytes(), &theirs.folder), None);
        }
        assert_eq!(marked(b"-Dpenstock.run=", &ours.folder), None);
        assert_eq!(
            marked(format!("-Dpenstock.run={}:x:1:jobmanager", ours.folder).as_bytes(), &ours.folder),
            None
        );
    }

    #[test]
    fn this_process_has_a_start_time_and_a_pid_that_is_free_has_none() {
        let me = i32::try_from(std::process::id()).expect("a pid fits");
        assert!(started(me).is_some());
        assert_eq!(started(i32::MAX), None);
    }
}
