//! Who reads jars: a few at a time, each jar once however many ask for it, and no longer than somebody waits. What a
//! jar told is kept, so that a page that shows it again costs a look at the file's date.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, VecDeque};
use std::fs::{File, Metadata};
use std::hash::Hash;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use domain::address::Address;
use domain::artifact::Sha256;
use domain::view::JarView;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{Budget, JarError, digest, look, modified};
use crate::storage::{Storage, StorageError};

/// How many jars are read at the same time. Each takes a core; more would take it from the pages.
const TURNS: usize = 2;
/// Jars that are remembered: some kilobytes each, 130 at most.
const KEPT: usize = 128;
/// For how long it is remembered that a jar took too long: the machine may have been busy.
const TOO_LONG: Duration = Duration::from_secs(60);

/// Reads jars and remembers what they told. Cloning it is cheap and gives the same one.
#[derive(Clone, Debug)]
pub(crate) struct Readings {
    turns: Arc<Semaphore>,
    known: Arc<Mutex<KnownJars>>,
}

/// What a jar told, or the sentence that says why it cannot be used.
type Told = Result<Arc<JarView>, Arc<str>>;

#[derive(Debug)]
struct KnownJars {
    files: Kept<Identity>,
    digests: Kept<Sha256>,
    under_way: HashMap<Identity, Weak<Reading>>,
}

/// A file as it is now: written to, or replaced by another one, it is another.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Identity {
    device: u64,
    inode: u64,
    size: u64,
    /// When it was written and when anything of it was changed, in seconds and nanoseconds: the second nobody can set.
    times: [i64; 4],
}

/// A reading that somebody waits for. When the last one goes, it ends.
#[derive(Debug)]
struct Reading {
    told: watch::Receiver<Option<Told>>,
    _stop: DropGuard,
}

impl Readings {
    pub(crate) fn new() -> Self {
        let known = KnownJars { files: Kept::default(), digests: Kept::default(), under_way: HashMap::new() };
        Self { turns: Arc::new(Semaphore::new(TURNS)), known: Arc::new(Mutex::new(known)) }
    }

    /// What the jar at an address tells.
    ///
    /// # Errors
    /// The sentence that says why it cannot be used, and what to do.
    pub(crate) async fn open(&self, storage: &Storage, address: &Address) -> Result<JarView, String> {
        let (storage, at) = (storage.clone(), address.clone());
        let opened = tokio::task::spawn_blocking(move || storage.read(&at)).await;
        let (_, file) = match opened.map_err(|_| GIVEN_UP.to_owned())? {
            Ok(opened) => opened,
            Err(StorageError::NotFound(_)) => {
                return Err(format!(
                    "There is no file at {address}. Upload the jar, or browse to where it is."
                ));
            }
            Err(error) => return Err(error.to_string()),
        };
        let modified = modified(&file);
        let told = self.told(file).await.map_err(|why| why.to_string())?;
        // The same bytes may lie in several files.
        Ok(JarView { modified, ..(*told).clone() })
    }

    /// The same of a file of the portal's own.
    ///
    /// # Errors
    /// The sentence that says why it cannot be used.
    pub(crate) async fn open_file(&self, place: PathBuf) -> Result<JarView, String> {
        let opened = tokio::task::spawn_blocking(move || crate::file::open(&place)).await;
        let file = opened.map_err(|_| GIVEN_UP.to_owned())?.map_err(|error| error.to_string())?;
        self.told(file).await.map(|view| (*view).clone()).map_err(|why| why.to_string())
    }

    async fn told(&self, file: File) -> Told {
        let identity = Identity::of(&file.metadata().map_err(|error| sentence(&error.into()))?);
        let reading = {
            let mut known = self.known();
            if let Some(told) = known.files.get(&identity) {
                return told;
            }
            match known.under_way.get(&identity).and_then(Weak::upgrade) {
                Some(reading) => reading,
                None => known.begin(identity, |identity, stop| self.begin(file, identity, stop)),
            }
        };
        let mut told = reading.told.clone();
        let told = told.wait_for(Option::is_some).await;
        told.ok().and_then(|told| told.clone()).unwrap_or_else(|| Err(GIVEN_UP.into()))
    }

