//! A savepoint is promised; the job goes on.

use jiff::Timestamp;

use super::context::Context;
use super::moves::{LiveRun, after_job, cancel, complete, lose, loss};
use super::waiting::{gone, out_of_sight};
use super::{reasons, rest};
use crate::id::OperationId;
use crate::lifecycle::{Act, Ask, Decision, ObservedProcess, ObservedSavepoint, Outcome, Phase, Then};
use crate::snapshot::SavepointFormat;

/// What was promised.
pub(super) struct Save {
    pub(super) trigger: OperationId,
    pub(super) until: Timestamp,
    pub(super) format: SavepointFormat,
}

pub(super) fn saving(context: &Context, phase: &Phase, live: LiveRun, save: &Save) -> Decision {
    let LiveRun { launch, .. } = live;
    let Save { trigger, until, format } = *save;
    match context.ask() {
        Some(Ask::Cancel) => return cancel(context, launch, Then::Rest),
        // A person has decided from what it goes on. The promise stands until that is launched: a start that another
        // request displaces meanwhile has decided nothing.
        Some(Ask::Start { .. }) if gone(context.observed) => {
            return rest::ended(context, phase, Some(launch));
        }
        Some(_) if !context.owes(Some(trigger)) => return context.refuse(phase),
        Some(_) | None => {}
    }
    let lost = loss(context.observed);
    match &context.observed.savepoint {
        ObservedSavepoint::Completed { path } => {
            let outcome = context.intent.map(|_| Outcome::Succeeded { savepoint: Some(path.clone()) });
            let step = match lost {
                Some(loss) => lose(context, live, &loss),
                None => Decision::go(live.runs()),
            };
            return step.settle(outcome);
        }
        ObservedSavepoint::Failed { why } => {
            return Decision::go(live.runs()).settle(context.fail(|| why.clone()));
        }
        ObservedSavepoint::Unknown | ObservedSavepoint::InProgress => {}
    }
    // It may lie where nobody can look now: nothing is judged until somebody can.
    if context.observed.out_of_sight().is_some() {
        return out_of_sight(context, phase);
    }
    if let Some(job) = context.observed.ended_job() {
        return after_job(context, live, job).settle(context.fail(|| reasons::ended_before(job)));
    }
    if let Some(loss) = lost {
        return lose(context, live, &loss).settle(context.fail(reasons::lost_before));
    }
    if context.overdue(until) {
        let reason = || reasons::savepoint_overdue(context.limits.savepoint);
        return Decision::go(live.runs()).settle(context.fail(reason));
    }
    Decision::stay(phase).act(complete(context.observed, launch).or_else(|| {
        let asks = context.observed.savepoint == ObservedSavepoint::Unknown
            && context.observed.job_manager == ObservedProcess::Answers;
        asks.then_some(Act::Savepoint { run: launch.run, trigger, format })
    }))
}
