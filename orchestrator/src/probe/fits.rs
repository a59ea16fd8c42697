//! State against a job graph, by Flink's own rules.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use domain::view::StateFit;
use serde::Deserialize;

use super::ask::{ProbeCommand, failed, parse};
use super::{Graph, Probe, ProbeError};

/// State against a job graph, operator by operator.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Fit {
    /// Every operator that has state, or had.
    pub(crate) operators: Vec<OperatorFit>,
}

/// What becomes of one operator's state.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OperatorFit {
    /// The operator's id, as savepoints name it.
    pub(crate) id: String,
    /// Its name, where a job graph tells it.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// What becomes of it.
    pub(crate) fit: StateFit,
    /// Flink itself would say so; otherwise it may turn out so.
    pub(crate) certain: bool,
    /// Bytes, where a savepoint tells.
    #[serde(default)]
    pub(crate) state_size: Option<u64>,
    /// What the state was written with: a maximum parallelism, a serializer.
    #[serde(default)]
    pub(crate) was: String,
    /// What the job wants instead.
    #[serde(default)]
    pub(crate) wants: String,
}

impl Probe {
    /// Whether state fits a job graph: that of a savepoint, or, without one, what `before` shows to have state by now.
    /// `before` is the job that wrote it; it knows the names.
    ///
    /// # Errors
    /// The savepoint cannot be read.
    pub(crate) async fn fits(
        &self,
        savepoint: Option<&Path>,
        before: Option<&Graph>,
        graph: &Graph,
    ) -> Result<Fit, ProbeError> {
        let mut asked = ProbeCommand::new("fits").file("graph", graph.to_vec());
        if let Some(before) = before {
            asked = asked.file("before", before.to_vec());
        }
        if let Some(savepoint) = savepoint {
            asked = asked.reads("savepoint", savepoint);
        }
        self.ask(asked).await
    }

    /// The same of several states that one job wrote, each with its own answer, by one JVM.
    ///
    /// # Errors
    /// None of them could be asked.
    pub(crate) async fn fits_each(
        &self,
        states: &[PathBuf],
        before: Option<&Graph>,
        graph: &Graph,
    ) -> Result<Vec<Result<Fit, ProbeError>>, ProbeError> {
        #[derive(Deserialize)]
        struct Answer {
            states: Vec<serde_json::Value>,
        }
        let list: Vec<&[u8]> = states.iter().map(|state| state.as_os_str().as_bytes()).collect();
        let mut asked =
            ProbeCommand::new("fits").file("graph", graph.to_vec()).file("states", list.join(&b'\n'));
        if let Some(before) = before {
            asked = asked.file("before", before.to_vec());
        }
        for state in states {
            asked = asked.reads("", state);
        }
        let answer: Answer = self.ask(asked).await?;
        if answer.states.len() != states.len() {
            return Err(failed("Flink's own classes answered for other states than they were asked for."));
        }
        let read = |state: serde_json::Value| parse(state.to_string().as_bytes());
        Ok(answer.states.into_iter().map(read).collect())
    }
}
