//! Table `snapshot`: savepoints and retained checkpoints. Written by the reconciler; a command deletes.

use domain::id::{ClusterId, EventId, SnapshotId};
use domain::policy::Actor;
use domain::view::SnapshotView;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};
use uuid::Uuid;

use super::audit::{self, Audit};
use super::event::{self, NewEvent};
use super::value::{id, large, micros, readable, signed, small, time};
use super::{Store, StoreError};

/// A snapshot that was seen complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewSnapshot {
    /// `savepoint` or `checkpoint`.
    pub(crate) kind: &'static str,
    pub(crate) path: String,
    pub(crate) size: Option<u64>,
    pub(crate) run: u32,
    /// When it was complete; now, if nobody knows better.
    pub(crate) at: Option<Timestamp>,
    /// `stop`, `asked`, `update`; of a checkpoint: how its run ended.
    pub(crate) why: &'static str,
    pub(crate) actor: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    kind: String,
    path: String,
    at: i64,
    size: Option<i64>,
    run: i64,
    why: String,
    actor_name: String,
    revision: Option<i64>,
    line: Option<i64>,
}

impl Row {
    fn view(self) -> Result<SnapshotView, StoreError> {
        Ok(SnapshotView {
            id: id("snapshot.id", &self.id)?,
            kind: self.kind,
            path: self.path,
            at: time(self.at),
            size: self.size.map(large),
            run: small(self.run),
            revision: small(self.revision.unwrap_or(0)),
            line: small(self.line.unwrap_or(self.run)),
            missing: None,
            why: self.why,
            actor: self.actor_name,
        })
    }
}

impl Store {
    /// A cluster's snapshots, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshots(&self, cluster: ClusterId) -> Result<Vec<SnapshotView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select s.id, s.kind, s.path, s.at, s.size, s.run, s.why, s.actor_name, r.revision, r.line \
             from snapshot s left join run r on r.cluster = s.cluster and r.run = s.run where s.cluster = $1 \
             order by s.at desc, s.id desc",
        )
        .bind(cluster.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, Row::view)
    }

    /// Forgets a snapshot whose files are gone.
    pub(crate) async fn forget_snapshot(
        &self,
        cluster: ClusterId,
        snapshot: SnapshotId,
        actor: &Actor,
        event: NewEvent,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("delete from snapshot where cluster = $1 and id = $2")
            .bind(cluster.to_string())
            .bind(snapshot.to_string())
            .execute(&mut *tx)
            .await?;
        let entry = Audit {
            actor,
            action: "snapshot/DELETE".to_owned(),
            target: snapshot.to_string(),
            before: event.detail.clone(),
            after: String::new(),
        };
        audit::insert(&mut tx, &entry, now).await?;
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }
}

/// Written twice it counts once: the path tells.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    new: &NewSnapshot,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into snapshot (id, cluster, kind, path, at, size, run, why, actor_name) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (cluster, path) do nothing",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(cluster.to_string())
    .bind(new.kind)
    .bind(&new.path)
    .bind(micros(new.at.unwrap_or(now)))
    .bind(new.size.map(signed))
    .bind(i64::from(new.run))
    .bind(new.why)
    .bind(&new.actor)
    .execute(connection)
    .await?;
    Ok(())
}

/// A deleted cluster's savepoints stay as files; its rows go with it.
pub(super) async fn forget_all(connection: &mut AnyConnection, cluster: ClusterId) -> Result<(), StoreError> {
    sqlx::query("delete from snapshot where cluster = $1")
        .bind(cluster.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
