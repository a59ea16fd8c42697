//! What a pass adds to the history, and what it says of the state in one line.

use domain::event::{Event, task_managers_silent};
use domain::lifecycle::{
    JobStatus, Launch, Next, Observation, ObservedProcess, ObservedRun, ObservedSavepoint, Phase, Restarts,
    Then,
};
use domain::operation::OperationEnd;
use domain::reason::{Reason, code};
use domain::snapshot::SnapshotKind;
use domain::state::{Group, State};
use jiff::Timestamp;

use super::gathered::Gathered;
use super::waits;
use crate::provider::ActError;
use crate::store::event::NewEvent;
use crate::store::operation::Recorded;
use crate::store::snapshot::NewSnapshot;
use crate::store::status::{ClusterRecord, NewStatus};

/// The event of an operation's end.
pub(super) fn ended(was: &ClusterRecord, operation: &Recorded, end: &OperationEnd) -> NewEvent {
    let (action, by) = (operation.action, operation.actor.clone());
    event(was, Event::OperationEnded { action, by, end: end.without_exception() })
}

/// The events of what changed by itself.
pub(super) fn changes(pass: &Gathered<'_>, now: &NewStatus, snapshots: &[NewSnapshot]) -> Vec<NewEvent> {
    let was = pass.was;
    let mut events = Vec::new();
    for snapshot in snapshots {
        let path = snapshot.path.clone();
        events.push(match snapshot.kind {
            SnapshotKind::Savepoint => Event::SavepointTaken { path, by: snapshot.actor.clone() },
            SnapshotKind::Checkpoint => Event::CheckpointRetained { path },
        });
    }
    if let Some(launch) = pass.launch() {
        let Launch { run, revision, ref from, .. } = *launch;
        events.push(Event::RunLaunched { run, revision, from: from.clone() });
    }
    if let Phase::Ending { launch: ended, next: Next::Launch { launch, recoveries } } = &now.phase
        && was.status.phase != now.phase
    {
        let Launch { run, revision, ref from, .. } = *launch;
        if recoveries.count > 0 {
            let why = lost(pass.seen);
            let unkept = (ended.checkpoints_off && *from == ended.from).then_some(ended.run);
            events.push(Event::JobManagerLost { why, unkept, run, revision, from: from.clone() });
        } else if let Some(tried) = &launch.back_from {
            let reason = without_exception(&tried.reason);
            let tried = tried.revision;
            events.push(Event::UpdateDidNotHold { reason, tried, revision, from: from.clone() });
        }
    }
    if let Some(reason) = failed_while_stopping(pass) {
        events.push(Event::FailedWhileStopping { reason: without_exception(&reason) });
    }
    if let Some(at) = canceled_outside(pass) {
        events.push(Event::CanceledOutside { at });
    }
    events.extend(silent_task_managers(pass));
    events.extend(attention(pass, now));
    let before = was.status.state;
    if now.state != before && by_itself(now.state) && !flaps(pass, now) {
        events.push(Event::StateChanged { from: before, to: now.state, why: now.note.clone() });
    }
    events.into_iter().map(|what| event(was, what)).collect()
}

/// A job that keeps failing comes and goes every few seconds: told once that it does, nobody reads each time of it.
fn flaps(pass: &Gathered<'_>, now: &NewStatus) -> bool {
    let fails = |restarts: Option<&Restarts>| restarts.is_some_and(|told| told.failing_since.is_some());
    let was = &pass.was.status;
    let comes_and_goes = |state| matches!(state, State::Running | State::Restarting);
    fails(was.restarts.as_deref())
        && fails(now.restarts.as_deref())
        && comes_and_goes(was.state)
        && comes_and_goes(now.state)
}

/// Task managers that are alive, and of which the job manager has not heard for long: told once, for they are ended now.
fn silent_task_managers(pass: &Gathered<'_>) -> Option<Event> {
    let before = silent_ones(&pass.was.status.seen);
    let numbers: Vec<u32> =
        silent_ones(pass.seen).iter().filter(|number| !before.contains(number)).copied().collect();
    (!numbers.is_empty()).then_some(Event::TaskManagersSilent { numbers })
}

fn silent_ones(seen: &Observation) -> &[u32] {
    match seen {
        Observation::Present(observed) => &observed.silent_task_managers,
        Observation::Absent | Observation::Unreachable { .. } => &[],
    }
}

