//! Being removed, and gone. Nothing here waits for Flink.

use super::context::Context;
use crate::lifecycle::{Act, Ask, Decision, Intent, Outcome, Phase};

/// What cannot be seen is left alone, unless a person gave it up in so many words: then its rows go, and what is left of
/// it outside is theirs to clear away.
pub(super) fn unseen(intent: Option<&Intent>, phase: &Phase) -> Decision {
    match intent.map(|intent| &intent.ask) {
        Some(Ask::Delete { unseen: true, .. }) => {
            Decision::go(Phase::Deleted).settle(Outcome::Succeeded { savepoint: None })
        }
        None
        | Some(
            Ask::Start { .. }
            | Ask::Update { .. }
            | Ask::LastStateUpdate { .. }
            | Ask::Savepoint
            | Ask::Stop
            | Ask::Cancel
            | Ask::Delete { unseen: false, .. },
        ) => Decision::stay(phase),
    }
}

/// Delete goes through in every phase.
pub(super) fn begin(phase: &Phase, keep_savepoints: bool) -> Decision {
    Decision::go(Phase::Deleting { launch: phase.launch().cloned(), keep_savepoints })
        .act(Act::Remove { keep_savepoints })
}

pub(super) fn deleting(context: &Context, phase: &Phase, keep_savepoints: bool, absent: bool) -> Decision {
    match context.ask() {
        _ if absent => deleted(context, &Phase::Deleted),
        // A person gave up in so many words what lies where nobody can see it now.
        Some(Ask::Delete { unseen: true, .. })
            if context.observed.state_missing.is_some() && !context.observed.anything_alive() =>
        {
            deleted(context, &Phase::Deleted)
        }
        None | Some(Ask::Delete { .. }) => Decision::stay(phase).act(Act::Remove { keep_savepoints }),
        Some(
            Ask::Start { .. }
            | Ask::Update { .. }
            | Ask::LastStateUpdate { .. }
            | Ask::Savepoint
            | Ask::Stop
            | Ask::Cancel,
        ) => context.refuse(phase),
    }
}

pub(super) fn deleted(context: &Context, phase: &Phase) -> Decision {
    match context.ask() {
        None => Decision::stay(phase),
        Some(Ask::Delete { .. }) => Decision::stay(phase).settle(Outcome::Succeeded { savepoint: None }),
        Some(
            Ask::Start { .. }
            | Ask::Update { .. }
            | Ask::LastStateUpdate { .. }
            | Ask::Savepoint
            | Ask::Stop
            | Ask::Cancel,
        ) => context.refuse(phase),
    }
}
