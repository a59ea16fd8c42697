//! The moves that several phases share.

use super::context::Context;
use super::reasons;
use crate::lifecycle::{
    Act, BackFrom, Decision, Fallback, JobStatus, Launch, MainMethod, Next, ObservedJob, ObservedProcess,
    ObservedRun, Phase, Recoveries, Restore, Then,
};
use crate::reason::Reason;

/// What every live phase carries.
#[derive(Clone, Copy)]
pub(super) struct LiveRun<'a> {
    pub(super) launch: &'a Launch,
    pub(super) recoveries: Recoveries,
}

impl LiveRun<'_> {
    /// The job runs, and nothing is asked of it. What has held does not go back any more.
    pub(super) fn runs(&self) -> Phase {
        let launch = Launch { fallback: None, back_from: None, ..self.launch.clone() };
        Phase::Running { launch, recoveries: self.recoveries, probation: None }
    }

    /// The run that takes the place of this one, from the newest state that was ever seen of it; `asked_by` as long as
    /// an operation waits for it.
    pub(super) fn replace(&self, context: &Context, why: &Reason) -> Decision {
        let recoveries = self.recoveries.another(context);
        if recoveries.count > context.limits.recoveries {
            return fail(
                context,
                *self,
                reasons::lost_too_often(recoveries.count, why),
                Came::Up { since: None },
            );
        }
        let asked_by = self.launch.asked_by.filter(|asked_by| context.owes(Some(*asked_by)));
        let launch = Launch { asked_by, ..self.launch.again(context.newest(self.launch)) };
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

/// How far a run that failed had come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    /// Its job was never seen to run.
    Never,
    /// It ran; of an update on probation it is known since when.
    Up { since: Option<jiff::Timestamp> },
}

/// The run has failed for good. An update that may still go back does; what an update was to replace runs again then,
/// once.
pub(super) fn fail(context: &Context, live: LiveRun, reason: Reason, came: Came) -> Decision {
    let launch = live.launch;
    let ran_since = match came {
        Came::Up { since } => since,
        Came::Never => None,
    };
    if let Some(Fallback { revision, from }) = &launch.fallback {
        let back_from = BackFrom { revision: launch.revision, reason, ran_since, restarts: 0 };
        let launch_back = Launch {
            run: launch.run + 1,
            revision: *revision,
            from: from.clone(),
            asked_by: launch.asked_by.filter(|asked_by| context.owes(Some(*asked_by))),
            fresh: false,
            fallback: None,
            back_from: Some(back_from),
            checkpoints_off: false,
        };
        return end(launch, Next::Launch { launch: launch_back, recoveries: Recoveries::default() });
    }
    let reason = match &launch.back_from {
        Some(back_from) => reasons::both_failed(back_from, launch.revision, &reason),
        None => reason,
    };
    let at_launch = came == Came::Never;
    let outcome = context.fail(|| reason.clone());
    end(launch, Next::Failed { newest: context.newest(launch), reason, at_launch }).settle(outcome)
}

/// Cancel the job; where there is none to cancel, just end what is left.
pub(super) fn cancel(context: &Context, launch: &Launch, then: Then) -> Decision {
    let job_goes_on = context.observed.job.as_ref().is_some_and(|job| !job.status.ended());
    if !(job_goes_on && context.observed.job_manager.alive()) {
        return end(launch, after_cancel(context, launch, &then));
    }
    let until = context.until(context.limits.cancel);
    Decision::go(Phase::Canceling { launch: launch.clone(), until, then })
        .act(Act::Cancel { run: launch.run })
}

/// What a cancellation leads to.
pub(super) fn after_cancel(context: &Context, launch: &Launch, then: &Then) -> Next {
    match then {
        Then::Rest => Next::Canceled,
        Then::Launch { revision, asked_by, last_state } => {
            let left = context.newest(launch);
            let from = if *last_state { left.clone() } else { Restore::Fresh };
            let next = updated(launch, *revision, from, left, *asked_by);
            Next::Launch { launch: Launch { fresh: !last_state, ..next }, recoveries: Recoveries::default() }
        }
    }
}