/// The job begins to count as failing, or has run long enough not to any more. What somebody asked for or what ended has
/// events of its own.
fn attention(pass: &Gathered<'_>, now: &NewStatus) -> Option<Event> {
    let reason = |restarts: Option<&Restarts>| restarts.and_then(Restarts::failing);
    match (reason(pass.was.status.restarts.as_deref()), reason(now.restarts.as_deref())) {
        (None, Some(reason)) => Some(Event::KeepsFailing { why: reason.message }),
        (Some(_), None) if now.state == State::Running => Some(Event::HoldsAgain),
        (None | Some(_), _) => None,
    }
}

/// When somebody cancelled the job past the portal, if with this pass it is seen. What the portal itself cancels it
/// has promised before: then the phase is another one.
pub(super) fn canceled_outside(pass: &Gathered<'_>) -> Option<Timestamp> {
    let Observation::Present(observed) = pass.seen else { return None };
    let job = observed.ended_job().filter(|job| job.status == JobStatus::Canceled)?;
    let live = matches!(
        pass.was.status.phase,
        Phase::Starting { .. } | Phase::Running { .. } | Phase::Saving { .. } | Phase::Stopping { .. }
    );
    let ends = live && matches!(pass.next.phase, Phase::Ending { .. });
    ends.then(|| job.ended_at.unwrap_or(pass.now))
}

/// A stop is two facts: whether its savepoint is complete, and how the job ended. Here the second one, where it is not
/// what the first promised.
fn failed_while_stopping(pass: &Gathered<'_>) -> Option<Reason> {
    let Observation::Present(observed) = pass.seen else { return None };
    let stops = matches!(pass.was.status.phase, Phase::Stopping { .. })
        && matches!(pass.next.phase, Phase::Ending { .. })
        && matches!(observed.savepoint, ObservedSavepoint::Completed { .. });
    let job = observed.job.as_ref().filter(|job| stops && job.status == JobStatus::Failed)?;
    Some(job.failure.clone().unwrap_or_else(|| Reason::new(code::JOB_FAILED, "Flink gives no reason.")))
}

/// What is known of why a run was lost.
fn lost(seen: &Observation) -> String {
    match seen {
        Observation::Present(ObservedRun { job_manager: ObservedProcess::Ended { why, .. }, .. }) => {
            why.message.clone()
        }
        Observation::Present(_) | Observation::Absent | Observation::Unreachable { .. } => String::new(),
    }
}

/// Changes that no operation's end tells about.
fn by_itself(now: State) -> bool {
    match now {
        State::Unreachable
        | State::Waiting
        | State::Unreadable
        | State::Restarting
        | State::Failed
        | State::JobLaunchFailed
        | State::Finished
        | State::Running => true,
        State::Starting
        | State::Updating
        | State::Stopping
        | State::Stopped
        | State::Canceling
        | State::Canceled
        | State::Deleting => false,
    }
}

/// One line about the state, and the reason behind it. `silent`: the job manager does not answer.
pub(super) fn reason(
    phase: &Phase,
    seen: &Observation,
    state: State,
    restarts: Option<&Restarts>,
    silent: bool,
) -> (String, Option<Reason>) {
    const NO_ANSWER: &str = "The job manager's process is alive but does not answer.";
    if let Phase::Failed { reason, .. } | Phase::Ending { next: Next::Failed { reason, .. }, .. } = phase {
        return (reason.message.clone(), Some(reason.clone()));
    }
    if let Some(note) = waits::note(phase, seen) {
        return (note.clone(), Some(Reason::new(code::WAITING_FOR_STATE, note)));
    }
    if let Observation::Unreachable { why } = seen {
        return (
            format!("{why} Nothing is done until it answers."),
            Some(Reason::new(code::UNREACHABLE, why.clone())),
        );
    }
    if state == State::Unreachable {
        return (
            format!("{NO_ANSWER} Nothing is done until it answers."),
            Some(Reason::new(code::UNREACHABLE, NO_ANSWER)),
        );
    }
    if silent {
        let note = format!("{NO_ANSWER} {}", meanwhile(phase));
        return (note.clone(), Some(Reason::new(code::JOB_MANAGER_SILENT, note)));
    }
    let numbers = silent_ones(seen);
    if !numbers.is_empty() {
        let (title, detail) = task_managers_silent(numbers);
        let note = format!("{title}. {detail}");
        return (note.clone(), Some(Reason::new(code::TASK_MANAGER_SILENT, note)));
    }
    let failing = restarts.and_then(Restarts::failing).filter(|_| state.group_of(true) == Group::Failing);
    if let Some(failing) = failing {
        return (failing.message.clone(), Some(failing));
    }
    match state {
        State::Restarting => restarting(phase, seen, restarts.and_then(|restarts| restarts.why.as_ref())),
        State::Starting
        | State::Running
        | State::Updating
        | State::Stopping
        | State::Stopped
        | State::Canceling
        | State::Canceled
        | State::Finished
        | State::Failed
        | State::JobLaunchFailed
        | State::Waiting
        | State::Unreachable
        | State::Unreadable
        | State::Deleting => (String::new(), None),
    }
}

