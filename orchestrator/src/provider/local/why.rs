//! Why a process or a job ended, from what they left: the exit, the log, the output, the exception.

use std::path::Path;

use domain::reason::{Reason, code, explain};

use super::folder::{Role, RunFolder};
use super::record;
use crate::file;

/// How much of the end of a log is read: a fatal exception with all its causes fits.
const TAIL: u64 = 256 << 10;

/// Why the job manager of a run ended, and whether for certain by itself: nobody cut it short.
pub(super) fn ended(folder: &RunFolder) -> (Reason, bool) {
    (reason(folder), record::exited(folder).is_some())
}

fn reason(folder: &RunFolder) -> Reason {
    let log = tail(&folder.log(Role::JobManager));
    if let Some(exception) = fatal(&log) {
        return explain(&exception);
    }
    let exit = file::read(&folder.exit(Role::JobManager), 1024).unwrap_or_default();
    if exit.starts_with("signal") {
        return Reason::new(
            code::JOB_MANAGER_ENDED,
            format!(
                "The job manager was killed from outside ({exit}), by a person or by a machine short of memory."
            ),
        );
    }
    let out = tail(&folder.out(Role::JobManager));
    if !log.contains(" INFO ") && !out.trim().is_empty() {
        let first = out.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        return Reason {
            code: code::JOB_MANAGER_ENDED.to_owned(),
            message: format!("Java did not start: {first}"),
            exception: out,
        };
    }
    let how = if exit.is_empty() { String::new() } else { format!(" ({exit})") };
    Reason::new(code::JOB_MANAGER_ENDED, format!("The job manager ended{how} and left no reason in its log."))
}

/// The exception with which the entry point gave up, from the log's end.
fn fatal(log: &str) -> Option<String> {
    let lines: Vec<&str> = log.lines().collect();
    let begin = lines.iter().rposition(|line| gives_up(line))?;
    let stack = lines[begin + 1..].iter().take_while(|line| !is_entry(line));
    let exception: Vec<&str> = stack.copied().collect();
    let said = || lines[begin].split_once(" - ").map_or(lines[begin], |(_, said)| said).to_owned();
    Some(if exception.is_empty() { said() } else { exception.join("\n") })
}

/// Whether with this line the entry point gives up.
fn gives_up(line: &str) -> bool {
    line.contains(" ERROR ") && line.to_ascii_lowercase().contains("clusterentrypoint")
}

/// Whether a line of a log begins an entry (with its date), rather than going on with a stack.
fn is_entry(line: &str) -> bool {
    let date = line.as_bytes();
    date.len() > 10 && date[..4].iter().all(u8::is_ascii_digit) && date[4] == b'-' && date[10] == b'T'
}

fn tail(path: &Path) -> String {
    file::tail(path, TAIL).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
2026-11-23T19:10:01.123Z ERROR o.a.f.r.e.ClusterEntrypoint - Fatal error occurred in the cluster entrypoint.
java.util.concurrent.CompletionException: outer
\tat a.b.C(C.java:1)
Caused by: java.lang.IllegalStateException: Cannot map it
2026-11-23T19:10:01.124Z INFO  o.a.f.r.e.ClusterEntrypoint - Shutting down
2026-11-23T19:10:01.125Z ERROR penstock.samples.Counter - the job's own complaint
";

    #[test]
    fn the_fatal_exception_is_taken_whole_and_without_what_follows() {
        let exception = fatal(LOG).expect("there is one");
        assert!(exception.starts_with("java.util.concurrent.CompletionException"), "{exception}");
        assert!(exception.ends_with("Cannot map it"), "{exception}");
        assert_eq!(fatal("2026-11-23T19:10:01.124Z INFO  x - y"), None);
    }

    #[test]
    fn a_process_that_leaves_no_log_is_explained_by_its_exit_or_its_output() {
        let folder = tempfile::tempdir().expect("a folder");
        let cluster =
            super::super::folder::ClusterFolder::of(folder.path(), domain::id::ClusterId(uuid::Uuid::nil()));
        let run = cluster.run(1);
        std::fs::create_dir_all(run.logs()).expect("a folder");
        assert!(ended(&run).0.message.contains("no reason"));
        std::fs::write(run.out(Role::JobManager), "Error: Unrecognized option: -XX:x\n").expect("written");
        assert!(ended(&run).0.message.contains("Unrecognized option"));
        for name in crate::file::tests::strange_things(folder.path()) {
            for place in [run.log(Role::JobManager), run.exit(Role::JobManager)] {
                std::fs::rename(folder.path().join(name), &place).expect("a job can do so");
                assert!(ended(&run).0.message.contains("Unrecognized option"), "{name}");
                std::fs::rename(&place, folder.path().join(name)).expect("back");
            }
        }
        std::fs::write(run.exit(Role::JobManager), "signal: 9 (SIGKILL)").expect("written");
        assert!(ended(&run).0.message.contains("signal: 9"));
    }
}
