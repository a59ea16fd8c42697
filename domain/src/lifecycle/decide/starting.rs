//! The processes of a run are being started and its job is coming up.

use jiff::Timestamp;

use super::context::Context;
use super::moves::{Live, after_job, cancel, complete, end, newest};
use super::reasons;
use crate::lifecycle::{Ask, Decision, JobStatus, Next, ObservedProcess, Outcome, Phase, Then};
use crate::reason::Reason;

pub(super) fn starting(context: &Context, phase: &Phase, live: Live, until: Timestamp) -> Decision {
    let Live { launch, .. } = live;
    match context.ask() {
        Some(Ask::Cancel) => return cancel(context, launch, Then::Rest),
        Some(_) if !context.owes(launch.asked_by) => return context.refuse(phase),
        Some(_) | None => {}
    }
    if context.observed.job_runs() {
        return Decision::go(live.runs()).settle(came_up(context, live));
    }
    if let Some(job) = context.observed.ended_job() {
        let outcome = match job.status {
            JobStatus::Finished => came_up(context, live),
            _ => context.fail(|| reasons::launch_failed(job)),
        };
        return end(launch, after_job(context.observed, launch, job, true)).settle(outcome);
    }
    if let ObservedProcess::Ended { why } = &context.observed.job_manager {
        // The replacement of a lost run that is lost as well counts as one more loss, not as a bad launch.
        return match launch.asked_by {
            Some(_) => give_up(context, live, why.clone()),
            None => live.replace(context, why, None),
        };
    }
    if context.overdue(until) {
        return give_up(context, live, reasons::launch_overdue(context.observed, context.limits.start));
    }
    Decision::stay(phase).act(complete(context.observed, launch))
}

/// The launch is what was asked for, and it is there.
fn came_up(context: &Context, live: Live) -> Option<Outcome> {
    let keeps_state = matches!(context.ask(), Some(Ask::Update { keep_state: true, .. }));
    let savepoint = live.launch.from.path().filter(|_| keeps_state).map(str::to_owned);
    context.intent.map(|_| Outcome::Succeeded { savepoint })
}

fn give_up(context: &Context, live: Live, reason: Reason) -> Decision {
    let outcome = context.fail(|| reason.clone());
    let newest = newest(context.observed, live.launch);
    end(live.launch, Next::Failed { newest, reason, at_launch: true }).settle(outcome)
}
