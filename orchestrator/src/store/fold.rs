//! Table `sample_folded`: what was measured, coarser and for longer; and the forgetting of what is old in `sample`,
//! `event` and the logs of `run`. Written by the one task that does it (`retention.rs`).

use domain::id::ClusterId;
use jiff::Timestamp;

use super::value::{id, micros, readable, small};
use super::{Store, StoreError};

/// How long a span is into which measurements are folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// From the measurements themselves.
    Minute,
    /// From the minutes.
    Hour,
}

impl Span {
    /// Its length, microseconds.
    pub(crate) fn micros(self) -> i64 {
        match self {
            Span::Minute => 60_000_000,
            Span::Hour => 3_600_000_000,
        }
    }
}

/// Spans that are folded in one transaction: after a long time without a portal others must come to write in between.
const TOGETHER: i64 = 60;

impl Store {
    /// Folds what was measured before a time and is not folded yet. What is folded once stays as it is.
    ///
    /// # Errors
    /// When the database fails; what was folded until then stays.
    pub(crate) async fn fold(&self, span: Span, before: Timestamp) -> Result<(), StoreError> {
        let length = span.micros();
        let until = micros(before) - micros(before).rem_euclid(length);
        while let Some(from) = self.unfolded(span).await?.filter(|from| *from < until) {
            let to = until.min(from + TOGETHER * length);
            let fold = match span {
                Span::Minute => sqlx::query(MINUTES).bind(from).bind(to).bind(length),
                Span::Hour => sqlx::query(HOURS).bind(from).bind(to).bind(length).bind(Span::Minute.micros()),
            };
            self.write(fold).await?;
        }
        Ok(())
    }

    /// Where what is not folded yet begins; none if all is.
    async fn unfolded(&self, span: Span) -> Result<Option<i64>, StoreError> {
        let mut reading = self.reading().await?;
        let (folded,): (Option<i64>,) = sqlx::query_as("select max(at) from sample_folded where span = $1")
            .bind(span.micros())
            .fetch_one(&mut *reading)
            .await?;
        let from = folded.map_or(i64::MIN, |at| at + span.micros());
        let first = match span {
            Span::Minute => sqlx::query_as("select min(at) from sample where at >= $1").bind(from),
            Span::Hour => sqlx::query_as("select min(at) from sample_folded where at >= $1 and span = $2")
                .bind(from)
                .bind(Span::Minute.micros()),
        };
        let (first,): (Option<i64>,) = first.fetch_one(&mut *reading).await?;
        Ok(first.map(|at| at - at.rem_euclid(span.micros())))
    }

    /// Drops measurements that are older, as far as they are folded.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn prune_samples(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(
            sqlx::query(
                "delete from sample where at < $1 and at < (select coalesce(max(at) + $2, 0) from sample_folded \
                 where span = $2)",
            )
            .bind(micros(before))
            .bind(Span::Minute.micros()),
        )
        .await
    }

    /// Drops folded measurements that are older; minutes as far as they are folded into hours.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn prune_folded(&self, span: Span, before: Timestamp) -> Result<u64, StoreError> {
        self.write(
            sqlx::query(
                "delete from sample_folded where span = $1 and at < $2 and ($1 = $3 or at < (\
                 select coalesce(max(at) + $3, 0) from sample_folded where span = $3))",
            )
            .bind(span.micros())
            .bind(micros(before))
            .bind(Span::Hour.micros()),
        )
        .await
    }

    /// Drops events that are older.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn prune_events(&self, before: Timestamp) -> Result<u64, StoreError> {
        self.write(sqlx::query("delete from event where at < $1").bind(micros(before))).await
    }

    /// Runs that ended before a time and whose logs are still there, at most a hundred. The last run of a cluster that
    /// is not gone is not among them.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn runs_with_old_logs(
        &self,
        before: Timestamp,
    ) -> Result<Vec<(ClusterId, u32)>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select r.cluster, r.run from run r where r.ended < $1 and r.logs_removed is null and (\
             exists (select 1 from run l where l.cluster = r.cluster and l.run > r.run) \
             or not exists (select 1 from status s where s.cluster = r.cluster)) \
             order by r.cluster, r.run limit 100",
        )
        .bind(micros(before))
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, |(cluster, run)| Ok((id("run.cluster", &cluster)?, small(run))))
    }

    /// The logs of a run are gone.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn logs_removed(
        &self,
        cluster: ClusterId,
        run: u32,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let removed = sqlx::query("update run set logs_removed = $1 where cluster = $2 and run = $3")
            .bind(micros(now))
            .bind(cluster.to_string())
            .bind(i64::from(run));
        self.write(removed).await.map(drop)
    }
}

/// The columns of a fold: averages, and the highest of what only grows or is an event of its own.
macro_rules! folded {
    ($from:literal) => {
        concat!(
            "insert into sample_folded (cluster, span, at, records_in_milli, records_out_milli, checkpoint_ms, ",
            "checkpoint_size, busy, idle, backpressured, heap_job_manager, heap_task_managers, restarts) ",
            "select cluster, cast($3 as bigint), at - at % $3, cast(avg(records_in_milli) as bigint), ",
            "cast(avg(records_out_milli) as bigint), max(checkpoint_ms), max(checkpoint_size), ",
            "cast(avg(busy) as bigint), cast(avg(idle) as bigint), cast(avg(backpressured) as bigint), ",
            "cast(avg(heap_job_manager) as bigint), cast(avg(heap_task_managers) as bigint), max(restarts) from ",
            $from,
            " at >= $1 and at < $2 group by cluster, at - at % $3 on conflict (cluster, span, at) do nothing"
        )
    };
}

const MINUTES: &str = folded!("sample where");
const HOURS: &str = folded!("sample_folded where span = $4 and");
