//! One launch of the job: what it runs, from which state, and what becomes of it if it does not hold.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::OperationId;
use crate::reason::Reason;

/// One launch of the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// The run's number, 1 for the first. Never used twice.
    pub run: u32,
    /// The revision that it runs.
    pub revision: u32,
    /// The state that it starts from.
    pub from: Restore,
    /// The operation that asked for it; none for a run that replaces a lost one.
    pub asked_by: Option<OperationId>,
    /// Without state on purpose: somebody chose so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fresh: bool,
    /// What runs again if this launch, an update's, does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
    /// What this launch goes back from: an update that did not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_from: Option<BackFrom>,
    /// Its job has told that its own code takes no checkpoints, though its options ask for them: with the job manager
    /// everything is lost, and whether it begins anew is for a person to say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checkpoints_off: bool,
}

impl Launch {
    /// The launch that replaces this one of the same revision: nobody asks for it.
    pub fn again(&self, from: Restore) -> Self {
        let (revision, fallback, back_from) = (self.revision, self.fallback.clone(), self.back_from.clone());
        Self {
            run: self.run + 1,
            revision,
            from,
            asked_by: None,
            fresh: false,
            fallback,
            back_from,
            checkpoints_off: false,
        }
    }
}

/// The revision that ran before an update, and the state that it goes on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// The revision.
    pub revision: u32,
    /// The savepoint that the update took; where it took none, the newest state of the run that it ended.
    pub from: Restore,
}

/// An update that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackFrom {
    /// The revision that was tried.
    pub revision: u32,
    /// Why it did not hold.
    pub reason: Reason,
    /// Since when its job had run, if it ever did: what it has processed since is processed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran_since: Option<Timestamp>,
    /// How often it was restarted until then.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The first while of an updated job, in which it still goes back by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probation {
    /// When it is over at the latest.
    pub until: Timestamp,
    /// Since when the job runs.
    pub since: Timestamp,
    /// Checkpoints that it has completed so far.
    pub checkpoints: u32,
    /// Its newest checkpoint so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// How often it was restarted, by Flink or by the portal.
    pub restarts: u32,
    /// Flink's restart that was counted last, by Flink's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarted_at: Option<Timestamp>,
}

/// How often lost runs had to be replaced of late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recoveries {
    /// Without [`Limits::recovery_reset`](super::Limits::recovery_reset) between one and the next.
    pub count: u32,
    /// When the last one was.
    pub last: Option<Timestamp>,
}

/// The state that a run starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Restore {
    /// None.
    Fresh,
    /// A savepoint, by its full path.
    Savepoint {
        /// Its address.
        path: String,
    },
    /// A retained checkpoint, by its full path.
    Checkpoint {
        /// Its address.
        path: String,
    },
}

impl Restore {
    /// The state at a path: a checkpoint is called so by Flink (`chk-12`).
    pub fn at(path: &str) -> Self {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let path = path.to_owned();
        if name.starts_with("chk-") { Restore::Checkpoint { path } } else { Restore::Savepoint { path } }
    }

    /// What somebody chose: nothing, `fresh`, or a path.
    pub fn chosen(text: &str) -> Option<Self> {
        match text.trim() {
            "" => None,
            "fresh" => Some(Restore::Fresh),
            path => Some(Restore::at(path)),
        }
    }

    /// The path that Flink is given, if any.
    pub fn path(&self) -> Option<&str> {
        match self {
            Restore::Fresh => None,
            Restore::Savepoint { path } | Restore::Checkpoint { path } => Some(path),
        }
    }
}
