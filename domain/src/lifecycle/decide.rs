//! What comes next: one pure function, one file for each family of phases.
//!
//! The order of a pass is the same everywhere: what cannot be seen is left alone; Delete always goes through; then
//! what has already happened (a job that ended, a process that died) counts before what is asked.

mod canceling;
mod deleting;
mod ending;
mod moves;
mod pass;
mod reasons;
mod rest;
mod running;
mod saving;
mod starting;
mod stopping;

use jiff::Timestamp;

use self::moves::Live;
use self::pass::Pass;
use super::{Ask, Intent, Limits, Phase, Seen, Sight, Step};

/// What comes next. Total: every wish in every phase with every sight has an answer.
///
/// `intent` is what is asked and not yet settled; without it a pass only keeps what is.
pub fn decide(intent: Option<&Intent>, phase: &Phase, seen: &Seen, limits: &Limits, now: Timestamp) -> Step {
    let sight = match seen {
        Seen::Unreachable { .. } => return Step::stay(phase),
        Seen::Absent => &Sight::nothing(),
        Seen::Present(sight) => sight,
    };
    let pass = Pass { intent, sight, limits, now };
    match (pass.ask(), phase) {
        (_, Phase::Deleting { keep_savepoints, .. }) => {
            deleting::deleting(&pass, phase, *keep_savepoints, seen == &Seen::Absent)
        }
        (_, Phase::Deleted) => deleting::deleted(&pass, phase),
        (Some(Ask::Delete { keep_savepoints }), _) => deleting::begin(phase, *keep_savepoints),

        (_, Phase::Accepted) => rest::accepted(&pass, phase),
        (_, Phase::Stopped { launch, savepoint }) => rest::stopped(&pass, phase, launch, savepoint),
        (_, Phase::Canceled { launch }) => rest::ended(&pass, phase, launch.as_ref()),
        (_, Phase::Finished { launch } | Phase::Failed { launch, .. }) => {
            rest::ended(&pass, phase, Some(launch))
        }

        (_, Phase::Starting { launch, until, recoveries }) => {
            starting::starting(&pass, phase, Live { launch, recoveries: *recoveries }, *until)
        }
        (_, Phase::Running { launch, recoveries }) => {
            running::running(&pass, phase, Live { launch, recoveries: *recoveries })
        }
        (_, Phase::Saving { launch, recoveries, trigger, until }) => {
            saving::saving(&pass, phase, Live { launch, recoveries: *recoveries }, *trigger, *until)
        }
        (_, Phase::Stopping { launch, recoveries, trigger, until, then }) => {
            let stop = stopping::Stop { trigger: *trigger, until: *until, then };
            stopping::stopping(&pass, phase, Live { launch, recoveries: *recoveries }, &stop)
        }
        (_, Phase::Canceling { launch, until, then }) => {
            canceling::canceling(&pass, phase, launch, *until, then)
        }
        (_, Phase::Ending { launch, next }) => ending::ending(&pass, phase, launch, next),
    }
}
