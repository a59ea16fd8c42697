//! The reconciler: makes true what rows ask for.
//!
//! A wake is a hint and the tick a safety net; a pass takes no input but the rows. One cluster is looked at by one
//! pass at a time, several clusters by several.

mod conclude;
mod discreet;
mod doomed;
mod events;
mod pass;
mod pin;
mod steps;
pub(crate) mod target;

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::id::ClusterId;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Semaphore;

use crate::plane::Inner;
use crate::store::StoreError;

/// Clusters that are looked at together. More would only wait for the disk; fewer would let one that hangs in its
/// deadline hold up the others.
const TOGETHER: usize = 16;
/// The loop looks on its own at the latest after this: how late a lost wake can make it.
const TICK: Duration = Duration::from_secs(1);

/// What the loop remembers between passes: only when to look again and who is being looked at. Lost in a crash it
/// costs one look too many.
#[derive(Default)]
struct Memory {
    look_at: HashMap<ClusterId, Timestamp>,
    under_way: HashSet<ClusterId>,
}

/// Runs until the plane closes.
pub(crate) async fn run(inner: Arc<Inner>) {
    let memory = Arc::new(Mutex::new(Memory::default()));
    let together = Arc::new(Semaphore::new(TOGETHER));
    let mut healthy = true;
    if let Err(error) = pass::read_all(&inner).await {
        tracing::warn!(%error, "not every cluster could be read");
    }
    while !inner.stop.is_cancelled() {
        let woken = inner.wake.notified();
        tokio::pin!(woken);
        woken.as_mut().enable(); // From here no wake is missed.
        let round = round(&inner, &memory, &together).await;
        inner.health.passed(round.as_ref().map(drop), inner.clock.now());
        let wait = match round {
            Ok(wait) => {
                if !healthy {
                    tracing::info!("the store answers again; the reconciler carries on");
                }
                healthy = true;
                wait
            }
            Err(error) => {
                if healthy {
                    tracing::error!(%error, "the reconciler cannot read what is due; it tries again every second");
                }
                healthy = false;
                TICK
            }
        };
        tokio::select! {
            () = woken => {}
            () = tokio::time::sleep(wait) => {}
            () = inner.stop.cancelled() => {}
        }
    }
}

/// Starts a pass for every cluster that is due; how long until the next one is.
async fn round(
    inner: &Arc<Inner>,
    memory: &Arc<Mutex<Memory>>,
    together: &Arc<Semaphore>,
) -> Result<Duration, StoreError> {
    let now = inner.clock.now();
    let due = inner.store.due(now).await?;
    let deleting = inner.clone();
    inner.tasks.spawn(async move { doomed::delete(&deleting).await });
    let mut wait = TICK;
    for (id, news) in due {
        {
            let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
            let look_at = memory.look_at.get(&id).copied().unwrap_or(Timestamp::MIN);
            if memory.under_way.contains(&id) {
                continue;
            }
            if !news && look_at > now {
                let left = Duration::try_from(look_at.duration_since(now)).unwrap_or(TICK);
                wait = wait.min(left);
                continue;
            }
            memory.under_way.insert(id);
        }
        let (inner, memory, together) = (inner.clone(), memory.clone(), together.clone());
        let tasks = inner.tasks.clone();
        tasks.spawn(async move {
            let Ok(_permit) = together.acquire_owned().await else { return };
            let again = pass::run(&inner, id).await;
            let look_at = inner.clock.now().checked_add(signed(again)).unwrap_or(Timestamp::MAX);
            {
                let mut memory = memory.lock().unwrap_or_else(PoisonError::into_inner);
                memory.under_way.remove(&id);
                memory.look_at.insert(id, look_at);
            }
            // What was asked meanwhile was passed over; and the loop may sleep longer than this one may wait.
            inner.wake.notify_one();
        });
    }
    Ok(wait)
}

/// Looks at everything that is due, one after the other; how many there were.
pub(crate) async fn pass(inner: &Arc<Inner>) -> usize {
    let due = match inner.store.due(inner.clock.now()).await {
        Ok(due) => due,
        Err(error) => {
            tracing::error!(%error, "the reconciler cannot read what is due");
            return 0;
        }
    };
    for (id, _) in &due {
        pass::run(inner, *id).await;
    }
    doomed::delete(inner).await;
    due.len()
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}
