//! The words of the history: what happened, as a person would say it.

use domain::action::Action;
use domain::lifecycle::{
    BackFrom, JobStatus, Launch, Next, Observation, ObservedProcess, ObservedRun, ObservedSavepoint, Outcome,
    Phase, Restarts, Restore, Then,
};
use domain::reason::Reason;
use domain::state::{Group, State};
use jiff::{SignedDuration, Timestamp};

use super::conclude::Pass;
use crate::provider::ActError;
use crate::store::event::NewEvent;
use crate::store::operation::{End, Recorded};
use crate::store::snapshot::NewSnapshot;
use crate::store::status::{ClusterRecord, NewStatus};

/// How an operation ended, in one line and with its reason.
pub(super) fn end(
    outcome: &Outcome,
    action: Action,
    downtime: Option<SignedDuration>,
    now: Timestamp,
) -> End {
    let word = action.word();
    match outcome {
        Outcome::Succeeded { savepoint } => {
            let more = match success(savepoint.as_deref(), action, downtime) {
                Some(more) => format!(", {more}"),
                None => String::new(),
            };
            End { succeeded: true, message: format!("{word} succeeded{more}"), reason: None }
        }
        Outcome::Failed(reason) => End {
            succeeded: false,
            message: format!("{word} failed: {}", reason.message),
            reason: Some(reason.clone()),
        },
        Outcome::WentBack { from, revision, run, state } => {
            let reason = went_back(from, *revision, *run, state, now);
            End {
                succeeded: false,
                message: format!("{word} went back: {}", reason.message),
                reason: Some(reason),
            }
        }
    }
}

/// What is worth saying of a success.
fn success(savepoint: Option<&str>, action: Action, downtime: Option<SignedDuration>) -> Option<String> {
    let taken = savepoint.filter(|_| matches!(action, Action::Savepoint | Action::Stop));
    downtime
        .map(|downtime| format!("{} without a running job", seconds(downtime)))
        .or_else(|| taken.map(|path| short(path).to_owned()))
}

fn went_back(from: &BackFrom, revision: u32, run: u32, state: &Restore, now: Timestamp) -> Reason {
    let repeated = match from.ran_since {
        Some(since) => format!(
            " Revision {} ran from {} on; what it processed in these {} is processed again.",
            from.revision,
            since.strftime("%H:%M:%S UTC"),
            seconds(now.duration_since(since))
        ),
        None => String::new(),
    };
    let message = format!(
        "{} Revision {revision} runs again as run {run}, {}.{repeated}",
        from.reason.message,
        origin(state)
    );
    Reason { code: "WENT_BACK".to_owned(), message, exception: from.reason.exception.clone() }
}

/// "from savepoint-ab12".
fn origin(state: &Restore) -> String {
    match state {
        Restore::Fresh => "without state".to_owned(),
        Restore::Savepoint { path } => format!("from {}", short(path)),
        Restore::Checkpoint { path } => format!("from checkpoint {}", short(path)),
    }
}

/// The event of an operation's end.
pub(super) fn ended(
    was: &ClusterRecord,
    operation: &Recorded,
    outcome: &Outcome,
    end: &End,
    downtime: Option<SignedDuration>,
) -> NewEvent {
    let word = operation.action.word();
    let by = format!("by {}", operation.actor);
    let message = || end.reason.as_ref().map(|reason| reason.message.clone()).unwrap_or_default();
    let (tone, title, detail) = match outcome {
        Outcome::Succeeded { savepoint } => {
            let more = success(savepoint.as_deref(), operation.action, downtime);
            let detail = more.map_or_else(|| by.clone(), |more| format!("{more}; {by}"));
            ("good", format!("{word} succeeded"), detail)
        }
        Outcome::Failed(_) => ("bad", format!("{word} failed"), message()),
        Outcome::WentBack { .. } => ("bad", format!("{word} went back"), message()),
    };
    event(was, "operation", tone, title, detail)
}

