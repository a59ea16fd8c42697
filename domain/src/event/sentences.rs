//! What is said of an event: its tone, its first words, and more about it.

use super::{Event, Tone};
use crate::lifecycle::Restore;
use crate::operation::{OperationEnd, words};
use crate::snapshot::called;
use crate::state::State;

/// What is said of a job that is restarted so often that it counts as failing.
pub const KEEPS_FAILING: &str = "The job keeps failing";

/// An event as people are told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Its tone.
    pub tone: Tone,
    /// "Update succeeded".
    pub title: String,
    /// "2.8 s without a running job; by Owner".
    pub detail: String,
}

impl Event {
    /// What is said of it.
    pub fn sentence(&self) -> Sentence {
        let (tone, title, detail) = self.parts();
        Sentence { tone, title, detail }
    }

    fn parts(&self) -> (Tone, String, String) {
        let told = |tone, title: &str, detail| (tone, title.to_owned(), detail);
        let done_by = |what: &str, by: &str| format!("{what}; by {by}");
        match self {
            Event::OperationAsked { action, by } => {
                (Tone::Move, format!("{} asked", action.word()), format!("by {by}"))
            }
            Event::OperationEnded { action, by, end } => {
                let more = end.more(*action);
                let detail = match (end.succeeded(), more) {
                    (true, Some(more)) => done_by(&more, by),
                    (true, None) => format!("by {by}"),
                    (false, more) => more.unwrap_or_default(),
                };
                (of_end(end), format!("{} {}", action.word(), end.word()), detail)
            }
            Event::RunLaunched { run, revision, from } => {
                let detail = format!("revision {revision}, {}", words::origin(from));
                (Tone::Move, format!("Run {run} launched"), detail)
            }
            Event::JobManagerLost { why, unkept, run, revision, from } => {
                let between = if why.is_empty() { "" } else { " " };
                let then = match unkept {
                    Some(run) => format!(
                        "Of what run {run} did nothing is kept: its own code switches checkpoints off."
                    ),
                    None => goes_on(*run, *revision, from),
                };
                told(Tone::Bad, "The job manager was lost", format!("{why}{between}{then}"))
            }
            Event::UpdateDidNotHold { reason, tried, revision, from } => {
                let (why, from) = (&reason.message, words::origin(from));
                let detail = format!("{why} Revision {revision} is started again, {from}.");
                (Tone::Bad, format!("Revision {tried} did not hold"), detail)
            }
            Event::FailedWhileStopping { reason } => {
                let detail = format!(
                    "{} The savepoint is complete and is used; what the job's sinks had not committed is committed \
                     by the next start from it.",
                    reason.message
                );
                told(Tone::Warn, "The job failed while it was stopped", detail)
            }
            Event::CanceledOutside { at } => {
                let at = words::time(*at);
                let detail =
                    format!("It ended at {at}, not through the portal; who did it, Flink does not say.");
                told(Tone::Warn, "The job was cancelled from outside", detail)
            }
            Event::StateChanged { from, to, why } => {
                let (tone, title) = becomes(*from, *to);
                (tone, title, why.clone())
            }
            Event::TaskManagersSilent { numbers } => {
                let (title, detail) = task_managers_silent(numbers);
                (Tone::Bad, title, detail.to_owned())
            }
            Event::KeepsFailing { why } => told(Tone::Bad, KEEPS_FAILING, why.clone()),
            Event::HoldsAgain => {
                let detail = "It has run for ten minutes without a restart.".to_owned();
                told(Tone::Good, "The job holds again", detail)
            }
            Event::Unreadable { why } => told(Tone::Bad, State::Unreadable.headline(), why.clone()),
            Event::ActFailed { why } => told(Tone::Warn, "The portal could not act", act_failed(why)),
            Event::CarriedOn => {
                told(Tone::Good, "The portal carries on", "What failed before went through.".to_owned())
            }
            Event::SavepointTaken { path, by } => {
                told(Tone::Good, "Savepoint taken", format!("{}, by {by}", called(path)))
            }
            Event::CheckpointRetained { path } => told(Tone::Good, "Checkpoint retained", called(path)),
            Event::SavepointDeletionAsked { path, by } => {
                told(Tone::Idle, "Deletion of a savepoint asked", done_by(path, by))
            }
            Event::SavepointDeleted { path, by } => told(Tone::Idle, "Savepoint deleted", done_by(path, by)),
            Event::SavepointDeletionFailed { path, why } => {
                told(Tone::Warn, "A savepoint could not be deleted", format!("{path}: {why}"))
            }
            Event::StateLeftToOthers { left } => {
                let left: Vec<_> =
                    left.iter().map(|(at, name)| format!("{at}, which {name} starts from")).collect();
                let detail = format!("{}. Other clusters need it.", left.join("; "));
                told(Tone::Warn, "Not all of its state was deleted", detail)
            }
            Event::Storage { what, path, by } => told(Tone::Idle, what.word(), done_by(path, by)),
            Event::Resource { what, name, by } => told(Tone::Idle, what.word(), done_by(name, by)),
            Event::QuotaSet { account, by, .. } => told(Tone::Idle, "Quota set", done_by(account, by)),
            Event::Around { what, done, name, by } => {
                (Tone::Idle, format!("The {} {name} was {}", what.word(), done.word()), format!("by {by}"))
            }
            Event::ReadableChanged { pool, folders } => {
                let detail = match folders.as_slice() {
                    [] => "Nothing beside their own folders.".to_owned(),
                    folders => folders.join(", "),
                };
                (Tone::Idle, format!("What jobs of {pool} may read was changed"), detail)
            }
        }
    }
}

