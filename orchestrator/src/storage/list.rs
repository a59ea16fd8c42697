//! What lies in a storage account: folders, files, and the savepoints and checkpoints among them.

use std::collections::VecDeque;
use std::path::{Path as FilePath, PathBuf};
use std::time::SystemTime;

use domain::address::{Address, Path};
use domain::name::{AccountName, ContainerName};
use domain::view::{Entry, EntryKind};
use jiff::Timestamp;

use super::remote::Remote;
use super::remote::files::Page;
use super::{Storage, StorageError, identity, missing};
use crate::file;

/// The most entries that one listing returns.
const LISTED: usize = 5_000;
/// The most names that one listing looks at, for what is hidden takes time too.
const LOOKED_AT: usize = 50_000;
/// A search for savepoints looks at no more names in all.
const SEARCHED: usize = 200_000;
/// Nor does it go deeper. Flink's own lie in the third folder.
const DEEPEST: usize = 16;

impl Storage {
    /// What stands in a folder: folders first, then files, by name; and whether there is more.
    ///
    /// # Errors
    /// `NotFound`, `Refused`; the disk.
    pub fn list(&self, address: &Address) -> Result<(Vec<Entry>, bool), StorageError> {
        let (entries, next) = self.page(address, None)?;
        Ok((entries, next.is_some()))
    }

    /// A page of the same, from where an earlier one ended, and by what the next is asked for. A folder of this machine has
    /// one page, and its rest is not told.
    pub(crate) fn page(&self, address: &Address, after: Option<String>) -> Result<Page, StorageError> {
        if let Some(remote) = self.remotes().get(address.account()) {
            if let Some(why) = remote.not_there(address.container()) {
                return Err(StorageError::Disk(why));
            }
            return remote.list(address, after);
        }
        let (entries, more) = self.local_list(address)?;
        Ok((entries, more.then(String::new)))
    }

    fn local_list(&self, address: &Address) -> Result<(Vec<Entry>, bool), StorageError> {
        let mut left = LOOKED_AT;
        let mut entries = self.look(address, &mut left)?;
        let more = entries.len() > LISTED || left == 0;
        entries.truncate(LISTED);
        entries
            .sort_by(|a, b| (a.kind == EntryKind::File, &a.name).cmp(&(b.kind == EntryKind::File, &b.name)));
        Ok((entries, more))
    }

    /// What stands in a folder, looking at no more names than are `left`, and at none once there are enough.
    fn look(&self, address: &Address, left: &mut usize) -> Result<Vec<Entry>, StorageError> {
        let folder = self.resolve(address)?;
        let found = match std::fs::read_dir(&folder) {
            Ok(found) => found,
            Err(error) => return Err(missing(address, &error)),
        };
        let entries = found
            .take(*left)
            .inspect(|_| *left -= 1)
            .filter_map(Result::ok)
            .filter_map(|entry| {
                let path = address.path().join(entry.file_name().to_str()?).ok()?;
                let address = Address::new(address.account().clone(), address.container().clone(), path);
                Self::entry(address, &entry.path())
            })
            .take(LISTED + 1);
        Ok(entries.collect())
    }

    /// One file or folder as a listing shows it; nothing for what a listing hides: links and devices.
    pub(super) fn entry(address: Address, place: &FilePath) -> Option<Entry> {
        if address.name() == identity::FILE {
            return None;
        }
        let metadata = std::fs::symlink_metadata(place).ok()?;
        let kind = if metadata.is_file() {
            EntryKind::File
        } else if !metadata.is_dir() {
            return None;
        } else if is_complete(place) {
            EntryKind::Savepoint
        } else {
            EntryKind::Folder
        };
        Some(Entry {
            name: address.name().to_owned(),
            kind,
            address: address.to_string(),
            size: if kind == EntryKind::File { metadata.len() } else { 0 },
            modified: metadata.modified().ok().and_then(timestamp),
            clusters: 0,
        })
    }

