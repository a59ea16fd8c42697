//! Figures of a running job, from Flink's REST interface.
//!
//! One look takes a second at most and keeps nothing; who loops over clusters decides how often and where samples go.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::flink::{FlinkError, JobManager, JobPlan, Spread};

/// A look that takes longer is given up: the next one comes anyway.
const DEADLINE: Duration = Duration::from_secs(3);

/// What was measured in one look. `None` where Flink gives no figure (yet).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    /// Highest parallelism of the job's operators.
    pub parallelism: u32,
    /// Records per second that leave the sources.
    pub records_in: Option<f64>,
    /// Records per second that enter the sinks.
    pub records_out: Option<f64>,
    /// Restarts of the job within this run, by Flink itself.
    pub restarts: Option<u64>,
    /// When the newest checkpoint was complete.
    pub checkpoint_at: Option<Timestamp>,
    /// How long it took, ms.
    pub checkpoint_ms: Option<u64>,
    /// Its size, bytes.
    pub checkpoint_size: Option<u64>,
    /// Share of its time that the busiest subtask is busy, 0 to 1.
    pub busy: Option<f64>,
    /// Share of its time that the most backpressured subtask waits, 0 to 1.
    pub backpressure: Option<f64>,
    /// Heap in use in the job manager, bytes.
    pub job_manager_heap: Option<f64>,
    /// Heap in use in all task managers together, bytes.
    pub task_manager_heap: Option<f64>,
}

const IN: &str = "numRecordsInPerSecond";
const OUT: &str = "numRecordsOutPerSecond";
const BUSY: &str = "busyTimeMsPerSecond";
const BACKPRESSURE: &str = "backPressuredTimeMsPerSecond";
const HEAP: &str = "Status.JVM.Memory.Heap.Used";
const RESTARTS: &str = "numRestarts";

/// One look at a job; none if Flink does not answer in time or does not know the job.
pub async fn sample(flink: &JobManager, job: &str) -> Option<Sample> {
    tokio::time::timeout(DEADLINE, look(flink, job)).await.ok()?.ok()
}

async fn look(flink: &JobManager, job: &str) -> Result<Sample, FlinkError> {
    let (graph, checkpoint, of_job, of_manager, of_workers) = tokio::try_join!(
        flink.graph(job),
        flink.checkpoint(job),
        flink.job_figures(job, &[RESTARTS]),
        flink.own_figures(&[HEAP]),
        flink.task_manager_figures(&[HEAP]),
    )?;
    let asked = graph.vertices.iter().map(|vertex| {
        let names = [IN, OUT, BUSY, BACKPRESSURE];
        async move { Ok((vertex.id.as_str(), flink.vertex_figures(job, &vertex.id, &names).await?)) }
    });
    let figures = futures::future::try_join_all(asked).await?.into_iter().collect();
    let flow = flow(&graph, &figures);
    Ok(Sample {
        parallelism: graph.vertices.iter().map(|vertex| vertex.parallelism).max().unwrap_or(0),
        records_in: flow.records_in,
        records_out: flow.records_out,
        restarts: of_job.get(RESTARTS).copied().map(whole),
        checkpoint_at: checkpoint
            .as_ref()
            .and_then(|c| Timestamp::from_millisecond(c.latest_ack_timestamp).ok()),
        checkpoint_ms: checkpoint.as_ref().map(|checkpoint| checkpoint.end_to_end_duration),
        checkpoint_size: checkpoint.as_ref().map(|checkpoint| checkpoint.state_size),
        busy: flow.busy,
        backpressure: flow.backpressure,
        job_manager_heap: of_manager.get(HEAP).copied(),
        task_manager_heap: of_workers.get(HEAP).map(|heap| heap.sum),
    })
}

/// A count of a few.
pub(crate) fn count(figure: f64) -> u32 {
    u32::try_from(whole(figure)).unwrap_or(u32::MAX)
}

/// A count, which Flink gives as any other figure.
#[expect(clippy::cast_possible_truncation, reason = "a count of restarts is far below 2^53")]
fn whole(figure: f64) -> u64 {
    figure.max(0.0) as u64
}

#[derive(Debug, Default, PartialEq)]
struct Flow {
    records_in: Option<f64>,
    records_out: Option<f64>,
    busy: Option<f64>,
    backpressure: Option<f64>,
}

/// What flows through the job as a whole: out of what has no inputs, into what nothing follows. A job that is one
/// single chain exchanges no records between tasks; what its source reads is then all that Flink counts.
fn flow(graph: &JobPlan, figures: &BTreeMap<&str, BTreeMap<String, Spread>>) -> Flow {
    let of = |vertex: &str, name: &str| figures.get(vertex)?.get(name).copied();
    let sum = |name: &str, those: &dyn Fn(&str) -> bool| {
        let values = graph.vertices.iter().filter(|vertex| those(&vertex.id));
        values.filter_map(|vertex| Some(of(&vertex.id, name)?.sum)).reduce(|a, b| a + b)
    };
    let worst = |name: &str| {
        let values = graph.vertices.iter().filter_map(|vertex| Some(of(&vertex.id, name)?.max / 1000.0));
        values.reduce(f64::max).map(|share| share.clamp(0.0, 1.0))
    };
    let alone = |vertex: &str| graph.is_source(vertex) && graph.is_sink(vertex);
    let inner = |vertex: &str| graph.is_source(vertex) && !alone(vertex);
    let outer = |vertex: &str| graph.is_sink(vertex) && !alone(vertex);
    let single = sum(IN, &alone);
    let both = |a: Option<f64>, b: Option<f64>| [a, b].into_iter().flatten().reduce(|a, b| a + b);
    Flow {
        records_in: both(sum(OUT, &inner), single),
        records_out: both(sum(IN, &outer), single),
        busy: worst(BUSY),
        backpressure: worst(BACKPRESSURE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flink::Vertex;

    fn graph() -> JobPlan {
        let vertex = |id: &str| Vertex { id: id.to_owned(), parallelism: 2 };
        JobPlan {
            vertices: ["source", "middle", "sink", "alone"].map(vertex).to_vec(),
            inputs: [("middle", "source"), ("sink", "middle")]
                .map(|(to, from)| (to.to_owned(), vec![from.to_owned()]))
                .to_vec(),
        }
    }

    #[test]
    fn what_flows_is_counted_at_both_ends_and_the_worst_subtask_speaks_for_the_job() {
        let figures = |figures: &[(&str, f64)]| -> BTreeMap<String, Spread> {
            figures
                .iter()
                .map(|(name, max)| ((*name).to_owned(), Spread { sum: 2.0 * max, max: *max }))
                .collect()
        };
        let all = BTreeMap::from([
            ("source", figures(&[(OUT, 50.0), (BUSY, 100.0)])),
            ("middle", figures(&[(IN, 49.0), (OUT, 7.0), (BUSY, 990.0), (BACKPRESSURE, 5.0)])),
            ("sink", figures(&[(IN, 7.0)])),
            ("alone", figures(&[(IN, 1.0)])),
        ]);
        let flow = flow(&graph(), &all);
        assert_eq!((flow.records_in, flow.records_out), (Some(102.0), Some(16.0)));
        assert_eq!((flow.busy, flow.backpressure), (Some(0.99), Some(0.005)));
        assert_eq!(super::flow(&graph(), &BTreeMap::new()), Flow::default());
    }
}
