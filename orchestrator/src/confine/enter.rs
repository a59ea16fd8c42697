//! Lays the bounds upon this process and becomes the program.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use rustix::fs::Mode;
use rustix::process::umask;
use rustix::thread::{CapabilitySet, capability_is_in_bounding_set, remove_capability_from_bounding_set};

use serde::{Deserialize, Serialize};

use super::{Bounds, groups, limits, visible};

/// Becomes the program; comes back only with the reason why it did not.
pub(super) fn enter(bounds: &Bounds, program: &[OsString]) -> io::Error {
    let Some((program, arguments)) = program.split_first() else {
        return io::Error::other("There is no program to start.");
    };
    match lay(bounds) {
        Ok(_) => Command::new(program).args(arguments).exec(),
        Err(error) => error,
    }
}

/// Lays everything upon this process. Visible comes last: it takes away what the others need.
pub(super) fn lay(bounds: &Bounds) -> io::Result<Laid> {
    umask(Mode::from_bits_truncate(0o077));
    let joined = groups::join(&bounds.groups);
    if let Some(limits) = &bounds.limits {
        limits::lay(limits)?;
    }
    give_up_capabilities();
    Ok(Laid { joined, visible: visible::restrict(bounds)? })
}

/// What was laid upon the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Laid {
    /// It is in every group that it was to join.
    pub(super) joined: bool,
    pub(super) visible: visible::Visible,
}

/// Root without capabilities is a user like any other but for its files: what this process becomes has none.
fn give_up_capabilities() {
    for capability in CapabilitySet::all().iter() {
        if capability_is_in_bounding_set(capability).is_ok_and(|there| there) {
            // Without the right to give them up there is none to give up.
            let _ = remove_capability_from_bounding_set(capability);
        }
    }
}
