//! Being removed, and gone. Nothing here waits for Flink.

use super::pass::Pass;
use crate::lifecycle::{Act, Ask, Outcome, Phase, Step};

/// Delete goes through in every phase.
pub(super) fn begin(phase: &Phase, keep_savepoints: bool) -> Step {
    Step::go(Phase::Deleting { launch: phase.launch().cloned(), keep_savepoints })
        .act(Act::Remove { keep_savepoints })
}

pub(super) fn deleting(pass: &Pass, phase: &Phase, keep_savepoints: bool, absent: bool) -> Step {
    match pass.ask() {
        _ if absent => deleted(pass, &Phase::Deleted),
        None | Some(Ask::Delete { .. }) => Step::stay(phase).act(Act::Remove { keep_savepoints }),
        Some(Ask::Start { .. } | Ask::Update { .. } | Ask::Savepoint | Ask::Stop | Ask::Cancel) => {
            pass.refuse(phase)
        }
    }
}

pub(super) fn deleted(pass: &Pass, phase: &Phase) -> Step {
    match pass.ask() {
        None => Step::stay(phase),
        Some(Ask::Delete { .. }) => Step::stay(phase).settle(Outcome::Succeeded { savepoint: None }),
        Some(Ask::Start { .. } | Ask::Update { .. } | Ask::Savepoint | Ask::Stop | Ask::Cancel) => {
            pass.refuse(phase)
        }
    }
}
