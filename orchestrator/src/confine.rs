//! Other people's programs, confined: what they see, how much they take, and that nothing of them stays.
//!
//! Rules that a process lays upon itself hold for what it then becomes. So this binary is started once more, as
//! `penstock confine ...`, lays them upon itself and becomes Java:
//!
//! * `enter` takes its bounds and becomes the program. A cluster's processes are started so.
//! * `keep` starts the same as a child and stays its parent: it ends the program with every child's child when it has
//!   ended, when its time is over or when the portal lets go. A checked `main` is started so.
//! * `look` tries what there is on this machine and prints it.
//!
//! Each takes the best that the machine has and goes on without what it lacks; `means` says what that is.

mod enter;
pub(crate) mod family;
mod groups;
mod keep;
mod limits;
pub(crate) mod means;
pub(crate) mod run;
mod visible;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

pub(crate) use self::groups::{Group, remove_empty};

/// The first word of a command line that confines.
const WORD: &str = "confine";

/// The binary that confines: the portal's own, or one whose `main` asks [`asked`] first.
#[derive(Clone, Debug)]
pub struct Launcher(PathBuf);

impl Launcher {
    /// This very program, even when its file has been replaced since.
    pub fn own() -> Self {
        Self(PathBuf::from(OWN))
    }

    /// Another binary.
    pub fn at(program: &Path) -> Self {
        Self(program.to_owned())
    }

    pub(crate) fn program(&self) -> &Path {
        &self.0
    }

    /// The words that start a program within bounds; the program's own follow.
    pub(crate) fn words(&self, how: How, bounds: &Bounds) -> std::io::Result<[String; 3]> {
        Ok([WORD.to_owned(), how.word().to_owned(), serde_json::to_string(bounds)?])
    }
}

const OWN: &str = "/proc/self/exe";

/// What a process is shown as until it has become Java.
pub(crate) const NAME: &str = "penstock";

/// The ways to start a confined program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    Enter,
    Keep,
    Look,
}

impl How {
    const ALL: [How; 3] = [How::Enter, How::Keep, How::Look];

    const fn word(self) -> &'static str {
        match self {
            How::Enter => "enter",
            How::Keep => "keep",
            How::Look => "look",
        }
    }
}

/// What a program may see and take.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Bounds {
    /// A name of its own; its control groups are called so.
    pub(crate) name: String,
    /// Files and folders that it reads and runs, beside those of the system.
    pub(crate) read: Vec<PathBuf>,
    /// Files and folders with which it does as it likes.
    pub(crate) write: Vec<PathBuf>,
    /// It may wait for connections.
    pub(crate) listens: bool,
    /// How much it takes, together with its children; none leaves that open.
    pub(crate) limits: Option<ResourceLimits>,
    /// Control groups that it joins.
    pub(crate) groups: Vec<PathBuf>,
}

/// How much a program and its children take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResourceLimits {
    /// Memory, MB.
    pub(crate) memory_mb: u64,
    /// Processes and threads at once.
    pub(crate) tasks: u64,
    /// Size of one file that it writes, MB.
    pub(crate) file_mb: u64,
    /// Seconds from start to end.
    pub(crate) seconds: u64,
}

/// Does what a command line asks for if it asks to confine; nothing otherwise. A binary's `main` asks this first,
/// before it has threads: the rules hold for the thread that lays them and for what it becomes.
pub fn asked() -> Option<ExitCode> {
    let mut words = std::env::args_os().skip(1);
    if words.next()? != WORD {
        return None;
    }
    let done = told(words).unwrap_or_else(|error| {
        eprintln!("penstock confine: {error}");
        ExitCode::from(NOT_CONFINED)
    });
    Some(done)
}

/// The exit code of a program that was not started because it could not be confined.
pub(crate) const NOT_CONFINED: u8 = 126;

fn told(mut words: impl Iterator<Item = OsString>) -> std::io::Result<ExitCode> {
    let asked = words.next().unwrap_or_default();
    let how = How::ALL.into_iter().find(|how| asked == how.word());
    let (Some(how), Some(bounds)) = (how, words.next()) else {
        return Err(std::io::Error::other("It is the portal that starts this, with how and bounds."));
    };
    let bounds: Bounds = serde_json::from_slice(bounds.as_encoded_bytes())?;
    let program: Vec<OsString> = words.collect();
    match how {
        How::Enter => Err(enter::enter(&bounds, &program)),
        How::Keep => keep::keep(bounds, &program),
        How::Look => means::look(&bounds),
    }
}
