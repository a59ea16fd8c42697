//! A job manager's REST interface, typed. Every request has a deadline. No policy: what follows from an answer is
//! for others to say.

mod endpoint;
mod job;
mod metric;
mod savepoint;

use std::collections::HashSet;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::OnceCell;

pub use endpoint::{Endpoint, Keys};
pub use job::{CheckpointFigures, Exceptions, History, HistoryEntry, Job, JobPlan, Vertex};
pub use metric::{MetricValues, Spread};
pub use savepoint::Savepoint;

/// A job manager on its own machine answers in milliseconds. Longer: it is busy with something that it will not
/// finish for our sake; shorter: one long garbage collection would count as silence.
const DEADLINE: Duration = Duration::from_secs(1);

/// So many questions are asked at once when a job is measured, every few seconds. Connections that are kept until then
/// save a handshake on each side.
const AT_ONCE: usize = 5;

/// One job manager to ask. Cloning it is cheap and shares the connections.
#[derive(Clone, Debug)]
pub struct JobManager {
    http: reqwest::Client,
    base: String,
    /// What its job is, once that is known.
    batch: OnceCell<bool>,
}

/// Why there is no answer that can be used.
#[derive(Debug, thiserror::Error)]
pub enum FlinkError {
    /// Nobody answers, or not in time.
    #[error("Flink does not answer: {0}")]
    Silent(#[source] reqwest::Error),
    /// It answers, and has no such job, vertex or savepoint.
    #[error("Flink does not know it: {0}")]
    Unknown(String),
    /// It declines.
    #[error("Flink answers {status}: {message}")]
    Refused {
        /// The HTTP status.
        status: StatusCode,
        /// Flink's own words.
        message: String,
    },
    /// It answers something else than Flink would.
    #[error("Flink's answer cannot be read: {0}")]
    Unreadable(#[source] serde_json::Error),
}

impl FlinkError {
    /// Not even a connection came about, or no handshake on it.
    pub fn not_reached(&self) -> bool {
        matches!(self, FlinkError::Silent(error) if error.is_connect())
    }
}

/// Why there is nobody to ask.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    /// Keys that rustls does not take.
    #[error("the keys cannot be used: {0}")]
    Keys(#[from] rustls::Error),
    /// No client.
    #[error("no HTTP client: {0}")]
    Client(#[from] reqwest::Error),
}

/// What the cluster as a whole says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Overview {
    /// Task managers that are registered.
    pub taskmanagers: u32,
}

impl JobManager {
    /// Where it answers.
    pub fn url(&self) -> &str {
        &self.base
    }

    /// A client of its own for one endpoint. It keeps few idle connections, so that watching many clusters stays cheap.
    ///
    /// # Errors
    /// When the keys cannot be used or the system gives no sockets.
    pub fn at(endpoint: &Endpoint) -> Result<Self, EndpointError> {
        let http = reqwest::Client::builder()
            .no_proxy() // Flink is asked directly, whatever proxy the environment names
            .tls_backend_preconfigured(endpoint.tls()?)
            .https_only(endpoint.keys.is_some())
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(DEADLINE)
            .timeout(DEADLINE)
            .pool_max_idle_per_host(AT_ONCE)
            .pool_idle_timeout(Duration::from_secs(15))
            .build()?;
        Ok(Self { http, base: endpoint.url.clone(), batch: OnceCell::new() })
    }

    /// The cluster as a whole. It answers as soon as REST is up, also while there is no job yet.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn overview(&self) -> Result<Overview, FlinkError> {
        self.get("/overview").await
    }

    /// What the task managers that are registered call themselves.
    ///
    /// # Errors
    /// [`FlinkError`].
    pub async fn task_managers(&self) -> Result<HashSet<String>, FlinkError> {
        #[derive(serde::Deserialize)]
        struct Answer {
            taskmanagers: Vec<Row>,
        }
        #[derive(serde::Deserialize)]
        struct Row {
            id: String,
        }
        let answer: Answer = self.get("/taskmanagers").await?;
        Ok(answer.taskmanagers.into_iter().map(|row| row.id).collect())
    }

    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, FlinkError> {
        let body = self.ask(self.http.get(format!("{}{path}", self.base))).await?;
        serde_json::from_slice(&body).map_err(FlinkError::Unreadable)
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Result<(), FlinkError> {
        let request = self.http.request(method, format!("{}{path}", self.base));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.ask(request).await.map(|_| ())
    }

    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<bytes::Bytes, FlinkError> {
        let answer = request.send().await.map_err(FlinkError::Silent)?;
        let status = answer.status();
        let body = answer.bytes().await.map_err(FlinkError::Silent)?;
        match status {
            status if status.is_success() => Ok(body),
            StatusCode::NOT_FOUND => Err(FlinkError::Unknown(complaint(&body))),
            status => Err(FlinkError::Refused { status, message: complaint(&body) }),
        }
    }
}

/// Flink's own words: the first line of each of its errors.
fn complaint(body: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Errors {
        errors: Vec<String>,
    }
    let errors = serde_json::from_slice::<Errors>(body).map(|body| body.errors).unwrap_or_default();
    let lines: Vec<&str> = errors.iter().filter_map(|error| error.lines().next()).collect();
    lines.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flinks_complaints_lose_their_stacks() {
        let body = br#"{"errors":["org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (1)\n\tat x"]}"#;
        assert_eq!(
            complaint(body),
            "org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job (1)"
        );
        assert_eq!(complaint(b"<html>"), "");
    }
}
