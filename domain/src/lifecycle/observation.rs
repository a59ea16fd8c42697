//! What a provider saw. Looking never touches.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::reason::Reason;
use crate::state::State;

/// What a look at a cluster gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // There is one of it at a time; a box would only burden every match.
pub enum Observation {
    /// It could not be looked at. Nothing follows from that.
    Unreachable {
        /// Why, in words for a person.
        why: String,
    },
    /// No process of this cluster is alive, nothing of the run that the phase names was ever started, and (for a
    /// phase that removes it) its files are gone.
    Absent,
    /// Something is or was there.
    Present(ObservedRun),
}

/// What was seen of the run that the phase names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedRun {
    /// A process of this cluster is alive that belongs to another run.
    pub others_alive: bool,
    /// This run's job manager.
    pub job_manager: ObservedProcess,
    /// This run's task managers.
    pub task_managers: ObservedTaskManagers,
    /// The job, when the job manager answers and knows it. How a job ended stays known after its job manager has
    /// gone: a job that finished must not be taken for one that was lost.
    pub job: Option<ObservedJob>,
    /// The savepoint of the phase's trigger. Found on disk too when the job manager is gone.
    pub savepoint: ObservedSavepoint,
    /// The newest complete checkpoint of this run, by its full path.
    pub checkpoint: Option<String>,
    /// When that was complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint_at: Option<Timestamp>,
    /// The running job says that it takes no checkpoints, though its options ask for them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub checkpoints_off: bool,
    /// Where this run's job manager answers, as a URL, while it is alive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Numbers of this run's task managers that are alive and have not been registered for so long that they are ended
    /// and replaced: frozen, or cut off.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub silent_task_managers: Vec<u32>,
    /// How the job's own `main` stands, where its record tells.
    #[serde(default, skip_serializing_if = "MainMethod::is_unknown")]
    pub main: MainMethod,
    /// Why the state that a next run would have to start from cannot be used now, or looked for; none if it can.
    /// Looked at once this run's job has ended, or its job manager.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state_missing: Option<String>,
}

/// How the job's own `main` stands. A record that it left tells, whoever was there to see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MainMethod {
    /// There is no record.
    #[default]
    Unknown,
    /// It runs, or did when the process was cut short.
    Runs,
    /// It has returned.
    Returned,
    /// It threw, exited or halted.
    Failed {
        /// Its own word for it.
        why: Reason,
    },
}

impl MainMethod {
    fn is_unknown(&self) -> bool {
        *self == Self::Unknown
    }
}

/// What was seen of a process.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ObservedProcess {
    /// Never started.
    NotStarted,
    /// Alive, but it does not answer (yet).
    Silent,
    /// Alive, and it answers.
    Answers,
    /// It was started and has ended.
    Ended {
        /// Why, from its log or its exit.
        why: Reason,
        /// It exited, for certain: nobody cut it short.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        by_itself: bool,
    },
}

impl ObservedProcess {
    /// Whether the process exists.
    pub fn alive(&self) -> bool {
        matches!(self, ObservedProcess::Silent | ObservedProcess::Answers)
    }
}

/// Counts of task managers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedTaskManagers {
    /// Processes that are alive.
    pub alive: u32,
    /// Of those, registered with the job manager.
    pub registered: u32,
    /// How many the revision asks for.
    pub wanted: u32,
}

/// What was seen of the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObservedJob {
    /// Flink's word.
    pub status: JobStatus,
    /// It has come up: tasks run or have done their work, and none is being deployed or takes its state in. A stage of
    /// a batch job that waits for another does not hold it up.
    #[serde(rename = "all_running")]
    pub up: bool,
    /// Tasks are being deployed or take their state in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restoring: bool,
    /// Why it failed, for a job that failed.
    pub failure: Option<Reason>,
    /// When it ended, for a job that has ended, by Flink's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Timestamp>,
    /// When Flink restarted it last, by Flink's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarted_at: Option<Timestamp>,
    /// It works off what there is and ends. Flink takes no savepoint of it, and it begins anew when it is lost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub batch: bool,
    /// Its restarts by Flink; none where nothing of it has changed of late, so that nobody asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restarts: Option<FlinkRestarts>,
}

/// How often Flink itself has restarted a job within a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlinkRestarts {
    /// How often, as Flink counts it; that may be some seconds old.
    pub count: u32,
    /// When the newest were, oldest first, by Flink's clock.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<Timestamp>,
    /// What the last one was for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Reason>,
}

/// Flink's words for a job's status; an unknown one is kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[allow(missing_docs)] // The names are Flink's own: org.apache.flink.api.common.JobStatus.
pub enum JobStatus {
    Initializing,
    Created,
    Running,
    Restarting,
    Failing,
    Failed,
    Cancelling,
    Canceled,
    Finished,
    Suspended,
    Reconciling,
    /// From a newer Flink.
    Other(String),
}

