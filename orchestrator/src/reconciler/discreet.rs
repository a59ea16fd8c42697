//! What is seen may quote a secret: an exception of the job, an answer of Flink. Hidden before anything is decided, it
//! reaches neither rows nor pages.

use domain::lifecycle::{
    FlinkRestarts, MainMethod, Observation, ObservedJob, ObservedProcess, ObservedRun, ObservedSavepoint,
};
use domain::reason::Reason;
use domain::secret::Secrets;

/// What was seen, with the secrets hidden. They are only asked for when there are words to look through.
pub(super) fn discreet(seen: Observation, secrets: impl FnOnce() -> Secrets) -> Observation {
    let secrets = std::cell::LazyCell::new(secrets);
    let hide = |reason: &Reason| secrets.hide_in(reason);
    match seen {
        Observation::Absent => Observation::Absent,
        Observation::Unreachable { why } => Observation::Unreachable { why: secrets.hide(&why) },
        Observation::Present(observed) => {
            let job_manager = match observed.job_manager {
                ObservedProcess::Ended { why, by_itself } => {
                    ObservedProcess::Ended { why: hide(&why), by_itself }
                }
                other => other,
            };
            let savepoint = match observed.savepoint {
                ObservedSavepoint::Failed { why } => ObservedSavepoint::Failed { why: hide(&why) },
                other => other,
            };
            let job = observed.job.map(|job| ObservedJob {
                failure: job.failure.as_ref().map(hide),
                restarts: job.restarts.map(|told| FlinkRestarts { why: told.why.as_ref().map(hide), ..told }),
                ..job
            });
            let main = match observed.main {
                MainMethod::Failed { why } => MainMethod::Failed { why: hide(&why) },
                main @ (MainMethod::Unknown | MainMethod::Runs | MainMethod::Returned) => main,
            };
            Observation::Present(ObservedRun { job_manager, savepoint, job, main, ..observed })
        }
    }
}