    /// What stands at an address.
    ///
    /// # Errors
    /// `NotFound`, also for what a listing hides; `Refused`; the disk.
    pub(crate) fn entry_at(&self, address: &Address) -> Result<Entry, StorageError> {
        if let Some(remote) = self.remotes().get(address.account()) {
            return remote.entry_at(address);
        }
        let place = self.resolve(address)?;
        Self::entry(address.clone(), &place).ok_or_else(|| StorageError::NotFound(address.to_string()))
    }

    /// The jars that an address leads to: itself where it is a file, otherwise those in the folder, by name.
    ///
    /// # Errors
    /// `NotFound`; `Refused` for a folder without jars; the disk.
    pub(crate) fn jars_at(&self, address: &Address) -> Result<Vec<Address>, StorageError> {
        if !address.path().is_root() && self.entry_at(address)?.kind == EntryKind::File {
            return Ok(vec![address.clone()]);
        }
        let (entries, _) = self.list(address)?;
        let jars =
            entries.iter().filter(|entry| entry.kind == EntryKind::File && entry.name.ends_with(".jar"));
        let jars: Vec<Address> = jars.filter_map(|entry| Address::parse(&entry.address).ok()).collect();
        if jars.is_empty() {
            return Err(StorageError::Refused(format!(
                "There is no jar in the folder {address}. Upload them there."
            )));
        }
        Ok(jars)
    }

    /// The savepoints of a container, newest first. The folders nearest to its root are looked into first, and not all
    /// where there are too many.
    ///
    /// # Errors
    /// `Refused`; the disk.
    pub fn savepoints(
        &self,
        account: &AccountName,
        container: &ContainerName,
    ) -> Result<Vec<Entry>, StorageError> {
        if let Some(remote) = self.remotes().get(account) {
            return remote.savepoints(container);
        }
        let mut found = Vec::new();
        let mut left = SEARCHED;
        let root = Address::new(account.clone(), container.clone(), Path::default());
        let mut inside = self.look(&root, &mut left)?;
        let mut folders = VecDeque::from([root]);
        while let Some(folder) = folders.pop_front() {
            for entry in inside {
                let Ok(path) = folder.path().join(&entry.name) else { continue };
                match entry.kind {
                    // A checkpoint's folder looks the same from outside; its name tells.
                    EntryKind::Savepoint if !entry.name.starts_with("chk-") => found.push(entry),
                    EntryKind::Folder if entry.name != "checkpoints" && path.segments().count() < DEEPEST => {
                        folders.push_back(Address::new(account.clone(), container.clone(), path));
                    }
                    EntryKind::Folder | EntryKind::Savepoint | EntryKind::File => {}
                }
            }
            // One that goes while the others are looked into holds nothing.
            inside = folders.front().and_then(|next| self.look(next, &mut left).ok()).unwrap_or_default();
        }
        found.truncate(LISTED);
        found.sort_by_key(|entry| std::cmp::Reverse(entry.modified));
        Ok(found)
    }

    /// Why a state cannot be started from now; none if it can.
    pub(crate) fn missing(&self, path: &str) -> Option<String> {
        let address = match Address::parse(path) {
            Ok(address) => address,
            Err(rule) if !path.starts_with("file:") => return Some(rule.to_string()),
            Err(_) => {
                return Some(format!(
                    "The job keeps its checkpoints itself, at {path}, where no next run can read them."
                ));
            }
        };
        if let Some(why) = self.not_there(&address) {
            return Some(why);
        }
        match self.is_there(&address) {
            Ok(true) => None,
            Ok(false) => Some(format!(
                "There is no complete savepoint or checkpoint at {path}: its _metadata is missing."
            )),
            Err(error) => Some(format!("{path} cannot be read now: {error}")),
        }
    }

    /// Whether a complete state is there.
    fn is_there(&self, state: &Address) -> Result<bool, StorageError> {
        match self.remotes().get(state.account()) {
            Some(remote) => Ok(remote.written(state)?.is_some()),
            None => Ok(is_complete(&self.resolve(state)?)),
        }
    }