/// What becomes of what was asked while the job manager is silent.
fn meanwhile(phase: &Phase) -> String {
    match phase {
        Phase::Starting { until, .. } => {
            let until = until.strftime("%H:%M:%S UTC");
            format!("Unless it does by {until}, its start is given up; Cancel ends it now.")
        }
        Phase::Stopping { then: Then::Rest, .. } => {
            "The stop goes on as soon as it does; Cancel ends the processes without waiting for it."
                .to_owned()
        }
        Phase::Stopping { .. } => {
            "The update goes on as soon as it does; Cancel ends the processes without waiting for it."
                .to_owned()
        }
        Phase::Canceling { .. } => "Its processes are ended if that lasts.".to_owned(),
        Phase::Accepted
        | Phase::Running { .. }
        | Phase::Saving { .. }
        | Phase::Ending { .. }
        | Phase::Waiting { .. }
        | Phase::Stopped { .. }
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Failed { .. }
        | Phase::Deleting { .. }
        | Phase::Deleted => String::new(),
    }
}

/// Why a job is brought back: by Flink within its run, or by the portal in another one, where `why` says what ended the
/// run before.
fn restarting(phase: &Phase, seen: &Observation, why: Option<&Reason>) -> (String, Option<Reason>) {
    let next = match phase {
        Phase::Starting { launch, .. } | Phase::Ending { next: Next::Launch { launch, .. }, .. } => launch,
        Phase::Running { .. } | Phase::Saving { .. } => return within_its_run(seen),
        Phase::Accepted
        | Phase::Stopping { .. }
        | Phase::Canceling { .. }
        | Phase::Ending { .. }
        | Phase::Waiting { .. }
        | Phase::Stopped { .. }
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Failed { .. }
        | Phase::Deleting { .. }
        | Phase::Deleted => return (String::new(), None),
    };
    let why = next.back_from.as_ref().map(|back_from| &back_from.reason).or(why);
    let goes_on = domain::event::goes_on(next.run, next.revision, &next.from);
    match why {
        Some(why) => (format!("{} {goes_on}", why.message), Some(why.clone())),
        None => (goes_on, None),
    }
}

/// Flink restarts the job, or task managers that were lost are started again.
fn within_its_run(seen: &Observation) -> (String, Option<Reason>) {
    let Observation::Present(observed) = seen else { return (String::new(), None) };
    let failure = observed.job.as_ref().and_then(|job| job.failure.clone());
    // Without a job manager the whole run is lost, and that is said with what takes its place.
    let lost = match observed.job_manager {
        ObservedProcess::Answers => {
            observed.task_managers.wanted.saturating_sub(observed.task_managers.alive)
        }
        ObservedProcess::NotStarted | ObservedProcess::Silent | ObservedProcess::Ended { .. } => 0,
    };
    let note = match (&failure, lost) {
        (Some(reason), _) => reason.message.clone(),
        (None, 0) => String::new(),
        (None, 1) => "A task manager was lost; it is started again.".to_owned(),
        (None, 2..) => format!("{lost} task managers were lost; they are started again."),
    };
    (note, failure)
}

/// What is said of a failed act; none if it was told already. It is told again when the reason is another one.
pub(super) fn act_failed(was: &ClusterRecord, error: &ActError) -> Option<NewEvent> {
    let told = was.status.failures > 0 && was.status.reason.as_ref() == Some(&tried_again(&error.message));
    (!told).then(|| event(was, Event::ActFailed { why: error.message.clone() }))
}

/// Why a cluster waits whose act failed.
pub(super) fn tried_again(why: &str) -> Reason {
    Reason::new(code::TRIED_AGAIN, domain::event::act_failed(why))
}

/// The event of the first act that succeeded after failed ones.
pub(super) fn carried_on(was: &ClusterRecord) -> NewEvent {
    event(was, Event::CarriedOn)
}

fn event(was: &ClusterRecord, what: Event) -> NewEvent {
    NewEvent::of(was.cluster.id, &was.cluster.name, what)
}

/// The history leaves the exception to the operation, the run and the log.
fn without_exception(reason: &Reason) -> Reason {
    Reason { exception: String::new(), ..reason.clone() }
}
