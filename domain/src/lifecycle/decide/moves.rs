//! The moves that several phases share.

use super::context::Context;
use super::reasons;
use crate::lifecycle::{
    Act, Decision, JobStatus, Launch, Next, ObservedJob, ObservedProcess, ObservedRun, Phase, Recoveries,
    Restore, Then,
};
use crate::reason::Reason;

/// What every live phase carries.
#[derive(Clone, Copy)]
pub(super) struct Live<'a> {
    pub(super) launch: &'a Launch,
    pub(super) recoveries: Recoveries,
}

impl Live<'_> {
    /// The job runs, and nothing is asked of it.
    pub(super) fn runs(&self) -> Phase {
        Phase::Running { launch: self.launch.clone(), recoveries: self.recoveries }
    }

    /// The run that takes the place of this one. From the newest checkpoint; without one from `savepoint`, which
    /// this run has completed; without that from where this run itself started.
    ///
    /// A checkpoint is preferred because nothing seen tells which of the two is newer: at worst it repeats the
    /// little that lies between them, and no operation has promised the savepoint to a next run.
    pub(super) fn replace(&self, context: &Context, why: &Reason, savepoint: Option<&str>) -> Decision {
        let from = match (&context.observed.checkpoint, savepoint) {
            (None, Some(path)) => Restore::Savepoint { path: path.to_owned() },
            _ => newest(context.observed, self.launch),
        };
        let recoveries = self.recoveries.another(context);
        if recoveries.count > context.limits.recoveries {
            let reason = reasons::lost_too_often(recoveries.count, why);
            return end(self.launch, Next::Failed { newest: from, reason, at_launch: false });
        }
        let launch =
            Launch { run: self.launch.run + 1, revision: self.launch.revision, from, asked_by: None };
        end(self.launch, Next::Launch { launch, recoveries })
    }
}

impl Recoveries {
    /// One more, counted from one again if the last was long ago.
    fn another(self, context: &Context) -> Self {
        let lately =
            self.last.is_some_and(|last| context.now.duration_since(last) < context.limits.recovery_reset);
        Self { count: if lately { self.count + 1 } else { 1 }, last: Some(context.now) }
    }
}

/// Launch a run.
pub(super) fn start(context: &Context, launch: Launch, recoveries: Recoveries) -> Decision {
    let act = Act::Launch(launch.clone());
    Decision::go(Phase::Starting { launch, until: context.until(context.limits.start), recoveries }).act(act)
}

/// End what is left of a run.
pub(super) fn end(launch: &Launch, next: Next) -> Decision {
    Decision::go(Phase::Ending { launch: launch.clone(), next }).act(Act::End)
}

/// Cancel the job; where there is none to cancel, just end what is left.
pub(super) fn cancel(context: &Context, launch: &Launch, then: Then) -> Decision {
    let job_goes_on = context.observed.job.as_ref().is_some_and(|job| !job.status.ended());
    if !(job_goes_on && context.observed.job_manager.alive()) {
        return end(launch, after_cancel(launch, &then));
    }
    let until = context.until(context.limits.cancel);
    Decision::go(Phase::Canceling { launch: launch.clone(), until, then })
        .act(Act::Cancel { run: launch.run })
}

/// What a cancellation leads to.
pub(super) fn after_cancel(launch: &Launch, then: &Then) -> Next {
    match then {
        Then::Rest => Next::Canceled,
        Then::Launch { revision, asked_by } => {
            let launch = Launch {
                run: launch.run + 1,
                revision: *revision,
                from: Restore::Fresh,
                asked_by: *asked_by,
            };
            Next::Launch { launch, recoveries: Recoveries::default() }
        }
    }
}

/// What a job that ended by itself leads to.
pub(super) fn after_job(observed: &ObservedRun, launch: &Launch, job: &ObservedJob, at_launch: bool) -> Next {
    match job.status {
        JobStatus::Finished => Next::Finished,
        JobStatus::Canceled => Next::Canceled,
        _ => Next::Failed { newest: newest(observed, launch), reason: reasons::job_failed(job), at_launch },
    }
}

/// The newest state of a run that can be used.
pub(super) fn newest(observed: &ObservedRun, launch: &Launch) -> Restore {
    match &observed.checkpoint {
        Some(path) => Restore::Checkpoint { path: path.clone() },
        None => launch.from.clone(),
    }
}

/// The act that starts what a live run lacks, if it lacks anything.
pub(super) fn complete(observed: &ObservedRun, launch: &Launch) -> Option<Act> {
    let lacks = observed.others_alive
        || observed.job_manager == ObservedProcess::NotStarted
        || observed.task_managers.alive < observed.task_managers.wanted;
    lacks.then(|| Act::Launch(launch.clone()))
}

/// Why a live run is gone, if it is.
pub(super) enum Loss<'a> {
    /// Its job manager has ended.
    Ended(&'a Reason),
    /// Nothing tells that it ever was: its files are gone, and what it knew of checkpoints with them.
    Vanished,
}

/// Whether a run that has been up has lost its job manager.
pub(super) fn loss(observed: &ObservedRun) -> Option<Loss<'_>> {
    match &observed.job_manager {
        ObservedProcess::Ended { why } => Some(Loss::Ended(why)),
        ObservedProcess::NotStarted => Some(Loss::Vanished),
        ObservedProcess::Silent | ObservedProcess::Answers => None,
    }
}

/// The run is lost: replaced, or, where nobody can know from which state, given up for a person to decide.
pub(super) fn lose(context: &Context, live: Live, loss: &Loss, savepoint: Option<&str>) -> Decision {
    match loss {
        Loss::Ended(why) => live.replace(context, why, savepoint),
        Loss::Vanished => {
            let newest = match savepoint {
                Some(path) => Restore::Savepoint { path: path.to_owned() },
                None => live.launch.from.clone(),
            };
            let reason = reasons::vanished(live.launch);
            end(live.launch, Next::Failed { newest, reason, at_launch: false })
        }
    }
}
