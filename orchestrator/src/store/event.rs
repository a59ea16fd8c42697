//! Table `event`: the history, append-only until it is old. Ids are numbers in the order of the commits. What happened is
//! data, and its sentences are [`domain::event`]'s; rows of earlier versions have no data but the sentences.

use domain::event::{Event, Sentence, Tone};
use domain::id::{ClusterId, EventId};
use domain::policy::Actor;
use domain::view::EventView;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

use super::sight::{Sight, seen_cluster};
use super::value::{from_json, id, micros, readable, time, to_json};
use super::{Store, StoreError};

/// An event that is about to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEvent {
    /// The cluster, if it is about one.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: String,
    /// What happened.
    pub what: Event,
    /// Who, if a person did it.
    pub actor: String,
}

impl NewEvent {
    /// An event of a cluster.
    pub(crate) fn of(cluster: ClusterId, name: &str, what: Event) -> Self {
        Self { cluster: Some(cluster), cluster_name: name.to_owned(), what, actor: String::new() }
    }

    /// An event of no cluster, done by a person.
    pub(crate) fn done_by(actor: &Actor, what: Event) -> Self {
        Self { cluster: None, cluster_name: String::new(), what, actor: actor.name.clone() }
    }
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
        let (kind, data) = stored(&event.what)?;
        let Sentence { tone, title, detail } = event.what.sentence();
        sqlx::query(
            "insert into event (id, at, cluster, cluster_name, kind, data, tone, title, detail, words, actor) \
             values ($1, $2, $3, $4, $5, $6, $7, '', '', $8, $9)",
        )
        .bind(id)
        .bind(micros(now))
        .bind(event.cluster.map(|cluster| cluster.to_string()))
        .bind(&event.cluster_name)
        .bind(kind)
        .bind(data)
        .bind(tone.name())
        .bind(format!("{title} {detail}"))
        .bind(&event.actor)
        .execute(&mut *connection)
        .await?;
    }
    Ok(Some(EventId(newest)))
}

/// The kind, for those who ask for one, and all of it.
fn stored(event: &Event) -> Result<(String, String), StoreError> {
    let data = to_json(event)?;
    #[derive(serde::Deserialize)]
    struct Tag {
        kind: String,
    }
    let Tag { kind } = from_json("event.data", &data)?;
    Ok((kind, data))
}

#[derive(FromRow)]
struct Row {
    id: i64,
    at: i64,
    cluster: Option<String>,
    cluster_name: String,
    data: Option<String>,
    tone: String,
    title: String,
    detail: String,
    actor: String,
}

impl Row {
    fn view(self) -> Result<EventView, StoreError> {
        let Sentence { tone, title, detail } = match &self.data {
            Some(data) => from_json::<Event>("event.data", data)?.sentence(),
            // Written before events were data.
            None => Sentence { tone: Tone::named(&self.tone), title: self.title, detail: self.detail },
        };
        Ok(EventView {
            id: EventId(self.id),
            at: time(self.at),
            cluster: self.cluster.as_deref().map(|text| id("event.cluster", text)).transpose()?,
            cluster_name: self.cluster_name,
            tone,
            title,
            detail,
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

    /// Events before a cursor, newest first, whose sentences, cluster or actor hold the text. What is of no cluster is
    /// for those who see everything.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn activity(
        &self,
        text: &str,
        before: Option<EventId>,
        (limit, sight): (i64, &Sight),
    ) -> Result<Vec<EventView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "select id, at, cluster, cluster_name, data, tone, title, detail, actor from event where id < $1 and ($2 = '' or lower(title) like $3 escape '\\' \
             or lower(cluster_name) like $3 escape '\\' or lower(actor) like $3 escape '\\' \
             or lower(detail) like $3 escape '\\' or lower(words) like $3 escape '\\') and ",
            seen_cluster!("cluster", "$5", "$6"),
            " order by id desc limit $4"
        ))
        .bind(before.map_or(i64::MAX, |id| id.0))
        .bind(text)
        .bind(super::value::pattern(text))
        .bind(limit)
        .bind(&sight.in_pools)
        .bind(&sight.in_clusters)
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
            sqlx::query_as("select id, at, cluster, cluster_name, data, tone, title, detail, actor from event where cluster = $1 order by id desc limit $2")
                .bind(cluster.to_string())
                .bind(limit)
                .fetch_all(&mut *self.reading().await?)
                .await?;
        views(rows)
    }

    /// What happened to a cluster between two times, both included, oldest first, up to a hundred.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events_between(
        &self,
        cluster: ClusterId,
        (from, until): (Timestamp, Timestamp),
    ) -> Result<Vec<EventView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, at, cluster, cluster_name, data, tone, title, detail, actor from event where cluster = $1 and at >= $2 and at <= $3 \
             order by id limit 100",
        )
        .bind(cluster.to_string())
        .bind(micros(from))
        .bind(micros(until))
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
            "select id, at, cluster, cluster_name, data, tone, title, detail, actor from event where cluster = $1 and at >= $2 and (tone = 'warn' or tone = 'bad') \
             order by id limit 500",
        )
        .bind(cluster.to_string())
        .bind(micros(from))
        .fetch_all(&mut *self.reading().await?)
        .await?;
        views(rows)
    }
}
