//! The job runs, or Flink itself is restarting it.

use super::moves::{Live, after_job, cancel, complete, end, lose, loss};
use super::pass::Pass;
use super::reasons;
use crate::lifecycle::{Act, Ask, Intent, JobStatus, Phase, ProcessSeen, Step, Then};

pub(super) fn running(pass: &Pass, phase: &Phase, live: Live) -> Step {
    let cancels = pass.ask() == Some(&Ask::Cancel);
    if let Some(job) = pass.sight.ended_job() {
        let step = end(live.launch, after_job(pass.sight, live.launch, job, false));
        // A job that somebody else has cancelled is what Cancel wants; its operation ends with the processes.
        return match cancels && job.status == JobStatus::Canceled {
            true => step,
            false => step.settle(pass.fail(|| reasons::ended_before(job))),
        };
    }
    if let Some(loss) = loss(pass.sight)
        && !cancels
    {
        return lose(pass, live, &loss, None).settle(pass.fail(reasons::lost_before));
    }
    match pass.intent {
        None => Step::stay(phase).act(complete(pass.sight, live.launch)),
        Some(intent) => begin(pass, phase, live, intent),
    }
}

/// What is asked begins: first recorded, then done.
fn begin(pass: &Pass, phase: &Phase, live: Live, intent: &Intent) -> Step {
    let Live { launch, recoveries } = live;
    let (run, trigger) = (launch.run, intent.operation);
    let until = pass.until(pass.limits.savepoint);
    let stop = |then| {
        Step::go(Phase::Stopping { launch: launch.clone(), recoveries, trigger, until, then })
            .act(answered(pass, Act::StopWithSavepoint { run, trigger }))
    };
    let launch_then = |revision| Then::Launch { revision, asked_by: Some(trigger) };
    match &intent.ask {
        Ask::Savepoint => Step::go(Phase::Saving { launch: launch.clone(), recoveries, trigger, until })
            .act(answered(pass, Act::Savepoint { run, trigger })),
        Ask::Stop => stop(Then::Rest),
        Ask::Update { revision, keep_state: true } => stop(launch_then(*revision)),
        Ask::Update { revision, keep_state: false } => cancel(pass, launch, launch_then(*revision)),
        Ask::Cancel => cancel(pass, launch, Then::Rest),
        Ask::Start { .. } | Ask::Delete { .. } => pass.refuse(phase),
    }
}

/// An act that needs a job manager which answers.
fn answered(pass: &Pass, act: Act) -> Option<Act> {
    (pass.sight.job_manager == ProcessSeen::Answers).then_some(act)
}
