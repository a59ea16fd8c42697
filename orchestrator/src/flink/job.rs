//! A job's status, tasks, exceptions and checkpoints.

use domain::lifecycle::JobStatus;
use domain::view::Reported;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde::Deserialize;

use super::{FlinkError, JobManager};

/// A job and how many of its tasks run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Flink's word.
    pub status: JobStatus,
    /// Tasks run or have done their work, and none is being deployed or takes its state in.
    pub up: bool,
    /// Tasks are being deployed or take their state in.
    pub restoring: bool,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// For how long nothing of it has changed, by Flink's own clock; none where that cannot be told.
    pub unchanged_for: Option<SignedDuration>,
}

/// Why a job failed or restarted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Exceptions {
    /// The exception that ended the job, with its stack and causes.
    #[serde(rename = "root-exception")]
    pub root: Option<String>,
    /// What made Flink restart it, or end it at last.
    #[serde(rename = "exceptionHistory", default)]
    pub history: History,
}

/// What made Flink restart a job, newest first; as many as were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct History {
    /// One for each restart.
    pub entries: Vec<HistoryEntry>,
}

/// What made Flink restart a job once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct HistoryEntry {
    /// When, milliseconds since 1970.
    pub timestamp: i64,
    /// The exception with its stack and causes.
    pub stacktrace: String,
}

/// An operator chain.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Vertex {
    /// Flink's id of it.
    pub id: String,
    /// Its parallelism.
    pub parallelism: u32,
}

/// What a job is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobPlan {
    /// Its operator chains.
    pub vertices: Vec<Vertex>,
    /// For those that have inputs: which.
    pub inputs: Vec<(String, Vec<String>)>,
}

impl JobPlan {
    /// Nothing feeds it.
    pub fn is_source(&self, vertex: &str) -> bool {
        self.inputs.iter().all(|(fed, by)| fed != vertex || by.is_empty())
    }

    /// It feeds nothing.
    pub fn is_sink(&self, vertex: &str) -> bool {
        !self.inputs.iter().any(|(_, by)| by.iter().any(|feeding| feeding == vertex))
    }
}

/// The newest complete checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CheckpointFigures {
    /// Milliseconds from trigger to completion.
    pub end_to_end_duration: u64,
    /// Bytes of state.
    pub state_size: u64,
    /// When it was complete, milliseconds since 1970.
    pub latest_ack_timestamp: i64,
    /// Where it lies, as Flink names it; none where it is not kept outside.
    #[serde(default)]
    pub external_path: Option<String>,
}

