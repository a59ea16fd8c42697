//! Asks Flink's own classes, one JVM at a time: options, job graph, savepoint. The answers are the documents that
//! `flink/probe` prints (its README has the format).
//!
//! A user's `main` runs in a JVM that answers nothing: it hands over the job graph, as bytes, and another JVM, in which
//! nothing of the user runs, reads it and answers. Both are confined. What a `main` built is remembered (`memory`).

mod answers;
mod ask;
mod fits;
mod kept;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::option::OptionInfo;
use domain::refusal::Refusal;
use domain::spec::{CHECKPOINT_INTERVAL, ClusterSpec};
use serde::{Deserialize, Serialize};
use tokio::sync::{OnceCell, Semaphore};

pub(crate) use self::answers::Asker;
use self::answers::{Answers, Key};
pub(crate) use self::ask::{LIMITS, clear};
use self::ask::{ProbeCommand, failed};
pub(crate) use self::fits::{Fit, OperatorFit};
use self::kept::KeptGraphs;
pub(crate) use self::kept::ProgramKey;
use crate::config::PlaneConfig;
use crate::confine::Launcher;
use crate::seal::Seal;

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
    /// Of them for what is typed.
    parsing: Arc<Semaphore>,
    options: Arc<OnceCell<Vec<OptionInfo>>>,
    memory: Answers,
    kept: KeptGraphs,
}

/// What is run. Its arguments and options may hold secrets: it reaches Java by a file, never by a command line.
#[derive(Clone, Debug, Serialize)]
pub struct Program {
    /// The jar on disk.
    pub jar: PathBuf,
    /// The SHA-256 of the jar, hex.
    #[serde(skip)]
    pub digest: String,
    /// More jars in its class path.
    #[serde(rename = "classPath", serialize_with = "places")]
    pub more: Vec<JarFile>,
    /// What its pool lends to its jobs, beside the jar.
    #[serde(skip)]
    pub readable: Vec<PathBuf>,
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

/// A jar on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JarFile {
    /// Where it lies.
    pub place: PathBuf,
    /// Its SHA-256, hex.
    pub digest: String,
}

fn places<S: serde::Serializer>(jars: &[JarFile], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(jars.iter().map(|jar| &jar.place))
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

/// A job graph as Flink serialises it.
pub(crate) type Graph = Arc<[u8]>;

/// A job graph, and what it was read from.
#[derive(Clone, Debug)]
pub struct Built {
    /// What it is.
    pub graph: JobGraph,
    /// As Flink serialises it.
    pub(crate) bytes: Graph,
}

/// The job graph that a `main` builds.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct JobGraph {
    /// The job's name, as `execute` was given it.
    pub name: String,
    /// It ends by itself, runs its stages one after the other, and has no checkpoints.
    #[serde(default)]
    pub batch: bool,
    /// The highest parallelism that its operators set; none where all is left to Flink.
    #[serde(default)]
    pub parallelism: Option<u32>,
    /// Slots without which it cannot run: those that it needs at one moment.
    pub slots: u32,
    /// Milliseconds between checkpoints; none where it takes none.
    #[serde(default)]
    pub checkpoint_interval: Option<i64>,
    /// Where its own code keeps them; none where that is left to the cluster.
    #[serde(default)]
    pub checkpoint_folder: Option<String>,
    /// What `main` does after it has submitted the job.
    #[serde(default)]
    pub afterwards: Afterwards,
    /// More about it: the exception, if it throws.
    #[serde(default)]
    pub afterwards_detail: String,
    /// Its operators.
    pub operators: Vec<Operator>,
}

/// What a `main` does after it has submitted its job, as if that job had run and finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Afterwards {
    /// It returns, as it should.
    #[default]
    Returns,
    /// It is still at work five seconds later.
    Busy,
    /// It throws.
    Throws,
    /// It ends Java.
    Exits,
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

/// The portal's own jar that runs scripts of Flink SQL.
pub(crate) const SCRIPTS: &str = "penstock-sql.jar";
/// Its class that looks at a script's words alone.
const PARSES: &str = "penstock.sql.Parse";

impl Program {
    /// The program of a specification.
    ///
    /// # Errors
    /// The sentence that says what is wrong with the line of arguments.
    pub(crate) fn of(
        spec: &ClusterSpec,
        jar: JarFile,
        more: Vec<JarFile>,
        readable: Vec<PathBuf>,
    ) -> Result<Self, String> {
        let (entry_class, args) = spec.job.started_with()?;
        let options = Self::options(spec);
        Ok(Self { jar: jar.place, digest: jar.digest, more, readable, entry_class, args, options })
    }

    /// The options of a specification, as far as the job that `main` builds depends on them: where people say nothing,
    /// the cluster asks for checkpoints all the same.
    pub(crate) fn options(spec: &ClusterSpec) -> Vec<(String, String)> {
        let mut options = spec.job.options.clone();
        if let Some(interval) = spec.checkpoint_interval() {
            options.insert(CHECKPOINT_INTERVAL.to_owned(), interval);
        }
        options.into_iter().collect()
    }
}

