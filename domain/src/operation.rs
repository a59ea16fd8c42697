//! How an operation ended, as data, and the sentences that it is told in: here and nowhere else. What can be asked:
//! [`crate::action`]; what the lifecycle decides: [`crate::lifecycle::Outcome`].

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::lifecycle::{Outcome, Restore};
use crate::reason::{Reason, code};
use crate::snapshot::called;

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum OperationEnd {
    /// Its effect was seen.
    Succeeded {
        /// The savepoint that was taken.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        savepoint: Option<String>,
        /// Time without a running job, of an update.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        downtime_ms: Option<u64>,
    },
    /// Its job had come up; another operation ended its probation.
    SucceededEarly {
        /// What was asked.
        action: Action,
        /// Who asked.
        by: String,
    },
    /// It did not come to its effect.
    Failed {
        /// Why.
        reason: Reason,
    },
    /// An update did not hold, and what ran before runs again.
    WentBack {
        /// Why it did not hold.
        reason: Reason,
        /// The revision that was tried.
        tried: u32,
        /// From when until when its job ran: what it processed meanwhile is processed again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        ran: Option<(Timestamp, Timestamp)>,
        /// The revision that runs again.
        revision: u32,
        /// Its run.
        run: u32,
        /// The state that the run started from.
        from: Restore,
        /// Time without a running job until it ran again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        back_ms: Option<u64>,
    },
    /// Another operation took its place.
    Superseded {
        /// What was asked.
        action: Action,
        /// Who asked.
        by: String,
    },
}

impl OperationEnd {
    /// The end of an operation with that outcome; `downtime`: without a running job, until what was asked for ran, or what
    /// ran before ran again.
    pub fn of(outcome: &Outcome, downtime: Option<SignedDuration>, now: Timestamp) -> Self {
        match outcome {
            Outcome::Succeeded { savepoint } => {
                OperationEnd::Succeeded { savepoint: savepoint.clone(), downtime_ms: millis(downtime) }
            }
            Outcome::Failed(reason) => OperationEnd::Failed { reason: reason.clone() },
            Outcome::WentBack { from, revision, run, state } => OperationEnd::WentBack {
                reason: from.reason.clone(),
                tried: from.revision,
                ran: from.ran_since.map(|since| (since, now)),
                revision: *revision,
                run: *run,
                from: state.clone(),
                back_ms: millis(downtime),
            },
        }
    }

    /// The same for the history, which leaves the exception to the operation.
    pub fn without_exception(&self) -> Self {
        let mut end = self.clone();
        if let OperationEnd::Failed { reason } | OperationEnd::WentBack { reason, .. } = &mut end {
            reason.exception.clear();
        }
        end
    }

    /// Whether it did what was asked.
    pub fn succeeded(&self) -> bool {
        match self {
            OperationEnd::Succeeded { .. } | OperationEnd::SucceededEarly { .. } => true,
            OperationEnd::Failed { .. } | OperationEnd::WentBack { .. } | OperationEnd::Superseded { .. } => {
                false
            }
        }
    }