/// The events of what changed by itself.
pub(super) fn changes(pass: &Pass<'_>, now: &NewStatus, snapshots: &[NewSnapshot]) -> Vec<NewEvent> {
    let was = pass.was;
    let mut events = Vec::new();
    for snapshot in snapshots {
        let (title, by) = match snapshot.kind {
            "savepoint" => ("Savepoint taken", format!(", by {}", snapshot.actor)),
            _ => ("Checkpoint retained", String::new()),
        };
        events.push(event(
            was,
            "snapshot",
            "good",
            title.to_owned(),
            format!("{}{by}", short(&snapshot.path)),
        ));
    }
    if let Some(launch) = pass.launch() {
        let detail = format!("revision {}, {}", launch.revision, origin(&launch.from));
        events.push(event(was, "phase", "move", format!("Run {} launched", launch.run), detail));
    }
    if let Phase::Ending { launch: ended, next: Next::Launch { launch, recoveries } } = &now.phase
        && was.status.phase != now.phase
    {
        if recoveries.count > 0 {
            let detail = lost(pass.seen, ended, launch);
            events.push(event(was, "process", "bad", "The job manager was lost".to_owned(), detail));
        } else if let Some(from) = &launch.back_from {
            let title = format!("Revision {} did not hold", from.revision);
            let detail = format!(
                "{} Revision {} is started again, {}.",
                from.reason.message,
                launch.revision,
                origin(&launch.from)
            );
            events.push(event(was, "process", "bad", title, detail));
        }
    }
    if let Some(why) = failed_while_stopping(pass) {
        let detail = format!(
            "{} The savepoint is complete and is used; what the job's sinks had not committed is committed by the \
             next start from it.",
            why.message
        );
        events.push(event(was, "phase", "warn", "The job failed while it was stopped".to_owned(), detail));
    }
    if let Some(at) = canceled_outside(pass) {
        let at = at.strftime("%H:%M:%S UTC");
        let detail = format!("It ended at {at}, not through the portal; who did it, Flink does not say.");
        events.push(event(was, "phase", "warn", "The job was cancelled from outside".to_owned(), detail));
    }
    events.extend(attention(pass, now));
    let before = was.status.state;
    if now.state != before
        && let Some((tone, title)) = by_itself(before, now.state)
    {
        events.push(event(was, "phase", tone, title.to_owned(), now.note.clone()));
    }
    events
}

/// The job begins to count as failing, or has run long enough not to any more. What somebody asked for or what ended has
/// events of its own.
fn attention(pass: &Pass<'_>, now: &NewStatus) -> Option<NewEvent> {
    let reason = |restarts: Option<&Restarts>| restarts.and_then(Restarts::failing);
    match (reason(pass.was.status.restarts.as_deref()), reason(now.restarts.as_deref())) {
        (None, Some(reason)) => {
            Some(event(pass.was, "phase", "bad", "The job keeps failing".to_owned(), reason.message))
        }
        (Some(_), None) if now.state == State::Running => {
            let detail = "It has run for ten minutes without a restart.".to_owned();
            Some(event(pass.was, "phase", "good", "The job holds again".to_owned(), detail))
        }
        (None | Some(_), _) => None,
    }
}

