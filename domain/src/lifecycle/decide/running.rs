//! The job runs, or Flink itself is restarting it.

use super::context::Context;
use super::moves::{Live, after_job, cancel, complete, end, lose, loss};
use super::reasons;
use crate::lifecycle::{Act, Ask, Decision, Intent, JobStatus, ObservedProcess, Phase, Then};

pub(super) fn running(context: &Context, phase: &Phase, live: Live) -> Decision {
    let cancels = context.ask() == Some(&Ask::Cancel);
    if let Some(job) = context.observed.ended_job() {
        let step = end(live.launch, after_job(context.observed, live.launch, job, false));
        // A job that somebody else has cancelled is what Cancel wants; its operation ends with the processes.
        return match cancels && job.status == JobStatus::Canceled {
            true => step,
            false => step.settle(context.fail(|| reasons::ended_before(job))),
        };
    }
    if let Some(loss) = loss(context.observed)
        && !cancels
    {
        return lose(context, live, &loss, None).settle(context.fail(reasons::lost_before));
    }
    match context.intent {
        None => Decision::stay(phase).act(complete(context.observed, live.launch)),
        Some(intent) => begin(context, phase, live, intent),
    }
}

/// What is asked begins: first recorded, then done.
fn begin(context: &Context, phase: &Phase, live: Live, intent: &Intent) -> Decision {
    let Live { launch, recoveries } = live;
    let (run, trigger) = (launch.run, intent.operation);
    let until = context.until(context.limits.savepoint);
    let stop = |then| {
        Decision::go(Phase::Stopping { launch: launch.clone(), recoveries, trigger, until, then })
            .act(answered(context, Act::StopWithSavepoint { run, trigger }))
    };
    let launch_then = |revision| Then::Launch { revision, asked_by: Some(trigger) };
    match &intent.ask {
        Ask::Savepoint => Decision::go(Phase::Saving { launch: launch.clone(), recoveries, trigger, until })
            .act(answered(context, Act::Savepoint { run, trigger })),
        Ask::Stop => stop(Then::Rest),
        Ask::Update { revision, keep_state: true } => stop(launch_then(*revision)),
        Ask::Update { revision, keep_state: false } => cancel(context, launch, launch_then(*revision)),
        Ask::Cancel => cancel(context, launch, Then::Rest),
        Ask::Start { .. } | Ask::Delete { .. } => context.refuse(phase),
    }
}

/// An act that needs a job manager which answers.
fn answered(context: &Context, act: Act) -> Option<Act> {
    (context.observed.job_manager == ObservedProcess::Answers).then_some(act)
}
