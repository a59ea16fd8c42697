//! Asks Flink's own classes, one JVM at a time: options, job graph, savepoint. The answers are the documents that
//! `flink/probe` prints (its README has the format).

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use domain::view::OptionInfo;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::sync::{OnceCell, Semaphore};

use crate::java;

/// How long a user's `main` may take to build its graph. Longer hides a hang; shorter refuses a large SQL job.
const DEADLINE: Duration = Duration::from_secs(60);

/// The probe of one Flink distribution.
#[derive(Clone, Debug)]
pub struct Probe {
    home: PathBuf,
    jar: PathBuf,
    /// Each JVM takes a core and a few hundred megabytes: two at once, the others wait.
    turns: Arc<Semaphore>,
    options: Arc<OnceCell<Vec<OptionInfo>>>,
}

/// What is run.
#[derive(Clone, Debug)]
pub struct Program {
    /// The jar on disk.
    pub jar: PathBuf,
    /// The entry class; none leaves it to the manifest.
    pub entry_class: Option<String>,
    /// The arguments, split.
    pub args: Vec<String>,
    /// Flink options.
    pub options: Vec<(String, String)>,
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
    /// The probe of a distribution.
    pub fn new(home: &Path, jars: &Path) -> Self {
        Self {
            home: home.to_owned(),
            jar: jars.join("penstock-probe.jar"),
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
        let ask = || async { Ok(self.ask::<Options>(vec!["options".to_owned()]).await?.options) };
        Ok(self.options.get_or_try_init(ask).await?)
    }

    /// The job graph that a program builds.
    ///
    /// # Errors
    /// Its exception, or that it builds none.
    pub async fn graph(&self, program: &Program) -> Result<Graph, ProbeError> {
        let mut words = vec!["graph".to_owned()];
        words.extend(program.words());
        self.ask(words).await
    }

    /// Whether a savepoint's state fits a program.
    ///
    /// # Errors
    /// The savepoint cannot be read, or the program builds no graph.
    pub async fn fits(&self, savepoint: &Path, program: &Program) -> Result<Fit, ProbeError> {
        let mut words = vec!["fits".to_owned(), "--savepoint".to_owned(), savepoint.display().to_string()];
        words.extend(program.words());
        self.ask(words).await
    }

    async fn ask<T: DeserializeOwned>(&self, words: Vec<String>) -> Result<T, ProbeError> {
        let _turn = self.turns.acquire().await.map_err(|_| failed("The portal is ending."))?;
        let (command, rest) = words.split_first().ok_or_else(|| failed("Nothing was asked."))?;
        let classpath = format!("{}:{}/lib/*", self.jar.display(), self.home.display());
        let mut java = Command::new(java::program())
            .args([
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-Xmx512m",
                "-cp",
                &classpath,
            ])
            .args(java::UTF_8)
            .args(["penstock.probe.Main", command, "--deadline", &DEADLINE.as_secs().to_string()])
            .args(rest)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .env_clear()
            .envs(java::environment())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                failed(&format!("Java could not be started: {error}. Install a JDK, 17 or newer."))
            })?;
        let mut answer = Vec::new();
        let mut stdout = java.stdout.take().ok_or_else(|| failed("The probe has no output."))?;
        let read = tokio::time::timeout(DEADLINE + Duration::from_secs(20), stdout.read_to_end(&mut answer));
        match read.await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(failed(&format!("The probe's answer broke off: {error}."))),
            Err(_) => return Err(failed("The probe did not answer in time; the machine may be overloaded.")),
        }
        parse(&answer)
    }
}

impl Program {
    fn words(&self) -> Vec<String> {
        let mut words = vec!["--jar".to_owned(), self.jar.display().to_string()];
        if let Some(class) = &self.entry_class {
            words.extend(["--class".to_owned(), class.clone()]);
        }
        for (key, value) in &self.options {
            words.extend(["--conf".to_owned(), format!("{key}={value}")]);
        }
        words.push("--".to_owned());
        words.extend(self.args.iter().cloned());
        words
    }
}

/// A document of the probe: an answer, or `ok: false` with the reason.
fn parse<T: DeserializeOwned>(answer: &[u8]) -> Result<T, ProbeError> {
    #[derive(Deserialize)]
    struct Verdict {
        ok: bool,
        #[serde(default)]
        kind: String,
        #[serde(default)]
        message: String,
        #[serde(default)]
        exception: String,
    }
    let unreadable =
        |error: serde_json::Error| failed(&format!("The probe's answer cannot be read: {error}."));
    let verdict: Verdict = serde_json::from_slice(answer).map_err(unreadable)?;
    if verdict.ok {
        serde_json::from_slice(answer).map_err(unreadable)
    } else {
        Err(ProbeError { kind: verdict.kind, message: verdict.message, exception: verdict.exception })
    }
}

fn failed(message: &str) -> ProbeError {
    ProbeError { kind: "PROBE_FAILED".to_owned(), message: message.to_owned(), exception: String::new() }
}
