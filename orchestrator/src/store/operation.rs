//! Table `operation`: what somebody asked for. Commands write it, the reconciler keeps its steps and finishes it.

use domain::action::Action;
use domain::id::{ClusterId, OperationId, PoolId};
use domain::lifecycle::{Intent, StepKey, steps_to_come};
use domain::operation::OperationEnd;
use domain::policy::Actor;
use domain::reason::Reason;
use domain::view::{OperationView, StepView};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sqlx::{AnyConnection, FromRow};

use super::sight::{Sight, seen_cluster};
use super::value::{from_json, id, large, micros, readable, time, to_json};
use super::{Store, StoreError, taken};

/// An operation that is about to be.
#[derive(Clone, Debug)]
pub(crate) struct NewOperation<'a> {
    pub(crate) cluster: ClusterId,
    pub(crate) action: Action,
    pub(crate) actor: &'a Actor,
    pub(crate) key: Option<&'a str>,
    pub(crate) intent: &'a Intent,
}

/// A step as it is recorded. Those to come are not: [`steps_to_come`] knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StepRecord {
    pub(crate) key: StepKey,
    pub(crate) name: String,
    pub(crate) detail: String,
    pub(crate) started: Timestamp,
    pub(crate) ended: Option<Timestamp>,
    pub(crate) failed: bool,
}

impl StepRecord {
    pub(crate) fn begun(key: StepKey, now: Timestamp) -> Self {
        let name = key.word().to_owned();
        Self { key, name, detail: String::new(), started: now, ended: None, failed: false }
    }

    /// A step that is done is called by what it did; one that failed by what it was at.
    pub(crate) fn closed(self, failed: bool, now: Timestamp) -> Self {
        let name = if failed { self.name } else { self.key.done().to_owned() };
        Self { name, ended: Some(now), failed, ..self }
    }

    fn view(self) -> StepView {
        StepView {
            name: self.name,
            detail: self.detail,
            started: Some(self.started),
            ended: self.ended,
            failed: self.failed,
        }
    }
}

/// An operation with its steps as they are recorded.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) id: OperationId,
    pub(crate) action: Action,
    pub(crate) actor: String,
    pub(crate) steps: Vec<StepRecord>,
    /// Time without a running job, once it is known.
    pub(crate) downtime: Option<SignedDuration>,
}

/// An operation by its idempotency key, and what it was asked of.
#[derive(Clone, Debug)]
pub(crate) struct KeyedOperation {
    pub(crate) operation: OperationId,
    pub(crate) cluster: ClusterId,
    pub(crate) action: Action,
    /// The cluster's pool, with its name.
    pub(crate) pool: (PoolId, String),
    /// The cluster's name.
    pub(crate) name: String,
}

#[derive(FromRow)]
struct Row {
    id: String,
    cluster: String,
    cluster_name: String,
    action: String,
    actor_name: String,
    intent: Option<String>,
    arguments: String,
    asked: i64,
    ended: Option<i64>,
    steps: String,
    succeeded: Option<i64>,
    outcome: Option<String>,
    message: String,
    reason: Option<String>,
    downtime_ms: Option<i64>,
}

impl Row {
    fn end(&self) -> Option<OperationEnd> {
        self.outcome.as_deref().and_then(|end| from_json("operation.outcome", end).ok())
    }

    /// Its end in one line, and why it failed. What ended before ends were data has both as they were written.
    fn told(&self, action: Action, end: Option<&OperationEnd>) -> (String, Option<Reason>) {
        match end {
            Some(end) => (end.line(action), end.reason(action)),
            None => {
                let reason = self.reason.as_deref();
                (self.message.clone(), reason.and_then(|reason| from_json("operation.reason", reason).ok()))
            }
        }
    }

