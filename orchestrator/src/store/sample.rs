//! Table `sample`: what was measured, cluster by cluster, for plots and sparklines. Written by the sampler, a round at a
//! time; what is old is folded and forgotten (`fold.rs`).

use std::collections::HashMap;

use domain::id::{ClusterId, PoolId};
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

pub use super::fold::Span;
use super::value::{from_milli, id, large, micros, milli, signed, time};
use super::{Store, StoreError, figure, figure::Figures};

/// One measurement. `None`: not measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sample {
    /// Records per second into the job.
    pub records_in: Option<f64>,
    /// Records per second out of the job.
    pub records_out: Option<f64>,
    /// Duration of the last checkpoint, ms.
    pub checkpoint_ms: Option<u64>,
    /// Size of the last checkpoint, bytes.
    pub checkpoint_size: Option<u64>,
    /// Busy share of time of the worst subtask, 0 to 1.
    pub busy: Option<f64>,
    /// Idle share.
    pub idle: Option<f64>,
    /// Backpressured share.
    pub backpressured: Option<f64>,
    /// Heap in use by the job manager, bytes.
    pub heap_job_manager: Option<u64>,
    /// Heap in use by all task managers, bytes.
    pub heap_task_managers: Option<u64>,
    /// Restarts of this run.
    pub restarts: Option<u64>,
}

#[derive(FromRow)]
struct Row {
    at: i64,
    records_in_milli: Option<i64>,
    records_out_milli: Option<i64>,
    checkpoint_ms: Option<i64>,
    checkpoint_size: Option<i64>,
    busy: Option<i64>,
    idle: Option<i64>,
    backpressured: Option<i64>,
    heap_job_manager: Option<i64>,
    heap_task_managers: Option<i64>,
    restarts: Option<i64>,
}

impl Row {
    fn sample(self) -> (Timestamp, Sample) {
        let sample = Sample {
            records_in: self.records_in_milli.map(from_milli),
            records_out: self.records_out_milli.map(from_milli),
            checkpoint_ms: self.checkpoint_ms.map(large),
            checkpoint_size: self.checkpoint_size.map(large),
            busy: self.busy.map(from_milli),
            idle: self.idle.map(from_milli),
            backpressured: self.backpressured.map(from_milli),
            heap_job_manager: self.heap_job_manager.map(large),
            heap_task_managers: self.heap_task_managers.map(large),
            restarts: self.restarts.map(large),
        };
        (time(self.at), sample)
    }
}

/// A sparkline: the last 30 minutes, a point each minute.
const POINTS: usize = 30;
const POINT_MICROS: i64 = 60_000_000;

/// Ids per statement. SQL is static, so shorter lists are filled up with the empty id that nothing has.
const CHUNK: usize = 50;

impl Store {
    /// Keeps what a round has measured, as one transaction: the measurements, and the newest figures of each cluster.
    ///
    /// # Errors
    /// When the database fails; then nothing is kept.
    pub async fn keep_round(
        &self,
        round: &[(ClusterId, Sample, Figures)],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        if round.is_empty() {
            return Ok(());
        }
        let mut tx = self.begin().await?;
        for (cluster, sample, figures) in round {
            insert(&mut tx, *cluster, sample, at).await?;
            figure::update(&mut tx, *cluster, figures).await?;
        }
        tx.commit().await
    }