impl JobManager {
    /// The job of that id, if the job manager knows it.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn job(&self, id: &str) -> Result<Option<Job>, FlinkError> {
        #[derive(Deserialize)]
        struct Jobs {
            jobs: Vec<Row>,
        }
        #[derive(Deserialize)]
        struct Row {
            jid: String,
            state: String,
            tasks: Tasks,
            /// Milliseconds since 1970; -1 for a job that has not ended.
            #[serde(rename = "end-time", default)]
            ended: i64,
            #[serde(rename = "start-time", default)]
            started: i64,
            /// Milliseconds, until now for a job that has not ended.
            #[serde(default)]
            duration: i64,
            #[serde(rename = "last-modification", default)]
            changed: i64,
        }
        #[derive(Deserialize)]
        struct Tasks {
            #[serde(default)]
            deploying: u32,
            #[serde(default)]
            initializing: u32,
            running: u32,
            finished: u32,
        }
        let jobs: Jobs = self.get("/jobs/overview").await?;
        let row = jobs.jobs.into_iter().find(|row| row.jid == id);
        Ok(row.map(|Row { state, tasks, ended, started, duration, changed, .. }| {
            let status = JobStatus::named(&state);
            // Flink calls a job running long before its tasks are. A stage of a batch job that waits for its turn is
            // no hindrance; what waits for slots has nothing that runs.
            let restoring = status == JobStatus::Running && tasks.deploying + tasks.initializing > 0;
            let up = status == JobStatus::Running && !restoring && tasks.running + tasks.finished > 0;
            let ended_at = Timestamp::from_millisecond(ended).ok().filter(|_| ended > 0);
            let unchanged_for = (changed > 0 && started > 0).then(|| {
                SignedDuration::from_millis(started.saturating_add(duration).saturating_sub(changed))
            });
            Job { status, up, restoring, ended_at, unchanged_for }
        }))
    }

    /// Why the job failed or was restarted; the newest so many.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn exceptions(&self, id: &str, newest: usize) -> Result<Exceptions, FlinkError> {
        self.get(&format!("/jobs/{id}/exceptions?maxExceptions={newest}")).await
    }

    /// Whether it is a batch job. Asked once: a job manager has one job, and that is what it is. Of one whose `main`
    /// failed before it was built Flink cannot tell, and stumbles over the question.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn is_batch(&self, id: &str) -> Result<bool, FlinkError> {
        #[derive(Deserialize)]
        struct Answer {
            #[serde(rename = "job-type", default)]
            kind: String,
        }
        let ask = async || Ok(self.get::<Answer>(&format!("/jobs/{id}")).await?.kind == "BATCH");
        match self.batch.get_or_try_init(ask).await {
            Err(FlinkError::Refused { status, .. }) if status.is_server_error() => Ok(false),
            answer => answer.copied(),
        }
    }

    /// What the job is made of.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn graph(&self, id: &str) -> Result<JobPlan, FlinkError> {
        #[derive(Deserialize)]
        struct Answer {
            vertices: Vec<Vertex>,
            plan: Plan,
        }
        #[derive(Deserialize)]
        struct Plan {
            nodes: Vec<Node>,
        }
        #[derive(Deserialize)]
        struct Node {
            id: String,
            #[serde(default)]
            inputs: Vec<Input>,
        }
        #[derive(Deserialize)]
        struct Input {
            id: String,
        }
        let answer: Answer = self.get(&format!("/jobs/{id}")).await?;
        let inputs = |node: Node| (node.id, node.inputs.into_iter().map(|input| input.id).collect());
        let inputs = answer.plan.nodes.into_iter().map(inputs).collect();
        Ok(JobPlan { vertices: answer.vertices, inputs })
    }

    /// The newest complete checkpoint, if there is one. A batch job, and one that takes no checkpoints, has no page of
    /// them.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn checkpoint(&self, id: &str) -> Result<Option<CheckpointFigures>, FlinkError> {
        #[derive(Deserialize)]
        struct Answer {
            latest: Option<Latest>,
        }
        #[derive(Deserialize)]
        struct Latest {
            completed: Option<CheckpointFigures>,
        }
        match self.get::<Answer>(&format!("/jobs/{id}/checkpoints")).await {
            Ok(answer) => Ok(answer.latest.and_then(|latest| latest.completed)),
            Err(FlinkError::Unknown(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether a running job takes no checkpoints, by its own account.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn checkpoints_off(&self, id: &str) -> Result<bool, FlinkError> {
        /// Flink's word for never.
        const NEVER: i64 = i64::MAX;
        #[derive(Deserialize)]
        struct Config {
            interval: i64,
        }
        match self.get::<Config>(&format!("/jobs/{id}/checkpoints/config")).await {
            Ok(config) => Ok(!(1..NEVER).contains(&config.interval)),
            Err(FlinkError::Unknown(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// What a running job says of its own settings. A batch job, and one that takes no checkpoints, has no page of them.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn reported(&self, id: &str) -> Result<Reported, FlinkError> {
        /// Flink's word for never.
        const NEVER: u64 = i64::MAX.unsigned_abs();
        #[derive(Deserialize)]
        struct Checkpointing {
            interval: u64,
            mode: String,
            timeout: u64,
            #[serde(default)]
            state_backend: Option<String>,
        }
        #[derive(Deserialize)]
        struct Config {
            #[serde(rename = "execution-config")]
            execution: Option<Execution>,
        }
        #[derive(Deserialize)]
        struct Execution {
            #[serde(rename = "job-parallelism")]
            parallelism: i64,
        }
        let checkpointing = match self.get::<Checkpointing>(&format!("/jobs/{id}/checkpoints/config")).await {
            Ok(config) => Some(config),
            Err(FlinkError::Unknown(_)) => None,
            Err(error) => return Err(error),
        };
        let config: Config = self.get(&format!("/jobs/{id}/config")).await?;
        let newest = self.checkpoint(id).await?;
        let takes = checkpointing.as_ref().filter(|config| (1..NEVER).contains(&config.interval));
        let parallelism = config.execution.and_then(|execution| u32::try_from(execution.parallelism).ok());
        Ok(Reported {
            interval_ms: takes.map(|config| config.interval),
            mode: takes.map(|config| config.mode.clone()),
            timeout_ms: takes.map(|config| config.timeout),
            backend: checkpointing.as_ref().and_then(|config| config.state_backend.clone()),
            checkpoint: newest.and_then(|newest| newest.external_path),
            parallelism: parallelism.filter(|number| *number > 0),
        })
    }

    /// Cancels the job. A job that has ended already is left as it is.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn cancel(&self, id: &str) -> Result<(), FlinkError> {
        match self.send(Method::PATCH, &format!("/jobs/{id}?mode=cancel"), None).await {
            Err(FlinkError::Refused { status: StatusCode::CONFLICT, .. }) => Ok(()),
            result => result,
        }
    }
}
