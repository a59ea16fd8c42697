//! Where a cluster stands. A phase carries every argument of its act, so that after a crash the act is rebuilt
//! from the recorded phase alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::OperationId;
use crate::lifecycle::{Limits, Observation};
use crate::reason::Reason;
use crate::state::State;

/// One launch of the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Launch {
    /// The run's number, 1 for the first. Never used twice.
    pub run: u32,
    /// The revision that it runs.
    pub revision: u32,
    /// The state that it starts from.
    pub from: Restore,
    /// The operation that asked for it; none for a run that replaces a lost one.
    pub asked_by: Option<OperationId>,
    /// Without state on purpose: somebody chose so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fresh: bool,
    /// What runs again if this launch, an update's, does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
    /// What this launch goes back from: an update that did not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back_from: Option<BackFrom>,
    /// Its job has told that its own code takes no checkpoints, though its options ask for them: with the job manager
    /// everything is lost, and whether it begins anew is for a person to say.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checkpoints_off: bool,
}

impl Launch {
    /// The launch that replaces this one of the same revision: nobody asks for it.
    pub fn again(&self, from: Restore) -> Self {
        let (revision, fallback, back_from) = (self.revision, self.fallback.clone(), self.back_from.clone());
        Self {
            run: self.run + 1,
            revision,
            from,
            asked_by: None,
            fresh: false,
            fallback,
            back_from,
            checkpoints_off: false,
        }
    }
}

/// The revision that ran before an update, and the state that it goes on from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallback {
    /// The revision.
    pub revision: u32,
    /// The savepoint that the update took; where it took none, the newest state of the run that it ended.
    pub from: Restore,
}

/// An update that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackFrom {
    /// The revision that was tried.
    pub revision: u32,
    /// Why it did not hold.
    pub reason: Reason,
    /// Since when its job had run, if it ever did: what it has processed since is processed again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran_since: Option<Timestamp>,
    /// How often it was restarted until then.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde asks for it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// The first while of an updated job, in which it still goes back by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probation {
    /// When it is over at the latest.
    pub until: Timestamp,
    /// Since when the job runs.
    pub since: Timestamp,
    /// Checkpoints that it has completed so far.
    pub checkpoints: u32,
    /// Its newest checkpoint so far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
    /// How often it was restarted, by Flink or by the portal.
    pub restarts: u32,
    /// Flink's restart that was counted last, by Flink's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarted_at: Option<Timestamp>,
}

/// How often lost runs had to be replaced of late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recoveries {
    /// Without [`Limits::recovery_reset`](super::Limits::recovery_reset) between one and the next.
    pub count: u32,
    /// When the last one was.
    pub last: Option<Timestamp>,
}

/// The state that a run starts from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Restore {
    /// None.
    Fresh,
    /// A savepoint, by its full path.
    Savepoint {
        /// Its address.
        path: String,
    },
    /// A retained checkpoint, by its full path.
    Checkpoint {
        /// Its address.
        path: String,
    },
}

impl Restore {
    /// The state at a path: a checkpoint is called so by Flink (`chk-12`).
    pub fn at(path: &str) -> Self {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let path = path.to_owned();
        if name.starts_with("chk-") { Restore::Checkpoint { path } } else { Restore::Savepoint { path } }
    }

    /// What somebody chose: nothing, `fresh`, or a path.
    pub fn chosen(text: &str) -> Option<Self> {
        match text.trim() {
            "" => None,
            "fresh" => Some(Restore::Fresh),
            path => Some(Restore::at(path)),
        }
    }

    /// The path that Flink is given, if any.
    pub fn path(&self) -> Option<&str> {
        match self {
            Restore::Fresh => None,
            Restore::Savepoint { path } | Restore::Checkpoint { path } => Some(path),
        }
    }
}

/// What a stop or a cancellation leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Then {
    /// Rest.
    Rest,
    /// The next run, of this revision (an update).
    Launch {
        /// The revision to run.
        revision: u32,
        /// The operation that asked for it; none if that one was given up on and the old revision is to go on.
        asked_by: Option<OperationId>,
        /// After a cancellation: from the newest state that the old run left, not without state.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        last_state: bool,
    },
}

/// What comes when the last process of the old run has ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Next {
    /// Rest, with this state to start from.
    Stopped {
        /// The savepoint that the stop took.
        savepoint: String,
    },
    /// Rest, cancelled.
    Canceled,
    /// Rest, the job came to its own end.
    Finished,
    /// Rest, failed.
    Failed {
        /// The newest state that can be used.
        newest: Restore,
        /// Why.
        reason: Reason,
        /// It never came up (`JOB_LAUNCH_FAILED`).
        at_launch: bool,
    },
    /// The next run.
    Launch {
        /// The launch to make.
        launch: Launch,
        /// How many lost runs it follows.
        recoveries: Recoveries,
    },
}

