//! What one pass knows, and how its decision is put together.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::reasons;
use crate::id::OperationId;
use crate::lifecycle::{
    Act, Ask, Decision, Intent, KnownState, Launch, Limits, ObservedRun, Outcome, Phase, Restore,
};

/// What one pass knows besides the phase.
pub(super) struct Context<'a> {
    pub(super) intent: Option<&'a Intent>,
    /// The newest state that was ever seen.
    pub(super) known: Option<&'a KnownState>,
    pub(super) observed: &'a ObservedRun,
    pub(super) limits: &'a Limits,
    pub(super) now: Timestamp,
}

impl Context<'_> {
    /// What is asked and not settled yet.
    pub(super) fn ask(&self) -> Option<&Ask> {
        self.intent.map(|intent| &intent.ask)
    }

    /// Whether this operation is the one that is not settled yet.
    pub(super) fn owes(&self, operation: Option<OperationId>) -> bool {
        operation.is_some() && operation == self.intent.map(|intent| intent.operation)
    }

    /// The newest state of a run, or what it started from.
    pub(super) fn newest(&self, launch: &Launch) -> Restore {
        self.newest_of(launch.run).unwrap_or_else(|| launch.from.clone())
    }

    /// The newest state that a run is known to have written.
    pub(super) fn newest_of(&self, run: u32) -> Option<Restore> {
        let seen = self.observed.checkpoint.as_ref().map(|path| KnownState {
            run,
            state: Restore::Checkpoint { path: path.clone() },
            at: self.observed.checkpoint_at.unwrap_or(Timestamp::MAX),
        });
        let known = KnownState::newer(self.known.cloned(), seen);
        known.filter(|known| known.run == run).map(|known| known.state)
    }

    /// The deadline for something that begins now.
    pub(super) fn until(&self, limit: SignedDuration) -> Timestamp {
        self.now.checked_add(limit).unwrap_or(Timestamp::MAX)
    }

    /// Whether a deadline has passed.
    pub(super) fn overdue(&self, until: Timestamp) -> bool {
        self.now >= until
    }

    /// The answer to something that does not fit the phase: someone was faster, or the job was.
    pub(super) fn refuse(&self, phase: &Phase) -> Decision {
        Decision::stay(phase).settle(self.ask().map(|ask| Outcome::Failed(reasons::not_allowed(ask, phase))))
    }

    /// The end of an unsettled operation that something else has overtaken.
    pub(super) fn fail(&self, why: impl FnOnce() -> crate::reason::Reason) -> Option<Outcome> {
        self.intent.map(|_| Outcome::Failed(why()))
    }
}

impl Decision {
    /// Nothing changes.
    pub(super) fn stay(phase: &Phase) -> Self {
        Self::go(phase.clone())
    }

    /// Another phase from now on.
    pub(super) fn go(phase: Phase) -> Self {
        let look_again = pace(&phase);
        Self { phase, act: None, outcome: None, look_again }
    }

    /// Do this, if anything, once the phase is recorded.
    pub(super) fn act(self, act: impl Into<Option<Act>>) -> Self {
        Self { act: act.into(), ..self }
    }

    /// The unsettled operation, if there is one, ended like this.
    pub(super) fn settle(self, outcome: impl Into<Option<Outcome>>) -> Self {
        Self { outcome: outcome.into(), ..self }
    }

    /// Look again as at something that moves.
    pub(super) fn soon(self) -> Self {
        Self { look_again: MOVING, ..self }
    }
}

const MOVING: Duration = Duration::from_millis(250);
const RUNNING: Duration = Duration::from_secs(1);
const RESTING: Duration = Duration::from_secs(30);

fn pace(phase: &Phase) -> Duration {
    match phase {
        Phase::Accepted
        | Phase::Starting { .. }
        | Phase::Saving { .. }
        | Phase::Stopping { .. }
        | Phase::Canceling { .. }
        | Phase::Ending { .. }
        | Phase::Deleting { .. } => MOVING,
        Phase::Running { .. } => RUNNING,
        Phase::Stopped { .. }
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Failed { .. }
        | Phase::Deleted => RESTING,
        Phase::Waiting { .. } => RUNNING,
    }
}
