//! A savepoint is promised; the job goes on.

use jiff::Timestamp;

use super::moves::{Live, after_job, cancel, complete, end, lose, loss};
use super::pass::Pass;
use super::reasons;
use crate::id::OperationId;
use crate::lifecycle::{Act, Ask, Outcome, Phase, ProcessSeen, SavepointSeen, Step, Then};

pub(super) fn saving(pass: &Pass, phase: &Phase, live: Live, trigger: OperationId, until: Timestamp) -> Step {
    let Live { launch, .. } = live;
    match pass.ask() {
        Some(Ask::Cancel) => return cancel(pass, launch, Then::Rest),
        Some(_) if !pass.owes(Some(trigger)) => return pass.refuse(phase),
        Some(_) | None => {}
    }
    let lost = loss(pass.sight);
    match &pass.sight.savepoint {
        SavepointSeen::Completed { path } => {
            let outcome = pass.intent.map(|_| Outcome::Succeeded { savepoint: Some(path.clone()) });
            let step = match lost {
                Some(loss) => lose(pass, live, &loss, Some(path)),
                None => Step::go(live.runs()),
            };
            return step.settle(outcome);
        }
        SavepointSeen::Failed { why } => {
            return Step::go(live.runs()).settle(pass.fail(|| why.clone()));
        }
        SavepointSeen::Unknown | SavepointSeen::InProgress => {}
    }
    if let Some(job) = pass.sight.ended_job() {
        return end(launch, after_job(pass.sight, launch, job, false))
            .settle(pass.fail(|| reasons::ended_before(job)));
    }
    if let Some(loss) = lost {
        return lose(pass, live, &loss, None).settle(pass.fail(reasons::lost_before));
    }
    if pass.overdue(until) {
        let reason = || reasons::savepoint_overdue(pass.limits.savepoint);
        return Step::go(live.runs()).settle(pass.fail(reason));
    }
    Step::stay(phase).act(complete(pass.sight, launch).or_else(|| {
        let asks =
            pass.sight.savepoint == SavepointSeen::Unknown && pass.sight.job_manager == ProcessSeen::Answers;
        asks.then_some(Act::Savepoint { run: launch.run, trigger })
    }))
}
