//! Control groups: one for a program and everything that it starts. No process leaves a group by itself, so a group
//! says for certain who belongs together, and bounds what all take together.
//!
//! Both generations are known: the one tree of version 2, and the trees of version 1, one for each resource. A group is
//! made beside or below the portal's own, wherever the machine lets it; often it lets it nowhere.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::ResourceLimits;

/// Whoever joins it, a process or a thread's process, writes 0.
const MEMBERS: &str = "cgroup.procs";

/// How long the kernel may take to clear a group of processes that have ended.
const TIMEOUT: Duration = Duration::from_secs(2);
const LOOK: Duration = Duration::from_millis(5);

/// A control group of one program. In version 1 it is a folder in more than one tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Group {
    folders: Vec<PathBuf>,
    /// All together are bounded in memory.
    pub(crate) memory: bool,
    /// All together are bounded in number.
    pub(crate) tasks: bool,
}

impl Group {
    /// Makes what the machine lets be made. Without limits a group only tells who belongs to it.
    pub(crate) fn make(name: &str, limits: Option<&ResourceLimits>) -> Self {
        let trees = Trees::of_this_process();
        let mut group = Self::default();
        let Some(limits) = limits else {
            group.folders.extend(trees.all().find_map(|place| made(place, name, &[])));
            return group;
        };
        let memory = (limits.memory_mb << 20).to_string();
        let tasks = limits.tasks.to_string();
        let both = [("memory.max", &*memory), ("pids.max", &*tasks)];
        if let Some(folder) = trees.unified().find_map(|place| made(place, name, &both)) {
            // A machine that does not swap has no such file.
            let _ = fs::write(folder.join("memory.swap.max"), "0");
            return Self { folders: vec![folder], memory: true, tasks: true };
        }
        let first = [("memory.limit_in_bytes", &*memory)];
        if let Some(folder) = trees.of("memory").find_map(|place| made(place, name, &first)) {
            let _ = fs::write(folder.join("memory.memsw.limit_in_bytes"), &memory);
            group.folders.push(folder);
            group.memory = true;
        }
        if let Some(folder) = trees.of("pids").find_map(|place| made(place, name, &[("pids.max", &*tasks)])) {
            group.folders.push(folder);
            group.tasks = true;
        }
        group
    }

    /// The folders, to be joined.
    pub(crate) fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// Whether the kernel ended one of its processes for want of memory.
    pub(crate) fn ran_out_of_memory(&self) -> bool {
        self.folders.iter().any(|folder| {
            ["memory.events", "memory.oom_control"].iter().any(|file| {
                let told = fs::read_to_string(folder.join(file)).unwrap_or_default();
                told.lines()
                    .filter_map(|line| line.strip_prefix("oom_kill "))
                    .any(|count| count.trim() != "0")
            })
        })
    }

    /// Removes the group; its processes have ended.
    pub(crate) fn remove(&self) {
        let began = Instant::now();
        for folder in &self.folders {
            // What has ended stays a member until the kernel has put it away.
            while fs::remove_dir(folder).is_err_and(|error| error.kind() == io::ErrorKind::ResourceBusy)
                && began.elapsed() < TIMEOUT
            {
                std::thread::sleep(LOOK);
            }
        }
    }
}

/// Removes the empty groups whose name begins so.
pub(crate) fn remove_empty(beginning: &str) {
    let trees = Trees::of_this_process();
    for place in trees.0.iter().flat_map(|tree| &tree.places) {
        for entry in fs::read_dir(place).into_iter().flatten().flatten() {
            if entry.file_name().as_encoded_bytes().starts_with(beginning.as_bytes()) {
                // The kernel refuses to remove one that has members.
                let _ = fs::remove_dir(entry.path());
            }
        }
    }
}

/// Joins groups as far as the machine lets it; whether it let it everywhere.
pub(super) fn join(folders: &[PathBuf]) -> bool {
    folders.iter().filter(|folder| fs::write(folder.join(MEMBERS), "0").is_err()).count() == 0
}

