//! What this machine has to confine programs with: tried once at the start, said in the log and in Settings.

use std::io;
use std::process::{Command, ExitCode};

use domain::view::Safeguard;
use rustix::process::{DumpableBehavior, getuid, set_dumpable_behavior};

use super::enter::{self, Laid};
use super::visible::Visible;
use super::{Bounds, Group, How, Launcher, NAME, ResourceLimits, groups};

/// What there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Means {
    visible: Visible,
    /// Control groups bound memory.
    memory: bool,
    /// Control groups bound the number of processes.
    tasks: bool,
    /// Control groups tell who belongs together.
    groups: bool,
    root: bool,
    /// No other process of the user looks into the portal.
    hidden: bool,
}

/// What the groups of checks are called, with something of their own behind it.
pub(crate) const CHECKS: &str = "penstock-check-";

/// Prints what can be laid upon this process, as `how look` is asked to.
pub(super) fn look(bounds: &Bounds) -> io::Result<ExitCode> {
    println!("{}", serde_json::to_string(&enter::lay(bounds)?)?);
    Ok(ExitCode::SUCCESS)
}

impl Means {
    /// Tries everything once, closes this process to others, and clears what an earlier portal left.
    pub(crate) fn found(launcher: &Launcher, limits: &ResourceLimits) -> io::Result<Self> {
        let hidden = set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
        groups::remove_empty(CHECKS);
        let name = format!("{CHECKS}{}", uuid::Uuid::new_v4().simple());
        let bounding = Group::make(&name, Some(limits));
        let within = tried(launcher, &Bounds { limits: Some(*limits), ..in_group(&name, &bounding) });
        bounding.remove();
        let marking = Group::make(&name, None);
        let marked = tried(launcher, &in_group(&name, &marking));
        marking.remove();
        let Laid { joined, visible } = within?;
        Ok(Self {
            visible,
            memory: bounding.memory && joined,
            tasks: bounding.tasks && joined,
            groups: !marking.folders().is_empty() && marked?.joined,
            root: getuid().is_root(),
            hidden,
        })
    }

    /// One sentence for each thing that a program is kept from, and whether it really is.
    pub(crate) fn safeguards(&self, limits: &ResourceLimits) -> Vec<Safeguard> {
        let Self { visible, memory, tasks, groups, root, hidden } = *self;
        let said = |title: &str, there: bool, yes: String, no: &str| Safeguard {
            title: title.to_owned(),
            there,
            detail: if there { yes } else { no.to_owned() },
        };
        let ResourceLimits { memory_mb, tasks: most, seconds, .. } = *limits;
        vec![
            said(
                "Files",
                visible.files(),
                "A program sees the system, Java, Flink and its own folders only (Landlock).".to_owned(),
                "This kernel has no Landlock (Linux 5.13 has, where it is switched on): a program sees every file that \
                 the portal's user sees, the database too.",
            ),
            said(
                "Other processes",
                visible.signals(),
                "A program neither ends nor looks into a process that is not its own (Landlock).".to_owned(),
                "This kernel lets a program end other processes of the portal's user (Linux 6.12 does not).",
            ),
            said(
                "The portal's environment",
                hidden || visible.files(),
                "Closed to every other process.".to_owned(),
                "This system lets processes of the portal's user read it.",
            ),
            said(
                "Ports",
                visible.ports(),
                "A checked program listens nowhere (Landlock).".to_owned(),
                "This kernel lets a checked program listen on any address (Linux 6.7 does not).",
            ),
            said(
                "Memory of a checked program",
                memory,
                format!("{memory_mb} MB for all its processes together (control group)."),
                "No control group can be made here: the bound holds for each process of a program, not for all of them \
                 together.",
            ),
            said(
                "Processes of a checked program",
                tasks || !root,
                format!("{most} processes and threads at once."),
                "No control group can be made here and the portal runs as root, whose processes are not counted: their \
                 number has no bound. Run the portal as another user.",
            ),
            said(
                "Time of a checked program",
                true,
                format!("{seconds} seconds; everything that it started ends with it."),
                "",
            ),
            said(
                "Children of a job's processes",
                groups,
                "End with them (control group).".to_owned(),
                "No control group can be made here: they are recognised by their environment and their parents, and one \
                 that hides both may stay.",
            ),
            said(
                "User",
                !root,
                "Programs run as the portal's own user, without further rights.".to_owned(),
                "The portal runs as root, and so do programs, though without root's capabilities. Run it as a user of \
                 its own.",
            ),
        ]
    }
}

fn in_group(name: &str, group: &Group) -> Bounds {
    Bounds { name: name.to_owned(), groups: group.folders().to_vec(), ..Bounds::default() }
}

/// Lays the bounds upon a process of its own that does nothing else.
fn tried(launcher: &Launcher, bounds: &Bounds) -> io::Result<Laid> {
    use std::os::unix::process::CommandExt;
    let output = Command::new(launcher.program())
        .arg0(NAME)
        .args(launcher.words(How::Look, bounds)?)
        .env_clear()
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned()));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
