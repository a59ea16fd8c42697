//! Table `event`: the history, append-only until it is old. Ids are numbers in the order of the commits.

use domain::id::{ClusterId, EventId};
use domain::view::EventView;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

use super::value::{id, micros, readable, time};
use super::{Store, StoreError};

/// An event that is about to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewEvent {
    /// The cluster, if it is about one.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: String,
    /// `phase`, `operation`, `process`, `snapshot`, `storage`.
    pub kind: &'static str,
    /// `good`, `move`, `warn`, `bad`, `idle`.
    pub tone: &'static str,
    /// What happened.
    pub title: String,
    /// More about it.
    pub detail: String,
    /// Who, if a person did it.
    pub actor: String,
}

/// Appends events and gives the id of the last one. Call it last in a transaction: it makes others wait.
pub(super) async fn append(
    connection: &mut AnyConnection,
    events: &[NewEvent],
    now: Timestamp,
) -> Result<Option<EventId>, StoreError> {
    if events.is_empty() {
        return Ok(None);
    }
    let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
    let (newest,): (i64,) = sqlx::query_as("update event_order set n = n + $1 where id = 1 returning n")
        .bind(count)
        .fetch_one(&mut *connection)
        .await?;
    for (id, event) in (newest - count + 1..).zip(events) {
        sqlx::query(
            "insert into event (id, at, cluster, cluster_name, kind, tone, title, detail, actor) \
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(micros(now))
        .bind(event.cluster.map(|cluster| cluster.to_string()))
        .bind(&event.cluster_name)
        .bind(event.kind)
        .bind(event.tone)
        .bind(&event.title)
        .bind(&event.detail)
        .bind(&event.actor)
        .execute(&mut *connection)
        .await?;
    }
    Ok(Some(EventId(newest)))
}

#[derive(FromRow)]
struct Row {
    id: i64,
    at: i64,
    cluster: Option<String>,
    cluster_name: String,
    kind: String,
    tone: String,
    title: String,
    detail: String,
    actor: String,
}

impl Row {
    fn view(self) -> Result<EventView, StoreError> {
        Ok(EventView {
            id: EventId(self.id),
            at: time(self.at),
            cluster: self.cluster.as_deref().map(|text| id("event.cluster", text)).transpose()?,
            cluster_name: self.cluster_name,
            kind: self.kind,
            tone: self.tone,
            title: self.title,
            detail: self.detail,
            actor: self.actor,
        })
    }
}

fn views(rows: Vec<Row>) -> Result<Vec<EventView>, StoreError> {
    readable(rows, Row::view)
}

impl Store {
    /// How many transactions have written events: the number of the newest ones.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn newest(&self) -> Result<i64, StoreError> {
        let (n,): (i64,) = sqlx::query_as("select n from event_order where id = 1")
            .fetch_one(&mut *self.reading().await?)
            .await?;
        Ok(n)
    }

    /// Events before a cursor, newest first, whose title, cluster, detail or actor holds the text.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn activity(
        &self,
        text: &str,
        before: Option<EventId>,
        limit: i64,
    ) -> Result<Vec<EventView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select * from event where id < $1 and ($2 = '' or lower(title) like $3 escape '\\' \
             or lower(cluster_name) like $3 escape '\\' or lower(actor) like $3 escape '\\' \
             or lower(detail) like $3 escape '\\') order by id desc limit $4",
        )
        .bind(before.map_or(i64::MAX, |id| id.0))
        .bind(text)
        .bind(super::value::pattern(text))
        .bind(limit)
        .fetch_all(&mut *self.reading().await?)
        .await?;
        views(rows)
    }

    /// A cluster's events, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_of(&self, cluster: ClusterId, limit: i64) -> Result<Vec<EventView>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as("select * from event where cluster = $1 order by id desc limit $2")
                .bind(cluster.to_string())
                .bind(limit)
                .fetch_all(&mut *self.reading().await?)
                .await?;
        views(rows)
    }

    /// A cluster's warnings and failures since a time, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn warnings_of(
        &self,
        cluster: ClusterId,
        from: Timestamp,
    ) -> Result<Vec<EventView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select * from event where cluster = $1 and at >= $2 and (tone = 'warn' or tone = 'bad') \
             order by id limit 500",
        )
        .bind(cluster.to_string())
        .bind(micros(from))
        .fetch_all(&mut *self.reading().await?)
        .await?;
        views(rows)
    }
}
