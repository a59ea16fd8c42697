//! Which processes of this data folder are alive. The processes themselves are the truth: each carries a marker in
//! its command line that names data folder, cluster, run and role. Files only remember.
//!
//! What these processes start is known by the control group or the environment that it was born into, or by its parents.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::id::ClusterId;
use rustix::process::Signal;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::folder::Role;
use crate::confine::family::{self, Member};

const MARK: &[u8] = b"-Dpenstock.run=";
const VARIABLE: &str = "PENSTOCK_RUN";
const GROUP: &str = "penstock-run-";
/// The option by which a task manager is told what to call itself.
pub(super) const NAME: &[u8] = b"taskmanager.resource-id";

/// How often and after how long a process is looked at again that is just becoming another program.
const LOOKS: u32 = 20;
const MOMENT: Duration = Duration::from_millis(1);

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
    /// What a task manager calls itself when it registers; none for all others.
    pub(crate) name: Option<String>,
    /// It is not the process of that role, but was started by it.
    pub(crate) child: bool,
    /// The process that had started it is no more.
    pub(crate) stray: bool,
}

/// Cluster, run and role.
type Identity = (ClusterId, u32, Role);

/// Finds the processes of one data folder.
#[derive(Debug)]
pub(crate) struct Processes {
    folder: String,
    /// The last look and when it began. Locked while looking, so that those who come meanwhile share it.
    last: Mutex<Look>,
}

#[derive(Debug, Default)]
struct Look {
    /// None when the next one has to be a new one.
    began: Option<Instant>,
    found: Arc<Vec<Process>>,
}

impl Processes {
    pub(crate) fn of(data: &Path) -> Self {
        let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
        Self { folder: hex::encode(&digest[..8]), last: Mutex::default() }
    }

    /// The argument by which a process is recognised.
    pub(crate) fn marker(&self, cluster: ClusterId, run: u32, role: Role) -> String {
        let mark = String::from_utf8_lossy(MARK);
        format!("{mark}{}:{}:{run}:{role}", self.folder, cluster.0.simple())
    }

    /// The variable by which a process's children are recognised.
    pub(crate) fn variable(&self, cluster: ClusterId, run: u32, role: Role) -> (&'static str, String) {
        (VARIABLE, format!("{}:{}:{run}:{role}", self.folder, cluster.0.simple()))
    }

    /// The name of the control group of a process and its children.
    pub(crate) fn group(&self, cluster: ClusterId, run: u32, role: Role) -> String {
        format!("{}{run}-{role}", self.groups(cluster))
    }

    /// How the names of all groups of a cluster begin.
    pub(crate) fn groups(&self, cluster: ClusterId) -> String {
        format!("{}{}-", self.all_groups(), cluster.0.simple())
    }

    /// How the names of all groups of the data folder begin.
    pub(crate) fn all_groups(&self) -> String {
        format!("{GROUP}{}-", self.folder)
    }

    /// Every live process of the data folder, as of a moment ago.
    pub(crate) async fn alive(&self) -> std::io::Result<Arc<Vec<Process>>> {
        let mut last = self.last.lock().await;
        if last.began.is_some_and(|began| began.elapsed() < FRESH) {
            return Ok(last.found.clone());
        }
        let began = Instant::now();
        let (folder, before) = (self.folder.clone(), last.found.clone());
        let look = tokio::task::spawn_blocking(move || scan(&folder, &before));
        let found = Arc::new(look.await.map_err(std::io::Error::other)??);
        *last = Look { began: Some(began), found: found.clone() };
        Ok(found)
    }

    /// The live processes of one cluster.
    pub(crate) async fn of_cluster(&self, cluster: ClusterId) -> std::io::Result<Vec<Process>> {
        let alive = self.alive().await?;
        Ok(alive.iter().filter(|process| process.cluster == cluster).cloned().collect())
    }

    /// The next look is a new one. Whoever started or ended a process says so.
    pub(crate) async fn look_anew(&self) {
        self.last.lock().await.began = None;
    }
}

impl Process {
    fn of(member: &Member, (cluster, run, role): Identity, child: bool) -> Self {
        let (pid, started) = (member.pid, member.started);
        Self { pid, started, cluster, run, role, name: None, child, stray: false }
    }

    fn is_like(&self, other: &Self) -> bool {
        (self.cluster, self.run, self.role) == (other.cluster, other.run, other.role)
    }

    /// Sends a signal to this very process, never to another one that was given its pid since.
    pub(crate) fn signal(&self, signal: Signal) -> std::io::Result<()> {
        family::signal(self.pid, self.started, signal)
    }
}

