//! The job runs, or Flink itself is restarting it.

use super::context::Context;
use super::moves::{LiveRun, after_job, cancel, complete, lose, loss};
use super::probation::{held, probation};
use super::reasons;
use crate::lifecycle::{
    Act, Ask, Decision, Intent, JobStatus, Next, ObservedJob, ObservedProcess, Phase, Probation, Then,
};

pub(super) fn running(
    context: &Context,
    phase: &Phase,
    live: LiveRun,
    on_probation: Option<&Probation>,
) -> Decision {
    // An update that has come up and has still to hold is not begun again.
    let updates = on_probation.is_some() && context.owes(live.launch.asked_by);
    if let Some(job) = context.observed.ended_job() {
        return ended(context, live, job, updates);
    }
    let cancels = context.ask() == Some(&Ask::Cancel);
    if let Some(loss) = loss(context.observed)
        && !cancels
    {
        let step = lose(context, live, &loss);
        return if updates { step } else { step.settle(context.fail(reasons::lost_before)) };
    }
    match (context.intent, on_probation) {
        (Some(intent), _) if !updates => begin(context, phase, live, intent),
        (_, Some(before)) => probation(context, live, before),
        (Some(_) | None, None) => Decision::stay(phase).act(complete(context.observed, live.launch)),
    }
}

fn ended(context: &Context, live: LiveRun, job: &ObservedJob, updates: bool) -> Decision {
    let step = after_job(context, live, job);
    let Phase::Ending { next, .. } = &step.phase else { return step };
    match next {
        // A job that somebody else has cancelled is what Cancel wants; its operation ends with the processes.
        Next::Canceled if context.ask() == Some(&Ask::Cancel) && job.status == JobStatus::Canceled => step,
        // It goes back, and its operation with it; or it has failed, and says so.
        Next::Launch { .. } | Next::Failed { .. } if updates => step,
        // What has run to its end has come up.
        Next::Finished if updates => step.settle(held(context, live)),
        Next::Stopped { .. }
        | Next::Canceled
        | Next::Finished
        | Next::Failed { .. }
        | Next::Launch { .. } => step.settle(context.fail(|| reasons::ended_before(job))),
    }
}

/// What is asked begins: first recorded, then done.
fn begin(context: &Context, phase: &Phase, live: LiveRun, intent: &Intent) -> Decision {
    let LiveRun { launch, recoveries } = live;
    let (run, trigger) = (launch.run, intent.operation);
    let until = context.until(context.limits.savepoint);
    let stop = |then| {
        Decision::go(Phase::Stopping { launch: launch.clone(), recoveries, trigger, until, then })
            .act(answered(context, Act::StopWithSavepoint { run, trigger }))
    };
    let launch_then = |revision, last_state| Then::Launch { revision, asked_by: Some(trigger), last_state };
    let batch = context.observed.job.as_ref().is_some_and(|job| job.batch);
    match &intent.ask {
        // It was asked before anybody knew.
        Ask::Savepoint | Ask::Stop | Ask::Update { keep_state: true, .. } if batch => {
            Decision::stay(phase).settle(context.fail(reasons::batch_is_not_saved))
        }
        Ask::Savepoint => {
            let (launch, format) = (launch.clone(), intent.format);
            Decision::go(Phase::Saving { launch, recoveries, trigger, until, format })
                .act(answered(context, Act::Savepoint { run, trigger, format }))
        }
        Ask::Stop => stop(Then::Rest),
        // A job that is just restarting takes no savepoint: what it has is its newest checkpoint.
        Ask::Update { revision, keep_state: true } if restarts(context) => {
            cancel(context, launch, launch_then(*revision, true))
        }
        Ask::Update { revision, keep_state: true } => stop(launch_then(*revision, false)),
        Ask::Update { revision, keep_state: false } => cancel(context, launch, launch_then(*revision, false)),
        Ask::LastStateUpdate { revision } => cancel(context, launch, launch_then(*revision, true)),
        Ask::Cancel => cancel(context, launch, Then::Rest),
        Ask::Start { .. } | Ask::Delete { .. } => context.refuse(phase),
    }
}

fn restarts(context: &Context) -> bool {
    let job = context.observed.job.as_ref();
    context.observed.job_manager == ObservedProcess::Answers
        && job.is_some_and(|job| {
            matches!(job.status, JobStatus::Restarting | JobStatus::Failing | JobStatus::Created)
        })
}

/// An act that needs a job manager which answers.
fn answered(context: &Context, act: Act) -> Option<Act> {
    (context.observed.job_manager == ObservedProcess::Answers).then_some(act)
}
