//! Nothing runs and nothing is on its way: Accepted, Stopped, Canceled, Finished, Failed.

use super::context::Context;
use super::moves::start;
use crate::lifecycle::{Act, Ask, Decision, Launch, Outcome, Phase, Recoveries, Restore};

/// Asked for, never launched.
pub(super) fn accepted(context: &Context, phase: &Phase) -> Decision {
    match context.ask() {
        Some(Ask::Cancel) if !context.observed.anything_alive() => {
            Decision::go(Phase::Canceled { launch: None }).settle(Outcome::Succeeded { savepoint: None })
        }
        None
        | Some(
            Ask::Start { .. }
            | Ask::Update { .. }
            | Ask::LastStateUpdate { .. }
            | Ask::Savepoint
            | Ask::Stop
            | Ask::Cancel
            | Ask::Delete { .. },
        ) => ended(context, phase, None),
    }
}

/// Stopped with savepoint: it may also be updated.
pub(super) fn stopped(context: &Context, phase: &Phase, last: &Launch, savepoint: &str) -> Decision {
    match context.ask() {
        Some(Ask::Update { revision, keep_state }) if !context.observed.anything_alive() => {
            let from = match keep_state {
                true => Restore::Savepoint { path: savepoint.to_owned() },
                false => Restore::Fresh,
            };
            launch_after(context, Some(last), *revision, from)
        }
        Some(Ask::Update { .. }) => clear(phase),
        None
        | Some(
            Ask::Start { .. }
            | Ask::LastStateUpdate { .. }
            | Ask::Savepoint
            | Ask::Stop
            | Ask::Cancel
            | Ask::Delete { .. },
        ) => ended(context, phase, Some(last)),
    }
}

/// At rest, for whatever reason.
pub(super) fn ended(context: &Context, phase: &Phase, last: Option<&Launch>) -> Decision {
    if context.observed.anything_alive() {
        return clear(phase);
    }
    match context.ask() {
        None => Decision::stay(phase),
        Some(Ask::Start { revision, from }) => launch_after(context, last, *revision, from.clone()),
        Some(
            Ask::Update { .. }
            | Ask::LastStateUpdate { .. }
            | Ask::Savepoint
            | Ask::Stop
            | Ask::Cancel
            | Ask::Delete { .. },
        ) => context.refuse(phase),
    }
}

/// Where nothing should be alive something is: end it before anything else.
fn clear(phase: &Phase) -> Decision {
    Decision::stay(phase).act(Act::End).soon()
}

fn launch_after(context: &Context, last: Option<&Launch>, revision: u32, from: Restore) -> Decision {
    let run = last.map_or(0, |last| last.run) + 1;
    let asked_by = context.intent.map(|intent| intent.operation);
    let fresh = from == Restore::Fresh;
    let launch = Launch {
        run,
        revision,
        from,
        asked_by,
        fresh,
        fallback: None,
        back_from: None,
        checkpoints_off: false,
    };
    start(context, launch, Recoveries::default())
}