/// Where a cluster stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// Asked for; nothing was launched yet.
    Accepted,
    /// The processes of this run are being started and its job is coming up.
    Starting {
        /// The launch.
        launch: Launch,
        /// The deadline.
        until: Timestamp,
        /// How many lost runs this one follows.
        recoveries: Recoveries,
    },
    /// The job runs (or Flink itself is restarting it).
    Running {
        /// The launch.
        launch: Launch,
        /// As in `Starting`.
        recoveries: Recoveries,
        /// Set while an update may still go back.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        probation: Option<Probation>,
    },
    /// A savepoint is promised; the job goes on.
    Saving {
        /// The launch.
        launch: Launch,
        /// As in `Starting`.
        recoveries: Recoveries,
        /// The savepoint's trigger.
        trigger: OperationId,
        /// The deadline.
        until: Timestamp,
    },
    /// A stop with savepoint is promised. Flink cannot be made to forget it: once it is overdue its operation has
    /// failed, but the phase lasts until the promise is kept or known to be broken.
    Stopping {
        /// The launch that is stopped.
        launch: Launch,
        /// As in `Starting`.
        recoveries: Recoveries,
        /// The savepoint's trigger.
        trigger: OperationId,
        /// The deadline.
        until: Timestamp,
        /// What it leads to.
        then: Then,
    },
    /// A cancellation is promised.
    Canceling {
        /// The launch that is cancelled.
        launch: Launch,
        /// The deadline, after which the processes are ended instead.
        until: Timestamp,
        /// What it leads to.
        then: Then,
    },
    /// The last processes of this run are being ended.
    Ending {
        /// The launch that ended.
        launch: Launch,
        /// What comes then.
        next: Next,
    },
    /// The state that the next run must start from cannot be used now. It is looked for, and nothing is started from
    /// less: that is for a person to decide.
    Waiting {
        /// The launch that ended.
        launch: Launch,
        /// The launch to make once its state can be used.
        next: Launch,
        /// How many lost runs that one follows.
        recoveries: Recoveries,
        /// What is in the way.
        why: String,
    },
    /// Stopped with savepoint.
    Stopped {
        /// The launch that ended.
        launch: Launch,
        /// What it left.
        savepoint: String,
    },
    /// Cancelled.
    Canceled {
        /// The launch that ended; none if it was cancelled before its first launch.
        launch: Option<Launch>,
    },
    /// The job came to its own end.
    Finished {
        /// The launch that ended.
        launch: Launch,
    },
    /// Failed.
    Failed {
        /// The launch that failed.
        launch: Launch,
        /// The newest state that can be used.
        newest: Restore,
        /// Why.
        reason: Reason,
        /// It never came up (`JOB_LAUNCH_FAILED`).
        at_launch: bool,
    },
    /// Being removed.
    Deleting {
        /// The last launch, if there was one.
        launch: Option<Launch>,
        /// Whether the savepoints stay.
        keep_savepoints: bool,
    },
    /// Gone.
    Deleted,
}

impl Phase {
    /// The launch that the phase is about.
    pub fn launch(&self) -> Option<&Launch> {
        match self {
            Phase::Accepted | Phase::Deleted => None,
            Phase::Canceled { launch } | Phase::Deleting { launch, .. } => launch.as_ref(),
            Phase::Starting { launch, .. }
            | Phase::Running { launch, .. }
            | Phase::Saving { launch, .. }
            | Phase::Stopping { launch, .. }
            | Phase::Canceling { launch, .. }
            | Phase::Ending { launch, .. }
            | Phase::Waiting { launch, .. }
            | Phase::Stopped { launch, .. }
            | Phase::Finished { launch }
            | Phase::Failed { launch, .. } => Some(launch),
        }
    }

    /// The phase with what the job of this run told of itself, if it is the one that the phase is about.
    #[must_use]
    pub(super) fn with_checkpoints_off(mut self, run: u32) -> Self {
        if let Some(launch) = self.launch_mut().filter(|launch| launch.run == run) {
            launch.checkpoints_off = true;
        }
        self
    }

    fn launch_mut(&mut self) -> Option<&mut Launch> {
        match self {
            Phase::Accepted | Phase::Deleted => None,
            Phase::Canceled { launch } | Phase::Deleting { launch, .. } => launch.as_mut(),
            Phase::Starting { launch, .. }
            | Phase::Running { launch, .. }
            | Phase::Saving { launch, .. }
            | Phase::Stopping { launch, .. }
            | Phase::Canceling { launch, .. }
            | Phase::Ending { launch, .. }
            | Phase::Waiting { launch, .. }
            | Phase::Stopped { launch, .. }
            | Phase::Finished { launch }
            | Phase::Failed { launch, .. } => Some(launch),
        }
    }

