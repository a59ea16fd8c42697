//! Bytes stay what they were, are there once, and go when nobody needs them; never under the hands of a creation.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::*;

struct Folder {
    data: tempfile::TempDir,
    jars: JarStore,
}

impl Folder {
    fn new() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let jars = JarStore::of(data.path());
        Self { data, jars }
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.data.path().join(name);
        std::fs::write(&path, bytes).expect("written");
        path
    }

    fn keep(&self, path: &Path) -> Lease {
        self.jars.keep(File::open(path).expect("it is there")).expect("kept")
    }

    async fn collect(&self, needed: &[&str]) -> usize {
        let needed = needed.iter().map(|digest| (*digest).to_owned()).collect();
        self.jars.sweep().await.finish(&needed).expect("collected")
    }
}

#[test]
fn what_is_kept_does_not_follow_the_file_that_it_was_read_from() {
    let folder = Folder::new();
    let path = folder.put("job.jar", b"first");
    let kept = folder.keep(&path);
    // Written into, as `cp` does; an upload would put another file there.
    std::fs::write(&path, b"another").expect("written");
    let run = folder.data.path().join("run.jar");
    assert!(folder.jars.link(kept.artifact(), &run).expect("linked"));
    assert_eq!(std::fs::read(&run).expect("there"), b"first");
    assert_eq!(kept.artifact().size, 5);
    let mode = |path: &Path| path.metadata().expect("there").permissions().mode() & 0o777;
    let jars = folder.data.path().join("jars");
    assert_eq!((mode(&jars), mode(&jars.join(kept.artifact().sha256.as_str()))), (0o700, 0o600));
}

#[test]
fn the_same_bytes_are_one_file() {
    let folder = Folder::new();
    let (one, two) = (folder.put("a b ü", b"same"), folder.put("other.jar", b"same"));
    let (one, two) = (folder.keep(&one), folder.keep(&two));
    assert_eq!(one.artifact().sha256, two.artifact().sha256);
    assert_eq!(folder.jars.kept().len(), 1);
    for run in ["1.jar", "2.jar", "1.jar"] {
        assert!(folder.jars.link(one.artifact(), &folder.data.path().join(run)).expect("linked"));
    }
    let kept = folder.data.path().join("jars").join(one.artifact().sha256.as_str());
    assert_eq!(kept.metadata().expect("there").nlink(), 3, "runs have no jar of their own");
    assert!(folder.data.path().join("uploads").read_dir().expect("a folder").next().is_none());
}

#[test]
fn bytes_that_were_changed_or_lost_are_not_given_and_are_mended_by_the_next_who_keeps_them() {
    let folder = Folder::new();
    let path = folder.put("job.jar", b"bytes");
    let lease = folder.keep(&path);
    let kept = folder.data.path().join("jars").join(lease.artifact().sha256.as_str());
    let run = folder.data.path().join("run.jar");
    std::fs::write(&kept, b"bytez").expect("written");
    assert!(!folder.jars.link(lease.artifact(), &run).expect("looked"));
    std::fs::remove_file(&kept).expect("removed");
    assert!(!folder.jars.link(lease.artifact(), &run).expect("looked"));
    std::fs::write(&kept, b"bytez").expect("written");
    folder.keep(&path);
    assert!(folder.jars.link(lease.artifact(), &run).expect("linked"));
}

#[tokio::test]
async fn what_nobody_needs_goes_and_nothing_else() {
    let folder = Folder::new();
    let own = folder.data.path().join("jars/penstock-probe.jar");
    let (needed, other) = (folder.put("a", b"a"), folder.put("b", b"b"));
    let needed = folder.keep(&needed).artifact().sha256.clone();
    drop(folder.keep(&other));
    std::fs::write(&own, b"own").expect("written");
    assert_eq!(folder.collect(&[needed.as_str()]).await, 1);
    assert_eq!(folder.jars.kept(), [needed.as_str(), "penstock-probe.jar"]);
    assert_eq!(folder.collect(&[]).await, 1);
}

/// A creation keeps its jar, writes its row, and lets go of the jar, all between two moves of a collection that had
/// asked for the rows before.
#[tokio::test]
async fn a_creation_in_progress_keeps_its_jar() {
    let folder = Folder::new();
    let path = folder.put("job.jar", b"bytes");
    let creating = folder.keep(&path);
    assert_eq!(folder.collect(&[]).await, 0, "it is leased");
    let sweep = folder.jars.sweep().await;
    drop(creating); // Its row is written; the collection had read the rows just before.
    assert_eq!(sweep.finish(&HashSet::new()).expect("collected"), 0);
    let sweep = folder.jars.sweep().await;
    drop(folder.keep(&path)); // Another one names the same bytes meanwhile.
    assert_eq!(sweep.finish(&HashSet::new()).expect("collected"), 0);
    assert_eq!(folder.collect(&[]).await, 1);
}
