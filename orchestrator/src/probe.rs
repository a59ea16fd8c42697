//! Asks Flink's own classes, one JVM at a time: options, job graph, savepoint. The answers are the documents that
//! `flink/probe` prints (its README has the format).
//!
//! A user's `main` runs in a JVM that answers nothing: it hands over the job graph, as bytes, and another JVM, in which
//! nothing of the user runs, reads it and answers. Both are confined.

mod ask;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::refusal::Refusal;
use domain::view::OptionInfo;
use serde::{Deserialize, Serialize};
use tokio::sync::{OnceCell, Semaphore};

use self::ask::{Asked, failed};
pub(crate) use self::ask::{LIMITS, clear};
use crate::confine::Launcher;
use crate::plane::PlaneConfig;

/// The probe of one Flink distribution.
#[derive(Clone, Debug)]
pub struct Probe {
    home: PathBuf,
    jar: PathBuf,
    launcher: Launcher,
    /// Each question has a folder in here.
    folders: PathBuf,
    /// Each JVM takes a core and a few hundred megabytes: two at once, the others wait.
    turns: Arc<Semaphore>,
    options: Arc<OnceCell<Vec<OptionInfo>>>,
}

/// What is run. Its arguments and options may hold secrets: it reaches Java by a file, never by a command line.
#[derive(Clone, Debug, Serialize)]
pub struct Program {
    /// The jar on disk.
    pub jar: PathBuf,
    /// The entry class; none leaves it to the manifest.
    #[serde(rename = "class")]
    pub entry_class: Option<String>,
    /// The arguments, split.
    #[serde(rename = "arguments")]
    pub args: Vec<String>,
    /// Flink options.
    #[serde(serialize_with = "as_object")]
    pub options: Vec<(String, String)>,
}

fn as_object<S: serde::Serializer>(options: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(options.iter().map(|(key, value)| (key, value)))
}

/// Why the probe gave no answer, or a `no`.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ProbeError {
    /// `MAIN_THREW`, `SAVEPOINT_NOT_FOUND`, ...: the probe's kinds; `PROBE_FAILED` when it could not run.
    pub kind: String,
    /// One sentence.
    pub message: String,
    /// The whole exception; may be empty.
    pub exception: String,
}

/// A job graph, and what it was read from.
#[derive(Clone, Debug)]
pub struct Built {
    /// What it is.
    pub graph: Graph,
    /// As Flink serialises it.
    bytes: Vec<u8>,
}

/// The job graph that a `main` builds.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Graph {
    /// The job's name, as `execute` was given it.
    pub name: String,
    /// Highest parallelism of its operators.
    pub parallelism: u32,
    /// Slots that it needs.
    pub slots: u32,
    /// Its operators.
    pub operators: Vec<Operator>,
}

/// An operator of a job graph.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operator {
    /// As savepoints name it.
    pub id: String,
    /// Its name.
    pub name: String,
    /// It may hold state.
    #[serde(default)]
    pub stateful: bool,
}

/// A savepoint's state against a job graph.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fit {
    /// All state of the savepoint finds its operator.
    pub fits: bool,
    /// State that the job would leave out.
    pub missing: Vec<LeftOut>,
    /// State that cannot be given to its operator.
    #[serde(default)]
    pub clashes: Vec<Clash>,
}

/// State that a job would leave out.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The operator's id.
    pub id: String,
    /// Bytes.
    #[serde(default)]
    pub state_size: u64,
}

/// State that cannot be given to its operator.
#[derive(Clone, Debug, Deserialize)]
pub struct Clash {
    /// The operator's id.
    pub id: String,
    /// Why.
    pub reason: String,
}

impl Probe {
    /// The probe of a portal's distribution.
    pub fn new(config: &PlaneConfig) -> Self {
        Self {
            home: config.flink_home.clone(),
            jar: config.jars.join("penstock-probe.jar"),
            launcher: config.launcher.clone(),
            folders: config.data.join(ask::FOLDERS),
            turns: Arc::new(Semaphore::new(2)),
            options: Arc::default(),
        }
    }

    /// The options of the distribution, by key; asked once.
    ///
    /// # Errors
    /// The probe could not run.
    pub async fn options(&self) -> Result<&[OptionInfo], ProbeError> {
        #[derive(Deserialize)]
        struct Options {
            options: Vec<OptionInfo>,
        }
        let ask = || async { Ok(self.ask::<Options>(Asked::new("options")).await?.options) };
        Ok(self.options.get_or_try_init(ask).await?)
    }

    /// The job graph that a program builds.
    ///
    /// # Errors
    /// Its exception, or that it builds none.
    pub async fn graph(&self, program: &Program) -> Result<Built, ProbeError> {
        let order = serde_json::to_vec(program).map_err(|error| failed(&error.to_string()))?;
        let bytes = self.build(Asked::new("build").file("program", order).reads("", &program.jar)).await?;
        let graph = self.ask(Asked::new("graph").file("graph", bytes.clone())).await?;
        Ok(Built { graph, bytes })
    }

    /// Whether a savepoint's state fits a job graph.
    ///
    /// # Errors
    /// The savepoint cannot be read.
    pub async fn fits(&self, savepoint: &Path, built: &Built) -> Result<Fit, ProbeError> {
        self.ask(Asked::new("fits").file("graph", built.bytes.clone()).reads("savepoint", savepoint)).await
    }
}

/// As an answer to who asked for something that needed the probe.
impl From<ProbeError> for Refusal {
    fn from(error: ProbeError) -> Self {
        match &*error.kind {
            "PROBE_FAILED" => Refusal::Unavailable(format!("Flink cannot be asked. {error}")),
            "CONF_INVALID" => Refusal::field("options", "", error.message),
            kind if kind.starts_with("SAVEPOINT_") => Refusal::field("savepoint", "", error.message),
            // Everything else is said of a jar and the program in it.
            _ => Refusal::field("jar", "", error.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_is_refused_with_its_own_sentence_at_its_own_field() {
        let refusal = |kind: &str| {
            let message = format!("This is {kind}.");
            Refusal::from(ProbeError { kind: kind.to_owned(), message, exception: String::new() })
        };
        let fields = [
            ("MAIN_THREW", "jar"),
            ("NOT_A_JAR", "jar"),
            ("CONF_INVALID", "options"),
            ("SAVEPOINT_NOT_FOUND", "savepoint"),
            ("SAVEPOINT_UNREADABLE", "savepoint"),
        ];
        for (kind, field) in fields {
            assert_eq!(refusal(kind), Refusal::field(field, "", format!("This is {kind}.")));
        }
        let failed = refusal("PROBE_FAILED");
        assert_eq!(failed, Refusal::Unavailable("Flink cannot be asked. This is PROBE_FAILED.".to_owned()));
    }

    #[test]
    fn a_program_is_handed_over_as_one_document() {
        let program = Program {
            jar: "/jobs/a.jar".into(),
            entry_class: None,
            args: vec!["--a".to_owned(), "b c".to_owned()],
            options: vec![("x.y".to_owned(), "1".to_owned())],
        };
        let json = serde_json::to_string(&program).expect("it is text");
        assert_eq!(
            json,
            r#"{"jar":"/jobs/a.jar","class":null,"arguments":["--a","b c"],"options":{"x.y":"1"}}"#
        );
    }
}
