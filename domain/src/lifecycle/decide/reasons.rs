//! The sentences for what did not happen: what, why, and what now.

use jiff::SignedDuration;

use crate::lifecycle::{
    Ask, BackFrom, JobStatus, Launch, ObservedJob, ObservedProcess, ObservedRun, Phase, Restore,
};
use crate::reason::{Reason, code};

pub(super) fn not_allowed(ask: &Ask, phase: &Phase) -> Reason {
    let asked = match ask {
        Ask::Start { .. } => "Start",
        Ask::Update { keep_state: true, .. } => "Update",
        Ask::Update { keep_state: false, .. } => "Stateless update",
        Ask::LastStateUpdate { .. } => "Last-state update",
        Ask::Savepoint => "Savepoint",
        Ask::Stop => "Stop",
        Ask::Cancel => "Cancel",
        Ask::Delete { .. } => "Delete",
    };
    let is = match phase {
        Phase::Accepted => "its job was not launched yet",
        Phase::Starting { .. } => "its job is just being started",
        Phase::Running { .. } => "its job runs",
        Phase::Saving { .. } => "a savepoint is just being taken",
        Phase::Stopping { .. } => "its job is just being stopped",
        Phase::Canceling { .. } => "its job is just being canceled",
        Phase::Ending { .. } => "its job has just ended",
        Phase::Waiting { .. } => "it waited for the state that it goes on from",
        Phase::Stopped { .. } => "its job is stopped",
        Phase::Canceled { .. } => "its job is canceled",
        Phase::Finished { .. } => "its job has finished",
        Phase::Failed { .. } => "its job has failed",
        Phase::Deleting { .. } | Phase::Deleted => "the cluster is being deleted",
    };
    Reason::new(
        code::NOT_ALLOWED,
        format!("{asked} came too late: by then {is}. Nothing was done; look at the state and ask again."),
    )
}

pub(super) fn job_failed(job: &ObservedJob) -> Reason {
    job.failure.clone().unwrap_or_else(|| {
        Reason::new(code::JOB_FAILED, "The job failed, and Flink gives no reason; its logs may tell more.")
    })
}

/// A job that ended before it ever ran on all its slots, other than by finishing.
pub(super) fn launch_failed(job: &ObservedJob) -> Reason {
    match job.status {
        JobStatus::Canceled => Reason::new(
            code::JOB_CANCELED,
            "The job was canceled through Flink itself while it was coming up. Start it again if that was a mistake.",
        ),
        JobStatus::Initializing
        | JobStatus::Created
        | JobStatus::Running
        | JobStatus::Restarting
        | JobStatus::Failing
        | JobStatus::Failed
        | JobStatus::Cancelling
        | JobStatus::Finished
        | JobStatus::Suspended
        | JobStatus::Reconciling
        | JobStatus::Other(_) => job_failed(job),
    }
}

/// What begins with a savepoint was asked of a batch job.
pub(super) fn batch_is_not_saved() -> Reason {
    Reason::new(
        code::BATCH_JOB,
        "A batch job has no savepoint: it begins anew. Nothing was done, and the job goes on; wait until it has \
         finished, or use Cancel or Stateless update.",
    )
}

/// Nothing is known that a run left, and its job had told why.
pub(super) fn checkpoints_off(run: u32) -> String {
    format!(
        "The job's own code switches checkpoints off, though its options ask for them, so all that run {run} did is lost \
         with its job manager. Nothing is started from less by itself: Start offers every state that is left, and \
         without state."
    )
}

/// What was asked of a job came to nothing because the job ended.
pub(super) fn ended_before(job: &ObservedJob) -> Reason {
    let (ended, exception) = match job.status {
        JobStatus::Finished => ("finished", String::new()),
        JobStatus::Canceled => ("was canceled through Flink itself", String::new()),
        JobStatus::Initializing
        | JobStatus::Created
        | JobStatus::Running
        | JobStatus::Restarting
        | JobStatus::Failing
        | JobStatus::Failed
        | JobStatus::Cancelling
        | JobStatus::Suspended
        | JobStatus::Reconciling
        | JobStatus::Other(_) => ("failed", job_failed(job).exception),
    };
    let message = format!("The job {ended} before this was done; there is no job left to do it with.");
    Reason { exception, ..Reason::new(code::JOB_ENDED, message) }
}