/// `before` is what the last look has found.
fn scan(folder: &str, before: &[Process]) -> std::io::Result<Vec<Process>> {
    let everyone = family::everyone()?;
    let mut found: HashMap<i32, Process> = HashMap::new();
    for one in &everyone {
        let line = command_line(one);
        let by_line = line.split(|byte| *byte == 0).find_map(|argument| marked(argument, folder));
        // What a process is started with it may change, what group it is in and what it was given to begin with not.
        let (identity, child) = match by_line {
            Some(identity) => (Some(identity), false),
            None if line.is_empty() => {
                found.extend(dying(one, before).map(|process| (one.pid, process)));
                continue;
            }
            None => (by_group(one, folder).or_else(|| by_environment(one, folder)), true),
        };
        if let Some(identity) = identity {
            let name = if child { None } else { name(&line) };
            found.insert(one.pid, Process { name, ..Process::of(one, identity, child) });
        }
    }
    // Between its start and its own command line a child has its parent's.
    let copies: Vec<i32> = everyone
        .iter()
        .filter(|one| {
            let same = |parent: &Process| found.get(&one.pid).is_some_and(|process| process.is_like(parent));
            found.get(&one.parent).is_some_and(same)
        })
        .map(|one| one.pid)
        .collect();
    for copy in copies {
        found.entry(copy).and_modify(|process| process.child = true);
    }
    // And whoever hides both is still somebody's child, or in somebody's session.
    let mains: Vec<Process> = found.values().filter(|process| !process.child).cloned().collect();
    for main in &mains {
        let session = everyone.iter().filter(|one| one.session == main.pid && one.pid != main.pid).copied();
        for one in family::descendants(&everyone, &[main.pid]).into_iter().chain(session) {
            found
                .entry(one.pid)
                .or_insert_with(|| Process::of(&one, (main.cluster, main.run, main.role), true));
        }
    }
    let mut processes: Vec<Process> = found.into_values().collect();
    for process in &mut processes {
        process.stray = process.child && !mains.iter().any(|main| process.is_like(main));
    }
    Ok(processes)
}

/// One that was killed has no command line any more, but its sockets, until it is out of the kernel: it stays who it was.
fn dying(one: &Member, before: &[Process]) -> Option<Process> {
    let same = |process: &&Process| (process.pid, process.started) == (one.pid, one.started);
    before.iter().find(same).cloned()
}

/// What a process was started with; empty for the kernel's own. One that is just becoming another program has none for
/// a moment, and is looked at again.
fn command_line(one: &Member) -> Vec<u8> {
    /// The process that starts the kernel's own.
    const KERNEL: i32 = 2;
    let mut line = Vec::new();
    for _ in 0..LOOKS {
        // A process may end while it is looked at.
        match std::fs::read(format!("/proc/{}/cmdline", one.pid)) {
            Ok(read) => line = read,
            Err(_) => break,
        }
        if !line.is_empty() || one.parent == KERNEL || one.pid == KERNEL || Member::at(one.pid).is_none() {
            break;
        }
        std::thread::sleep(MOMENT);
    }
    line
}

fn by_group(one: &Member, folder: &str) -> Option<Identity> {
    one.groups().iter().find_map(|name| named(name.strip_prefix(GROUP)?, '-', folder))
}

fn by_environment(one: &Member, folder: &str) -> Option<Identity> {
    named(&one.variable(VARIABLE)?, ':', folder)
}

/// What a task manager was told to call itself.
fn name(line: &[u8]) -> Option<String> {
    let mut arguments = line.split(|byte| *byte == 0);
    let name = arguments.find_map(|argument| argument.strip_prefix(NAME)?.strip_prefix(b"="))?;
    Some(String::from_utf8_lossy(name).into_owned())
}

/// What the marker says, if the argument is one of this data folder.
fn marked(argument: &[u8], folder: &str) -> Option<Identity> {
    named(std::str::from_utf8(argument.strip_prefix(MARK)?).ok()?, ':', folder)
}

/// `folder:cluster:run:role`, if it is this data folder.
fn named(text: &str, between: char, folder: &str) -> Option<Identity> {
    let mut parts = text.strip_prefix(folder)?.strip_prefix(between)?.splitn(3, between);
    let cluster = parts.next()?.parse().ok()?;
    let run = parts.next()?.parse().ok()?;
    let role = parts.next()?.parse().ok()?;
    Some((cluster, run, role))
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
    fn who_is_dying_is_still_who_it_was_and_its_pid_may_be_anothers() {
        let identity = (ClusterId(uuid::Uuid::from_u128(7)), 3, Role::JobManager);
        let member = Member { pid: 42, parent: 1, session: 42, started: 1_000 };
        let before = [Process::of(&member, identity, false)];
        assert_eq!(dying(&member, &before).as_ref(), Some(&before[0]));
        assert_eq!(dying(&Member { started: 2_000, ..member }, &before), None);
        assert_eq!(dying(&Member { pid: 43, ..member }, &before), None);
    }

    #[test]
    fn a_child_is_found_by_its_environment_and_a_stray_is_one_without_its_main() {
        let processes = Processes::of(Path::new("/a/data/folder/of/this/test"));
        let cluster = ClusterId(uuid::Uuid::from_u128(8));
        let variable = processes.variable(cluster, 2, Role::TaskManager(1));
        let mut child = std::process::Command::new("sleep")
            .arg("1000")
            .env(variable.0, variable.1)
            .spawn()
            .expect("sleep is there");
        let found = scan(&processes.folder, &[]).expect("readable");
        child.kill().expect("it is killed");
        child.wait().expect("it has ended");
        let [one] = &found[..] else { panic!("{found:?}") };
        assert_eq!((one.cluster, one.run, one.role), (cluster, 2, Role::TaskManager(1)));
        assert!(one.child && one.stray);
    }
}