/// The launch of an update. What ran before goes on from `back` if it does not hold.
pub(super) fn updated(
    old: &Launch,
    revision: u32,
    from: Restore,
    back: Restore,
    asked_by: Option<crate::id::OperationId>,
) -> Launch {
    let fallback = asked_by.map(|_| Fallback { revision: old.revision, from: back });
    Launch {
        run: old.run + 1,
        revision,
        from,
        asked_by,
        fresh: false,
        fallback,
        back_from: None,
        checkpoints_off: false,
    }
}

/// What a job that ended by itself leads to.
pub(super) fn after_job(context: &Context, live: LiveRun, job: &ObservedJob) -> Decision {
    match (&job.status, &context.observed.main) {
        // What `main` does after its job is part of the program too.
        (JobStatus::Finished, MainMethod::Failed { why }) => {
            fail(context, live, reasons::main_failed_afterwards(why), Came::Up { since: None })
        }
        (JobStatus::Finished, MainMethod::Unknown | MainMethod::Runs | MainMethod::Returned) => {
            end(live.launch, Next::Finished)
        }
        (JobStatus::Canceled, _) => end(live.launch, Next::Canceled),
        (
            JobStatus::Failed
            | JobStatus::Initializing
            | JobStatus::Created
            | JobStatus::Running
            | JobStatus::Restarting
            | JobStatus::Failing
            | JobStatus::Cancelling
            | JobStatus::Suspended
            | JobStatus::Reconciling
            | JobStatus::Other(_),
            _,
        ) => fail(context, live, reasons::job_failed(job), Came::Up { since: None }),
    }
}

/// The act that starts what a live run lacks, and ends what stands in its way, if anything is to be done.
pub(super) fn complete(observed: &ObservedRun, launch: &Launch) -> Option<Act> {
    let lacks = observed.others_alive
        || observed.job_manager == ObservedProcess::NotStarted
        || observed.task_managers.alive < observed.task_managers.wanted
        || !observed.silent_task_managers.is_empty();
    lacks.then(|| Act::Launch(launch.clone()))
}

/// Why a live run is gone, if it is.
pub(super) enum Loss<'a> {
    /// Its job manager has ended, by a cause from outside.
    Ended(&'a Reason),
    /// The program has ended itself.
    OwnWord(&'a Reason),
    /// Nothing tells that it ever was: its files are gone, and what it knew of checkpoints with them.
    Vanished,
}

/// Whether a run that has been up has lost its job manager.
pub(super) fn loss(observed: &ObservedRun) -> Option<Loss<'_>> {
    match (&observed.job_manager, &observed.main) {
        (ObservedProcess::Ended { .. }, MainMethod::Failed { why }) => Some(Loss::OwnWord(why)),
        (
            ObservedProcess::Ended { why, .. },
            MainMethod::Unknown | MainMethod::Runs | MainMethod::Returned,
        ) => Some(Loss::Ended(why)),
        (ObservedProcess::NotStarted, _) => Some(Loss::Vanished),
        (ObservedProcess::Silent | ObservedProcess::Answers, _) => None,
    }
}

/// The run is lost: replaced; or given up, where it has ended itself or nobody can know from which state.
pub(super) fn lose(context: &Context, live: LiveRun, loss: &Loss) -> Decision {
    match loss {
        Loss::Ended(why) => live.replace(context, why),
        Loss::OwnWord(why) => fail(context, live, (*why).clone(), Came::Up { since: None }),
        Loss::Vanished => {
            let newest = context.newest(live.launch);
            let reason = reasons::vanished(live.launch, &newest);
            end(live.launch, Next::Failed { newest, reason, at_launch: false })
        }
    }
}
