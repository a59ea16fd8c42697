//! The one word that screens, filters and the API show for a job, derived from its phase and what was seen.

use serde::{Deserialize, Serialize};

/// What a person is told about a job. Derived, never stored as truth: see [`crate::lifecycle::Phase::state`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Processes are being started, the job is coming up.
    Starting,
    /// The job runs.
    Running,
    /// Flink is restarting the job after a failure, or lost processes are being replaced.
    Restarting,
    /// The old run ends, or the new one comes up, for an update.
    Updating,
    /// A stop with savepoint is on its way.
    Stopping,
    /// Stopped with savepoint.
    Stopped,
    /// A cancellation is on its way.
    Canceling,
    /// Ended for good, without savepoint.
    Canceled,
    /// The job came to its own end.
    Finished,
    /// The job failed.
    Failed,
    /// The job never came up.
    JobLaunchFailed,
    /// The state that the next run must start from cannot be used now; it is looked for.
    Waiting,
    /// The cluster cannot be asked; nothing is done until it answers.
    Unreachable,
    /// What is written of the cluster cannot be read; nothing is done until it can.
    Unreadable,
    /// The cluster is being removed.
    Deleting,
}

/// How the grid counts and draws states.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Group {
    /// Quiet: the job runs.
    Running,
    /// Something is in progress.
    Moving,
    /// Needs a person.
    Failing,
    /// At rest.
    Stopped,
}

impl State {
    /// Every state, in the order of the filter.
    pub const ALL: [State; 15] = [
        State::Running,
        State::Starting,
        State::Restarting,
        State::Updating,
        State::Stopping,
        State::Canceling,
        State::Deleting,
        State::Failed,
        State::JobLaunchFailed,
        State::Waiting,
        State::Unreachable,
        State::Unreadable,
        State::Stopped,
        State::Canceled,
        State::Finished,
    ];

    /// The word on screen.
    pub fn word(self) -> &'static str {
        match self {
            State::Starting => "Starting",
            State::Running => "Running",
            State::Restarting => "Restarting",
            State::Updating => "Updating",
            State::Stopping => "Stopping",
            State::Stopped => "Stopped",
            State::Canceling => "Canceling",
            State::Canceled => "Canceled",
            State::Finished => "Finished",
            State::Failed => "Failed",
            State::JobLaunchFailed => "Launch failed",
            State::Waiting => "Waiting for state",
            State::Unreachable => "Unreachable",
            State::Unreadable => "Unreadable",
            State::Deleting => "Deleting",
        }
    }

    /// What is said of it in a sentence, without its full stop.
    pub fn headline(self) -> &'static str {
        match self {
            State::Starting => "The job is starting",
            State::Running => "The job runs",
            State::Restarting => "The job is restarting",
            State::Updating => "The job is being updated",
            State::Stopping => "The job is being stopped",
            State::Stopped => "The job was stopped",
            State::Canceling => "The job is being canceled",
            State::Canceled => "The job was canceled",
            State::Finished => "The job finished",
            State::Failed => "The job failed",
            State::JobLaunchFailed => "The job was not launched",
            State::Waiting => "The state to go on from is not there",
            State::Unreachable => "The cluster does not answer",
            State::Unreadable => "The cluster cannot be read",
            State::Deleting => "The cluster is being deleted",
        }
    }

    /// The name in the database, in URLs and on the ARM wire: `JOB_LAUNCH_FAILED`.
    pub fn name(self) -> &'static str {
        match self {
            State::Starting => "STARTING",
            State::Running => "RUNNING",
            State::Restarting => "RESTARTING",
            State::Updating => "UPDATING",
            State::Stopping => "STOPPING",
            State::Stopped => "STOPPED",
            State::Canceling => "CANCELING",
            State::Canceled => "CANCELED",
            State::Finished => "FINISHED",
            State::Failed => "FAILED",
            State::JobLaunchFailed => "JOB_LAUNCH_FAILED",
            State::Waiting => "WAITING",
            State::Unreachable => "UNREACHABLE",
            State::Unreadable => "UNREADABLE",
            State::Deleting => "DELETING",
        }
    }

    /// The state of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<State> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// How the grid counts it.
    pub fn group(self) -> Group {
        match self {
            State::Running => Group::Running,
            State::Starting
            | State::Restarting
            | State::Updating
            | State::Stopping
            | State::Canceling
            | State::Deleting => Group::Moving,
            State::Failed
            | State::JobLaunchFailed
            | State::Waiting
            | State::Unreachable
            | State::Unreadable => Group::Failing,
            State::Stopped | State::Canceled | State::Finished => Group::Stopped,
        }
    }

    /// How the grid counts it where it is known whether the job is restarted too often: then it needs a person, unless
    /// one is at it.
    pub fn group_of(self, failing: bool) -> Group {
        match self {
            State::Running | State::Restarting if failing => Group::Failing,
            state => state.group(),
        }
    }

    /// The job does not run and nothing is on its way: it may be started.
    pub fn at_rest(self) -> bool {
        matches!(
            self,
            State::Stopped
                | State::Canceled
                | State::Finished
                | State::Failed
                | State::JobLaunchFailed
                | State::Waiting
        )
    }
}
