//! Where a cluster stands. A phase carries every argument of its act, so that after a crash the act is rebuilt
//! from the recorded phase alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::OperationId;
use crate::lifecycle::{Launch, Limits, Observation, Probation, Recoveries, Restore};
use crate::reason::Reason;
use crate::snapshot::SavepointFormat;
use crate::state::State;

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
        /// How it is written.
        #[serde(default, skip_serializing_if = "SavepointFormat::is_canonical")]
        format: SavepointFormat,
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

    /// Why nothing goes on before state that is not there is there again; none if it is not waited for. It is looked for
    /// all the while, and a person may decide otherwise.
    pub fn waits_for<'a>(&'a self, seen: &'a Observation) -> Option<&'a str> {
        match (self, seen) {
            (Phase::Waiting { why, .. }, _) => Some(why),
            (Phase::Saving { .. } | Phase::Stopping { .. }, Observation::Present(observed)) => {
                observed.out_of_sight()
            }
            (
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
                | Phase::Deleted,
                _,
            ) => None,
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
            Phase::Saving { .. } | Phase::Stopping { .. } if self.waits_for(seen).is_some() => State::Waiting,
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
