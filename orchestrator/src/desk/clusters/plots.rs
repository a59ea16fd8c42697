//! Plots and timeline of one cluster.

use domain::id::ClusterId;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::{Plot, TimelineView};
use jiff::{SignedDuration, Timestamp};

use super::{Desk, LIST};
use crate::store::At;
use crate::store::sample::Sample;

/// A name, and what it reads from a sample.
type Line = (&'static str, fn(&Sample) -> Option<f64>);
/// A title, a unit, and the lines.
type Shape = (&'static str, &'static str, &'static [Line]);

const SHAPES: [Shape; 5] = [
    (
        "Records per second",
        "in, out",
        &[("in", |sample| sample.records_in), ("out", |sample| sample.records_out)],
    ),
    ("Checkpoint duration", "ms", &[("duration", |sample| sample.checkpoint_ms.map(figure))]),
    ("Checkpoint size", "bytes", &[("size", |sample| sample.checkpoint_size.map(figure))]),
    (
        "Busy, idle, backpressured",
        "% of time, worst subtask",
        &[
            ("busy", |sample| sample.busy.map(percent)),
            ("idle", |sample| sample.idle.map(percent)),
            ("backpressured", |sample| sample.backpressured.map(percent)),
        ],
    ),
    (
        "Heap",
        "MB, job manager and task managers",
        &[
            ("job manager", |sample| sample.heap_job_manager.map(megabytes)),
            ("task managers", |sample| sample.heap_task_managers.map(megabytes)),
        ],
    ),
];

/// An axis that is shorter shows a few samples as if they were much.
const SHORTEST: SignedDuration = SignedDuration::from_mins(10);

/// A year, minutes: nothing is kept for longer unless the portal is told so.
const LONGEST: u32 = 365 * 24 * 60;

/// Points of a plot. More than pixels would only make the page heavier.
const POINTS: usize = 240;

impl Desk {
    /// The overview's plots over the last `minutes`.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn plots(&self, id: ClusterId, minutes: u32) -> Result<Vec<Plot>, Refusal> {
        let (from, until) = self.axis(id, minutes).await?;
        let store = self.plane.store();
        let samples =
            thinned(store.samples(id, from, self.plane.inner.config.retention.span(from, until)).await?);
        let operations = store.operations_of(id, LIST).await?;
        let marks: Vec<(Timestamp, String)> = operations
            .iter()
            .filter(|operation| operation.asked >= from)
            .map(|operation| (operation.asked, operation.action.word().to_owned()))
            .rev()
            .collect();
        let plot = |(title, unit, lines): &Shape| Plot {
            title: (*title).to_owned(),
            unit: (*unit).to_owned(),
            from,
            until,
            times: samples.iter().map(|(at, _)| *at).collect(),
            lines: lines
                .iter()
                .map(|(name, read)| {
                    ((*name).to_owned(), samples.iter().map(|(_, sample)| read(sample)).collect())
                })
                .collect(),
            marks: marks.clone(),
        };
        Ok(SHAPES.iter().map(plot).collect())
    }

    /// Runs, operations and notable events of the last `minutes`.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn timeline(&self, id: ClusterId, minutes: u32) -> Result<TimelineView, Refusal> {
        let (from, until) = self.axis(id, minutes).await?;
        let store = self.plane.store();
        let mut runs = store.runs(id).await?;
        runs.retain(|run| run.ended.is_none_or(|ended| ended >= from));
        let mut operations = store.operations_of(id, LIST).await?;
        operations.retain(|operation| operation.asked >= from);
        let events = store.warnings_of(id, from).await?;
        Ok(TimelineView { from, until, runs, operations, events })
    }

    /// The last `minutes`; of a cluster that is younger, its life, but never less than can be read.
    async fn axis(&self, id: ClusterId, minutes: u32) -> Result<(Timestamp, Timestamp), Refusal> {
        self.authorize(Permission::See, At::Cluster(id)).await?;
        let created = self.plane.cluster_record(id).await?.cluster.created;
        let now = self.plane.now();
        let before = |span| now.checked_sub(span).unwrap_or(Timestamp::MIN);
        let asked = before(SignedDuration::from_mins(i64::from(minutes.clamp(1, LONGEST))));
        Ok((asked.max(created.min(before(SHORTEST))), now))
    }
}

/// Every n-th sample, the last one always.
fn thinned(samples: Vec<(Timestamp, Sample)>) -> Vec<(Timestamp, Sample)> {
    let every = samples.len().div_ceil(POINTS).max(1);
    let last = samples.len().saturating_sub(1);
    let kept = |place: usize| (last - place).is_multiple_of(every);
    samples.into_iter().enumerate().filter(|(place, _)| kept(*place)).map(|(_, sample)| sample).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a plot has a few hundred pixels")]
fn figure(value: u64) -> f64 {
    value as f64
}

fn megabytes(bytes: u64) -> f64 {
    figure(bytes) / (1024.0 * 1024.0)
}

fn percent(share: f64) -> f64 {
    share * 100.0
}
