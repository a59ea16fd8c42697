//! What comes next: one pure function, one file for each family of phases.
//!
//! The order of a pass is the same everywhere: what cannot be seen is left alone; Delete always goes through; then
//! what has already happened (a job that ended, a process that died) counts before what is asked.
//!
//! Every match names every variant: whoever adds one is asked here what follows from it.
#![deny(clippy::wildcard_enum_match_arm)]

mod canceling;
mod context;
mod deleting;
mod ending;
mod moves;
mod probation;
mod reasons;
mod rest;
mod running;
mod saving;
mod starting;
mod stopping;
mod waiting;

use jiff::Timestamp;

use self::context::Context;
use self::moves::LiveRun;
use super::{Ask, Decision, Intent, KnownState, Limits, Observation, ObservedRun, Phase};

/// What comes next. Total: every ask in every phase with every observation has an answer.
///
/// `intent` is what is asked and not yet settled; without it a pass only keeps what is. `known` is the newest state that
/// was ever seen.
pub fn decide(
    intent: Option<&Intent>,
    phase: &Phase,
    known: Option<&KnownState>,
    seen: &Observation,
    limits: &Limits,
    now: Timestamp,
) -> Decision {
    let observed = match seen {
        Observation::Unreachable { .. } => return deleting::unseen(intent, phase),
        Observation::Absent => &ObservedRun::nothing(),
        Observation::Present(observed) => observed,
    };
    let context = Context { intent, known, observed, limits, now };
    let mut decision = next(&context, phase, seen);
    if let Some(launch) = phase.launch().filter(|_| observed.checkpoints_off) {
        decision.phase = decision.phase.with_checkpoints_off(launch.run);
    }
    decision
}

fn next(context: &Context, phase: &Phase, seen: &Observation) -> Decision {
    match (context.ask(), phase) {
        (_, Phase::Deleting { keep_savepoints, .. }) => {
            deleting::deleting(context, phase, *keep_savepoints, seen == &Observation::Absent)
        }
        (_, Phase::Deleted) => deleting::deleted(context, phase),
        (Some(Ask::Delete { keep_savepoints, .. }), _) => deleting::begin(phase, *keep_savepoints),

        (_, Phase::Accepted) => rest::accepted(context, phase),
        (_, Phase::Stopped { launch, savepoint }) => rest::stopped(context, phase, launch, savepoint),
        (_, Phase::Canceled { launch }) => rest::ended(context, phase, launch.as_ref()),
        (_, Phase::Finished { launch } | Phase::Failed { launch, .. }) => {
            rest::ended(context, phase, Some(launch))
        }

        (_, Phase::Starting { launch, until, recoveries }) => {
            starting::starting(context, phase, LiveRun { launch, recoveries: *recoveries }, *until)
        }
        (_, Phase::Running { launch, recoveries, probation }) => {
            running::running(context, phase, LiveRun { launch, recoveries: *recoveries }, probation.as_ref())
        }
        (_, Phase::Saving { launch, recoveries, trigger, until, format }) => {
            let save = saving::Save { trigger: *trigger, until: *until, format: *format };
            saving::saving(context, phase, LiveRun { launch, recoveries: *recoveries }, &save)
        }
        (_, Phase::Stopping { launch, recoveries, trigger, until, then }) => {
            let stop = stopping::Stop { trigger: *trigger, until: *until, then };
            stopping::stopping(context, phase, LiveRun { launch, recoveries: *recoveries }, &stop)
        }
        (_, Phase::Canceling { launch, until, then }) => {
            canceling::canceling(context, phase, launch, *until, then)
        }
        (_, Phase::Waiting { launch, next, recoveries, .. }) => {
            waiting::waiting(context, phase, launch, next, *recoveries)
        }
        (_, Phase::Ending { launch, next }) => ending::ending(context, phase, launch, next),
    }
}
