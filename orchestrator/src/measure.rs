//! Measures the clusters that run, every few seconds, and forgets what is old.
//!
//! Figures are for people: nothing is decided by them, and one that is missing is only a gap in a plot.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use jiff::{SignedDuration, Timestamp};

use crate::plane::Inner;
use crate::sampler;
use crate::store::StoreError;
use crate::store::figure::Figures;
use crate::store::sample::{KEPT, Sample};

/// Between two looks at a cluster: more often costs Flink, less often makes a sparkline of steps.
const EVERY: Duration = Duration::from_secs(5);
/// Clusters that are asked together.
const TOGETHER: usize = 8;
/// Rounds between two prunings.
const PRUNE_EVERY: u32 = 120;

/// Runs until the plane closes.
pub(crate) async fn run(inner: Arc<Inner>) {
    for round in 0_u32.. {
        if let Err(error) = measure(&inner, round.is_multiple_of(PRUNE_EVERY)).await {
            // What ails the database is said by the look at the portal's own health.
            tracing::debug!(%error, "figures could not be kept");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = inner.stop.cancelled() => return,
        }
    }
}

async fn measure(inner: &Arc<Inner>, prune: bool) -> Result<(), StoreError> {
    if prune {
        inner.store.prune_samples(inner.clock.now().checked_sub(KEPT).unwrap_or(Timestamp::MIN)).await?;
    }
    let live = inner.store.live().await?;
    let looks = futures::stream::iter(live).map(|id| {
        let inner = inner.clone();
        async move {
            let standing = match inner.reconciler.known.peek(id) {
                Some(standing) => standing,
                None => match inner.store.cluster_record(id).await? {
                    Some(standing) => Arc::new(standing),
                    None => return Ok(()),
                },
            };
            let phase = standing.status.phase.clone();
            let Some(run) = phase.launch().map(|launch| launch.run) else { return Ok(()) };
            let target = inner.reconciler.known.target(&inner.store, &standing, phase).await?;
            let Some(seen) = inner.provider.sample(&target).await else { return Ok(()) };
            let at = seen.at.max(inner.clock.now() - SignedDuration::from_mins(1));
            inner.store.keep_sample(id, &sample(&seen), at).await?;
            inner.store.keep_figures(id, &figures(at, run, &seen)).await
        }
    });
    let results: Vec<Result<(), StoreError>> = looks.buffer_unordered(TOGETHER).collect().await;
    // A cluster that cannot be read is the reconciler's to tell of.
    results.into_iter().filter(|result| !matches!(result, Err(StoreError::Corrupt(_)))).collect()
}

fn sample(seen: &sampler::Sample) -> Sample {
    let idle = seen.busy.zip(seen.backpressure).map(|(busy, waits)| (1.0 - busy - waits).max(0.0));
    Sample {
        records_in: seen.records_in,
        records_out: seen.records_out,
        checkpoint_ms: seen.checkpoint_ms,
        checkpoint_size: seen.checkpoint_size,
        busy: seen.busy,
        idle,
        backpressured: seen.backpressure,
        heap_job_manager: seen.job_manager_heap.map(bytes),
        heap_task_managers: seen.task_manager_heap.map(bytes),
        restarts: seen.restarts,
    }
}

fn figures(at: Timestamp, run: u32, seen: &sampler::Sample) -> Figures {
    Figures {
        at,
        run,
        parallelism: seen.parallelism,
        restarts: u32::try_from(seen.restarts.unwrap_or(0)).unwrap_or(u32::MAX),
        checkpoint_at: seen.checkpoint_at,
        checkpoint_ms: seen.checkpoint_ms,
        checkpoint_size: seen.checkpoint_size,
        records_in: seen.records_in,
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes of a heap")]
fn bytes(value: f64) -> u64 {
    value.max(0.0) as u64
}
