//! The newest complete state that was ever seen of a cluster.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Launch, ObservedRun, ObservedSavepoint, Restore};

/// A complete savepoint or checkpoint of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownState {
    /// The run that wrote it.
    pub run: u32,
    /// What it is.
    pub state: Restore,
    /// When it was complete.
    pub at: Timestamp,
}

impl KnownState {
    /// What is known of a run, with what is seen of it now.
    pub fn with(
        known: Option<KnownState>,
        launch: &Launch,
        observed: &ObservedRun,
        now: Timestamp,
    ) -> Option<KnownState> {
        let of_this_run = |state, at| Some(KnownState { run: launch.run, state, at });
        let checkpoint = observed.checkpoint.clone().and_then(|path| {
            of_this_run(Restore::Checkpoint { path }, observed.checkpoint_at.unwrap_or(now))
        });
        let savepoint = match &observed.savepoint {
            ObservedSavepoint::Completed { path } => {
                let state = Restore::Savepoint { path: path.clone() };
                // Seen again it is not newer than it was.
                let first = known.as_ref().filter(|known| known.state == state).map(|known| known.at);
                of_this_run(state, first.unwrap_or(now))
            }
            ObservedSavepoint::Unknown | ObservedSavepoint::InProgress | ObservedSavepoint::Failed { .. } => {
                None
            }
        };
        Self::newer(Self::newer(known, checkpoint), savepoint)
    }

    /// The newer of what was known and what is seen now. What an earlier run wrote does not count beside what a later
    /// one did.
    pub fn newer(known: Option<KnownState>, seen: Option<KnownState>) -> Option<KnownState> {
        match (known, seen) {
            (Some(known), Some(seen)) if (known.run, known.at) > (seen.run, seen.at) => Some(known),
            (known, seen) => seen.or(known),
        }
    }
}
