//! Table `figure`: the newest figures of each cluster, which the grid shows and sorts by. Written by the sampler.

use domain::id::ClusterId;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

use super::value::{from_milli, large, micros, milli, signed, small, time};
use super::{Store, StoreError};

/// The newest figures of a cluster.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// When they were measured.
    pub at: Timestamp,
    /// The run that they are of.
    pub run: u32,
    /// Highest parallelism of the job's operators.
    pub parallelism: u32,
    /// Restarts of this run.
    pub restarts: u32,
    /// When the last checkpoint was complete.
    pub checkpoint_at: Option<Timestamp>,
    /// How long it took.
    pub checkpoint_ms: Option<u64>,
    /// Its size in bytes.
    pub checkpoint_size: Option<u64>,
    /// Records per second.
    pub records_in: Option<f64>,
}

#[derive(FromRow)]
struct Row {
    at: i64,
    run: i64,
    parallelism: i64,
    restarts: i64,
    checkpoint_at: i64,
    checkpoint_ms: Option<i64>,
    checkpoint_size: Option<i64>,
    records_in_milli: Option<i64>,
}

impl Store {
    /// A cluster's newest figures; zeros if nothing was measured yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn figures(&self, cluster: ClusterId) -> Result<Figures, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "select at, run, parallelism, restarts, checkpoint_at, checkpoint_ms, checkpoint_size, records_in_milli \
             from figure where cluster = $1",
        )
        .bind(cluster.to_string())
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        Ok(row.map_or_else(Figures::default, |row| Figures {
            at: time(row.at),
            run: small(row.run),
            parallelism: small(row.parallelism),
            restarts: small(row.restarts),
            checkpoint_at: (row.checkpoint_at > 0).then(|| time(row.checkpoint_at)),
            checkpoint_ms: row.checkpoint_ms.map(large),
            checkpoint_size: row.checkpoint_size.map(large),
            records_in: row.records_in_milli.map(from_milli),
        }))
    }
}

/// Keeps a cluster's newest figures.
pub(super) async fn update(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    figures: &Figures,
) -> Result<(), StoreError> {
    sqlx::query(
        "update figure set at = $2, run = $3, parallelism = $4, restarts = $5, checkpoint_at = $6, \
         checkpoint_ms = $7, checkpoint_size = $8, records_in_milli = $9 where cluster = $1",
    )
    .bind(cluster.to_string())
    .bind(micros(figures.at))
    .bind(i64::from(figures.run))
    .bind(i64::from(figures.parallelism))
    .bind(i64::from(figures.restarts))
    .bind(figures.checkpoint_at.map_or(0, micros))
    .bind(figures.checkpoint_ms.map(signed))
    .bind(figures.checkpoint_size.map(signed))
    .bind(figures.records_in.map(milli))
    .execute(connection)
    .await?;
    Ok(())
}

/// A cluster's first figures: zeros, so that the grid finds a row.
pub(super) async fn insert_first(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into figure (cluster, at, run, parallelism, restarts, checkpoint_at) values ($1, $2, 0, 0, 0, 0)",
    )
    .bind(cluster.to_string())
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(())
}

pub(super) async fn delete(connection: &mut AnyConnection, cluster: ClusterId) -> Result<(), StoreError> {
    sqlx::query("delete from figure where cluster = $1")
        .bind(cluster.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