/// What the portal says of a cluster while it cannot do what it has decided.
pub fn act_failed(why: &str) -> String {
    format!("{why} It is tried again.")
}

/// What the portal says of task managers that are alive and not registered: the first words, and more.
pub fn task_managers_silent(numbers: &[u32]) -> (String, &'static str) {
    match numbers {
        [one] => (
            format!("Task manager {one} does not answer"),
            "Its process is alive, but the job manager does not hear of it any more. It is ended, and another takes \
             its place.",
        ),
        many => {
            let numbers: Vec<String> = many.iter().map(u32::to_string).collect();
            (
                format!("Task managers {} do not answer", numbers.join(", ")),
                "Their processes are alive, but the job manager does not hear of them any more. They are ended, and \
                 others take their place.",
            )
        }
    }
}

/// What the portal says of a run that takes another's place.
pub fn goes_on(run: u32, revision: u32, from: &Restore) -> String {
    format!("Run {run} of revision {revision} goes on {}.", words::origin(from))
}

fn of_end(end: &OperationEnd) -> Tone {
    match end {
        OperationEnd::Succeeded { .. } | OperationEnd::SucceededEarly { .. } => Tone::Good,
        OperationEnd::Superseded { .. } => Tone::Warn,
        OperationEnd::Failed { .. } | OperationEnd::WentBack { .. } => Tone::Bad,
    }
}

fn becomes(before: State, now: State) -> (Tone, String) {
    let tone = match now {
        State::Running => Tone::Good,
        State::Unreachable | State::Restarting => Tone::Warn,
        State::Waiting | State::Unreadable | State::Failed | State::JobLaunchFailed => Tone::Bad,
        State::Finished
        | State::Starting
        | State::Updating
        | State::Stopping
        | State::Stopped
        | State::Canceling
        | State::Canceled
        | State::Deleting => Tone::Idle,
    };
    let again = matches!(before, State::Restarting | State::Unreachable | State::Failed);
    let again = if now == State::Running && again { " again" } else { "" };
    (tone, format!("{}{again}", now.headline()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every stored event there is an example of, as people are told it.
    #[test]
    fn every_event_has_its_sentence() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored/event");
        let files = std::fs::read_dir(folder).expect("the folder is there");
        let mut told: Vec<String> = files
            .map(|file| {
                let path = file.expect("it can be listed").path();
                let text = std::fs::read_to_string(&path).expect("it can be read");
                let event: Event = serde_json::from_str(&text).expect("an event");
                let Sentence { tone, title, detail } = event.sentence();
                let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
                format!("{name}: [{}] {title}. {detail}", tone.name())
            })
            .collect();
        told.sort();
        insta::assert_snapshot!(told.join("\n"));
    }
}
