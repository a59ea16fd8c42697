//! What is said of a cluster that waits for state which is not there: what for, what becomes of it by itself, and what a
//! person can do meanwhile.

use domain::lifecycle::{Observation, Phase, Then};

/// The words; none if it does not wait.
pub(super) fn note(phase: &Phase, seen: &Observation) -> Option<String> {
    let why = phase.waits_for(seen)?;
    let (run, done) = match phase {
        Phase::Waiting { launch, next, .. } => {
            return Some(match next.from.path() {
                Some(path) if !launch.checkpoints_off => format!(
                    "{why} Run {} waits for {path} and goes on from it by itself; nothing is started from less. Start \
                     offers every other state, Cancel ends the wait.",
                    next.run
                ),
                // There is nothing to wait for but a person.
                Some(_) | None => why.to_owned(),
            });
        }
        Phase::Saving { launch, .. } => (launch.run, "the job runs again from its newest state".to_owned()),
        Phase::Stopping { launch, then, .. } => {
            let complete = match then {
                Then::Rest => "the job is stopped".to_owned(),
                Then::Launch { revision, .. } => format!("revision {revision} starts from it"),
            };
            let then = format!(
                "{complete} if the savepoint is complete, and the job runs again from its newest state if not"
            );
            (launch.run, then)
        }
        Phase::Accepted
        | Phase::Starting { .. }
        | Phase::Running { .. }
        | Phase::Canceling { .. }
        | Phase::Ending { .. }
        | Phase::Stopped { .. }
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Failed { .. }
        | Phase::Deleting { .. }
        | Phase::Deleted => return None,
    };
    Some(format!(
        "{why} The processes of run {run} have ended, and whether its savepoint is complete can only be seen there. It is \
         looked for; then {done}. Start offers every other state, Cancel ends the wait."
    ))
}
