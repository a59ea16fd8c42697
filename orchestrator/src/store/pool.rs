//! Tables `pool`, `node_size` and `cluster_version`: where clusters are created, and what is on offer there.

use domain::id::{ClusterId, PoolId};
use domain::offer::{NodeSize, Version};
use domain::pool::PoolPath;
use domain::spec::Capacity;
use domain::view::PoolName;
use jiff::Timestamp;
use sqlx::{Any, AnyConnection, Executor, FromRow};

use super::value::{capacity, from_json, from_milli, id, micros, milli, readable, signed, small};
use super::{Store, StoreError};

/// A cluster pool.
#[derive(Clone, Debug, PartialEq)]
pub struct Pool {
    /// Its id.
    pub id: PoolId,
    /// Its name, with those of what it lies in.
    pub path: PoolPath,
    /// Where it is.
    pub region: String,
    /// The pool version.
    pub version: String,
    /// What runs its clusters.
    pub provider: String,
    /// The range of its clusters' addresses: `127.4.0.0/24`.
    pub subnet: String,
    /// What its clusters may ask for together.
    pub has: Capacity,
    /// Folders that its jobs may read, beside their own: absolute paths.
    pub readable: Vec<String>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    subscription: String,
    resource_group: String,
    region: String,
    version: String,
    provider: String,
    subnet: String,
    cpu_milli: i64,
    memory_mb: i64,
    readable: String,
}

impl Row {
    fn pool(self) -> Result<Pool, StoreError> {
        Ok(Pool {
            id: id("pool.id", &self.id)?,
            path: PoolPath::of(&self.subscription, &self.resource_group, &self.name),
            region: self.region,
            version: self.version,
            provider: self.provider,
            subnet: self.subnet,
            has: capacity((self.cpu_milli, self.memory_mb)),
            readable: from_json("pool.readable", &self.readable)?,
        })
    }
}

impl Store {
    /// Every pool, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pools(&self) -> Result<Vec<Pool>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select p.id, p.name, s.name as subscription, g.name as resource_group, p.region, p.version, p.provider, \
             p.subnet, p.cpu_milli, p.memory_mb, p.readable from pool p join resource_group g on g.id = p.resource_group \
             join subscription s on s.id = g.subscription order by p.name, s.name, g.name",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, Row::pool)
    }

    /// Every pool by name, with how many clusters it has.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn pool_names(&self) -> Result<Vec<PoolName>, StoreError> {
        let rows: Vec<(String, String, String, String, String, i64)> = sqlx::query_as(
            "select p.id, o.name, g.name, p.name, p.region, cast(count(s.cluster) as bigint) from pool p \
             join resource_group g on g.id = p.resource_group join subscription o on o.id = g.subscription \
             left join status s on s.pool = p.id group by p.id, o.name, g.name, p.name, p.region \
             order by p.name, o.name, g.name",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        readable(rows, |(pool, subscription, group, name, region, clusters)| {
            let path = PoolPath::of(&subscription, &group, &name);
            Ok(PoolName { id: id("pool.id", &pool)?, path, region, clusters: small(clusters) })
        })
    }

    /// The pool of that id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn pool(&self, id: PoolId) -> Result<Pool, StoreError> {
        let found = self.pools().await?.into_iter().find(|pool| pool.id == id);
        found.ok_or_else(|| StoreError::Corrupt(format!("cluster.pool names {id}, which is none")))
    }

    /// The node sizes of a pool, smallest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn node_sizes(&self, pool: PoolId) -> Result<Vec<NodeSize>, StoreError> {
        let rows: Vec<(String, i64, i64, Option<i64>)> = sqlx::query_as(
            "select name, cpu_milli, memory_mb, price_milli from node_size where pool = $1 \
             order by cpu_milli, memory_mb, name",
        )
        .bind(pool.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        Ok(rows
            .into_iter()
            .map(|(name, cpu, memory, price)| NodeSize {
                name,
                cpu: from_milli(cpu),
                memory_mb: small(memory),
                price: price.map(from_milli),
            })
            .collect())
    }

    /// The cluster versions of a pool, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions(&self, pool: PoolId) -> Result<Vec<Version>, StoreError> {
        let mut rows: Vec<(String, String, i64)> = sqlx::query_as(
            "select version, flink, java from cluster_version where pool = $1 order by version",
        )
        .bind(pool.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        // As numbers: 1.2.10 is newer than 1.2.9.
        let parts =
            |version: &str| version.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
        rows.sort_by_key(|(version, ..)| std::cmp::Reverse(parts(version)));
        Ok(rows
            .into_iter()
            .map(|(version, flink, java)| Version { version, flink, java: small(java) })
            .collect())
    }

    /// What the clusters of a pool hold.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn allocated(&self, pool: PoolId) -> Result<Capacity, StoreError> {
        allocated(&mut *self.reading().await?, pool).await
    }

    /// What one cluster holds now; nothing at rest.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn held_by(&self, cluster: ClusterId) -> Result<Capacity, StoreError> {
        held_by(&mut *self.reading().await?, cluster).await
    }
}

