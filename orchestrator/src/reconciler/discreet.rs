//! What is seen may quote a secret: an exception of the job, an answer of Flink. Hidden before anything is decided, it
//! reaches neither rows nor pages.

use domain::lifecycle::{JobSeen, ProcessSeen, SavepointSeen, Seen, Sight};
use domain::reason::Reason;
use domain::secret::Secrets;

/// What was seen, with the secrets hidden. They are only asked for when there are words to look through.
pub(super) fn discreet(seen: Seen, secrets: impl FnOnce() -> Secrets) -> Seen {
    let secrets = std::cell::LazyCell::new(secrets);
    let hide = |reason: &Reason| secrets.hide_in(reason);
    match seen {
        Seen::Absent => Seen::Absent,
        Seen::Unreachable { why } => Seen::Unreachable { why: secrets.hide(&why) },
        Seen::Present(sight) => {
            let job_manager = match sight.job_manager {
                ProcessSeen::Ended { why } => ProcessSeen::Ended { why: hide(&why) },
                other => other,
            };
            let savepoint = match sight.savepoint {
                SavepointSeen::Failed { why } => SavepointSeen::Failed { why: hide(&why) },
                other => other,
            };
            let job = sight.job.map(|job| JobSeen { failure: job.failure.as_ref().map(hide), ..job });
            Seen::Present(Sight { job_manager, savepoint, job, ..sight })
        }
    }
}
