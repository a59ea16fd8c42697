//! A cancellation is promised.

use jiff::Timestamp;

use super::context::Context;
use super::moves::{after_cancel, end};
use crate::lifecycle::{Act, Ask, Decision, JobStatus, Launch, ObservedProcess, Phase, Then};

pub(super) fn canceling(
    context: &Context,
    phase: &Phase,
    launch: &Launch,
    until: Timestamp,
    then: &Then,
) -> Decision {
    // Cancel also stops a stateless update between its two runs.
    let then = if context.ask() == Some(&Ask::Cancel) { &Then::Rest } else { then };
    let asked_by = match then {
        Then::Rest => None,
        Then::Launch { asked_by, .. } => *asked_by,
    };
    match context.ask() {
        None | Some(Ask::Cancel) => {}
        Some(_) if context.owes(asked_by) => {}
        Some(_) => return context.refuse(phase),
    }
    // However the job ended, it ended after it was to be cancelled: a Finished may come from an earlier stop.
    let over = context.observed.ended_job().is_some()
        || !context.observed.job_manager.alive()
        || context.overdue(until);
    if over {
        return end(launch, after_cancel(context, launch, then));
    }
    let asks = context.observed.job_manager == ObservedProcess::Answers
        && context.observed.job.as_ref().is_none_or(|job| job.status != JobStatus::Cancelling);
    Decision::go(Phase::Canceling { launch: launch.clone(), until, then: then.clone() })
        .act(asks.then_some(Act::Cancel { run: launch.run }))
}