/// A new group with these settings in a place, or nothing at all.
fn made(place: &Path, name: &str, settings: &[(&str, &str)]) -> Option<PathBuf> {
    let folder = place.join(name);
    match fs::create_dir(&folder) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return None,
        _ => {}
    }
    // A setting without its file would make one in a tree that is no tree of groups.
    let set = |(file, value): &(&str, &str)| {
        let file = folder.join(file);
        file.exists() && fs::write(file, value).is_ok()
    };
    let joinable = fs::OpenOptions::new().write(true).open(folder.join(MEMBERS)).is_ok();
    if joinable && settings.iter().all(set) {
        return Some(folder);
    }
    let _ = fs::remove_dir(&folder);
    None
}

/// The folders of this process's own groups and those above them, by resource.
#[derive(Debug, Default)]
struct Trees(Vec<Tree>);

#[derive(Debug)]
struct Tree {
    /// `memory`, `pids`, ...; none is version 2.
    resources: Vec<String>,
    /// Nearest first.
    places: Vec<PathBuf>,
}

impl Trees {
    fn of_this_process() -> Self {
        let read = |file: &str| fs::read_to_string(file).unwrap_or_default();
        Self::told(&read("/proc/self/cgroup"), &read("/proc/self/mountinfo"))
    }

    /// From `id:resources:path` for each tree, and where each is mounted.
    fn told(groups: &str, mounts: &str) -> Self {
        let trees = groups.lines().filter_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let resources: Vec<String> =
                parts.next()?.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect();
            let path = Path::new(parts.next()?);
            let (root, point) = mounts.lines().find_map(|line| mounted(line, &resources))?;
            let own = point.join(path.strip_prefix(&root).ok()?);
            let above = own.parent().filter(|above| above.starts_with(&point)).map(Path::to_owned);
            Some(Tree { resources, places: std::iter::once(own).chain(above).collect() })
        });
        Self(trees.collect())
    }

    fn unified(&self) -> impl Iterator<Item = &Path> {
        let trees = self.0.iter().filter(|tree| tree.resources.is_empty());
        trees.flat_map(|tree| &tree.places).map(PathBuf::as_path)
    }

    fn of(&self, resource: &'static str) -> impl Iterator<Item = &Path> {
        let trees = self.0.iter().filter(move |tree| tree.resources.iter().any(|one| one == resource));
        trees.flat_map(|tree| &tree.places).map(PathBuf::as_path)
    }

    /// Where a group that bounds nothing may be.
    fn all(&self) -> impl Iterator<Item = &Path> {
        self.unified().chain(self.of("name=systemd")).chain(self.of("pids"))
    }
}

/// What a line of the mount table shows of a tree, and where: `36 35 0:33 /root /point options - cgroup source pids`.
fn mounted(line: &str, resources: &[String]) -> Option<(PathBuf, PathBuf)> {
    let (mount, kind) = line.split_once(" - ")?;
    let mut kind = kind.split(' ');
    let (is, options) = (kind.next()?, kind.nth(1)?);
    let right = match is {
        "cgroup2" => resources.is_empty(),
        "cgroup" => {
            !resources.is_empty() && resources.iter().all(|one| options.split(',').any(|name| name == one))
        }
        _ => false,
    };
    let mut fields = mount.split(' ').skip(3);
    right.then_some((PathBuf::from(fields.next()?), PathBuf::from(fields.next()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generations_are_found_beside_and_above_the_own_group() {
        let mounts = "\
30 25 0:26 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory
31 25 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
32 25 0:28 /docker/x /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
";
        let trees = Trees::told("4:memory:/a/b\n8:pids:/docker/x\n0::/\n", mounts);
        let places = |of: Vec<&Path>| of.iter().map(|one| one.display().to_string()).collect::<Vec<_>>();
        let memory = places(trees.of("memory").collect());
        assert_eq!(memory, ["/sys/fs/cgroup/memory/a/b", "/sys/fs/cgroup/memory/a"]);
        assert_eq!(places(trees.of("pids").collect()), ["/sys/fs/cgroup/pids/"]);
        assert_eq!(places(trees.unified().collect()), ["/sys/fs/cgroup/unified/"]);
    }

    #[test]
    fn a_folder_that_is_no_tree_of_groups_holds_none() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(made(folder.path(), "one", &[]), None);
        assert!(!folder.path().join("one").exists());
    }
}
