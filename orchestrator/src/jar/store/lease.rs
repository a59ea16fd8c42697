//! Who is about to name bytes in a row, and the collection that must not take them from under their hands.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::artifact::{Artifact, Sha256};
use tokio::sync::OwnedMutexGuard;

/// Who holds which bytes now.
#[derive(Clone, Debug, Default)]
pub(super) struct Leases {
    now: Arc<Mutex<Now>>,
    /// Held by the collection that is under way.
    collecting: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Default)]
struct Now {
    holders: HashMap<Sha256, usize>,
    /// What was leased at any time since the last collection began: the rows that it asks may be older.
    since: HashSet<Sha256>,
}

/// Bytes that are kept for as long as this lives, whether a row names them or not.
#[derive(Debug)]
pub struct Lease {
    artifact: Artifact,
    leases: Leases,
}

/// A collection that has begun.
#[derive(Debug)]
pub(crate) struct Sweep {
    folder: PathBuf,
    leases: Leases,
    _collecting: OwnedMutexGuard<()>,
}

impl Lease {
    /// Which bytes.
    pub fn artifact(&self) -> &Artifact {
        &self.artifact
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let mut now = self.leases.lock();
        let left = now.holders.get_mut(&self.artifact.sha256).map_or(0, |holders| {
            *holders -= 1;
            *holders
        });
        if left == 0 {
            now.holders.remove(&self.artifact.sha256);
        }
    }
}

impl Leases {
    pub(super) fn take(&self, artifact: Artifact) -> Lease {
        let mut now = self.lock();
        *now.holders.entry(artifact.sha256.clone()).or_default() += 1;
        now.since.insert(artifact.sha256.clone());
        Lease { artifact, leases: self.clone() }
    }

    pub(super) async fn sweep(&self, folder: PathBuf) -> Sweep {
        let collecting = self.collecting.clone().lock_owned().await;
        let mut now = self.lock();
        now.since = now.holders.keys().cloned().collect();
        drop(now);
        Sweep { folder, leases: self.clone(), _collecting: collecting }
    }

    fn lock(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sweep {
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Removes what nobody has leased since the collection began; whether it did. Nobody can lease it meanwhile.
    pub(super) fn unless_leased(
        &self,
        digest: &Sha256,
        remove: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<bool> {
        let now = self.leases.lock();
        if now.since.contains(digest) {
            return Ok(false);
        }
        remove().map(|()| true)
    }
}
