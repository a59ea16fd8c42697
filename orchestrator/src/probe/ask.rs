//! One question to the probe: a confined JVM in a folder of its own, and what it may answer.

use std::ffi::OsString;
use std::fs::{DirBuilder, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tempfile::TempDir;

use super::{Probe, ProbeError};
use crate::confine::means::CHECKS;
use crate::confine::run::{self, Answer, Broken};
use crate::confine::{Bounds, ResourceLimits};
use crate::{file, java};

/// How long a user's `main` may take to build its graph, seconds. Longer hides a hang; shorter refuses a large SQL job.
const DEADLINE: u64 = 60;

/// What one JVM takes at most, with everything that it starts. Its heap is a third of it.
pub(crate) const LIMITS: ResourceLimits =
    ResourceLimits { memory_mb: 1_536, tasks: 512, file_mb: 256, seconds: DEADLINE + 20 };

/// The folder of the questions' folders, within the data folder.
pub(super) const FOLDERS: &str = "checks";

/// How everything begins that Java serialises.
const SERIALISED: [u8; 4] = [0xAC, 0xED, 0x00, 0x05];

/// A command of the probe.
pub(super) struct ProbeCommand {
    command: &'static str,
    /// Options that name a file: what it holds.
    files: Vec<(&'static str, Vec<u8>)>,
    /// Options that name a place. One without a name is only seen.
    places: Vec<(&'static str, PathBuf)>,
}

impl ProbeCommand {
    pub(super) fn new(command: &'static str) -> Self {
        Self { command, files: Vec::new(), places: Vec::new() }
    }

    /// With a file that holds this.
    pub(super) fn file(mut self, option: &'static str, bytes: Vec<u8>) -> Self {
        self.files.push((option, bytes));
        self
    }

    /// With a place that is read.
    pub(super) fn reads(mut self, option: &'static str, place: &Path) -> Self {
        self.places.push((option, place.to_owned()));
        self
    }
}

impl Probe {
    /// The answer of Flink's own classes; nothing else runs.
    pub(super) async fn ask<T: DeserializeOwned>(&self, asked: ProbeCommand) -> Result<T, ProbeError> {
        let answer = self.run(asked).await?.map_err(|broken| {
            failed(&format!("Flink's own classes gave no answer: {broken}. The machine may be overloaded."))
        })?;
        parse(&answer.bytes)
    }

    /// What a user's `main` hands over. Whatever it says, nothing but its refusal is believed.
    pub(super) async fn build(&self, asked: ProbeCommand) -> Result<Vec<u8>, ProbeError> {
        let answer = self.run(asked).await?.map_err(|broken| broken_off(&broken))?;
        if answer.bytes.starts_with(&SERIALISED) {
            return Ok(answer.bytes);
        }
        match parse::<serde::de::IgnoredAny>(&answer.bytes) {
            Err(refused) if refused.kind != FAILED => Err(cut_short(refused)),
            // By a signal; or with 1, as Java does when the machine has no memory for it.
            _ if answer.bytes.is_empty() && (answer.code == 1 || answer.code >= SIGNALS) => Err(ProbeError {
                kind: KILLED.to_owned(),
                message: format!(
                    "Java ended without an answer (exit code {}), as it does when the machine is short of memory.",
                    answer.code
                ),
                exception: String::new(),
            }),
            _ if answer.bytes.is_empty() => Err(ProbeError {
                kind: "MAIN_EXITED".to_owned(),
                message: format!(
                    "The program ended Java by itself (exit code {}) before it submitted a job.",
                    answer.code
                ),
                exception: String::new(),
            }),
            _ => Err(ProbeError {
                kind: "MAIN_ANSWERED".to_owned(),
                message: "The program wrote an answer of its own where its job graph belongs. It is not believed: let \
                          main print by System.out only, and submit its job by execute()."
                    .to_owned(),
                exception: String::new(),
            }),
        }
    }

    async fn run(&self, asked: ProbeCommand) -> Result<Result<Answer, Broken>, ProbeError> {
        for needed in [&self.jar, &self.home.join("lib")] {
            if !needed.exists() {
                return Err(failed(&format!("{} is not there. Install it again.", needed.display())));
            }
        }
        let _turn = self.turns.acquire().await.map_err(|_| failed("The portal is ending."))?;
        let folder = self.folder().map_err(|error| no_folder(&error))?;
        let java = java::real();
        let mut program: Vec<OsString> = vec![java.into()];
        program.extend(
            ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx512m", "-XX:-UsePerfData"]
                .map(OsString::from),
        );
        program.push(java::temporary(folder.path()));
        program.extend(java::UTF_8.map(OsString::from));
        let class_path = format!("{}:{}/lib/*", self.jar.display(), self.home.display());
        program.extend(["-cp", &class_path, "penstock.probe.Main", asked.command].map(OsString::from));
        program.extend(["--deadline".into(), DEADLINE.to_string().into()]);
        for (option, bytes) in asked.files {
            let file = folder.path().join(option);
            private(&file, &bytes).map_err(|error| no_folder(&error))?;
            program.extend([format!("--{option}").into(), file.into()]);
        }
        let mut read = vec![self.home.clone(), self.jar.clone()];
        read.extend(java::home().map(Path::to_owned));
        for (option, place) in asked.places {
            if !option.is_empty() {
                program.extend([format!("--{option}").into(), place.clone().into()]);
            }
            read.push(place);
        }
        let bounds = Bounds {
            name: format!("{CHECKS}{}", uuid::Uuid::new_v4().simple()),
            read,
            write: vec![folder.path().to_owned()],
            ..Bounds::default()
        };
        let home = ["HOME", "TMPDIR"].map(|name| (OsString::from(name), OsString::from(folder.path())));
        let environment = java::environment().map(|(name, value)| (OsString::from(name), value)).chain(home);
        Ok(run::run(&self.launcher, &bounds, LIMITS, folder.path(), &program, environment).await)
    }
}

impl Probe {
    /// A new folder for one question, gone with it. It lies in the data folder, which no job can be lent.
    fn folder(&self) -> io::Result<TempDir> {
        let private = Permissions::from_mode(0o700);
        DirBuilder::new().recursive(true).mode(0o700).create(&self.folders)?;
        tempfile::Builder::new().permissions(private).tempdir_in(&self.folders)
    }
}

/// Removes what questions left that were being asked when a portal was killed.
pub(crate) fn clear(data: &Path) -> io::Result<()> {
    match file::remove_tree(&data.join(FOLDERS)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// As long as a person reads: the words are a stranger's.
fn cut_short(mut error: ProbeError) -> ProbeError {
    for (text, most) in
        [(&mut error.kind, 64), (&mut error.message, 4 << 10), (&mut error.exception, 64 << 10)]
    {
        text.truncate(text.floor_char_boundary(most));
    }
    error
}

/// A file that only its owner reads.
fn private(file: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?.write_all(bytes)
}

fn broken_off(broken: &Broken) -> ProbeError {
    let (kind, message) = match broken {
        Broken::NotStarted(error) => {
            return failed(&format!("Java could not be started: {error}. Install a JDK, 17 or newer."));
        }
        Broken::NotConfined => {
            return failed("The program could not be confined, so it was not run. Start the portal again: it says why.");
        }
        Broken::TooMuch => (
            "MAIN_FLOODS",
            "The program was ended: it wrote more than 8 MB where its job graph belongs. Let main print by System.out \
             only."
                .to_owned(),
        ),
        Broken::OutOfTime => (
            "HANGS",
            format!(
                "The program was ended with everything that it had started: it had not ended after {} seconds.",
                LIMITS.seconds
            ),
        ),
        Broken::OutOfMemory => (
            "OUT_OF_MEMORY",
            format!(
                "The program was ended: main took more than {} MB of memory. Let it build the job and nothing else.",
                LIMITS.memory_mb
            ),
        ),
    };
    ProbeError { kind: kind.to_owned(), message, exception: String::new() }
}

/// A document of the probe: an answer, or `ok: false` with the reason.
pub(super) fn parse<T: DeserializeOwned>(answer: &[u8]) -> Result<T, ProbeError> {
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

/// The kind of what is nobody's fault but the portal's or the machine's.
pub(super) const FAILED: &str = "PROBE_FAILED";

/// The kind of a Java that was ended, most likely from outside.
pub(super) const KILLED: &str = "KILLED";

/// Exit codes from here on stand for signals.
const SIGNALS: i32 = 128;

pub(super) fn failed(message: &str) -> ProbeError {
    ProbeError { kind: FAILED.to_owned(), message: message.to_owned(), exception: String::new() }
}

fn no_folder(error: &io::Error) -> ProbeError {
    failed(&format!("No folder for temporary files can be made: {error}. Make room on its disk."))
}