impl JobStatus {
    /// The status of Flink's word.
    pub fn named(word: &str) -> Self {
        match word {
            "INITIALIZING" => Self::Initializing,
            "CREATED" => Self::Created,
            "RUNNING" => Self::Running,
            "RESTARTING" => Self::Restarting,
            "FAILING" => Self::Failing,
            "FAILED" => Self::Failed,
            "CANCELLING" => Self::Cancelling,
            "CANCELED" => Self::Canceled,
            "FINISHED" => Self::Finished,
            "SUSPENDED" => Self::Suspended,
            "RECONCILING" => Self::Reconciling,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Flink's word.
    pub fn word(&self) -> &str {
        match self {
            Self::Initializing => "INITIALIZING",
            Self::Created => "CREATED",
            Self::Running => "RUNNING",
            Self::Restarting => "RESTARTING",
            Self::Failing => "FAILING",
            Self::Failed => "FAILED",
            Self::Cancelling => "CANCELLING",
            Self::Canceled => "CANCELED",
            Self::Finished => "FINISHED",
            Self::Suspended => "SUSPENDED",
            Self::Reconciling => "RECONCILING",
            Self::Other(word) => word,
        }
    }

    /// The job has ended, one way or another.
    pub fn ended(&self) -> bool {
        matches!(self, Self::Failed | Self::Canceled | Self::Finished)
    }
}

/// What was seen of a savepoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ObservedSavepoint {
    /// None was asked about, or this trigger was never received. With the job manager gone: there is no complete
    /// one on disk, for certain; a disk that cannot be read is [`Observation::Unreachable`].
    Unknown,
    /// It is being written.
    InProgress,
    /// It is complete, whatever Flink says of the rest: for a stop, how the job ended is another fact.
    Completed {
        /// Its address.
        path: String,
    },
    /// It was not taken. What became of the job is another fact.
    Failed {
        /// Why.
        why: Reason,
    },
}

impl ObservedRun {
    /// What there is to see where there is nothing.
    pub fn nothing() -> Self {
        Self {
            others_alive: false,
            job_manager: ObservedProcess::NotStarted,
            task_managers: ObservedTaskManagers { alive: 0, registered: 0, wanted: 0 },
            job: None,
            savepoint: ObservedSavepoint::Unknown,
            checkpoint: None,
            checkpoint_at: None,
            checkpoints_off: false,
            endpoint: None,
            silent_task_managers: Vec::new(),
            main: MainMethod::Unknown,
            state_missing: None,
        }
    }

    /// Whether any process of the cluster is alive, of whichever run.
    pub fn anything_alive(&self) -> bool {
        self.others_alive || self.job_manager.alive() || self.task_managers.alive > 0
    }

    /// The job has come up, and nothing of another run is left.
    pub fn job_runs(&self) -> bool {
        let runs = |job: &ObservedJob| job.status == JobStatus::Running && job.up;
        !self.others_alive
            && self.job_manager == ObservedProcess::Answers
            && self.job.as_ref().is_some_and(runs)
    }

    /// The job, if it has ended. One that has finished has only when its `main`, which may start more or throw, has
    /// ended too.
    pub fn ended_job(&self) -> Option<&ObservedJob> {
        let goes_on = self.main == MainMethod::Runs && self.job_manager.alive();
        self.job.as_ref().filter(|job| job.status.ended() && !(job.status == JobStatus::Finished && goes_on))
    }

    /// Why nobody can tell whether the savepoint that was asked for is complete: the job has ended, or its job manager is
    /// gone, and what they left lies where nobody can look now. None if somebody can tell.
    pub fn out_of_sight(&self) -> Option<&str> {
        let open = matches!(self.savepoint, ObservedSavepoint::Unknown | ObservedSavepoint::InProgress);
        let over = !self.job_manager.alive() || self.ended_job().is_some();
        self.state_missing.as_deref().filter(|_| open && over)
    }

    /// Something moves, though the job has not come up: its `main` runs, or its tasks take their state in.
    pub(crate) fn progresses(&self) -> bool {
        let (managers, restoring) = (self.task_managers, self.job.as_ref().is_some_and(|job| job.restoring));
        self.job_manager == ObservedProcess::Answers
            && managers.registered >= managers.wanted
            && (restoring || (self.job.is_none() && self.main == MainMethod::Runs))
    }

    /// A live phase's word, from what was seen.
    pub(crate) fn state(&self, otherwise: State) -> State {
        match (&self.job_manager, &self.job) {
            (ObservedProcess::Silent, _) => State::Unreachable,
            // Only Flink's own word makes it restart: stages of a batch job come and go.
            (ObservedProcess::Answers, Some(job)) => match job.status {
                JobStatus::Running | JobStatus::Finished => otherwise,
                JobStatus::Initializing
                | JobStatus::Created
                | JobStatus::Restarting
                | JobStatus::Failing
                | JobStatus::Failed
                | JobStatus::Cancelling
                | JobStatus::Canceled
                | JobStatus::Suspended
                | JobStatus::Reconciling
                | JobStatus::Other(_) => State::Restarting,
            },
            (ObservedProcess::Answers, None)
            | (ObservedProcess::NotStarted | ObservedProcess::Ended { .. }, _) => State::Restarting,
        }
    }
}
