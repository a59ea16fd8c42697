//! What several parts stand on: Flink, the jars, the site folder and the portal's program, each made once and only
//! when the first part asks; and folders of their own, so that no test meets a running portal.

use crate::{build, flink, shell, tools};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Something that is not on this machine, with the way to get it: a reason to skip, not to fail.
#[derive(Debug)]
pub(super) struct Missing(pub(super) anyhow::Error);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.0)
    }
}

impl std::error::Error for Missing {}

/// Made when first asked for.
pub(super) struct Ground {
    named_flink: Option<PathBuf>,
    built: Option<build::Built>,
}

impl Ground {
    /// Nothing is made yet.
    pub(super) fn new(named_flink: Option<PathBuf>) -> Ground {
        Ground { named_flink, built: None }
    }

    /// Flink alone, for what only compares itself with it.
    pub(super) fn flink_home(&self) -> Result<PathBuf> {
        tools::check().map_err(Missing)?;
        flink::home(self.named_flink.as_deref())
    }

    /// The portal's program, with the site folder that it shows.
    pub(super) fn penstock(&mut self) -> Result<PathBuf> {
        if self.built.is_none() {
            let options = build::BuildArgs { release: false, flink_home: Some(self.flink_home()?) };
            self.built = Some(build::build(&options)?);
        }
        self.built.as_ref().map(|built| built.penstock.clone()).context("it was just built")
    }

    /// Runs a test program, tells it where Flink and the jars are and gives it an empty folder of its own for all that it
    /// makes. What it leaves running is ended, and is a failure.
    pub(super) fn run(&self, command: &mut Command, part: &str) -> Result<()> {
        // Not below the checkout: a browser's socket has no room for a long path.
        let folder = std::env::temp_dir().join(format!("penstock-{part}-{}", std::process::id()));
        fs::create_dir(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let flink_home = self.flink_home()?;
        command
            .env("PENSTOCK_FLINK_JARS", build::jars(&flink_home)?)
            .env("PENSTOCK_FLINK_HOME", flink_home)
            .env("TMPDIR", &folder);
        let result = shell::go(command);
        let left = end_what_is_left(&folder)?;
        result.with_context(|| format!("what was there at the end is kept in {}", folder.display()))?;
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        if left > 0 {
            bail!("the tests left {left} processes of Flink running; they have been ended");
        }
        Ok(())
    }
}

fn end_what_is_left(folder: &Path) -> Result<usize> {
    let processes = shell::ask(Command::new("ps").args(["-A", "-ww", "-o", "pid=,args="]))?;
    let pids = started_below(folder, &processes);
    for pid in &pids {
        // It may have ended by itself in between; then there is nothing to do.
        let _ = Command::new("kill").args(["-KILL", pid]).status();
    }
    Ok(pids.len())
}

/// The pids of the processes that portals with their data below the folder have started, from lines of `ps`. The
/// marker of such a process does not name the data folder, but its log file and its configuration lie there.
fn started_below<'a>(folder: &Path, processes: &'a str) -> Vec<&'a str> {
    let below = format!("{}/", folder.display());
    let ours = processes.lines().filter(|line| line.contains("-Dpenstock.run=") && line.contains(&below));
    ours.filter_map(|line| line.split_whitespace().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines as `ps -A -ww -o pid=,args=` prints them.
    const PROCESSES: &str = "
      1 /sbin/init
    411 java -Dlog.file=/tmp/penstock-browser-7/a/clusters/c/runs/1/jm.log -Dpenstock.run=0f3a:c:1:jobmanager -cp x
   4112 java -Dpenstock.run=0f3a:c:1:taskmanager-1 -Dlog.file=/tmp/penstock-browser-7/a/clusters/c/runs/1/tm.log
    500 java -Dlog.file=/tmp/penstock-browser-71/a/clusters/c/runs/1/jm.log -Dpenstock.run=9b21:c:1:jobmanager
    501 java -Dlog.file=/home/me/penstock/clusters/c/runs/1/jm.log -Dpenstock.run=77aa:c:1:jobmanager
    502 chromium --user-data-dir=/tmp/penstock-browser-7/profile
";

    #[test]
    fn what_is_left_is_found_and_no_process_of_another_folder() {
        assert_eq!(started_below(Path::new("/tmp/penstock-browser-7"), PROCESSES), ["411", "4112"]);
        assert_eq!(started_below(Path::new("/tmp/penstock-browser"), PROCESSES), Vec::<&str>::new());
    }
}