    fn view(self) -> Result<OperationView, StoreError> {
        let action = action("operation.action", &self.action)?;
        let end = self.end();
        let intent = self.intent.as_deref();
        let intent = intent.and_then(|intent| from_json::<Intent>("operation.intent", intent).ok());
        // What was asked before it was data has the words that were written then.
        let arguments = match &intent {
            Some(intent) => intent.facts(),
            None => from_json("operation.arguments", &self.arguments).unwrap_or_default(),
        };
        let (message, reason) = self.told(action, end.as_ref());
        // A history with a hole in it is worth more than none.
        let records: Vec<StepRecord> = from_json("operation.steps", &self.steps).unwrap_or_default();
        let keys: Vec<StepKey> = records.iter().map(|record| record.key).collect();
        let mut steps: Vec<StepView> = records.into_iter().map(StepRecord::view).collect();
        if self.ended.is_none() {
            steps.extend(steps_to_come(action, &keys).iter().map(|key| to_come(*key)));
        }
        Ok(OperationView {
            id: id("operation.id", &self.id)?,
            cluster: id("operation.cluster", &self.cluster)?,
            cluster_name: self.cluster_name,
            action,
            actor: self.actor_name,
            asked: time(self.asked),
            ended: self.ended.map(time),
            intent,
            arguments,
            steps,
            end,
            succeeded: self.succeeded.map(|one| one == 1),
            message,
            reason,
            usually_ms: None,
            downtime_ms: self.downtime_ms.map(large),
            savepoint: None,
            savepoint_at: None,
            happened: Vec::new(),
        })
    }
}

fn to_come(key: StepKey) -> StepView {
    StepView { name: key.word().to_owned(), detail: String::new(), started: None, ended: None, failed: false }
}

pub(crate) fn action(column: &'static str, name: &str) -> Result<Action, StoreError> {
    Action::named(name).ok_or_else(|| StoreError::Corrupt(format!("{column} is no action")))
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "select o.id, o.cluster, c.name as cluster_name, o.action, o.actor_name, o.intent, o.arguments, o.asked, \
             o.ended, o.steps, o.succeeded, o.outcome, o.message, o.reason, o.downtime_ms \
             from operation o join cluster c on c.id = o.cluster ",
            $tail
        )
    };
}

const NEWEST: &str = concat!(
    select!("where "),
    seen_cluster!("o.cluster", "$2", "$3"),
    " order by o.asked desc, o.id desc limit $1"
);

impl Store {
    /// One operation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn operation(&self, id: OperationId) -> Result<Option<OperationView>, StoreError> {
        let row: Option<Row> = sqlx::query_as(select!("where o.id = $1"))
            .bind(id.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        row.map(Row::view).transpose()
    }

    /// An operation with its steps as they are recorded.
    pub(crate) async fn recorded(&self, operation: OperationId) -> Result<Option<Recorded>, StoreError> {
        let row: Option<(String, String, String, Option<i64>)> =
            sqlx::query_as("select action, actor_name, steps, downtime_ms from operation where id = $1")
                .bind(operation.to_string())
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        row.map(|(name, actor, steps, downtime)| {
            Ok(Recorded {
                id: operation,
                action: action("operation.action", &name)?,
                actor,
                steps: from_json("operation.steps", &steps)?,
                downtime: downtime.map(SignedDuration::from_millis),
            })
        })
        .transpose()
    }

