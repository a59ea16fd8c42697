//! Where the local provider keeps what belongs to a cluster and to each of its runs.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use domain::id::ClusterId;

use crate::file;

/// A process of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Role {
    JobManager,
    /// Numbered from 1.
    TaskManager(u32),
}

/// All that belongs to a cluster, apart from what lies in its storage account.
#[derive(Clone, Debug)]
pub(crate) struct ClusterFolder(PathBuf);

/// All that belongs to one run: what its processes read and what they write.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder(PathBuf);

impl ClusterFolder {
    pub(crate) fn of(data: &Path, cluster: ClusterId) -> Self {
        Self(data.join("clusters").join(cluster.0.simple().to_string()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn run(&self, run: u32) -> RunFolder {
        RunFolder(self.0.join(run.to_string()))
    }

    /// The numbers of the runs that have a folder, newest first; none before the first launch.
    pub(crate) fn runs(&self) -> std::io::Result<Vec<u32>> {
        let entries = match std::fs::read_dir(&self.0) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut runs = Vec::new();
        for entry in entries {
            runs.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()));
        }
        runs.sort_unstable_by(|a, b| b.cmp(a));
        Ok(runs)
    }

    /// The jar beside the newest run of a revision.
    pub(crate) fn jar_of(&self, revision: u32) -> Option<File> {
        let runs = self.runs().ok()?.into_iter().map(|run| self.run(run));
        let same = |folder: &RunFolder| {
            file::read(&folder.revision(), 64).is_ok_and(|text| text == revision.to_string())
        };
        let jars = runs.filter(same).filter_map(|folder| std::fs::read_dir(folder.usrlib()).ok()).flatten();
        let mut paths = jars.filter_map(|entry| Some(entry.ok()?.path()));
        paths.find_map(|path| {
            let is_jar = path.extension().is_some_and(|extension| extension == "jar");
            file::open(&path).ok().filter(|_| is_jar)
        })
    }
}

impl RunFolder {
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Flink's configuration.
    pub(crate) fn conf(&self) -> PathBuf {
        self.0.join("conf")
    }

    /// The keys of this run.
    pub(crate) fn tls(&self) -> PathBuf {
        self.0.join("tls")
    }

    /// What the job is started with: its owner's alone.
    pub(crate) fn job(&self) -> PathBuf {
        self.conf().join("job.json")
    }

    /// The class that starts the job manager, as it was when the run was launched.
    pub(crate) fn launcher(&self) -> PathBuf {
        self.0.join("launcher.jar")
    }

    /// The folder of the job's jar: everything in here is on its class path.
    pub(crate) fn usrlib(&self) -> PathBuf {
        self.0.join("usrlib")
    }

    /// The job's jar, by a name that Flink takes for one, whatever people call it.
    pub(crate) fn jar(&self) -> PathBuf {
        self.usrlib().join("job.jar")
    }

    /// One of more jars beside it.
    pub(crate) fn more_jar(&self, number: usize) -> PathBuf {
        self.usrlib().join(format!("more-{number}.jar"))
    }

    /// Leads to the distribution's libraries. Flink takes `usrlib` beside it for the job's.
    pub(crate) fn lib(&self) -> PathBuf {
        self.0.join("lib")
    }

    /// Names the revision that it runs.
    pub(crate) fn revision(&self) -> PathBuf {
        self.0.join("revision")
    }

    /// Flink's plugins, where the run needs others than Flink brings.
    pub(crate) fn plugins(&self) -> PathBuf {
        self.0.join("plugins")
    }

    /// The key of a storage account that Flink reads from a file.
    pub(crate) fn storage_key(&self) -> PathBuf {
        self.conf().join("storage-key.json")
    }

    pub(crate) fn tmp(&self) -> PathBuf {
        self.0.join("tmp")
    }

    pub(crate) fn logs(&self) -> PathBuf {
        self.0.join("log")
    }

    /// What the run writes down of itself.
    pub(crate) fn record(&self) -> PathBuf {
        self.0.join("record")
    }

    /// How the job's own `main` stands.
    pub(crate) fn main(&self) -> PathBuf {
        self.record().join("main.json")
    }

    /// Where Flink archives the job once it has ended.
    pub(crate) fn archive(&self) -> PathBuf {
        self.record().join("archive")
    }

    /// What Flink logs.
    pub(crate) fn log(&self, role: Role) -> PathBuf {
        self.logs().join(format!("{role}.log"))
    }

    /// What the process prints: the virtual machine's own complaints, and what the job prints.
    pub(crate) fn out(&self, role: Role) -> PathBuf {
        self.logs().join(format!("{role}.out"))
    }

    /// Says that the process was started; which one it is, processes themselves say.
    pub(crate) fn pid(&self, role: Role) -> PathBuf {
        self.0.join(format!("{role}.pid"))
    }

    /// How the process ended, if this portal was there to see it.
    pub(crate) fn exit(&self, role: Role) -> PathBuf {
        self.0.join(format!("{role}.exit"))
    }

    /// Whether the process was ever started. Its output file alone says nothing: it is made just before.
    pub(crate) fn was_started(&self, role: Role) -> bool {
        let written = |path: PathBuf| path.metadata().is_ok_and(|file| file.len() > 0);
        self.pid(role).exists() || self.log(role).exists() || written(self.out(role))
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Role::JobManager => f.write_str("jobmanager"),
            Role::TaskManager(number) => write!(f, "taskmanager-{number}"),
        }
    }
}

impl std::str::FromStr for Role {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.strip_prefix("taskmanager-") {
            Some(number) => number.parse().map(Role::TaskManager).map_err(|_| ()),
            None if text == "jobmanager" => Ok(Role::JobManager),
            None => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// As portals of before left them: the jar by the name that it had in storage.
    #[test]
    fn the_jar_of_a_revision_is_that_of_its_newest_run() {
        let data = tempfile::tempdir().expect("a folder");
        let cluster = ClusterFolder::of(data.path(), ClusterId(uuid::Uuid::nil()));
        for (number, revision) in [(1, "1"), (2, "1"), (3, "2"), (10, "1")] {
            let run = cluster.run(number);
            std::fs::create_dir_all(run.usrlib()).expect("made");
            std::fs::write(run.revision(), revision).expect("written");
            std::fs::write(run.usrlib().join("some.jar"), format!("jar of run {number}")).expect("written");
        }
        std::fs::remove_file(cluster.run(10).usrlib().join("some.jar")).expect("it was never whole");
        let text = |revision| {
            let mut text = String::new();
            cluster.jar_of(revision)?.read_to_string(&mut text).ok()?;
            Some(text)
        };
        assert_eq!(text(1).as_deref(), Some("jar of run 2"));
        assert_eq!(text(2).as_deref(), Some("jar of run 3"));
        assert_eq!(text(3), None);
    }
}
