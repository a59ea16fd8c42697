//! For how long what was measured and what happened is kept. Runs, operations and the audit stay for ever.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::plane::Inner;
use crate::store::StoreError;
use crate::store::sample::Span;

/// For how long each kind is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Measurements as they were taken, every five seconds.
    pub samples: SignedDuration,
    /// Measurements folded into one for each minute.
    pub minutes: SignedDuration,
    /// Measurements folded into one for each hour.
    pub hours: SignedDuration,
    /// The history of what happened.
    pub events: SignedDuration,
    /// The logs of runs that have ended, except of the last run of a cluster that is there: they say why it ended.
    pub logs: SignedDuration,
}

impl Default for Retention {
    fn default() -> Self {
        let days = |days: i64| SignedDuration::from_hours(24 * days);
        Self {
            samples: SignedDuration::from_hours(1),
            minutes: days(7),
            hours: days(365),
            events: days(365),
            logs: days(30),
        }
    }
}

impl Retention {
    /// Whose measurements a plot is drawn of that begins at that time: the finest that reach back so far.
    pub(crate) fn span(&self, from: Timestamp, now: Timestamp) -> Option<Span> {
        let back = now.duration_since(from);
        if back <= self.samples {
            None
        } else if back <= self.minutes {
            Some(Span::Minute)
        } else {
            Some(Span::Hour)
        }
    }
}

/// Between two looks at what has become old.
const EVERY: Duration = Duration::from_secs(60);
/// A measurement may be written so much later than it was taken.
const LATE: SignedDuration = SignedDuration::from_mins(2);

/// Runs until the plane closes.
pub(crate) async fn run(inner: Arc<Inner>) {
    loop {
        let kept = async {
            if let Err(error) = keep(&inner).await {
                // What ails the database is said by the look at the portal's own health.
                tracing::debug!(%error, "what is old could not be folded or forgotten");
            }
            tokio::time::sleep(EVERY).await;
        };
        tokio::select! {
            () = kept => {}
            () = inner.stop.cancelled() => return,
        }
    }
}

/// Folds and forgets what has become old since.
pub(crate) async fn keep(inner: &Inner) -> Result<(), StoreError> {
    let (store, now) = (&inner.store, inner.clock.now());
    let Retention { samples, minutes, hours, events, logs } = inner.config.retention;
    let before = |span: SignedDuration| now.checked_sub(span).unwrap_or(Timestamp::MIN);
    store.fold(Span::Minute, before(LATE)).await?;
    store.fold(Span::Hour, before(LATE)).await?;
    store.prune_samples(before(samples)).await?;
    store.prune_folded(Span::Minute, before(minutes)).await?;
    store.prune_folded(Span::Hour, before(hours)).await?;
    store.prune_events(before(events)).await?;
    for (cluster, run) in store.runs_with_old_logs(before(logs)).await? {
        match inner.provider.remove_logs(cluster, run).await {
            Ok(()) => store.logs_removed(cluster, run, now).await?,
            Err(error) => tracing::warn!(cluster.id = %cluster, run, %error, "old logs cannot be removed"),
        }
    }
    Ok(())
}
