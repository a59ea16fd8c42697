//! From which state the next run starts: the newest that was ever seen of the run that ended, or what that one itself
//! started from. Where it cannot be used now, the next run waits for it and never starts from less.

use super::context::Context;
use super::moves::{loss, start};
use super::{reasons, rest};
use crate::lifecycle::{Act, Ask, Decision, Launch, ObservedRun, Outcome, Phase, Recoveries};

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
    let newest = context.newest_of(ended.run);
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

/// The job is over, and whether the savepoint that it was to leave is complete nobody can tell: nothing is judged until
/// somebody can. Its job manager may stay: it knows how the job ended.
pub(super) fn out_of_sight(context: &Context, phase: &Phase) -> Decision {
    if context.observed.anything_alive() && !context.observed.job_manager.alive() {
        return Decision::stay(phase).act(Act::End).soon();
    }
    Decision::stay(phase)
}

/// Whether a run that was to leave a savepoint leaves the word to a person.
pub(super) fn gone(observed: &ObservedRun) -> bool {
    loss(observed).is_some() || observed.out_of_sight().is_some()
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
