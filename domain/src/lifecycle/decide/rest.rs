//! Nothing runs and nothing is on its way: Accepted, Stopped, Canceled, Finished, Failed.

use super::moves::start;
use super::pass::Pass;
use crate::lifecycle::{Act, Ask, Launch, Outcome, Phase, Recoveries, Restore, Step};

/// Asked for, never launched.
pub(super) fn accepted(pass: &Pass, phase: &Phase) -> Step {
    match pass.ask() {
        Some(Ask::Cancel) if !pass.sight.anything_alive() => {
            Step::go(Phase::Canceled { launch: None }).settle(Outcome::Succeeded { savepoint: None })
        }
        _ => ended(pass, phase, None),
    }
}

/// Stopped with savepoint: it may also be updated.
pub(super) fn stopped(pass: &Pass, phase: &Phase, last: &Launch, savepoint: &str) -> Step {
    match pass.ask() {
        Some(Ask::Update { revision, keep_state }) if !pass.sight.anything_alive() => {
            let from = match keep_state {
                true => Restore::Savepoint { path: savepoint.to_owned() },
                false => Restore::Fresh,
            };
            launch_after(pass, Some(last), *revision, from)
        }
        Some(Ask::Update { .. }) => clear(phase),
        _ => ended(pass, phase, Some(last)),
    }
}

/// At rest, for whatever reason.
pub(super) fn ended(pass: &Pass, phase: &Phase, last: Option<&Launch>) -> Step {
    if pass.sight.anything_alive() {
        return clear(phase);
    }
    match pass.ask() {
        None => Step::stay(phase),
        Some(Ask::Start { revision, from }) => launch_after(pass, last, *revision, from.clone()),
        Some(Ask::Update { .. } | Ask::Savepoint | Ask::Stop | Ask::Cancel | Ask::Delete { .. }) => {
            pass.refuse(phase)
        }
    }
}

/// Where nothing should be alive something is: end it before anything else.
fn clear(phase: &Phase) -> Step {
    Step::stay(phase).act(Act::End).soon()
}

fn launch_after(pass: &Pass, last: Option<&Launch>, revision: u32, from: Restore) -> Step {
    let run = last.map_or(0, |last| last.run) + 1;
    let asked_by = pass.intent.map(|intent| intent.operation);
    start(pass, Launch { run, revision, from, asked_by }, Recoveries::default())
}
