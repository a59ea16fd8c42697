//! Table `snapshot`: savepoints and retained checkpoints. Written by the reconciler; a command records that one is to be
//! deleted. From then on nothing starts from it: both meet at its row, which each writes before it looks.

use domain::address::Address;
use domain::event::Event;
use domain::id::{ClusterId, EventId, SnapshotId};
use domain::policy::Permission;
use domain::snapshot::{SavepointFormat, SnapshotKind, SnapshotOrigin};
use domain::view::SnapshotView;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};
use uuid::Uuid;

use super::audit::{self, Audit};
use super::event::{self, NewEvent};
use super::needed;
use super::value::{id, large, micros, readable, signed, small, time};
use super::{Permit, Store, StoreError};

/// A snapshot that was seen complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSnapshot {
    /// Savepoint or checkpoint.
    pub kind: SnapshotKind,
    /// Its address.
    pub path: String,
    /// Bytes; none if not known.
    pub size: Option<u64>,
    /// Which run it is of.
    pub run: u32,
    /// When it was complete; now, if nobody knows better.
    pub at: Option<Timestamp>,
    /// What it was taken for.
    pub origin: SnapshotOrigin,
    /// Who asked for it; empty if nobody did.
    pub actor: String,
    /// How it is written.
    pub format: SavepointFormat,
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
    native: i64,
}

impl Row {
    fn view(self) -> Result<SnapshotView, StoreError> {
        Ok(SnapshotView {
            id: id("snapshot.id", &self.id)?,
            kind: SnapshotKind::named(&self.kind)
                .ok_or_else(|| StoreError::Corrupt("snapshot.kind is none".to_owned()))?,
            path: self.path,
            at: time(self.at),
            size: self.size.map(large),
            run: small(self.run),
            revision: small(self.revision.unwrap_or(0)),
            line: small(self.line.unwrap_or(self.run)),
            missing: None,
            origin: SnapshotOrigin::named(&self.why)
                .ok_or_else(|| StoreError::Corrupt("snapshot.why is none".to_owned()))?,
            actor: self.actor_name,
            native: self.native == 1,
        })
    }
}

impl Store {
    /// A cluster's snapshots, newest first; without those that are being deleted.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshots(&self, cluster: ClusterId) -> Result<Vec<SnapshotView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select s.id, s.kind, s.path, s.at, s.size, s.run, s.why, s.actor_name, s.native, r.revision, r.line \
             from snapshot s left join run r on r.cluster = s.cluster and r.run = s.run where s.cluster = $1 \
             and s.deleting is null order by s.at desc, s.id desc",
        )
        .bind(cluster.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, Row::view)
    }

    /// A cluster's snapshots that are being deleted, oldest first: their paths, and why the files of each are still
    /// there, if that is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn doomed_of(&self, cluster: ClusterId) -> Result<Vec<(String, String)>, StoreError> {
        Ok(sqlx::query_as(
            "select path, coalesce(deleting_failed, '') from snapshot where cluster = $1 \
             and deleting is not null order by at, id",
        )
        .bind(cluster.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?)
    }

    /// Records that a snapshot is to be deleted, unless a cluster needs it; with audit row and event.
    pub(crate) async fn doom_snapshot(
        &self,
        permit: &Permit,
        (cluster, name): (ClusterId, &str),
        snapshot: SnapshotId,
        now: Timestamp,
    ) -> Result<Deletion, StoreError> {
        permit.must(Permission::Run, |target| target.cluster() == Some(cluster))?;
        let actor = permit.actor();
        let mut tx = self.begin().await?;
        let doomed = sqlx::query(
            "update snapshot set deleting = $1, deleting_by = $2 where cluster = $3 and id = $4 \
             and deleting is null",
        )
        .bind(micros(now))
        .bind(&actor.name)
        .bind(cluster.to_string())
        .bind(snapshot.to_string())
        .execute(&mut *tx)
        .await?;
        let found: Option<(String,)> =
            sqlx::query_as("select path from snapshot where cluster = $1 and id = $2")
                .bind(cluster.to_string())
                .bind(snapshot.to_string())
                .fetch_optional(&mut *tx)
                .await?;
        let Some((path,)) = found else { return Ok(Deletion::NotThere) };
        if doomed.rows_affected() == 0 {
            return Ok(Deletion::UnderWay);
        }
        if let Some(why) = needed::kept_from(&mut tx, cluster, &path).await? {
            tx.roll_back().await?;
            return Ok(Deletion::Needed(why));
        }
        let entry = Audit {
            actor,
            action: "snapshot/DELETE".to_owned(),
            target: snapshot.to_string(),
            before: path.clone(),
            after: String::new(),
        };
        audit::insert(&mut tx, &entry, now).await?;
        let what = Event::SavepointDeletionAsked { path, by: actor.name.clone() };
        let event = NewEvent { actor: actor.name.clone(), ..NewEvent::of(cluster, name, what) };
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(Deletion::Recorded(last))
    }

    /// What is to be deleted and is not to rest any longer.
    pub(crate) async fn doomed(&self, now: Timestamp) -> Result<Vec<Doomed>, StoreError> {
        let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
            "select n.id, n.cluster, c.name, n.path, coalesce(n.deleting_by, '') from snapshot n \
             join cluster c on c.id = n.cluster where n.deleting <= $1 order by n.deleting",
        )
        .bind(micros(now))
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, |(snapshot, cluster, cluster_name, path, actor)| {
            let cluster = id("snapshot.cluster", &cluster)?;
            Ok(Doomed { id: id("snapshot.id", &snapshot)?, cluster, cluster_name, path, actor })
        })
    }

    /// Forgets a snapshot whose files are gone, with its event; none if it was forgotten before.
    pub(crate) async fn forget_snapshot(
        &self,
        doomed: &Doomed,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin().await?;
        let gone = sqlx::query("delete from snapshot where id = $1 and deleting is not null")
            .bind(doomed.id.to_string())
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            tx.roll_back().await?;
            return Ok(None);
        }
        let what = Event::SavepointDeleted { path: doomed.path.clone(), by: doomed.actor.clone() };
        let event = NewEvent {
            actor: doomed.actor.clone(),
            ..NewEvent::of(doomed.cluster, &doomed.cluster_name, what)
        };
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }

    /// Keeps why a snapshot's files are still there, and when to try again; with an event if that is news.
    pub(crate) async fn deletion_failed(
        &self,
        doomed: &Doomed,
        why: &str,
        again: Timestamp,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin().await?;
        let news = sqlx::query(
            "update snapshot set deleting_failed = $1 where id = $2 and coalesce(deleting_failed, '') <> $1",
        )
        .bind(why)
        .bind(doomed.id.to_string())
        .execute(&mut *tx)
        .await?;
        sqlx::query("update snapshot set deleting = $1 where id = $2 and deleting is not null")
            .bind(micros(again))
            .bind(doomed.id.to_string())
            .execute(&mut *tx)
            .await?;
        let what = Event::SavepointDeletionFailed { path: doomed.path.clone(), why: why.to_owned() };
        let event = NewEvent::of(doomed.cluster, &doomed.cluster_name, what);
        let events = if news.rows_affected() > 0 { vec![event] } else { Vec::new() };
        let last = event::append(&mut tx, &events, now).await?;
        tx.commit().await?;
        Ok(last)
    }
}