/// What clusters hold, in thousandths of cores and MB: what runs, or what an operation in progress has reserved, where
/// that is more. A run ends before the next one of its cluster begins, so both are never needed together.
macro_rules! held {
    ($which:literal) => {
        concat!(
            "select cast(coalesce(sum(case when h.reserved_cpu > h.cpu then h.reserved_cpu else h.cpu end), 0) as \
             bigint), cast(coalesce(sum(case when h.reserved_memory > h.memory then h.reserved_memory else h.memory \
             end), 0) as bigint) from (select s.cpu_milli as cpu, s.memory_mb as memory, \
             case when c.generation > s.completed_generation then coalesce(c.reserved_cpu_milli, 0) else 0 end \
             as reserved_cpu, \
             case when c.generation > s.completed_generation then coalesce(c.reserved_memory_mb, 0) else 0 end \
             as reserved_memory from status s join cluster c on c.id = s.cluster where ",
            $which,
            " = $1) h"
        )
    };
}

async fn allocated(rows: impl Executor<'_, Database = Any>, pool: PoolId) -> Result<Capacity, StoreError> {
    Ok(capacity(sqlx::query_as(held!("s.pool")).bind(pool.to_string()).fetch_one(rows).await?))
}

async fn held_by(
    rows: impl Executor<'_, Database = Any>,
    cluster: ClusterId,
) -> Result<Capacity, StoreError> {
    Ok(capacity(sqlx::query_as(held!("s.cluster")).bind(cluster.to_string()).fetch_one(rows).await?))
}

/// Makes everyone else who wants room in the pool wait until this transaction has ended. Call it first.
pub(super) async fn lock(connection: &mut AnyConnection, pool: PoolId) -> Result<(), StoreError> {
    sqlx::query("update pool set memory_mb = memory_mb where id = $1")
        .bind(pool.to_string())
        .execute(connection)
        .await?;
    Ok(())
}

/// `Full` when a locked pool has no room for what a cluster needs beside what the others hold.
pub(super) async fn must_fit(
    connection: &mut AnyConnection,
    pool: PoolId,
    (cluster, needs): (ClusterId, Capacity),
) -> Result<(), StoreError> {
    let all = allocated(&mut *connection, pool).await?;
    let own = held_by(&mut *connection, cluster).await?;
    let held = all - own;
    let has: (i64, i64) = sqlx::query_as("select cpu_milli, memory_mb from pool where id = $1")
        .bind(pool.to_string())
        .fetch_one(connection)
        .await?;
    if (held + needs).fits(capacity(has)) { Ok(()) } else { Err(StoreError::Full { held }) }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    group: &str,
    pool: &Pool,
    sizes: &[NodeSize],
    versions: &[Version],
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into pool (id, row_key, resource_group, name, region, version, provider, subnet, cpu_milli, memory_mb, \
         created) values ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(pool.id.to_string())
    .bind(group)
    .bind(pool.path.name())
    .bind(&pool.region)
    .bind(&pool.version)
    .bind(&pool.provider)
    .bind(&pool.subnet)
    .bind(signed(pool.has.cpu_milli))
    .bind(signed(pool.has.memory_mb))
    .bind(micros(now))
    .execute(&mut *connection)
    .await?;
    for size in sizes {
        sqlx::query(
            "insert into node_size (pool, name, cpu_milli, memory_mb, price_milli) values ($1, $2, $3, $4, $5)",
        )
        .bind(pool.id.to_string())
        .bind(&size.name)
        .bind(milli(size.cpu))
        .bind(i64::from(size.memory_mb))
        .bind(size.price.map(milli))
        .execute(&mut *connection)
        .await?;
    }
    for version in versions {
        add_version(connection, pool.id, version).await?;
    }
    Ok(())
}

pub(super) async fn add_version(
    connection: &mut AnyConnection,
    pool: PoolId,
    version: &Version,
) -> Result<(), StoreError> {
    sqlx::query("insert into cluster_version (pool, version, flink, java) values ($1, $2, $3, $4)")
        .bind(pool.to_string())
        .bind(&version.version)
        .bind(&version.flink)
        .bind(i64::from(version.java))
        .execute(connection)
        .await?;
    Ok(())
}