    /// The phase once an act of it could not be done for a reason that may pass, such as a full disk: a launch has all
    /// its time again when it can be tried again.
    pub fn back_off(&self, limits: &Limits, now: Timestamp) -> Phase {
        let mut phase = self.clone();
        if let Phase::Starting { until, .. } = &mut phase {
            *until = now.checked_add(limits.start).unwrap_or(Timestamp::MAX);
        }
        phase
    }

    /// The state that the next run is to start from, where the next run is known.
    pub fn awaits(&self) -> Option<&Restore> {
        match self {
            Phase::Ending { next: Next::Launch { launch, .. }, .. } | Phase::Waiting { next: launch, .. } => {
                Some(&launch.from)
            }
            Phase::Accepted
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Saving { .. }
            | Phase::Stopping { .. }
            | Phase::Canceling { .. }
            | Phase::Ending { .. }
            | Phase::Stopped { .. }
            | Phase::Canceled { .. }
            | Phase::Finished { .. }
            | Phase::Failed { .. }
            | Phase::Deleting { .. }
            | Phase::Deleted => None,
        }
    }

    /// The savepoint trigger that the provider must be asked about, if one is promised.
    pub fn trigger(&self) -> Option<OperationId> {
        match self {
            Phase::Saving { trigger, .. } | Phase::Stopping { trigger, .. } => Some(*trigger),
            Phase::Accepted
            | Phase::Starting { .. }
            | Phase::Running { .. }
            | Phase::Canceling { .. }
            | Phase::Ending { .. }
            | Phase::Waiting { .. }
            | Phase::Stopped { .. }
            | Phase::Canceled { .. }
            | Phase::Finished { .. }
            | Phase::Failed { .. }
            | Phase::Deleting { .. }
            | Phase::Deleted => None,
        }
    }

    /// The column `status.phase`: the name without its data.
    pub fn name(&self) -> &'static str {
        match self {
            Phase::Accepted => "accepted",
            Phase::Starting { .. } => "starting",
            Phase::Running { .. } => "running",
            Phase::Saving { .. } => "saving",
            Phase::Stopping { .. } => "stopping",
            Phase::Canceling { .. } => "canceling",
            Phase::Ending { .. } => "ending",
            Phase::Waiting { .. } => "waiting",
            Phase::Stopped { .. } => "stopped",
            Phase::Canceled { .. } => "canceled",
            Phase::Finished { .. } => "finished",
            Phase::Failed { .. } => "failed",
            Phase::Deleting { .. } => "deleting",
            Phase::Deleted => "deleted",
        }
    }

    /// The word that people see, from the phase and what was seen last. `updating`: the operation in progress is
    /// an update.
    pub fn state(&self, seen: &Observation, updating: bool) -> State {
        let live = |otherwise: State| match seen {
            Observation::Unreachable { .. } => State::Unreachable,
            Observation::Absent => otherwise,
            Observation::Present(observed) => observed.state(otherwise),
        };
        match self {
            Phase::Starting { launch: Launch { asked_by: None, .. }, .. } => State::Restarting,
            Phase::Accepted | Phase::Starting { .. } if updating => State::Updating,
            Phase::Accepted | Phase::Starting { .. } => State::Starting,
            Phase::Running { .. } | Phase::Saving { .. } => live(State::Running),
            Phase::Stopping { then: Then::Rest, .. } => State::Stopping,
            Phase::Stopping { then: Then::Launch { .. }, .. } => State::Updating,
            Phase::Canceling { then: Then::Rest, .. } => State::Canceling,
            Phase::Canceling { then: Then::Launch { .. }, .. } => State::Updating,
            Phase::Ending { next, .. } => match next {
                Next::Stopped { .. } => State::Stopping,
                Next::Canceled => State::Canceling,
                Next::Finished => State::Finished,
                Next::Failed { at_launch: true, .. } => State::JobLaunchFailed,
                Next::Failed { .. } => State::Failed,
                Next::Launch { launch, .. } if launch.asked_by.is_some() => State::Updating,
                Next::Launch { .. } => State::Restarting,
            },
            Phase::Waiting { .. } => State::Waiting,
            Phase::Stopped { .. } => State::Stopped,
            Phase::Canceled { .. } => State::Canceled,
            Phase::Finished { .. } => State::Finished,
            Phase::Failed { at_launch: true, .. } => State::JobLaunchFailed,
            Phase::Failed { .. } => State::Failed,
            Phase::Deleting { .. } | Phase::Deleted => State::Deleting,
        }
    }
}
