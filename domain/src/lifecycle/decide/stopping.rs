//! A stop with savepoint is promised.
//!
//! Once Flink has the trigger nobody can take it back, and whatever was committed with the savepoint must never be
//! computed again. So the savepoint's own result counts before everything else that is seen, also long after the
//! deadline; only a result, or a job manager that is gone and left no complete savepoint, ends the phase.

use jiff::Timestamp;

use super::moves::{Live, after_job, cancel, complete, end, lose, loss};
use super::pass::Pass;
use super::reasons;
use crate::id::OperationId;
use crate::lifecycle::{
    Act, Ask, Launch, Next, Phase, ProcessSeen, Recoveries, Restore, SavepointSeen, Step, Then,
};

/// What was promised.
pub(super) struct Stop<'a> {
    pub(super) trigger: OperationId,
    pub(super) until: Timestamp,
    pub(super) then: &'a Then,
}

pub(super) fn stopping(pass: &Pass, phase: &Phase, live: Live, stop: &Stop) -> Step {
    let Live { launch, .. } = live;
    match pass.ask() {
        // Even if the savepoint is complete already: it stays in the list of savepoints, the job rests cancelled.
        Some(Ask::Cancel) => return cancel(pass, launch, Then::Rest),
        Some(_) if !pass.owes(Some(stop.trigger)) => return pass.refuse(phase),
        Some(_) | None => {}
    }
    match &pass.sight.savepoint {
        // On disk, but Flink may still report that the stop itself broke and the job goes on: it gets until the
        // deadline to answer.
        SavepointSeen::Completed { .. }
            if pass.sight.job_manager == ProcessSeen::Silent && !pass.overdue(stop.until) =>
        {
            return Step::stay(phase);
        }
        SavepointSeen::Completed { path } => return end(launch, after_stop(launch, path, stop.then)),
        SavepointSeen::Failed { why } => {
            // The job goes on. If it does not, Running sees that and judges it.
            return Step::go(live.runs()).settle(pass.fail(|| why.clone()));
        }
        SavepointSeen::Unknown | SavepointSeen::InProgress => {}
    }
    if pass.sight.ended_job().is_some() {
        return ended_without_result(pass, phase, live, stop);
    }
    if let Some(loss) = loss(pass.sight) {
        return lose(pass, live, &loss, None).settle(pass.fail(reasons::lost_before));
    }
    if pass.overdue(stop.until) {
        return late(pass, phase, live, stop);
    }
    Step::stay(phase).act(complete(pass.sight, launch).or_else(|| {
        let asks =
            pass.sight.savepoint == SavepointSeen::Unknown && pass.sight.job_manager == ProcessSeen::Answers;
        asks.then_some(Act::StopWithSavepoint { run: launch.run, trigger: stop.trigger })
    }))
}

/// The savepoint is complete.
fn after_stop(launch: &Launch, savepoint: &str, then: &Then) -> Next {
    match then {
        Then::Rest => Next::Stopped { savepoint: savepoint.to_owned() },
        Then::Launch { revision, asked_by } => {
            let launch = Launch {
                run: launch.run + 1,
                revision: *revision,
                from: Restore::Savepoint { path: savepoint.to_owned() },
                asked_by: *asked_by,
            };
            Next::Launch { launch, recoveries: Recoveries::default() }
        }
    }
}

/// The job has ended, most likely because it was stopped, and the savepoint's result is still to come. It gets a
/// while to show; then the job is judged by how it ended, and nothing is started.
fn ended_without_result(pass: &Pass, phase: &Phase, live: Live, stop: &Stop) -> Step {
    let Some(job) = pass.sight.ended_job() else { return Step::stay(phase) };
    let until = stop.until.min(pass.until(pass.limits.cancel));
    if pass.overdue(until) {
        return end(live.launch, after_job(pass.sight, live.launch, job, false))
            .settle(pass.fail(|| reasons::ended_before(job)));
    }
    Step::go(promised(live, stop, until, stop.then.clone()))
}

/// The deadline has passed while the job goes on. A trigger that Flink never got is forgotten. One that it has will
/// still stop the job some time: the operation has failed, the phase stays, and a job that was to be updated will
/// go on as it was, from that savepoint.
fn late(pass: &Pass, phase: &Phase, live: Live, stop: &Stop) -> Step {
    let outcome = pass.fail(|| reasons::stop_overdue(pass.limits.savepoint));
    let never_received =
        pass.sight.savepoint == SavepointSeen::Unknown && pass.sight.job_manager == ProcessSeen::Answers;
    if never_received {
        return Step::go(live.runs()).settle(outcome);
    }
    if outcome.is_none() {
        return Step::stay(phase).act(complete(pass.sight, live.launch));
    }
    let then = match stop.then {
        Then::Rest => Then::Rest,
        Then::Launch { .. } => Then::Launch { revision: live.launch.revision, asked_by: None },
    };
    Step::go(promised(live, stop, stop.until, then)).settle(outcome)
}

fn promised(live: Live, stop: &Stop, until: Timestamp, then: Then) -> Phase {
    let Live { launch, recoveries } = live;
    Phase::Stopping { launch: launch.clone(), recoveries, trigger: stop.trigger, until, then }
}
