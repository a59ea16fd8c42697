//! The last processes of a run are being ended.

use super::moves::start;
use super::pass::Pass;
use crate::lifecycle::{Act, Ask, Launch, Next, Outcome, Phase, Step};

/// What is asked meanwhile waits for the phase that follows, which answers it. Only Cancel changes what follows, and
/// only where the job has not ended by itself.
pub(super) fn ending(pass: &Pass, phase: &Phase, launch: &Launch, next: &Next) -> Step {
    let next = match (pass.ask(), next) {
        (Some(Ask::Cancel), Next::Stopped { .. } | Next::Canceled | Next::Launch { .. }) => &Next::Canceled,
        (Some(Ask::Cancel), Next::Finished | Next::Failed { .. }) => return pass.refuse(phase),
        _ => next,
    };
    if pass.sight.anything_alive() {
        return Step::go(Phase::Ending { launch: launch.clone(), next: next.clone() }).act(Act::End);
    }
    match next {
        Next::Stopped { savepoint } => {
            let (launch, savepoint) = (launch.clone(), savepoint.clone());
            let stopped = (pass.ask() == Some(&Ask::Stop))
                .then(|| Outcome::Succeeded { savepoint: Some(savepoint.clone()) });
            Step::go(Phase::Stopped { launch, savepoint }).settle(stopped)
        }
        Next::Canceled => {
            let canceled =
                (pass.ask() == Some(&Ask::Cancel)).then_some(Outcome::Succeeded { savepoint: None });
            Step::go(Phase::Canceled { launch: Some(launch.clone()) }).settle(canceled)
        }
        Next::Finished => Step::go(Phase::Finished { launch: launch.clone() }),
        Next::Failed { newest, reason, at_launch } => Step::go(Phase::Failed {
            launch: launch.clone(),
            newest: newest.clone(),
            reason: reason.clone(),
            at_launch: *at_launch,
        }),
        Next::Launch { launch, recoveries } => start(pass, launch.clone(), *recoveries),
    }
}