    /// "succeeded", "went back".
    pub fn word(&self) -> &'static str {
        match self {
            OperationEnd::Succeeded { .. } | OperationEnd::SucceededEarly { .. } => "succeeded",
            OperationEnd::Failed { .. } => "failed",
            OperationEnd::WentBack { .. } => "went back",
            OperationEnd::Superseded { .. } => "did not end",
        }
    }

    /// What is worth saying beside that word: "2.8 s without a running job".
    pub fn more(&self, action: Action) -> Option<String> {
        match self {
            OperationEnd::Succeeded { downtime_ms: Some(downtime), .. } => {
                let seconds = SignedDuration::from_millis(i64::try_from(*downtime).unwrap_or(i64::MAX));
                Some(format!("{} without a running job", words::seconds(seconds)))
            }
            OperationEnd::Succeeded { savepoint, downtime_ms: None } => savepoint
                .as_deref()
                .filter(|_| matches!(action, Action::Savepoint | Action::Stop))
                .map(called),
            OperationEnd::SucceededEarly { action, by } => {
                Some(format!("{} by {by} ended its probation", action.word()))
            }
            OperationEnd::Superseded { action, by } => {
                Some(format!("{} by {by} took its place", action.word()))
            }
            OperationEnd::Failed { .. } | OperationEnd::WentBack { .. } => {
                self.reason(action).map(|reason| reason.message)
            }
        }
    }

    /// The whole of it in one line: "Update succeeded, 2.8 s without a running job".
    pub fn line(&self, action: Action) -> String {
        let (what, between) = (
            format!("{} {}", action.word(), self.word()),
            match self {
                OperationEnd::Succeeded { .. } => ", ",
                OperationEnd::SucceededEarly { .. } => "; ",
                OperationEnd::Failed { .. }
                | OperationEnd::WentBack { .. }
                | OperationEnd::Superseded { .. } => ": ",
            },
        );
        self.more(action).map_or(what.clone(), |more| format!("{what}{between}{more}"))
    }

    /// Why it did not succeed.
    pub fn reason(&self, action: Action) -> Option<Reason> {
        match self {
            OperationEnd::Succeeded { .. } | OperationEnd::SucceededEarly { .. } => None,
            OperationEnd::Failed { reason } => Some(reason.clone()),
            OperationEnd::WentBack { reason, tried, ran, revision, run, from, .. } => {
                let repeated = ran.map(|(since, until)| {
                    format!(
                        " Revision {tried} ran from {} on; what it processed in these {} is processed again.",
                        words::time(since),
                        words::seconds(until.duration_since(since))
                    )
                });
                let message = format!(
                    "{} Revision {revision} runs again as run {run}, {}.{}",
                    reason.message,
                    words::origin(from),
                    repeated.unwrap_or_default()
                );
                Some(Reason {
                    code: code::WENT_BACK.to_owned(),
                    message,
                    exception: reason.exception.clone(),
                })
            }
            OperationEnd::Superseded { action: other, by } => {
                let message =
                    format!("{} by {by} took its place before {} had ended.", other.word(), action.word());
                Some(Reason::new(code::SUPERSEDED, message))
            }
        }
    }
}

fn millis(time: Option<SignedDuration>) -> Option<u64> {
    time.map(|time| u64::try_from(time.as_millis()).unwrap_or_default())
}

/// Parts of sentences that events and ends have in common.
pub(crate) mod words {
    use jiff::{SignedDuration, Timestamp};

    use crate::lifecycle::Restore;
    use crate::snapshot::called;

    /// "2.8 s".
    pub(crate) fn seconds(duration: SignedDuration) -> String {
        format!("{:.1} s", duration.as_secs_f64())
    }

    /// "12:03:04 UTC".
    pub(crate) fn time(at: Timestamp) -> String {
        at.strftime("%H:%M:%S UTC").to_string()
    }

    /// "from savepoint-ab12".
    pub(crate) fn origin(state: &Restore) -> String {
        match state.path() {
            None => "without state".to_owned(),
            Some(path) => format!("from {}", called(path)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every stored end there is an example of, of an update and of a stop.
    #[test]
    fn every_end_has_its_line() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored/operation-end");
        let files = std::fs::read_dir(folder).expect("the folder is there");
        let mut told: Vec<String> = files
            .map(|file| {
                let path = file.expect("it can be listed").path();
                let text = std::fs::read_to_string(&path).expect("it can be read");
                let end: OperationEnd = serde_json::from_str(&text).expect("an end");
                let code = end.reason(Action::Update).map_or_else(String::new, |reason| reason.code);
                let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
                format!("{name}: {} | {} | {code}", end.line(Action::Update), end.line(Action::Stop))
            })
            .collect();
        told.sort();
        insta::assert_snapshot!(told.join("\n"));
    }
}
