//! The decision.

use jiff::Timestamp;

use super::{Intent, Limits, Phase, Seen, Step};

/// What comes next. Total: every wish in every phase with every sight has an answer.
///
/// `intent` is what is asked and not yet settled; without it a pass only keeps what is.
pub fn decide(intent: Option<&Intent>, phase: &Phase, seen: &Seen, limits: &Limits, now: Timestamp) -> Step {
    let _ = (intent, phase, seen, limits, now);
    Step { phase: phase.clone(), act: None, outcome: None, look_again: std::time::Duration::from_secs(1) }
}
