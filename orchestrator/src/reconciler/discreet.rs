//! What is seen may quote a secret: an exception of the job, an answer of Flink. Hidden before anything is decided, it
//! reaches neither rows nor pages.

use domain::lifecycle::{Observation, ObservedJob, ObservedProcess, ObservedRun, ObservedSavepoint};
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
                ObservedProcess::Ended { why } => ObservedProcess::Ended { why: hide(&why) },
                other => other,
            };
            let savepoint = match observed.savepoint {
                ObservedSavepoint::Failed { why } => ObservedSavepoint::Failed { why: hide(&why) },
                other => other,
            };
            let job = observed.job.map(|job| ObservedJob { failure: job.failure.as_ref().map(hide), ..job });
            Observation::Present(ObservedRun { job_manager, savepoint, job, ..observed })
        }
    }
}
