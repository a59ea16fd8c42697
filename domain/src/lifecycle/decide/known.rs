//! Which state the next run starts from: the newest that was ever seen of the run that ended, or what that one itself
//! started from. Where it cannot be used now, the next run waits for it and never starts from less.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::moves::start;
use super::{reasons, rest};
use crate::lifecycle::{
    Act, Ask, Decision, Launch, ObservedRun, ObservedSavepoint, Outcome, Phase, Recoveries, Restore,
};

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

/// The newest state of a run, or what it started from.
pub(super) fn newest(context: &Context, launch: &Launch) -> Restore {
    newest_of(context, launch.run).unwrap_or_else(|| launch.from.clone())
}

/// The newest state that a run is known to have written.
fn newest_of(context: &Context, run: u32) -> Option<Restore> {
    let seen = context.observed.checkpoint.as_ref().map(|path| KnownState {
        run,
        state: Restore::Checkpoint { path: path.clone() },
        at: context.observed.checkpoint_at.unwrap_or(Timestamp::MAX),
    });
    let known = KnownState::newer(context.known.cloned(), seen);
    known.filter(|known| known.run == run).map(|known| known.state)
}

/// Launches, unless the state that it starts from cannot be used now, or nobody can know whether there is a newer one.
pub(super) fn launch_or_wait(
    context: &Context,
    ended: &Launch,
    next: &Launch,
    recoveries: Recoveries,
) -> Decision {
    if let Some(why) = &context.observed.state_missing {
        let (launch, next, why) = (ended.clone(), next.clone(), why.clone());
        return Decision::go(Phase::Waiting { launch, next, recoveries, why });
    }
    let mut next = next.clone();
    let (replaces, goes_back) = (recoveries.count > 0, next.back_from.is_some());
    // The run that ended may have written more than was seen when its end was decided.
    let newest = newest_of(context, ended.run);
    if replaces && ended.checkpoints_off && newest.is_none() {
        let (launch, why) = (ended.clone(), reasons::checkpoints_off(ended.run));
        return Decision::go(Phase::Waiting { launch, next, recoveries, why });
    }
    if let Some(newest) = newest.filter(|_| replaces || !goes_back) {
        if let Some(fallback) = next.fallback.as_mut().filter(|_| !replaces) {
            fallback.from = newest.clone();
        }
        if replaces || !next.fresh {
            next.from = newest;
        }
    }
    start(context, next, recoveries)
}

/// The state is looked for. A person may decide otherwise meanwhile, in so many words.
pub(super) fn waiting(
    context: &Context,
    phase: &Phase,
    ended: &Launch,
    next: &Launch,
    recoveries: Recoveries,
) -> Decision {
    if context.observed.anything_alive() {
        return Decision::stay(phase).act(Act::End).soon();
    }
    match context.ask() {
        Some(Ask::Cancel) => Decision::go(Phase::Canceled { launch: Some(ended.clone()) })
            .settle(Outcome::Succeeded { savepoint: None }),
        Some(_) if !context.owes(next.asked_by) => rest::ended(context, phase, Some(ended)),
        Some(_) | None => launch_or_wait(context, ended, next, recoveries),
    }
}
