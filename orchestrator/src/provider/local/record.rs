//! What a run wrote down of itself, for those who look when its processes are gone: how the job's own `main` stands
//! (`flink/launcher`), and how its job ended (Flink's archive of jobs).

use std::collections::BTreeMap;

use domain::lifecycle::{JobStatus, MainMethod, ObservedJob};
use domain::reason::{Reason, code, explain};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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

#[derive(Deserialize, Serialize)]
struct Archive {
    archive: Vec<Entry>,
}

#[derive(Deserialize, Serialize)]
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

/// The pages that are read of an archive: how the job ended, and why.
fn pages_of(job: &str) -> [String; 2] {
    [format!("/jobs/{job}"), format!("/jobs/{job}/exceptions")]
}

/// Leaves of the archives what is read of them. Flink archives every page of a job, its arguments with their secrets
/// too. One that cannot be read goes whole.
pub(super) fn forget_the_rest(folder: &RunFolder) -> std::io::Result<()> {
    let entries = match std::fs::read_dir(folder.archive()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let path = entry.path();
        let pages = pages_of(&path.file_name().unwrap_or_default().to_string_lossy());
        let archive = file::read(&path, LARGEST_ARCHIVE).ok();
        match archive.and_then(|text| serde_json::from_str::<Archive>(&text).ok()) {
            Some(archive) if archive.archive.iter().all(|entry| pages.contains(&entry.path)) => {}
            Some(mut archive) => {
                archive.archive.retain(|entry| pages.contains(&entry.path));
                file::write(&path, &serde_json::to_vec(&archive)?)?;
            }
            None if entry.file_type()?.is_dir() => file::remove_tree(&path)?,
            None => std::fs::remove_file(&path)?,
        }
    }
    Ok(())
}

/// How the job ended, as Flink archived it; none if it did not, or nobody was there to write it.
pub(super) fn archived(folder: &RunFolder, job: &str) -> Option<ObservedJob> {
    let text = file::read(&folder.archive().join(job), LARGEST_ARCHIVE).ok()?;
    let archive: Archive = serde_json::from_str(&text).ok()?;
    let pages: BTreeMap<String, String> =
        archive.archive.into_iter().map(|entry| (entry.path, entry.json)).collect();
    let [about, exceptions] = pages_of(job);
    let found: Job = serde_json::from_str(pages.get(&about)?).ok()?;
    let root = pages.get(&exceptions).and_then(|json| serde_json::from_str::<Exceptions>(json).ok()?.root);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::local::folder::ClusterFolder;

    #[test]
    fn an_archive_keeps_how_the_job_ended_and_no_argument() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = ClusterFolder::of(home.path(), domain::id::ClusterId(uuid::Uuid::nil())).run(1);
        std::fs::create_dir_all(folder.archive()).expect("made");
        let page = |path: &str, json: &str| serde_json::json!({ "path": path, "json": json });
        let pages = [
            page("/jobs/ab", r#"{"state":"FAILED","end-time":7}"#),
            page("/jobs/ab/exceptions", r#"{"root-exception":"java.lang.Error: no"}"#),
            page("/jobs/ab/config", r#"{"user-config":{"password":"sesame"}}"#),
        ];
        let archive = folder.archive().join("ab");
        std::fs::write(&archive, serde_json::json!({ "archive": pages }).to_string()).expect("written");
        std::fs::write(folder.archive().join("cd"), "{\"archive\":[{\"path\":\"sesame").expect("written");
        let before = archived(&folder, "ab").expect("it ended");
        assert_eq!((before.status.clone(), before.failure.is_some()), (JobStatus::Failed, true));
        forget_the_rest(&folder).expect("forgotten");
        assert_eq!(archived(&folder, "ab"), Some(before));
        assert!(!std::fs::read_to_string(&archive).expect("read").contains("sesame"));
        assert!(!folder.archive().join("cd").exists(), "what cannot be read");
        forget_the_rest(&folder).expect("nothing is left to forget");
    }
}