    /// The operation that this person asked for with this key.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn operation_by_key(
        &self,
        actor: &Actor,
        key: &str,
    ) -> Result<Option<KeyedOperation>, StoreError> {
        let row: Option<(String, String, String, String, String, String)> = sqlx::query_as(
            "select o.id, o.cluster, o.action, p.id, p.name, c.name from operation o join cluster c on c.id = o.cluster \
             join pool p on p.id = c.pool where o.actor = $1 and o.idempotency_key = $2",
        )
        .bind(actor.id.to_string())
        .bind(key)
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        row.map(|(operation, cluster, word, pool, pool_name, name)| {
            Ok(KeyedOperation {
                operation: id("operation.id", &operation)?,
                cluster: id("operation.cluster", &cluster)?,
                action: action("operation.action", &word)?,
                pool: (id("pool.id", &pool)?, pool_name),
                name,
            })
        })
        .transpose()
    }

    /// A cluster's operations, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn operations_of(
        &self,
        cluster: ClusterId,
        limit: i64,
    ) -> Result<Vec<OperationView>, StoreError> {
        let rows: Vec<Row> =
            sqlx::query_as(select!("where o.cluster = $1 order by o.asked desc, o.id desc limit $2"))
                .bind(cluster.to_string())
                .bind(limit)
                .fetch_all(&mut *self.reading().await?)
                .await?;
        readable(rows, Row::view)
    }

    /// The newest operations of all clusters that are seen.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn newest_operations(
        &self,
        limit: i64,
        sight: &Sight,
    ) -> Result<Vec<OperationView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(NEWEST)
            .bind(limit)
            .bind(&sight.in_pools)
            .bind(&sight.in_clusters)
            .fetch_all(&mut *self.reading().await?)
            .await?;
        readable(rows, Row::view)
    }

    /// How long the action took the last time it succeeded: on this cluster, or else anywhere. Milliseconds.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn usually_ms(&self, cluster: ClusterId, action: Action) -> Result<Option<u64>, StoreError> {
        let row: Option<(i64,)> = sqlx::query_as(
            "select ended - asked from operation where action = $1 and succeeded = 1 \
             order by case when cluster = $2 then 0 else 1 end, asked desc limit 1",
        )
        .bind(action.name())
        .bind(cluster.to_string())
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        Ok(row.map(|(micros,)| large(micros / 1000)))
    }

    /// Downtimes of a cluster's updates that succeeded, ms, oldest first, at most the last twenty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn downtimes(&self, cluster: ClusterId) -> Result<Vec<u64>, StoreError> {
        let rows: Vec<(i64,)> = sqlx::query_as(
            "select downtime_ms from operation where cluster = $1 and downtime_ms is not null and succeeded = 1 \
             order by asked desc limit 20",
        )
        .bind(cluster.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        Ok(rows.into_iter().rev().map(|(ms,)| large(ms)).collect())
    }
}

/// `Taken("idempotency key")` when the same request came twice at once.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    new: &NewOperation<'_>,
    steps: &[StepRecord],
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into operation (id, cluster, action, actor, actor_name, idempotency_key, intent, arguments, asked, \
         steps, message) values ($1, $2, $3, $4, $5, $6, $7, '{}', $8, $9, '')",
    )
    .bind(new.intent.operation.to_string())
    .bind(new.cluster.to_string())
    .bind(new.action.name())
    .bind(new.actor.id.to_string())
    .bind(&new.actor.name)
    .bind(new.key.map(str::to_owned))
    .bind(to_json(new.intent)?)
    .bind(micros(now))
    .bind(to_json(&steps)?)
    .execute(connection)
    .await
    .map_err(taken("idempotency key"))?;
    Ok(())
}

pub(super) async fn set_steps(
    connection: &mut AnyConnection,
    operation: OperationId,
    steps: &[StepRecord],
) -> Result<(), StoreError> {
    sqlx::query("update operation set steps = $1 where id = $2 and ended is null")
        .bind(to_json(&steps)?)
        .bind(operation.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// Keeps the time without a running job: that of the update itself, not of going back.
pub(super) async fn set_downtime(
    connection: &mut AnyConnection,
    operation: OperationId,
    downtime: SignedDuration,
) -> Result<(), StoreError> {
    sqlx::query("update operation set downtime_ms = $1 where id = $2 and downtime_ms is null")
        .bind(i64::try_from(downtime.as_millis()).unwrap_or(i64::MAX))
        .bind(operation.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// Finishes an operation once; a second end of the same one changes nothing.
pub(super) async fn finish(
    connection: &mut AnyConnection,
    operation: OperationId,
    end: &OperationEnd,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "update operation set ended = $1, succeeded = $2, outcome = $3 where id = $4 and ended is null",
    )
    .bind(micros(now))
    .bind(i64::from(end.succeeded()))
    .bind(to_json(end)?)
    .bind(operation.to_string())
    .execute(connection)
    .await?;
    Ok(())
}