    /// The complete savepoints in a folder of a cluster's own, as Flink lays them out there, each with when it was complete.
    /// None of what cannot be read now.
    pub(crate) fn left_savepoints(&self, home: &Address) -> Vec<(String, Timestamp)> {
        let Ok(savepoints) = home.path().join("savepoints") else { return Vec::new() };
        let top = Address::new(home.account().clone(), home.container().clone(), savepoints);
        if let Some(remote) = self.remotes().get(top.account()) {
            let found = remote.complete_below(&top).unwrap_or_default().into_iter();
            return found.map(|(address, at)| (address.to_string(), at)).collect();
        }
        let Ok(place) = self.resolve(&top) else { return Vec::new() };
        let inside = |folder: &FilePath| {
            let entries = std::fs::read_dir(folder).into_iter().flatten().take(LISTED).flatten();
            let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
            // What is on its way out has another name.
            names.filter(|name| !name.starts_with('.')).collect::<Vec<_>>()
        };
        let mut found = Vec::new();
        for trigger in inside(&place) {
            let folder = place.join(&trigger);
            let complete = inside(&folder).into_iter().filter(|name| is_complete(&folder.join(name)));
            let paths = complete.map(|name| format!("{top}/{trigger}/{name}"));
            found.extend(paths.filter_map(|path| self.written(&path).map(|at| (path, at))));
        }
        found
    }

    /// When a state was complete: when its `_metadata` was written. None if it is not there.
    pub(crate) fn written(&self, path: &str) -> Option<Timestamp> {
        let address = Address::parse(path).ok()?;
        if let Some(remote) = self.remotes().get(address.account()) {
            return remote.written(&address).ok()?;
        }
        let place = self.resolve(&address).ok()?;
        timestamp(place.join("_metadata").metadata().ok()?.modified().ok()?)
    }

    /// The folder of the complete savepoint or checkpoint at a path that somebody chose.
    ///
    /// # Errors
    /// The sentence that says why nothing can start from there.
    pub(crate) fn state(&self, path: &str) -> Result<PathBuf, String> {
        let address = Address::parse(path).map_err(|rule| rule.to_string())?;
        if let Some(remote) = self.remotes().get(address.account()) {
            return self.fetched_state(&remote, &address);
        }
        let place = self.resolve(&address).map_err(|error| error.to_string())?;
        if is_complete(&place) {
            return Ok(place);
        }
        Err(Self::no_savepoint(path))
    }

    /// Of a state that lies elsewhere, what is read of it.
    fn fetched_state(&self, remote: &Remote, address: &Address) -> Result<PathBuf, String> {
        let metadata = address.path().join("_metadata").map_err(|rule| rule.to_string())?;
        let metadata = Address::new(address.account().clone(), address.container().clone(), metadata);
        match self.fetched(remote, &metadata) {
            Ok(file) => Ok(file.parent().map(PathBuf::from).unwrap_or_default()),
            Err(StorageError::NotFound(_)) => Err(Self::no_savepoint(&address.to_string())),
            Err(error) => Err(error.to_string()),
        }
    }

    fn no_savepoint(path: &str) -> String {
        format!("There is no savepoint at {path}: its _metadata is missing. Choose a savepoint's folder.")
    }
}

/// Whether a folder holds a complete savepoint or checkpoint: Flink writes this file last, and in one piece.
pub(crate) fn is_complete(folder: &FilePath) -> bool {
    let metadata = folder.join("_metadata");
    // Flink writes it in one piece; an empty one is what a crash of the machine can leave of it.
    file::is_file(&metadata) && metadata.metadata().is_ok_and(|found| found.len() > 0)
}

/// A file's time as ours.
fn timestamp(time: SystemTime) -> Option<Timestamp> {
    Timestamp::try_from(time).ok()
}
