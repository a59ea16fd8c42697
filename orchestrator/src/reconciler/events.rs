//! The words of the history: what happened, as a person would say it.

use domain::action::Action;
use domain::lifecycle::{JobStatus, Next, Observation, ObservedProcess, Outcome, Phase, Restore};
use domain::reason::Reason;
use domain::state::State;
use jiff::{SignedDuration, Timestamp};

use super::conclude::Pass;
use crate::provider::ActError;
use crate::store::event::NewEvent;
use crate::store::operation::{End, Recorded};
use crate::store::snapshot::NewSnapshot;
use crate::store::status::{ClusterRecord, NewStatus};

/// How an operation ended, in one line and with its reason.
pub(super) fn end(outcome: &Outcome, action: Action, downtime: Option<SignedDuration>) -> End {
    match outcome {
        Outcome::Succeeded { savepoint } => {
            let more = match (downtime, savepoint) {
                (Some(downtime), _) => format!(", {} without a running job", seconds(downtime)),
                (None, Some(path)) if matches!(action, Action::Savepoint | Action::Stop) => {
                    format!(", {}", short(path))
                }
                _ => String::new(),
            };
            End {
                succeeded: true,
                message: format!("{} succeeded{more}", action.word()),
                reason: None,
                downtime_ms: downtime.and_then(|downtime| u64::try_from(downtime.as_millis()).ok()),
            }
        }
        Outcome::Failed(reason) => End {
            succeeded: false,
            message: format!("{} failed: {}", action.word(), reason.message),
            reason: Some(reason.clone()),
            downtime_ms: None,
        },
    }
}

/// The event of an operation's end.
pub(super) fn ended(was: &ClusterRecord, operation: &Recorded, end: &End) -> NewEvent {
    let word = operation.action.word();
    let (tone, title, detail) = match &end.reason {
        None => {
            let more = end.message.split_once(", ").map(|(_, more)| format!("{more}; ")).unwrap_or_default();
            ("good", format!("{word} succeeded"), format!("{more}by {}", operation.actor))
        }
        Some(reason) => ("bad", format!("{word} failed"), reason.message.clone()),
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
    if let Some(launch) = pass.launched() {
        let from = match &launch.from {
            Restore::Fresh => "without state".to_owned(),
            Restore::Savepoint { path } => format!("from {}", short(path)),
            Restore::Checkpoint { path } => format!("from checkpoint {}", short(path)),
        };
        let detail = format!("revision {}, {from}", launch.revision);
        events.push(event(was, "phase", "move", format!("Run {} launched", launch.run), detail));
    }
    if let Phase::Ending { next: Next::Launch { launch, .. }, .. } = &now.phase
        && launch.asked_by.is_none()
        && was.status.phase != now.phase
    {
        events.push(event(was, "process", "bad", "The job manager was lost".to_owned(), lost(pass.seen)));
    }
    if let Some(at) = canceled_outside(pass) {
        let at = at.strftime("%H:%M:%S UTC");
        let detail = format!("It ended at {at}, not through the portal; who did it, Flink does not say.");
        events.push(event(was, "phase", "warn", "The job was cancelled from outside".to_owned(), detail));
    }
    let before = was.status.state;
    if now.state != before
        && let Some((tone, title)) = by_itself(before, now.state)
    {
        events.push(event(was, "phase", tone, title.to_owned(), now.note.clone()));
    }
    events
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

fn lost(seen: &Observation) -> String {
    match seen {
        Observation::Present(observed) => match &observed.job_manager {
            ObservedProcess::Ended { why } => {
                format!("{} Another run goes on from its newest state.", why.message)
            }
            ObservedProcess::NotStarted | ObservedProcess::Silent | ObservedProcess::Answers => {
                "Another run goes on from its newest state.".to_owned()
            }
        },
        Observation::Absent | Observation::Unreachable { .. } => {
            "Another run goes on from its newest state.".to_owned()
        }
    }
}

/// Changes that no operation's end tells about.
fn by_itself(before: State, now: State) -> Option<(&'static str, &'static str)> {
    match now {
        State::Unreachable => Some(("warn", "The cluster does not answer")),
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

/// One line about the state, and the reason behind it.
pub(super) fn reason(phase: &Phase, seen: &Observation, state: State) -> (String, Option<Reason>) {
    if let Phase::Failed { reason, .. } | Phase::Ending { next: Next::Failed { reason, .. }, .. } = phase {
        return (reason.message.clone(), Some(reason.clone()));
    }
    match (state, seen) {
        (_, Observation::Unreachable { why }) => (
            format!("{why} Nothing is done until it answers."),
            Some(Reason::new("UNREACHABLE", why.clone())),
        ),
        (State::Unreachable, _) => {
            let why = "The job manager's process is alive but does not answer.";
            (format!("{why} Nothing is done until it answers."), Some(Reason::new("UNREACHABLE", why)))
        }
        (State::Restarting | State::Failed, Observation::Present(observed)) => {
            let failure = observed.job.as_ref().and_then(|job| job.failure.clone());
            let lost = observed.task_managers.wanted.saturating_sub(observed.task_managers.alive);
            let note = match (&failure, lost) {
                (Some(reason), _) => reason.message.clone(),
                // Only a job that goes on gets others.
                (None, 1) if state == State::Restarting => {
                    "A task manager was lost; it is started again.".to_owned()
                }
                (None, 2..) if state == State::Restarting => {
                    format!("{lost} task managers were lost; they are started again.")
                }
                (None, _) => String::new(),
            };
            (note, failure)
        }
        _ => (String::new(), None),
    }
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
