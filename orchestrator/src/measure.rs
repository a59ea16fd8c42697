//! Measures the clusters that run, every few seconds.
//!
//! Figures are for people: nothing is decided by them, and one that is missing is only a gap in a plot.

use std::sync::Arc;
use std::time::Duration;

use domain::id::ClusterId;
use futures::StreamExt;
use jiff::Timestamp;

use crate::plane::Inner;
use crate::sampler;
use crate::store::StoreError;
use crate::store::figure::Figures;
use crate::store::sample::Sample;

/// Between two looks at a cluster: more often costs Flink, less often makes a sparkline of steps.
const EVERY: Duration = Duration::from_secs(5);
/// Clusters that are asked together.
const TOGETHER: usize = 8;
/// Clusters that are written in one transaction: enough that it is soon on disk, few enough that a command which wants
/// to write meanwhile does not wait for long.
const CHUNK: usize = 1_000;

/// Runs until the plane closes.
pub(crate) async fn run(inner: Arc<Inner>) {
    loop {
        if let Err(error) = measure(&inner).await {
            // What ails the database is said by the look at the portal's own health.
            tracing::debug!(%error, "figures could not be kept");
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            () = inner.stop.cancelled() => return,
        }
    }
}

/// One round: all are asked, and what they say is written together.
pub(crate) async fn measure(inner: &Arc<Inner>) -> Result<(), StoreError> {
    let live = inner.store.live().await?;
    let looks = futures::stream::iter(live).map(|id| look(inner.clone(), id)).buffer_unordered(TOGETHER);
    let looks: Vec<Option<_>> = looks.collect().await;
    let round: Vec<_> = looks.into_iter().flatten().collect();
    let at = inner.clock.now();
    for part in round.chunks(CHUNK) {
        inner.store.keep_round(part, at).await?;
    }
    Ok(())
}

/// What a cluster says of itself; nothing if it says nothing. One whose rows cannot be read is the reconciler's to tell
/// of.
async fn look(inner: Arc<Inner>, id: ClusterId) -> Option<(ClusterId, Sample, Figures)> {
    let record = match inner.reconciler.known.peek(id) {
        Some(record) => record,
        None => Arc::new(inner.store.cluster_record(id).await.ok()??),
    };
    let phase = record.status.phase.clone();
    let run = phase.launch()?.run;
    let target = inner.reconciler.known.target(&inner.store, &record, phase).await.ok()?;
    let seen = inner.provider.sample(&target).await?;
    Some((id, sample(&seen), figures(inner.clock.now(), run, &seen)))
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