    /// Reads, when it is this one's turn, off the threads that answer requests.
    fn begin(
        &self,
        file: File,
        identity: Identity,
        stop: CancellationToken,
    ) -> watch::Receiver<Option<Told>> {
        let (tell, told) = watch::channel(None);
        let readings = self.clone();
        tokio::spawn(async move {
            let turn = stop.run_until_cancelled(readings.turns.clone().acquire_owned()).await;
            let Some(Ok(turn)) = turn else { return };
            let _ = tokio::task::spawn_blocking(move || {
                let _turn = turn;
                if let Some(result) = readings.read(file, &identity, &Budget::new(stop)) {
                    let _ = tell.send(Some(result));
                }
            })
            .await;
        });
        told
    }

    /// Nothing when nobody waits any more.
    fn read(&self, file: File, identity: &Identity, budget: &Budget) -> Option<Told> {
        let again = file.try_clone();
        let read = || {
            let digest = digest(&file, budget)?;
            if let Some(told) = self.known().digests.get(&digest) {
                return Ok((told, digest));
            }
            match look(file, identity.size, digest.clone(), budget) {
                Ok(view) => Ok((Ok(Arc::new(view)), digest)),
                Err(error) if error.lasts() => Ok((Err(sentence(&error)), digest)),
                Err(error) => Err(error),
            }
        };
        match read() {
            Err(JarError::Stopped) => None,
            Err(error) => {
                let told = Err(sentence(&error));
                if matches!(error, JarError::Time(_)) {
                    self.known().files.keep(identity.clone(), told.clone(), Some(Instant::now() + TOO_LONG));
                }
                Some(told)
            }
            Ok((told, digest)) => {
                // What was written to meanwhile is neither what it was nor what it is.
                let now = again.and_then(|file| file.metadata()).ok().map(|found| Identity::of(&found));
                if now.as_ref() != Some(identity) {
                    return Some(Err(WRITTEN.into()));
                }
                let mut known = self.known();
                known.digests.keep(digest, told.clone(), None);
                known.files.keep(identity.clone(), told.clone(), None);
                Some(told)
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, KnownJars> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const GIVEN_UP: &str = "The reading of the jar was given up. Try again.";
const WRITTEN: &str = "The jar was written to while it was read. Try again.";

fn sentence(error: &JarError) -> Arc<str> {
    error.to_string().into()
}

impl JarError {
    /// Whether the same bytes give the same again.
    fn lasts(&self) -> bool {
        !matches!(self, JarError::Disk(_) | JarError::Time(_) | JarError::Stopped)
    }
}

impl KnownJars {
    fn begin(
        &mut self,
        identity: Identity,
        begin: impl FnOnce(Identity, CancellationToken) -> watch::Receiver<Option<Told>>,
    ) -> Arc<Reading> {
        self.under_way.retain(|_, reading| reading.strong_count() > 0);
        let stop = CancellationToken::new();
        let told = begin(identity.clone(), stop.clone());
        let reading = Arc::new(Reading { told, _stop: stop.drop_guard() });
        self.under_way.insert(identity, Arc::downgrade(&reading));
        reading
    }
}

impl Identity {
    fn of(file: &Metadata) -> Self {
        Self {
            device: file.dev(),
            inode: file.ino(),
            size: file.len(),
            times: [file.mtime(), file.mtime_nsec(), file.ctime(), file.ctime_nsec()],
        }
    }
}

/// The newest of what was told.
#[derive(Debug)]
struct Kept<K> {
    told: HashMap<K, (Told, Option<Instant>)>,
    order: VecDeque<K>,
}

impl<K> Default for Kept<K> {
    fn default() -> Self {
        Self { told: HashMap::new(), order: VecDeque::new() }
    }
}

impl<K: Clone + Eq + Hash> Kept<K> {
    fn get(&self, key: &K) -> Option<Told> {
        let (told, until) = self.told.get(key)?;
        until.is_none_or(|until| Instant::now() < until).then(|| told.clone())
    }

    fn keep(&mut self, key: K, told: Told, until: Option<Instant>) {
        if self.told.insert(key.clone(), (told, until)).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > KEPT
            && let Some(oldest) = self.order.pop_front()
        {
            self.told.remove(&oldest);
        }
    }
}