/// When somebody cancelled the job past the portal, if with this pass it is seen. What the portal itself cancels it
/// has promised before: then the phase is another one.
pub(super) fn canceled_outside(pass: &Pass<'_>) -> Option<Timestamp> {
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
fn failed_while_stopping(pass: &Pass<'_>) -> Option<Reason> {
    let Observation::Present(observed) = pass.seen else { return None };
    let stops = matches!(pass.was.status.phase, Phase::Stopping { .. })
        && matches!(pass.next.phase, Phase::Ending { .. })
        && matches!(observed.savepoint, ObservedSavepoint::Completed { .. });
    let job = observed.job.as_ref().filter(|job| stops && job.status == JobStatus::Failed)?;
    Some(job.failure.clone().unwrap_or_else(|| Reason::new("JOB_FAILED", "Flink gives no reason.")))
}

fn lost(seen: &Observation, ended: &Launch, next: &Launch) -> String {
    let why = match seen {
        Observation::Present(ObservedRun { job_manager: ObservedProcess::Ended { why, .. }, .. }) => {
            format!("{} ", why.message)
        }
        Observation::Present(_) | Observation::Absent | Observation::Unreachable { .. } => String::new(),
    };
    if ended.checkpoints_off && next.from == ended.from {
        return format!(
            "{why}Of what run {} did nothing is kept: its own code switches checkpoints off.",
            ended.run
        );
    }
    format!("{why}Run {} of revision {} goes on {}.", next.run, next.revision, origin(&next.from))
}

/// Changes that no operation's end tells about.
fn by_itself(before: State, now: State) -> Option<(&'static str, &'static str)> {
    match now {
        State::Unreachable => Some(("warn", "The cluster does not answer")),
        State::Waiting => Some(("bad", "The state to go on from is not there")),
        State::Unreadable => Some(("bad", "The cluster cannot be read")),
        State::Restarting => Some(("warn", "The job is restarting")),
        State::Failed => Some(("bad", "The job failed")),
        State::JobLaunchFailed => Some(("bad", "The job was not launched")),
        State::Finished => Some(("idle", "The job finished")),
        State::Running => match before {
            State::Restarting | State::Unreachable | State::Failed => Some(("good", "The job runs again")),
            _ => Some(("good", "The job runs")),
        },
        State::Starting
        | State::Updating
        | State::Stopping
        | State::Stopped
        | State::Canceling
        | State::Canceled
        | State::Deleting => None,
    }
}

/// The code of a job manager that is silent in a phase whose word does not say so.
pub(super) const SILENT: &str = "JOB_MANAGER_SILENT";

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
    if let Phase::Waiting { launch, next, why, .. } = phase {
        let note = match next.from.path() {
            Some(path) if !launch.checkpoints_off => format!(
                "{why} Run {} waits for {path} and goes on from it by itself; nothing is started from less. Start \
                 offers every other state.",
                next.run
            ),
            // There is nothing to wait for but a person.
            Some(_) | None => why.clone(),
        };
        return (note.clone(), Some(Reason::new("WAITING_FOR_STATE", note)));
    }
    if let Observation::Unreachable { why } = seen {
        return (
            format!("{why} Nothing is done until it answers."),
            Some(Reason::new("UNREACHABLE", why.clone())),
        );
    }
    if state == State::Unreachable {
        return (
            format!("{NO_ANSWER} Nothing is done until it answers."),
            Some(Reason::new("UNREACHABLE", NO_ANSWER)),
        );
    }
    if silent {
        let note = format!("{NO_ANSWER} {}", meanwhile(phase));
        return (note.clone(), Some(Reason::new(SILENT, note)));
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
    let goes_on = format!("Run {} of revision {} goes on {}.", next.run, next.revision, origin(&next.from));
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

/// The event of a failed act: told once, and again when the reason is another one.
pub(super) fn act_failed(was: &ClusterRecord, error: &ActError) -> Option<NewEvent> {
    let detail = format!("{} It is tried again.", error.message);
    let told = was.status.failures > 0 && was.status.note == detail;
    (!told).then(|| event(was, "process", "warn", "The portal could not act".to_owned(), detail))
}

/// The event of the first act that succeeded after failed ones.
pub(super) fn carried_on(was: &ClusterRecord) -> NewEvent {
    event(
        was,
        "process",
        "good",
        "The portal carries on".to_owned(),
        "What failed before went through.".to_owned(),
    )
}

fn event(
    was: &ClusterRecord,
    kind: &'static str,
    tone: &'static str,
    title: String,
    detail: String,
) -> NewEvent {
    NewEvent {
        cluster: Some(was.cluster.id),
        cluster_name: was.cluster.name.clone(),
        kind,
        tone,
        title,
        detail,
        actor: String::new(),
    }
}

/// "2.8 s".
fn seconds(duration: SignedDuration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

/// What people tell paths apart by.
fn short(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or(path)
}
