//! The last processes of a run are being ended.

use super::context::Context;
use super::waiting::launch_or_wait;
use crate::lifecycle::{Act, Ask, Decision, Launch, Next, Outcome, Phase};

/// What is asked meanwhile waits for the phase that follows, which answers it. Only Cancel changes what follows, and
/// only where the job has not ended by itself.
pub(super) fn ending(context: &Context, phase: &Phase, launch: &Launch, next: &Next) -> Decision {
    let next = match (context.ask(), next) {
        (Some(Ask::Cancel), Next::Stopped { .. } | Next::Canceled | Next::Launch { .. }) => &Next::Canceled,
        (Some(Ask::Cancel), Next::Finished | Next::Failed { .. }) => return context.refuse(phase),
        (
            None
            | Some(
                Ask::Start { .. }
                | Ask::Update { .. }
                | Ask::LastStateUpdate { .. }
                | Ask::Savepoint
                | Ask::Stop
                | Ask::Delete { .. },
            ),
            _,
        ) => next,
    };
    if context.observed.anything_alive() {
        return Decision::go(Phase::Ending { launch: launch.clone(), next: next.clone() }).act(Act::End);
    }
    match next {
        Next::Stopped { savepoint } => {
            let (launch, savepoint) = (launch.clone(), savepoint.clone());
            let stopped = (context.ask() == Some(&Ask::Stop))
                .then(|| Outcome::Succeeded { savepoint: Some(savepoint.clone()) });
            Decision::go(Phase::Stopped { launch, savepoint }).settle(stopped)
        }
        Next::Canceled => {
            let canceled =
                (context.ask() == Some(&Ask::Cancel)).then_some(Outcome::Succeeded { savepoint: None });
            Decision::go(Phase::Canceled { launch: Some(launch.clone()) }).settle(canceled)
        }
        Next::Finished => Decision::go(Phase::Finished { launch: launch.clone() }),
        Next::Failed { newest, reason, at_launch } => Decision::go(Phase::Failed {
            launch: launch.clone(),
            newest: newest.clone(),
            reason: reason.clone(),
            at_launch: *at_launch,
        }),
        Next::Launch { launch: next, recoveries } => launch_or_wait(context, launch, next, *recoveries),
    }
}
