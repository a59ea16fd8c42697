//! Class-data archives: Java maps Flink's classes into memory instead of reading and checking each at every start,
//! which saves a third of a start's work.
//!
//! The first processes teach: they list the classes that they load, and when all is quiet an archive is made of the
//! list, in the background and at the lowest priority. Nothing ever waits for it or needs it.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, setpriority_process};
use sha2::{Digest, Sha256};
use tokio::process::Command;

use super::distribution::Distribution;
use super::folder::{Role, RunFolder};
use crate::java;

/// Between two looks at whether a list still grows.
const LOOK: Duration = Duration::from_secs(5);

/// How often it is looked at, at most: a process that goes on loading classes has nothing to teach.
const LOOKS: u32 = 60;

/// A list of every class of Flink and of Java is a tenth of this, bytes.
const LONGEST: u64 = 32 << 20;

/// For so many looks it must not have grown.
const QUIET: u32 = 3;

/// What processes do that teach. Who teaches something else takes another word: old archives lack its classes.
const TAUGHT: &str = "tls";

/// Knows and makes the archives of one distribution and one Java.
#[derive(Debug)]
pub(super) struct ClassData {
    folder: Option<PathBuf>,
    /// Archives that are being taught or made: two are not made at once of the same kind.
    coming: Mutex<HashSet<&'static str>>,
}

impl ClassData {
    /// In the user's cache: archives depend on Java and on Flink's libraries, and not on whose data they work.
    pub(super) fn of(distribution: &Distribution) -> Self {
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| Some(std::env::home_dir()?.join(".cache")));
        let key =
            Sha256::digest(format!("{TAUGHT}\n{}\n{}", distribution.java_version, distribution.libraries));
        let folder =
            cache.map(|cache| cache.join("penstock").join("class-data").join(hex::encode(&key[..8])));
        Self { folder, coming: Mutex::default() }
    }

    /// Where they lie.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The flags of a process: it uses the archive or, while there is none, one process of its kind teaches.
    pub(super) fn flags(
        self: &Arc<Self>,
        distribution: &Distribution,
        role: Role,
        run: &RunFolder,
    ) -> Vec<String> {
        let Some(folder) = &self.folder else { return Vec::new() };
        let kind = RoleArchive::of(role);
        let archive = folder.join(kind.file);
        if archive.is_file() {
            return vec!["-Xshare:auto".to_owned(), format!("-XX:SharedArchiveFile={}", archive.display())];
        }
        if !self.coming.lock().expect("nobody panics while holding this lock").insert(kind.file) {
            return Vec::new();
        }
        let list = run.tmp().join(format!("{role}.classes"));
        let flag = format!("-XX:DumpLoadedClassList={}", list.display());
        let (class_data, distribution) = (self.clone(), distribution.clone());
        tokio::spawn(async move {
            let made = make(&distribution, &kind, &list, &archive).await;
            tracing::debug!(archive = %archive.display(), ?made, "class data");
            class_data.coming.lock().expect("nobody panics while holding this lock").remove(kind.file);
        });
        vec![flag]
    }
}

/// The archive of a role.
struct RoleArchive {
    file: &'static str,
    flags: &'static [&'static str],
    /// Once this class is loaded a job has run, so most of what a start needs is in the list.
    sign: &'static str,
}

impl RoleArchive {
    fn of(role: Role) -> Self {
        match role {
            Role::JobManager => Self {
                file: "jobmanager.jsa",
                flags: &["-XX:+UseSerialGC"],
                sign: "org/apache/flink/runtime/checkpoint/CheckpointCoordinator",
            },
            Role::TaskManager(_) => Self {
                file: "taskmanager.jsa",
                flags: &[],
                sign: "org/apache/flink/streaming/runtime/tasks/StreamTask",
            },
        }
    }
}

/// Waits until the list is complete, then makes the archive of it. It appears whole or not at all.
async fn make(
    distribution: &Distribution,
    kind: &RoleArchive,
    list: &Path,
    archive: &Path,
) -> std::io::Result<()> {
    let classes = quiet(list, kind).await?;
    let folder = archive.parent().unwrap_or(Path::new("/"));
    tokio::fs::create_dir_all(folder).await?;
    let part = folder.join(format!("{}.{}", kind.file, std::process::id()));
    let whole_list = list.with_extension("whole");
    tokio::fs::write(&whole_list, classes).await?;
    let made = dump(distribution, kind, &whole_list, &part).await;
    if made.is_ok() {
        tokio::fs::rename(&part, archive).await?;
    } else {
        let _ = tokio::fs::remove_file(&part).await;
    }
    made
}

/// The list, once it has stopped growing.
async fn quiet(list: &Path, kind: &RoleArchive) -> std::io::Result<String> {
    let (mut size, mut same) = (0, 0);
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK).await;
        let now = tokio::fs::metadata(list).await?.len();
        same = if now == size { same + 1 } else { 0 };
        size = now;
        if same < QUIET {
            continue;
        }
        let file = list.to_owned();
        let mut classes = super::blocking(move || crate::file::read(&file, LONGEST)).await?;
        // The process may be about to write the rest of the last line.
        classes.truncate(classes.rfind('\n').map_or(0, |end| end + 1));
        if classes.lines().any(|line| line.split(' ').next() == Some(kind.sign)) {
            return Ok(classes);
        }
    }
    Err(std::io::Error::other("no job has run long enough to learn from"))
}

async fn dump(
    distribution: &Distribution,
    kind: &RoleArchive,
    list: &Path,
    archive: &Path,
) -> std::io::Result<()> {
    let mut child = Command::new(&distribution.java)
        .arg("-Xshare:dump")
        .args(kind.flags)
        .arg(format!("-XX:SharedClassListFile={}", list.display()))
        .arg(format!("-XX:SharedArchiveFile={}", archive.display()))
        .args(java::UTF_8)
        .args(["-cp", &distribution.class_path])
        .env_clear()
        .envs(java::environment())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()?;
    let pid = child.id().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?));
    // Whoever waits for a job comes first. A system that refuses only makes it less polite.
    let _ = pid.map(|pid| setpriority_process(Some(pid), 19));
    let status = child.wait().await?;
    if status.success() { Ok(()) } else { Err(std::io::Error::other(status.to_string())) }
}
