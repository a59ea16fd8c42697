//! Runs a program to its end within bounds, and takes what it prints.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, Command};

use super::family::{self, Member};
use super::{Bounds, How, Launcher, NAME, NOT_CONFINED, ResourceLimits, keep};

/// The largest answer, bytes. A job graph with data of its own has some; Flink itself sends no message above 10 MB.
const LARGEST: u64 = 8 << 20;

/// What the keeper may take to end everything.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Carries the name of the bounds to everything that the program starts.
const MARK: &str = "PENSTOCK_CHECK";

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    /// It could not be started.
    #[error("{0}")]
    NotStarted(#[from] io::Error),
    /// It prints more than is read.
    #[error("it printed more than {} MB", LARGEST >> 20)]
    TooMuch,
    /// Its time was over.
    #[error("it did not end in time")]
    OutOfTime,
    /// All together took too much memory.
    #[error("it took more memory than it may")]
    OutOfMemory,
    /// The bounds could not be laid.
    #[error("it could not be confined")]
    NotConfined,
}

/// How the program ended, and what it had printed.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) bytes: Vec<u8>,
    /// Its exit code, or 128 and more for a signal.
    pub(crate) code: i32,
}

/// Runs a program in a folder. When this returns, and also when nobody waits for it any more, the program is ended with
/// everything that it has started.
pub(crate) async fn run(
    launcher: &Launcher,
    bounds: &Bounds,
    limits: ResourceLimits,
    folder: &Path,
    program: &[OsString],
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Result<Answer, Broken> {
    let bounds = Bounds { limits: Some(limits), ..bounds.clone() };
    let mut keeper = Command::new(launcher.program())
        .arg0(NAME)
        .args(launcher.words(How::Keep, &bounds)?)
        .args(program)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .env_clear()
        .envs(environment)
        .env(MARK, &bounds.name)
        .spawn()?;
    let ended = until_it_ends(&mut keeper);
    let (bytes, status) =
        match tokio::time::timeout(Duration::from_secs(limits.seconds) + TIMEOUT, ended).await {
            Ok(ended) => ended?,
            Err(_) => {
                let _ = keeper.start_kill();
                sweep(bounds.name).await?;
                return Err(Broken::OutOfTime);
            }
        };
    if status.signal().is_some() {
        // Whoever ended the keeper has freed those whom it kept.
        sweep(bounds.name).await?;
        return Err(Broken::OutOfTime);
    }
    let code = status.code().unwrap_or_default();
    match u8::try_from(code) {
        _ if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) => Err(Broken::TooMuch),
        Ok(keep::OUT_OF_TIME) => Err(Broken::OutOfTime),
        Ok(keep::OUT_OF_MEMORY) => Err(Broken::OutOfMemory),
        Ok(NOT_CONFINED) => Err(Broken::NotConfined),
        _ => Ok(Answer { bytes, code }),
    }
}

/// What it prints, and how the keeper ends. Whoever prints too much is ended at once.
async fn until_it_ends(keeper: &mut Child) -> io::Result<(Vec<u8>, ExitStatus)> {
    let lifeline = keeper.stdin.take();
    let mut bytes = Vec::new();
    if let Some(printed) = keeper.stdout.take() {
        printed.take(LARGEST + 1).read_to_end(&mut bytes).await?;
        // The end of the output is the end of all who could write to it, or too much: in both cases nothing more is
        // waited for.
    }
    drop(lifeline);
    Ok((bytes, keeper.wait().await?))
}

/// Ends everything that carries the mark of a keeper that is no more.
async fn sweep(name: String) -> io::Result<()> {
    let sweep = move || -> io::Result<()> {
        let began = Instant::now();
        while began.elapsed() < TIMEOUT {
            let left: Vec<Member> = family::everyone()?
                .into_iter()
                .filter(|one| one.variable(MARK).as_ref() == Some(&name) || one.groups().contains(&name))
                .collect();
            if left.is_empty() {
                return Ok(());
            }
            for one in left {
                one.signal(Signal::KILL)?;
            }
        }
        Err(io::Error::other("its processes do not end"))
    };
    tokio::task::spawn_blocking(sweep).await.map_err(io::Error::other)?
}