/// A snapshot that is to be deleted.
#[derive(Clone, Debug)]
pub(crate) struct Doomed {
    id: SnapshotId,
    pub(crate) cluster: ClusterId,
    cluster_name: String,
    pub(crate) path: String,
    actor: String,
}

/// What became of the wish to delete a snapshot.
#[derive(Debug)]
pub(crate) enum Deletion {
    /// It is recorded.
    Recorded(Option<EventId>),
    /// It was recorded before.
    UnderWay,
    /// There is none.
    NotThere,
    /// It stays: the sentence says who needs it.
    Needed(String),
}

/// `Leaving` when a run is to start from what is being deleted. Whoever deletes it waits until this transaction has
/// ended, and then finds that it is needed.
pub(super) async fn must_stay(connection: &mut AnyConnection, from: Option<&str>) -> Result<(), StoreError> {
    let Some(from) = from else { return Ok(()) };
    // People write addresses in several ways; the rows have one.
    let path =
        Address::parse(from.trim_end_matches('/')).map_or_else(|_| from.to_owned(), |at| at.to_string());
    sqlx::query("update snapshot set deleting = deleting where path = $1")
        .bind(&path)
        .execute(&mut *connection)
        .await?;
    let leaving: Option<(String,)> = sqlx::query_as(
        "select c.name from snapshot n join cluster c on c.id = n.cluster where n.path = $1 \
         and n.deleting is not null limit 1",
    )
    .bind(&path)
    .fetch_optional(connection)
    .await?;
    match leaving {
        Some((cluster,)) => Err(StoreError::Leaving(format!(
            "{path}, a savepoint of {cluster}, is being deleted. Start from another state."
        ))),
        None => Ok(()),
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
        "insert into snapshot (id, cluster, kind, path, at, size, run, why, actor_name, native) \
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (cluster, path) do nothing",
    )
    .bind(Uuid::now_v7().to_string())
    .bind(cluster.to_string())
    .bind(new.kind.name())
    .bind(&new.path)
    .bind(micros(new.at.unwrap_or(now)))
    .bind(new.size.map(signed))
    .bind(i64::from(new.run))
    .bind(new.origin.name())
    .bind(&new.actor)
    .bind(i64::from(new.format == SavepointFormat::Native))
    .execute(connection)
    .await?;
    Ok(())
}

/// A deleted cluster's savepoints stay as files; its rows go with it, but for those whose files are still to go.
pub(super) async fn forget_all(connection: &mut AnyConnection, cluster: ClusterId) -> Result<(), StoreError> {
    sqlx::query("delete from snapshot where cluster = $1 and deleting is null")
        .bind(cluster.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
