//! A stop with savepoint is promised.
//!
//! Once Flink has the trigger nobody can take it back, and whatever was committed with the savepoint must never be
//! computed again. So the savepoint's own result counts before everything else that is seen, also long after the
//! deadline; only a result, or a job manager that is gone and left no complete savepoint, ends the phase.

use jiff::Timestamp;

use super::context::Context;
use super::moves::{LiveRun, after_job, cancel, complete, end, lose, loss, updated};
use super::waiting::{gone, out_of_sight};
use super::{reasons, rest};
use crate::id::OperationId;
use crate::lifecycle::{
    Act, Ask, Decision, Launch, Next, ObservedProcess, ObservedSavepoint, Phase, Recoveries, Restore, Then,
};

/// What was promised.
pub(super) struct Stop<'a> {
    pub(super) trigger: OperationId,
    pub(super) until: Timestamp,
    pub(super) then: &'a Then,
}

pub(super) fn stopping(context: &Context, phase: &Phase, live: LiveRun, stop: &Stop) -> Decision {
    let LiveRun { launch, .. } = live;
    match context.ask() {
        // Even if the savepoint is complete already: it stays in the list of savepoints, the job rests cancelled.
        Some(Ask::Cancel) => return cancel(context, launch, Then::Rest),
        // A person has decided from what it goes on. The promise stands until that is launched: a start that another
        // request displaces meanwhile has decided nothing.
        Some(Ask::Start { .. }) if gone(context.observed) => {
            return rest::ended(context, phase, Some(launch));
        }
        Some(_) if !context.owes(Some(stop.trigger)) => return context.refuse(phase),
        Some(_) | None => {}
    }
    match &context.observed.savepoint {
        // It is used, whatever Flink says of the rest. A job manager that is just silent gets a while to let the job
        // commit what belongs to it.
        ObservedSavepoint::Completed { .. }
            if context.observed.job_manager == ObservedProcess::Silent && !context.overdue(stop.until) =>
        {
            let until = stop.until.min(context.until(context.limits.cancel));
            return Decision::go(promised(live, stop, until, stop.then.clone()));
        }
        ObservedSavepoint::Completed { path } => return end(launch, after_stop(launch, path, stop.then)),
        ObservedSavepoint::Failed { why } => {
            // Whether the job goes on, Running sees and judges.
            return Decision::go(live.runs()).settle(context.fail(|| why.clone()));
        }
        ObservedSavepoint::Unknown | ObservedSavepoint::InProgress => {}
    }
    // It may lie where nobody can look now: nothing is judged until somebody can.
    if context.observed.out_of_sight().is_some() {
        return out_of_sight(context, phase);
    }
    if context.observed.ended_job().is_some() {
        return ended_without_result(context, phase, live, stop);
    }
    if let Some(loss) = loss(context.observed) {
        return lose(context, live, &loss).settle(context.fail(reasons::lost_before));
    }
    if context.overdue(stop.until) {
        return late(context, phase, live, stop);
    }
    Decision::stay(phase).act(complete(context.observed, launch).or_else(|| {
        let asks = context.observed.savepoint == ObservedSavepoint::Unknown
            && context.observed.job_manager == ObservedProcess::Answers;
        asks.then_some(Act::StopWithSavepoint { run: launch.run, trigger: stop.trigger })
    }))
}

/// The savepoint is complete.
fn after_stop(launch: &Launch, savepoint: &str, then: &Then) -> Next {
    match then {
        Then::Rest => Next::Stopped { savepoint: savepoint.to_owned() },
        Then::Launch { revision, asked_by, .. } => {
            let from = Restore::Savepoint { path: savepoint.to_owned() };
            let launch = updated(launch, *revision, from.clone(), from, *asked_by);
            Next::Launch { launch, recoveries: Recoveries::default() }
        }
    }
}

/// The job has ended, most likely because it was stopped, and the savepoint's result is still to come. It gets a
/// while to show; then the job is judged by how it ended, and nothing is started.
fn ended_without_result(context: &Context, phase: &Phase, live: LiveRun, stop: &Stop) -> Decision {
    let Some(job) = context.observed.ended_job() else { return Decision::stay(phase) };
    let until = stop.until.min(context.until(context.limits.cancel));
    if context.overdue(until) {
        return after_job(context, live, job).settle(context.fail(|| reasons::ended_before(job)));
    }
    Decision::go(promised(live, stop, until, stop.then.clone()))
}

/// The deadline has passed while the job goes on. A trigger that Flink never got is forgotten. One that it has will
/// still stop the job some time: the operation has failed, the phase stays, and a job that was to be updated will
/// go on as it was, from that savepoint.
fn late(context: &Context, phase: &Phase, live: LiveRun, stop: &Stop) -> Decision {
    let outcome = context.fail(|| reasons::stop_overdue(context.limits.savepoint));
    let never_received = context.observed.savepoint == ObservedSavepoint::Unknown
        && context.observed.job_manager == ObservedProcess::Answers;
    if never_received {
        return Decision::go(live.runs()).settle(outcome);
    }
    if outcome.is_none() {
        return Decision::stay(phase).act(complete(context.observed, live.launch));
    }
    let then = match stop.then {
        Then::Rest => Then::Rest,
        Then::Launch { .. } => {
            Then::Launch { revision: live.launch.revision, asked_by: None, last_state: false }
        }
    };
    Decision::go(promised(live, stop, stop.until, then)).settle(outcome)
}

fn promised(live: LiveRun, stop: &Stop, until: Timestamp, then: Then) -> Phase {
    let LiveRun { launch, recoveries } = live;
    Phase::Stopping { launch: launch.clone(), recoveries, trigger: stop.trigger, until, then }
}
