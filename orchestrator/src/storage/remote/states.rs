//! Savepoints and checkpoints in a remote account. They are looked for where a person asks, or after a loss; a job that
//! runs is asked itself.

use domain::address::{Address, Path};
use domain::name::ContainerName;
use domain::view::{Entry, EntryKind};
use jiff::Timestamp;
use object_store::path::Path as Key;
use object_store::{ObjectStoreExt, PutPayload};

use super::files::key;
use super::known::Found;
use super::{Remote, sentence, wait};
use crate::storage::StorageError;

/// A search goes over no more objects.
const SEARCHED: usize = 100_000;
/// The file that is written last, and in one piece.
pub(super) const METADATA: &str = "_metadata";
/// Says that a snapshot is being deleted: what is left of it is none.
const LEAVING: &str = ".penstock-deleted";

impl Remote {
    /// When the state at an address was complete; none if there is none.
    pub(crate) fn written(&self, state: &Address) -> Result<Option<Timestamp>, StorageError> {
        let path = state.path().join(METADATA).map_err(|error| StorageError::Refused(error.to_string()))?;
        let seen = self.seen(&Address::new(state.account().clone(), state.container().clone(), path))?;
        Ok(seen.filter(|seen| seen.size > 0).map(|seen| seen.modified))
    }

    /// By what versions of a file can be told apart; none if there is no file.
    pub(crate) fn version(&self, address: &Address) -> Result<Option<String>, StorageError> {
        Ok(self.seen_now(address)?.map(|seen| format!("{} {:x}", seen.size, seen.version)))
    }

    /// The complete states below an address, each with when it was complete.
    pub(crate) fn complete_below(&self, top: &Address) -> Result<Found, StorageError> {
        let mut found = Vec::new();
        for (path, seen) in self.below(top, SEARCHED)? {
            let Some(folder) = path.strip_suffix(METADATA).and_then(|path| path.strip_suffix('/')) else {
                continue;
            };
            self.known.saw(top.container(), &path, Some(seen));
            if seen.size > 0
                && let Ok(folder) = Path::parse(folder)
            {
                let address = Address::new(top.account().clone(), top.container().clone(), folder);
                found.push((address, seen.modified));
            }
        }
        Ok(found)
    }

    /// The same below a cluster's folder, after the loss of the run that has this job; not more often than it is worth.
    pub(crate) fn left_by(&self, job: &str, top: &Address) -> Result<Found, StorageError> {
        if let Some(known) = self.known.searched(job) {
            return Ok(known);
        }
        let found = self.complete_below(top)?;
        self.known.found(job, found.clone());
        Ok(found)
    }

    /// The savepoints of a container, newest first.
    pub(crate) fn savepoints(&self, container: &ContainerName) -> Result<Vec<Entry>, StorageError> {
        let found = self.complete_below(&self.root(container))?;
        let checkpoint = |at: &Address| {
            at.name().starts_with("chk-") || at.path().segments().any(|part| part == "checkpoints")
        };
        let mut entries: Vec<Entry> = found
            .into_iter()
            .filter(|(at, _)| !checkpoint(at))
            .map(|(at, written)| Entry {
                name: at.name().to_owned(),
                kind: EntryKind::Savepoint,
                address: at.to_string(),
                size: 0,
                modified: Some(written),
                clusters: 0,
            })
            .collect();
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.modified));
        Ok(entries)
    }

    /// The files of a savepoint: name, size, when it was written.
    pub(crate) fn files_of(
        &self,
        folder: &Address,
        most: usize,
    ) -> Result<Vec<(String, u64, Timestamp)>, StorageError> {
        let above = format!("{}/", folder.path());
        let found = self.below(folder, most + 1)?;
        if found.len() > most {
            let why = format!("{folder} holds more than {most} files, too many for one archive.");
            return Err(StorageError::Refused(why));
        }
        let files = found.into_iter().filter_map(|(path, seen)| {
            let name = path.strip_prefix(&above).filter(|name| !name.contains('/'))?;
            Some((name.to_owned(), seen.size, seen.modified))
        });
        Ok(files.collect())
    }

    /// Bytes of all that lies below an address.
    pub(crate) fn size(&self, top: &Address) -> Result<u64, StorageError> {
        Ok(self.below(top, SEARCHED)?.iter().map(|(_, seen)| seen.size).sum())
    }

    /// Deletes everything below an address, and the object at it, but nothing of what is needed.
    pub(crate) fn delete_below(&self, top: &Address, needed: &[Address]) -> Result<(), StorageError> {
        self.known.forget();
        loop {
            let paths = self.not_needed(top, needed, SEARCHED)?;
            let all = paths.len() < SEARCHED;
            self.delete_objects(top, paths)?;
            if all {
                break;
            }
        }
        if needed.iter().any(|need| top.holds(need) || need.holds(top)) {
            return Ok(());
        }
        // What marks a folder has the name of the folder itself.
        let markers = match top.path().is_root() {
            true => Vec::new(),
            false => vec![top.path().as_str().to_owned()],
        };
        self.delete_objects(top, markers)
    }

    /// Whether something lies below an address that nobody needs.
    pub(crate) fn has_any(&self, top: &Address, needed: &[Address]) -> Result<bool, StorageError> {
        let most = if needed.is_empty() { 1 } else { SEARCHED };
        Ok(!self.not_needed(top, needed, most)?.is_empty())
    }

    fn not_needed(
        &self,
        top: &Address,
        needed: &[Address],
        most: usize,
    ) -> Result<Vec<String>, StorageError> {
        let kept = |path: &str| match Path::parse(path) {
            Ok(path) => {
                let at = Address::new(top.account().clone(), top.container().clone(), path);
                // The folders in which it lies are marked by objects of their own.
                needed.iter().any(|need| need.holds(&at) || at.holds(need))
            }
            Err(_) => false,
        };
        let found = self.below(top, most)?.into_iter().map(|(path, _)| path);
        Ok(found.filter(|path| !kept(path)).collect())
    }

    /// Deletes a snapshot. From its first step on nobody takes it for one, and what a crash leaves goes with the next try.
    pub(crate) fn delete_snapshot(&self, state: &Address) -> Result<(), StorageError> {
        self.known.forget();
        let objects = self.below(state, SEARCHED)?;
        if objects.is_empty() {
            return Ok(());
        }
        let (client, folder) = (self.client(state.container())?, key(state)?);
        let (metadata, leaving) = (format!("{folder}/{METADATA}"), format!("{folder}/{LEAVING}"));
        let has = |name: &str| objects.iter().any(|(path, _)| path == name);
        if !has(&metadata) && !has(&leaving) {
            return Err(StorageError::Refused(format!("The folder {state} holds no savepoint.")));
        }
        let what = state.to_string();
        let (mark, first) = (leaving.clone(), metadata.clone());
        wait(async move {
            let failed = |error: object_store::Error| sentence::of(&what, &error);
            client.store.put(&Key::from(mark.as_str()), PutPayload::from("")).await.map_err(failed)?;
            match client.store.delete(&Key::from(first.as_str())).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(failed(error)),
            }
        })?;
        let rest =
            objects.into_iter().map(|(path, _)| path).filter(|path| *path != leaving && *path != metadata);
        self.delete_objects(state, rest.collect())?;
        self.delete_objects(state, vec![leaving, state.path().as_str().to_owned()])
    }
}
