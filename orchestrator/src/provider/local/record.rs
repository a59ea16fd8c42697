//! What a run wrote down of itself, for those who look when its processes are gone: how the job's own `main` stands
//! (`flink/launcher`), and how its job ended (Flink's archive of jobs).

use std::collections::BTreeMap;

use domain::lifecycle::{JobStatus, MainMethod, ObservedJob};
use domain::reason::{Reason, code, explain};
use jiff::Timestamp;
use serde::Deserialize;

use super::folder::{Role, RunFolder};
use crate::file;

/// An exception with all its causes fits, bytes.
const LARGEST_RECORD: u64 = 4 << 20;
/// Flink's archive of a job with thousands of tasks, bytes.
const LARGEST_ARCHIVE: u64 = 64 << 20;

#[derive(Deserialize)]
struct Record {
    main: Main,
    exception: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "UPPERCASE")]
enum Main {
    Runs,
    Returned,
    Threw,
    Exited,
    Ended,
}

/// How `main` stands. `alive`: its virtual machine is.
pub(super) fn main(folder: &RunFolder, alive: bool) -> MainMethod {
    let text = file::read(&folder.main(), LARGEST_RECORD).unwrap_or_default();
    let Ok(record) = serde_json::from_str::<Record>(&text) else { return MainMethod::Unknown };
    let by_itself = |how: &str| {
        let message =
            format!("The job's own program ended its virtual machine ({how}). Let main return instead.");
        MainMethod::Failed { why: Reason::new(code::MAIN_EXITED, message) }
    };
    match record.main {
        Main::Returned => MainMethod::Returned,
        Main::Threw => MainMethod::Failed { why: explain(&record.exception.unwrap_or_default()) },
        Main::Exited => by_itself("System.exit"),
        // Neither killed nor ended in order: only a halt leaves it so.
        Main::Runs if !alive && exited(folder).is_some() => by_itself("Runtime.halt"),
        Main::Runs | Main::Ended => MainMethod::Runs,
    }
}

/// How the job manager exited, where that is known and nobody cut it short: by no signal, its own or one that the
/// virtual machine took for the end.
pub(super) fn exited(folder: &RunFolder) -> Option<String> {
    const SIGNALLED: [&str; 3] = ["exit status: 129", "exit status: 130", "exit status: 143"];
    let exit = file::read(&folder.exit(Role::JobManager), 1024).ok()?;
    (exit.starts_with("exit status") && !SIGNALLED.contains(&exit.as_str())).then_some(exit)
}

#[derive(Deserialize)]
struct Archive {
    archive: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    json: String,
}

#[derive(Deserialize)]
struct Job {
    state: String,
    #[serde(rename = "end-time")]
    ended: i64,
}

#[derive(Deserialize)]
struct Exceptions {
    #[serde(rename = "root-exception")]
    root: Option<String>,
}

/// How the job ended, as Flink archived it; none if it did not, or nobody was there to write it.
pub(super) fn archived(folder: &RunFolder, job: &str) -> Option<ObservedJob> {
    let text = file::read(&folder.archive().join(job), LARGEST_ARCHIVE).ok()?;
    let archive: Archive = serde_json::from_str(&text).ok()?;
    let pages: BTreeMap<String, String> =
        archive.archive.into_iter().map(|entry| (entry.path, entry.json)).collect();
    let found: Job = serde_json::from_str(pages.get(&format!("/jobs/{job}"))?).ok()?;
    let exceptions = pages.get(&format!("/jobs/{job}/exceptions"));
    let root = exceptions.and_then(|json| serde_json::from_str::<Exceptions>(json).ok()?.root);
    Some(ObservedJob {
        status: JobStatus::named(&found.state),
        up: false,
        batch: false,
        restoring: false,
        failure: root.map(|exception| explain(&exception)),
        ended_at: Timestamp::from_millisecond(found.ended).ok().filter(|_| found.ended > 0),
        restarted_at: None,
        restarts: None,
    })
}
