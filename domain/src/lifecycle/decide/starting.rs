//! The processes of a run are being started and its job is coming up.

use jiff::Timestamp;

use super::context::Context;
use super::moves::{Came, LiveRun, after_job, cancel, complete, fail};
use super::{probation, reasons};
use crate::lifecycle::{
    Ask, Decision, JobStatus, Launch, MainMethod, Next, ObservedJob, ObservedProcess, Outcome, Phase, Then,
};

pub(super) fn starting(context: &Context, phase: &Phase, live: LiveRun, until: Timestamp) -> Decision {
    let LiveRun { launch, recoveries } = live;
    match context.ask() {
        Some(Ask::Cancel) => return cancel(context, launch, Then::Rest),
        Some(ask) if !context.owes(launch.asked_by) => {
            return update_instead(context, launch, ask).unwrap_or_else(|| context.refuse(phase));
        }
        Some(_) | None => {}
    }
    if context.observed.job_runs() {
        return came_up(context, live);
    }
    if let Some(job) = context.observed.ended_job() {
        return ended(context, live, job);
    }
    match (&context.observed.job_manager, &context.observed.main) {
        (ObservedProcess::Ended { .. }, MainMethod::Failed { why }) => {
            return fail(context, live, why.clone(), Came::Never);
        }
        // What was asked for and ends by itself before it ran would do so again. What was cut short is tried again, like
        // any lost run.
        (ObservedProcess::Ended { why, by_itself: true }, _) if launch.asked_by.is_some() => {
            return fail(context, live, why.clone(), Came::Never);
        }
        (ObservedProcess::Ended { why, .. }, _) => return live.replace(context, why),
        (ObservedProcess::NotStarted | ObservedProcess::Silent | ObservedProcess::Answers, _) => {}
    }
    if let Some(back) = probation::loops(context, live) {
        return back;
    }
    if context.overdue(until) {
        return fail(
            context,
            live,
            reasons::launch_overdue(context.observed, context.limits.start),
            Came::Never,
        );
    }
    // Only what is silent runs out of time. Written down now and then, not with every look.
    let little = context.until(context.limits.start / 2) > until;
    if context.observed.progresses() && little {
        let until = context.until(context.limits.start);
        return Decision::go(Phase::Starting { launch: launch.clone(), until, recoveries });
    }
    Decision::stay(phase).act(complete(context.observed, launch))
}

/// A run that replaces a lost one gives way to another revision, which goes on from the same state.
fn update_instead(context: &Context, launch: &Launch, ask: &Ask) -> Option<Decision> {
    let (revision, last_state) = match ask {
        Ask::Update { revision, keep_state } => (*revision, *keep_state),
        Ask::LastStateUpdate { revision } => (*revision, true),
        Ask::Start { .. } | Ask::Savepoint | Ask::Stop | Ask::Cancel | Ask::Delete { .. } => return None,
    };
    let asked_by = context.intent.map(|intent| intent.operation);
    launch
        .asked_by
        .is_none()
        .then(|| cancel(context, launch, Then::Launch { revision, asked_by, last_state }))
}

/// The launch is what was asked for, and it is there; an update has still to hold.
fn came_up(context: &Context, live: LiveRun) -> Decision {
    if let Some(probation) = probation::begun(context, live) {
        let (launch, recoveries) = (live.launch.clone(), live.recoveries);
        return Decision::go(Phase::Running { launch, recoveries, probation: Some(probation) });
    }
    Decision::go(live.runs()).settle(there(context, live))
}

/// What is asked is there, or what ran before is there again.
fn there(context: &Context, live: LiveRun) -> Option<Outcome> {
    match &live.launch.back_from {
        None => probation::held(context, live),
        Some(from) => context.intent.map(|_| Outcome::WentBack {
            from: from.clone(),
            revision: live.launch.revision,
            run: live.launch.run,
            state: live.launch.from.clone(),
        }),
    }
}

/// A job that ended before it was ever seen to run.
fn ended(context: &Context, live: LiveRun, job: &ObservedJob) -> Decision {
    match job.status {
        JobStatus::Finished => {
            let step = after_job(context, live, job);
            let finishes = matches!(step.phase, Phase::Ending { next: Next::Finished, .. });
            if finishes && step.outcome.is_none() { step.settle(there(context, live)) } else { step }
        }
        JobStatus::Canceled => {
            after_job(context, live, job).settle(context.fail(|| reasons::launch_failed(job)))
        }
        JobStatus::Initializing
        | JobStatus::Created
        | JobStatus::Running
        | JobStatus::Restarting
        | JobStatus::Failing
        | JobStatus::Failed
        | JobStatus::Cancelling
        | JobStatus::Suspended
        | JobStatus::Reconciling
        | JobStatus::Other(_) => fail(context, live, reasons::launch_failed(job), Came::Never),
    }
}