impl Probe {
    /// The probe of a portal's distribution.
    pub(crate) fn new(config: &PlaneConfig, seal: Seal) -> Self {
        Self {
            home: config.flink_home.clone(),
            jar: config.jars.join("penstock-probe.jar"),
            launcher: config.launcher.clone(),
            folders: config.data.join(ask::FOLDERS),
            turns: Arc::new(Semaphore::new(2)),
            parsing: Arc::new(Semaphore::new(1)),
            options: Arc::default(),
            memory: Answers::default(),
            kept: KeptGraphs::new(&config.data, seal),
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
        let ask = || async { Ok(self.ask::<Options>(ProbeCommand::new("options")).await?.options) };
        Ok(self.options.get_or_try_init(ask).await?)
    }

    /// The job graph that a program builds. Its `main` runs only where that is not remembered.
    ///
    /// # Errors
    /// Its exception, or that it builds none.
    pub(crate) async fn graph(&self, program: &Program, asker: Asker) -> Result<Built, ProbeError> {
        let order = serde_json::to_vec(program).map_err(|error| failed(&error.to_string()))?;
        let build = async || {
            let asked = ProbeCommand::new("build").file("program", order).reads("", &program.jar);
            let asked = program.more.iter().fold(asked, |asked, jar| asked.reads("", &jar.place));
            let lent = program.readable.iter().fold(asked, |asked, lent| asked.reads("", lent));
            let bytes = self.build(lent).await?;
            let graph = self.ask(ProbeCommand::new("graph").file("graph", bytes.clone())).await?;
            Ok(Built { graph, bytes: bytes.into() })
        };
        let built = self.memory.once(Key::of(program), asker, build).await?;
        if asker == Asker::Command {
            self.kept.keep(ProgramKey::of(program), built.bytes.clone()).await;
        }
        Ok(built)
    }

    /// The job graph of a program that was launched, if it is kept. No `main` runs for it.
    pub(crate) async fn kept_graph(&self, program: &ProgramKey) -> Option<Graph> {
        self.kept.of(program).await
    }

    /// The portal's own jar that runs scripts.
    pub(crate) fn scripts(&self) -> PathBuf {
        self.jar.with_file_name(SCRIPTS)
    }

    /// What Flink's parser finds wrong with a script, if anything. Its tables are not looked at, and nothing runs.
    ///
    /// # Errors
    /// The probe could not run.
    pub(crate) async fn parse(&self, script: &str) -> Result<Option<String>, ProbeError> {
        let program = Program {
            jar: self.scripts(),
            digest: String::new(),
            more: Vec::new(),
            readable: Vec::new(),
            entry_class: Some(PARSES.to_owned()),
            args: vec![script.to_owned()],
            options: Vec::new(),
        };
        // Who types much leaves a turn to those who launch something.
        let _turn = self.parsing.acquire().await.map_err(|_| failed("The portal is ending."))?;
        let order = serde_json::to_vec(&program).map_err(|error| failed(&error.to_string()))?;
        let asked = ProbeCommand::new("build").file("program", order).reads("", &program.jar);
        match self.build(asked).await {
            Err(error) if error.kind == "NO_JOB" => Ok(None),
            Err(error) if error.kind == "SQL_WRONG" => Ok(Some(error.message)),
            Err(error) => Err(error),
            Ok(_) => Err(failed("A script that was to be read alone has built a job.")),
        }
    }

    /// Reads a savepoint's `_metadata`.
    ///
    /// # Errors
    /// It is none.
    pub(crate) async fn savepoint(&self, place: &Path) -> Result<(), ProbeError> {
        let _: serde::de::IgnoredAny = self.ask(ProbeCommand::new("savepoint").reads("path", place)).await?;
        Ok(())
    }
}

/// Kinds that say nothing of the job itself: the portal, the machine or the bounds of a check were in the way.
const NOT_KNOWN: [&str; 7] =
    [ask::FAILED, ask::KILLED, "GRAPH_UNREADABLE", "HANGS", "MAIN_ANSWERED", "MAIN_FLOODS", "OUT_OF_MEMORY"];

impl ProbeError {
    /// A launch would fail as well. Otherwise it could not be found out.
    pub(crate) fn certain(&self) -> bool {
        !NOT_KNOWN.contains(&&*self.kind)
    }

    /// The field of the form that it is about.
    pub(crate) fn field(&self) -> &'static str {
        match &*self.kind {
            "CONF_INVALID" => "options",
            "SQL_WRONG" => "sql",
            "CLASS_NOT_FOUND" | "NO_ENTRY_CLASS" | "NO_MAIN" => "entry_class",
            kind if kind.starts_with("SAVEPOINT_") => "savepoint",
            // Everything else is said of a jar and the program in it.
            _ => "jar",
        }
    }
}

/// As an answer to who asked for something that needed the probe.
impl From<ProbeError> for Refusal {
    fn from(error: ProbeError) -> Self {
        match &*error.kind {
            ask::FAILED => Refusal::Unavailable(format!("Flink cannot be asked. {error}")),
            _ => Refusal::field(error.field(), "", error.message),
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
            ("CLASS_NOT_FOUND", "entry_class"),
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
            digest: "ab12".to_owned(),
            more: vec![JarFile { place: "/jobs/b.jar".into(), digest: "cd34".to_owned() }],
            readable: Vec::new(),
            entry_class: None,
            args: vec!["--a".to_owned(), "b c".to_owned()],
            options: vec![("x.y".to_owned(), "1".to_owned())],
        };
        let json = serde_json::to_string(&program).expect("it is text");
        assert_eq!(
            json,
            r#"{"jar":"/jobs/a.jar","classPath":["/jobs/b.jar"],"class":null,"arguments":["--a","b c"],"options":{"x.y":"1"}}"#
        );
    }
}
