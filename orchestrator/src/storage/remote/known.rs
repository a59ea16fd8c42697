//! What was seen a moment ago. A page asks after the same states several times, and passes look at many clusters: none
//! of that is worth a request each.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::address::Address;
use domain::name::ContainerName;
use jiff::Timestamp;

/// For how long it is believed.
const FRESH: Duration = Duration::from_secs(10);
/// The same of what was not there.
const ABSENT: Duration = Duration::from_secs(1);
/// No more is remembered.
const MOST: usize = 10_000;

/// An object that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) size: u64,
    pub(super) modified: Timestamp,
    /// Made of what the server tells versions apart by.
    pub(super) version: u64,
}

/// A container, and a path in it.
type Place = (ContainerName, String);

/// Complete states, each with when it was complete.
pub(crate) type Found = Vec<(Address, Timestamp)>;

/// What was seen lately.
#[derive(Debug, Default)]
pub(super) struct Known {
    objects: Mutex<HashMap<Place, (Instant, Option<Seen>)>>,
    /// What a search for the checkpoints of one run found, by the name of its job.
    searches: Mutex<HashMap<String, (Instant, Found)>>,
    /// Why a container is not there; none if it is.
    containers: Mutex<HashMap<ContainerName, (Instant, Option<String>)>>,
}

impl Known {
    pub(super) fn object(&self, container: &ContainerName, path: &str) -> Option<Option<Seen>> {
        let objects = lock(&self.objects);
        let (at, seen) = objects.get(&(container.clone(), path.to_owned()))?;
        // What is not there may come at any moment.
        let fresh = if seen.is_some() { FRESH } else { ABSENT };
        (at.elapsed() < fresh).then_some(*seen)
    }

    pub(super) fn saw(&self, container: &ContainerName, path: &str, seen: Option<Seen>) {
        let mut objects = lock(&self.objects);
        if objects.len() >= MOST {
            objects.retain(|_, (at, _)| at.elapsed() < FRESH);
        }
        if objects.len() < MOST {
            objects.insert((container.clone(), path.to_owned()), (Instant::now(), seen));
        }
    }

    pub(super) fn container(&self, container: &ContainerName) -> Option<Option<String>> {
        let containers = lock(&self.containers);
        let (at, why) = containers.get(container)?;
        (at.elapsed() < FRESH).then(|| why.clone())
    }

    pub(super) fn looked_for(&self, container: &ContainerName, why: Option<String>) {
        lock(&self.containers).insert(container.clone(), (Instant::now(), why));
    }

    /// A run whose job manager is gone writes no more, and no other has its job.
    pub(super) fn searched(&self, job: &str) -> Option<Found> {
        let mut searches = lock(&self.searches);
        searches.retain(|_, (at, _)| at.elapsed() < FRESH);
        searches.get(job).map(|(_, found)| found.clone())
    }

    pub(super) fn found(&self, job: &str, found: Found) {
        lock(&self.searches).insert(job.to_owned(), (Instant::now(), found));
    }

    /// Something was changed: the next who asks looks.
    pub(super) fn forget(&self) {
        lock(&self.objects).clear();
        lock(&self.containers).clear();
        lock(&self.searches).clear();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
