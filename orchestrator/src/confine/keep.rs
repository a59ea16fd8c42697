//! The parent of a confined program: whatever the program starts becomes its child at the latest when its own parent
//! ends, so nothing is left when it has ended its children.

use std::ffi::OsString;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitCode, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    DumpableBehavior, Pid, PidfdFlags, Signal, WaitOptions, getpid, pidfd_open, set_child_subreaper,
    set_dumpable_behavior, setsid, wait,
};

use super::family::{self, Member};
use super::{Bounds, Group, How, Launcher, NAME};

/// The exit code when the time was over.
pub(super) const OUT_OF_TIME: u8 = 124;
/// The exit code when the kernel ended a process because all together had taken too much memory.
pub(super) const OUT_OF_MEMORY: u8 = 125;
/// What is added to the number of a signal that ended the program, as shells do.
const SIGNALLED: i32 = 128;

/// Between two looks at whether all have ended.
const LOOK: Duration = Duration::from_millis(10);
/// When to give up: a process that hangs in the kernel ends when the kernel lets it.
const GIVE_UP_AFTER: Duration = Duration::from_secs(10);

/// Starts the program and gives what became of it, once everything that it started has ended.
///
/// Standard input is the lifeline: nothing is read from it, and when it closes everything is ended.
pub(super) fn keep(mut bounds: Bounds, program: &[OsString]) -> io::Result<ExitCode> {
    // Who is a session's leader already needs no new one.
    let _ = setsid();
    set_child_subreaper(Some(getpid()))?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let group = Group::make(&bounds.name, bounds.limits.as_ref());
    bounds.groups = group.folders().to_vec();
    let until = bounds.limits.map(|limits| Instant::now() + Duration::from_secs(limits.seconds));
    let launcher = Launcher::own();
    let started = Command::new(launcher.program())
        .arg0(NAME)
        .args(launcher.words(How::Enter, &bounds)?)
        .args(program)
        .stdin(Stdio::null())
        .spawn();
    let ended = started.and_then(|mut child| attend(&mut child, until));
    let cleared = end_all();
    let out_of_memory = group.ran_out_of_memory();
    group.remove();
    cleared?;
    Ok(match ended? {
        _ if out_of_memory => ExitCode::from(OUT_OF_MEMORY),
        None => ExitCode::from(OUT_OF_TIME),
        Some(status) => code(status),
    })
}

/// Waits for the child; gives nothing when its time was over or nobody waits for it any more.
fn attend(child: &mut Child, until: Option<Instant>) -> io::Result<Option<ExitStatus>> {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw).ok_or(Errno::SRCH)?;
    let handle = pidfd_open(pid, PidfdFlags::empty())?;
    let lifeline = io::stdin();
    loop {
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        if left == Some(Duration::ZERO) {
            return Ok(None);
        }
        let left = left.map(|left| Timespec {
            tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: left.subsec_nanos().into(),
        });
        let mut events = [
            PollFd::from_borrowed_fd(handle.as_fd(), PollFlags::IN),
            PollFd::from_borrowed_fd(lifeline.as_fd(), PollFlags::empty()),
        ];
        match poll(&mut events, left.as_ref()) {
            Err(Errno::INTR) => continue,
            polled => polled?,
        };
        if !events[0].revents().is_empty() {
            return child.wait().map(Some);
        }
        if !events[1].revents().is_empty() {
            return Ok(None);
        }
    }
}

/// Ends every descendant. All are stopped first, until no new one appears: what is stopped starts nothing, so that
/// even a program that does nothing but start others comes to its end.
fn end_all() -> io::Result<()> {
    let began = Instant::now();
    let mut stopped: Vec<Member> = Vec::new();
    loop {
        // Who has ended waits for us to take notice.
        while matches!(wait(WaitOptions::NOHANG), Ok(Some(_))) {}
        let alive = family::descendants(&family::everyone()?, &[getpid().as_raw_nonzero().get()]);
        if alive.is_empty() {
            return Ok(());
        }
        let new: Vec<Member> = alive.iter().filter(|one| !stopped.contains(one)).copied().collect();
        if new.is_empty() {
            for one in &alive {
                one.signal(Signal::KILL)?;
            }
            std::thread::sleep(LOOK);
        } else {
            for one in &new {
                one.signal(Signal::STOP)?;
            }
            stopped.extend(new);
        }
        if began.elapsed() > GIVE_UP_AFTER {
            return Err(io::Error::other(format!("{} processes do not end.", alive.len())));
        }
    }
}

fn code(status: ExitStatus) -> ExitCode {
    let code = status.code().or(status.signal().map(|signal| SIGNALLED + signal));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX))
}
