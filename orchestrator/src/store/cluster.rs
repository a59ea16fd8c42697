//! Table `cluster`: identity and intent, written by commands.
//!
//! One exception: the reconciler sets `deleted` when nothing of the cluster is left.

use domain::action::Action;
use domain::id::{ClusterId, PoolId};
use domain::lifecycle::Intent;
use domain::spec::Capacity;
use jiff::Timestamp;
use sqlx::{AnyConnection, FromRow};

use super::operation::action;
use super::value::{from_json, id, micros, signed, small, time, to_json};
use super::{Store, StoreError, taken};

/// What stands in a cluster's row.
#[derive(Clone, Debug)]
pub struct Cluster {
    /// Its id.
    pub id: ClusterId,
    /// Its pool.
    pub pool: PoolId,
    /// Its name.
    pub name: String,
    /// The id of the subnet in which its runs listen.
    pub subnet: String,
    /// Who created it.
    pub owner_name: String,
    /// The newest revision. What runs may be an older one: [`super::status::ClusterRecord::revision`].
    pub revision: u32,
    /// What was asked last.
    pub intent: Intent,
    /// The action that was asked last.
    pub action: Action,
    /// Counts what was asked.
    pub generation: i64,
    /// For compare-and-swap.
    pub version: i64,
    /// When it was created.
    pub created: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: String,
    pool: String,
    name: String,
    subnet: Option<String>,
    owner_name: String,
    revision: i64,
    intent: String,
    action: String,
    generation: i64,
    version: i64,
    created: i64,
}

impl Row {
    fn cluster(self) -> Result<Cluster, StoreError> {
        Ok(Cluster {
            id: id("cluster.id", &self.id)?,
            pool: id("cluster.pool", &self.pool)?,
            revision: small(self.revision),
            intent: from_json("cluster.intent", &self.intent)?,
            action: action("cluster.action", &self.action)?,
            generation: self.generation,
            version: self.version,
            created: time(self.created),
            // Every pool's first subnet was called by its id.
            subnet: self.subnet.unwrap_or(self.pool),
            name: self.name,
            owner_name: self.owner_name,
        })
    }
}

/// A cluster that is about to be.
#[derive(Clone, Debug)]
pub(crate) struct NewCluster<'a> {
    pub(crate) id: ClusterId,
    pub(crate) pool: PoolId,
    pub(crate) name: &'a str,
    pub(crate) subnet: String,
    pub(crate) owner: String,
    pub(crate) owner_name: &'a str,
    /// What its first launch needs.
    pub(crate) needs: Capacity,
    pub(crate) intent: &'a Intent,
    pub(crate) action: Action,
}

impl Store {
    /// A cluster that is not gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cluster(&self, id: ClusterId) -> Result<Option<Cluster>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "select id, pool, name, subnet, owner_name, revision, intent, action, generation, version, created \
             from cluster where id = $1 and deleted is null",
        )
        .bind(id.to_string())
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        row.map(Row::cluster).transpose()
    }

    /// The cluster of that name in that pool.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cluster_named(&self, pool: PoolId, name: &str) -> Result<Option<ClusterId>, StoreError> {
        let row: Option<(String,)> =
            sqlx::query_as("select id from cluster where pool = $1 and name = $2 and deleted is null")
                .bind(pool.to_string())
                .bind(name)
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        row.map(|(text,)| id("cluster.id", &text)).transpose()
    }

    /// The name of a cluster that is not gone.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn cluster_name(&self, id: ClusterId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> =
            sqlx::query_as("select name from cluster where id = $1 and deleted is null")
                .bind(id.to_string())
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        Ok(row.map(|(name,)| name))
    }

    /// Every cluster that ever had a row: histories outlive clusters.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cluster_name_ever(&self, id: ClusterId) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("select name from cluster where id = $1")
            .bind(id.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        Ok(row.map(|(name,)| name))
    }

    /// How many of these clusters ever had a row.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn knows(&self, clusters: &[ClusterId]) -> Result<usize, StoreError> {
        let mut known = 0;
        for cluster in clusters {
            known += usize::from(self.cluster_name_ever(*cluster).await?.is_some());
        }
        Ok(known)
    }
}

/// `Taken("name")` when somebody was faster.
pub(super) async fn insert(
    connection: &mut AnyConnection,
    new: &NewCluster<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into cluster (id, pool, name, owner, owner_name, reserved_cpu_milli, reserved_memory_mb, \
         revision, intent, operation, action, generation, version, created, subnet) \
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, $9, $10, 1, 1, $11, $12)",
    )
    .bind(new.id.to_string())
    .bind(new.pool.to_string())
    .bind(new.name)
    .bind(&new.owner)
    .bind(new.owner_name)
    .bind(signed(new.needs.cpu_milli))
    .bind(signed(new.needs.memory_mb))
    .bind(to_json(new.intent)?)
    .bind(new.intent.operation.to_string())
    .bind(new.action.name())
    .bind(micros(now))
    .bind(&new.subnet)
    .execute(connection)
    .await
    .map_err(taken("name"))?;
    Ok(())
}

/// What an action writes into the row.
pub(crate) struct NewIntent<'a> {
    pub(crate) intent: &'a Intent,
    pub(crate) action: Action,
    pub(crate) revision: u32,
    /// What it needs room for; none if it launches nothing.
    pub(crate) reserved: Option<Capacity>,
}

/// The compare-and-swap of every action: `Stale` when the row is not what the caller decided upon.
pub(super) async fn set_intent(
    connection: &mut AnyConnection,
    cluster: &Cluster,
    new: &NewIntent<'_>,
) -> Result<(), StoreError> {
    let done = sqlx::query(
        "update cluster set intent = $1, operation = $2, action = $3, revision = $4, \
         reserved_cpu_milli = $5, reserved_memory_mb = $6, generation = generation + 1, version = version + 1 \
         where id = $7 and version = $8 and deleted is null",
    )
    .bind(to_json(new.intent)?)
    .bind(new.intent.operation.to_string())
    .bind(new.action.name())
    .bind(i64::from(new.revision))
    .bind(new.reserved.map(|reserved| signed(reserved.cpu_milli)))
    .bind(new.reserved.map(|reserved| signed(reserved.memory_mb)))
    .bind(cluster.id.to_string())
    .bind(cluster.version)
    .execute(connection)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Gives the name back.
pub(super) async fn gone(
    connection: &mut AnyConnection,
    cluster: ClusterId,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("update cluster set deleted = $1 where id = $2")
        .bind(micros(now))
        .bind(cluster.to_string())
        .execute(connection)
        .await?;
    Ok(())
}