/// What was asked of a job came to nothing because its job manager died.
pub(super) fn lost_before() -> Reason {
    Reason::new(
        code::JOB_MANAGER_LOST,
        "The job manager was lost before this was done. The job is being brought back; ask again when it runs.",
    )
}

pub(super) fn lost_too_often(times: u32, why: &Reason) -> Reason {
    let message = format!(
        "The job manager was lost {times} times, one soon after the other, and is not replaced again. \
         The last time: {}",
        why.message
    );
    Reason { code: code::JOB_MANAGER_LOST.to_owned(), message, exception: why.exception.clone() }
}

pub(super) fn vanished(launch: &Launch, newest: &Restore) -> Reason {
    let state = match newest {
        Restore::Fresh => "No state of it was ever seen".to_owned(),
        Restore::Savepoint { path } | Restore::Checkpoint { path } => {
            format!("The newest state that was seen is {path}")
        }
    };
    Reason::new(
        code::RUN_VANISHED,
        format!(
            "Nothing is left of run {}, neither processes nor files. {state}. Start the job from the state that you \
             choose.",
            launch.run
        ),
    )
}

/// What a `main` did after its job had finished.
pub(super) fn main_failed_afterwards(why: &Reason) -> Reason {
    let message = format!("The job finished, and then its main failed: {}", why.message);
    Reason { code: why.code.clone(), message, exception: why.exception.clone() }
}

pub(super) fn restarted_in_probation(times: u32, revision: u32, why: Option<&Reason>) -> Reason {
    let last = why.map(|why| format!(" The last time: {}", why.message)).unwrap_or_default();
    Reason {
        code: code::PROBATION_FAILED.to_owned(),
        message: format!("Revision {revision} was restarted {times} times within its probation.{last}"),
        exception: why.map(|why| why.exception.clone()).unwrap_or_default(),
    }
}

/// Neither the new revision nor the one before it runs.
pub(super) fn both_failed(first: &BackFrom, revision: u32, second: &Reason) -> Reason {
    let BackFrom { revision: tried, reason, .. } = first;
    let exceptions = [(tried, reason), (&revision, second)]
        .into_iter()
        .filter(|(_, reason)| !reason.exception.is_empty())
        .map(|(revision, reason)| format!("Revision {revision}:\n{}", reason.exception));
    Reason {
        code: code::WENT_BACK_AND_FAILED.to_owned(),
        message: format!(
            "Revision {tried} did not hold: {} Revision {revision}, which ran before, does not run either: {}",
            reason.message, second.message
        ),
        exception: exceptions.collect::<Vec<_>>().join("\n\n"),
    }
}

pub(super) fn launch_overdue(observed: &ObservedRun, limit: SignedDuration) -> Reason {
    let managers = observed.task_managers;
    let so_far = match (&observed.job_manager, &observed.job) {
        (ObservedProcess::NotStarted | ObservedProcess::Ended { .. }, _) => {
            "its processes could not be started".to_owned()
        }
        (ObservedProcess::Silent, _) => "its job manager does not answer".to_owned(),
        (ObservedProcess::Answers, _) if managers.registered < managers.wanted => {
            format!("{} of {} task managers registered", managers.registered, managers.wanted)
        }
        (ObservedProcess::Answers, None) => "no job was submitted".to_owned(),
        (ObservedProcess::Answers, Some(job)) => {
            format!("Flink says that the job is {}, not all of its tasks run", job.status.word())
        }
    };
    let message =
        format!("Nothing moved for {}: {so_far}. The processes are ended; the logs are kept.", words(limit));
    let failure = observed.job.as_ref().and_then(|job| job.failure.as_ref());
    let exception = failure.map(|failure| failure.exception.clone()).unwrap_or_default();
    Reason { exception, ..Reason::new(code::JOB_LAUNCH_DEADLINE, message) }
}

pub(super) fn savepoint_overdue(limit: SignedDuration) -> Reason {
    let message = format!("The savepoint was not complete within {}. The job goes on.", words(limit));
    Reason::new(code::SAVEPOINT_DEADLINE, message)
}

pub(super) fn stop_overdue(limit: SignedDuration) -> Reason {
    let message = format!(
        "The savepoint was not complete within {}. The job goes on until it is, should that still happen; \
         Cancel ends it without savepoint.",
        words(limit)
    );
    Reason::new(code::SAVEPOINT_DEADLINE, message)
}

fn words(limit: SignedDuration) -> String {
    match limit.as_secs() {
        seconds if seconds % 60 == 0 => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}
