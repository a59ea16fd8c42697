//! Hints of changes for one caller: of what is seen, and of nothing else. A role that is given or taken counts at once.

use std::collections::HashMap;

use domain::id::ClusterId;
use tokio::sync::{broadcast, watch};

use super::Desk;
use crate::plane::Change;
use crate::store::{Sight, StoreError};

/// Hints of changes from now on.
pub struct Changes {
    desk: Desk,
    changes: broadcast::Receiver<Change>,
    roles: watch::Receiver<u64>,
    /// What the caller sees, until roles change.
    sight: Option<Sight>,
    /// Which clusters were asked for, and whether they are seen.
    known: HashMap<ClusterId, bool>,
}

/// Said where nobody can tell what changed, or for whom.
const ANYTHING: Change = Change { event: None, cluster: None };

impl Desk {
    /// Hints of changes of what the caller sees.
    pub fn changes(&self) -> Changes {
        Changes {
            desk: self.clone(),
            changes: self.plane.changes(),
            roles: self.plane.inner.roles.subscribe(),
            sight: None,
            known: HashMap::new(),
        }
    }
}

impl Changes {
    /// The next one; none when the portal ends.
    pub async fn next(&mut self) -> Option<Change> {
        loop {
            let change = tokio::select! {
                // First, so that what is told after a role was taken is told by what is left.
                biased;
                changed = self.roles.changed() => {
                    changed.ok()?;
                    (self.sight, self.known) = (None, HashMap::new());
                    return Some(ANYTHING);
                }
                change = self.changes.recv() => change,
            };
            let change = match change {
                Ok(change) => change,
                // Too slow to be told each: everything may have changed.
                Err(broadcast::error::RecvError::Lagged(_)) => return Some(ANYTHING),
                Err(broadcast::error::RecvError::Closed) => return None,
            };
            match self.shown(change).await {
                Ok(Some(change)) => return Some(change),
                Ok(None) => {}
                Err(error) => {
                    tracing::debug!(%error, "what somebody sees could not be looked at");
                    return Some(ANYTHING);
                }
            }
        }
    }

    /// As much of a change as the caller may know of.
    async fn shown(&mut self, change: Change) -> Result<Option<Change>, StoreError> {
        let store = self.desk.plane.store();
        let sight = match &mut self.sight {
            Some(sight) => sight,
            none => none.insert(store.sight(&self.desk.actor).await?),
        };
        if sight.sees_everything() {
            return Ok(Some(change));
        }
        let Some(cluster) = change.cluster else { return Ok(Some(ANYTHING)) };
        let seen = match self.known.get(&cluster) {
            Some(seen) => *seen,
            None => {
                let seen = store.sees(sight, cluster).await?;
                self.known.insert(cluster, seen);
                seen
            }
        };
        Ok(seen.then_some(change))
    }
}