    /// A cluster's measurements since a time, oldest first: folded where a span is named, and then those that are not
    /// folded yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn samples(
        &self,
        cluster: ClusterId,
        from: Timestamp,
        span: Option<Span>,
    ) -> Result<Vec<(Timestamp, Sample)>, StoreError> {
        let mut reading = self.reading().await?;
        let mut rows: Vec<Row> = Vec::new();
        let mut from = micros(from);
        // An hour that is not over is told by its minutes, and a minute by its measurements.
        let spans = match span {
            None => [None, None],
            Some(Span::Minute) => [None, Some(Span::Minute)],
            Some(Span::Hour) => [Some(Span::Hour), Some(Span::Minute)],
        };
        for span in spans.into_iter().flatten() {
            let folded = sqlx::query_as(
                "select * from sample_folded where cluster = $1 and span = $2 and at >= $3 order by at",
            );
            let folded: Vec<Row> = folded
                .bind(cluster.to_string())
                .bind(span.micros())
                .bind(from)
                .fetch_all(&mut *reading)
                .await?;
            from = folded.last().map_or(from, |last| last.at + span.micros());
            rows.extend(folded);
        }
        let rest: Vec<Row> =
            sqlx::query_as("select * from sample where cluster = $1 and at >= $2 order by at")
                .bind(cluster.to_string())
                .bind(from)
                .fetch_all(&mut *reading)
                .await?;
        Ok(rows.into_iter().chain(rest).map(Row::sample).collect())
    }

    /// The sparklines of these clusters: records per second of the last 30 minutes, oldest first. A cluster that
    /// was not measured in that time has none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sparklines(
        &self,
        clusters: &[ClusterId],
        now: Timestamp,
    ) -> Result<HashMap<ClusterId, Vec<f32>>, StoreError> {
        let mut lines: HashMap<ClusterId, Vec<f32>> = HashMap::new();
        let from = micros(now) - POINT_MICROS * 30;
        for chunk in clusters.chunks(CHUNK) {
            let mut query = sqlx::query_as::<_, (String, i64, i64)>(SPARKLINES).bind(from);
            for place in 0..CHUNK {
                query = query.bind(chunk.get(place).map(ToString::to_string).unwrap_or_default());
            }
            for (cluster, point, rate) in query.fetch_all(&mut *self.reading().await?).await? {
                set(
                    lines.entry(id("sample.cluster", &cluster)?).or_insert_with(|| vec![0.0; POINTS]),
                    point,
                    rate,
                );
            }
        }
        Ok(lines)
    }

    /// The sum of a pool's sparklines.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pool_sparkline(&self, pool: PoolId, now: Timestamp) -> Result<Vec<f32>, StoreError> {
        let from = micros(now) - POINT_MICROS * 30;
        let rows: Vec<(i64, i64)> = sqlx::query_as(
            "select point, cast(sum(rate) as bigint) from (select m.cluster, (m.at - $1) / 60000000 as point, \
             cast(avg(m.records_in_milli) as bigint) as rate from (\
             select cluster, at, records_in_milli from sample_folded where span = 60000000 and at >= $1 union all \
             select cluster, at, records_in_milli from sample where at >= $1 and at >= (\
             select coalesce(max(at), 0) + 60000000 from sample_folded where span = 60000000)) m \
             join cluster c on c.id = m.cluster where c.pool = $2 and m.records_in_milli is not null \
             group by m.cluster, (m.at - $1) / 60000000) each_cluster group by point",
        )
        .bind(from)
        .bind(pool.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let mut line = if rows.is_empty() { Vec::new() } else { vec![0.0; POINTS] };
        for (point, rate) in rows {
            set(&mut line, point, rate);
        }
        Ok(line)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a sparkline needs no more")]
fn set(line: &mut [f32], point: i64, rate: i64) {
    let place = usize::try_from(point).unwrap_or(0).min(POINTS - 1);
    line[place] = from_milli(rate) as f32;
}

async fn insert(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    sample: &Sample,
    at: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into sample (cluster, at, records_in_milli, records_out_milli, checkpoint_ms, checkpoint_size, busy, \
         idle, backpressured, heap_job_manager, heap_task_managers, restarts) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (cluster, at) do nothing",
    )
    .bind(cluster.to_string())
    .bind(micros(at))
    .bind(sample.records_in.map(milli))
    .bind(sample.records_out.map(milli))
    .bind(sample.checkpoint_ms.map(signed))
    .bind(sample.checkpoint_size.map(signed))
    .bind(sample.busy.map(milli))
    .bind(sample.idle.map(milli))
    .bind(sample.backpressured.map(milli))
    .bind(sample.heap_job_manager.map(signed))
    .bind(sample.heap_task_managers.map(signed))
    .bind(sample.restarts.map(signed))
    .execute(connection)
    .await?;
    Ok(())
}

const SPARKLINES: &str = "select cluster, (at - $1) / 60000000 as point, cast(avg(records_in_milli) as bigint) \
    from sample where at >= $1 and records_in_milli is not null and cluster in (\
    $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, \
    $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, \
    $48, $49, $50, $51) group by cluster, (at - $1) / 60000000";
