//! Savepoints, with and without stopping the job. A trigger's id is ours, so that asking twice triggers once.

use domain::snapshot::SavepointFormat;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{FlinkError, JobManager};

/// What Flink says about a trigger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Savepoint {
    /// Never heard of it.
    Unknown,
    /// On its way.
    InProgress,
    /// Complete, at this URI.
    Completed(String),
    /// Not taken: the exception with its stack.
    Failed(String),
}

#[derive(Deserialize)]
struct Answer {
    status: Status,
    operation: Option<Operation>,
}

#[derive(Deserialize)]
struct Status {
    id: String,
}

#[derive(Deserialize)]
struct Operation {
    location: Option<String>,
    #[serde(rename = "failure-cause")]
    failure: Option<Failure>,
}

#[derive(Deserialize)]
struct Failure {
    #[serde(rename = "stack-trace")]
    stack: String,
}

impl JobManager {
    /// How the savepoint of this trigger stands.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn savepoint(&self, job: &str, trigger: &str) -> Result<Savepoint, FlinkError> {
        match self.get(&format!("/jobs/{job}/savepoints/{trigger}")).await {
            Ok(answer) => Ok(read(answer)),
            Err(FlinkError::Unknown(_)) => Ok(Savepoint::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Triggers a savepoint into a directory (a URI); the job goes on.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn save(
        &self,
        job: &str,
        trigger: &str,
        directory: &str,
        format: SavepointFormat,
    ) -> Result<(), FlinkError> {
        let body = json!({
            "triggerId": trigger, "target-directory": directory, "cancel-job": false,
            "formatType": format.name().to_uppercase(),
        });
        self.send(Method::POST, &format!("/jobs/{job}/savepoints"), Some(body)).await
    }

    /// Triggers a stop with savepoint into a directory (a URI).
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn stop(&self, job: &str, trigger: &str, directory: &str) -> Result<(), FlinkError> {
        // Flink spells the directory differently here.
        let body = json!({ "triggerId": trigger, "targetDirectory": directory, "drain": false });
        self.send(Method::POST, &format!("/jobs/{job}/stop"), Some(body)).await
    }
}

fn read(answer: Answer) -> Savepoint {
    match (answer.status.id.as_str(), answer.operation) {
        ("COMPLETED", Some(Operation { failure: Some(failure), .. })) => Savepoint::Failed(failure.stack),
        ("COMPLETED", Some(Operation { location: Some(location), .. })) => Savepoint::Completed(location),
        _ => Savepoint::InProgress,
    }
}
