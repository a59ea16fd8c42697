//! Tables `pool`, `node_size` and `cluster_version`: where clusters are created, and what is on offer there.

mod change;
mod used;

use domain::id::{ClusterId, PoolId};
use domain::offer::{NodeSize, Version};
use domain::pool::{PoolPath, Quota};
use domain::refusal::Refusal;
use domain::spec::Capacity;
use domain::view::PoolName;
use jiff::Timestamp;
use sqlx::{Any, AnyConnection, Executor, FromRow};

use super::value::{
    capacity, from_json, from_milli, id, large, micros, milli, readable, signed, small, to_json,
};
use super::{Store, StoreError, taken};

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
    /// What its clusters may ask for together: its quota, or all that there is.
    pub has: Capacity,
    /// All that there is. The pools of one provider share it, whatever their quotas add up to.
    pub shared: Capacity,
    /// What a person has set of that.
    pub quota: Quota,
    /// What prices are in; empty where nothing is counted.
    pub currency: String,
    /// Storage accounts that its clusters may use; empty for all.
    pub accounts: Vec<String>,
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
    cpu_milli: i64,
    memory_mb: i64,
    quota_cpu_milli: Option<i64>,
    quota_memory_mb: Option<i64>,
    quota_clusters: Option<i64>,
    currency: String,
    accounts: String,
    readable: String,
}

impl Row {
    fn pool(self) -> Result<Pool, StoreError> {
        let shared = capacity((self.cpu_milli, self.memory_mb));
        let quota = Quota {
            cpu_milli: self.quota_cpu_milli.map(large),
            memory_mb: self.quota_memory_mb.map(large),
            clusters: self.quota_clusters.map(small),
        };
        Ok(Pool {
            has: within(quota, shared),
            shared,
            quota,
            currency: self.currency,
            accounts: from_json("pool.accounts", &self.accounts)?,
            id: id("pool.id", &self.id)?,
            path: PoolPath::of(&self.subscription, &self.resource_group, &self.name),
            region: self.region,
            version: self.version,
            provider: self.provider,
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
             p.cpu_milli, p.memory_mb, p.quota_cpu_milli, p.quota_memory_mb, p.quota_clusters, p.currency, p.accounts, \
             p.readable from pool p join resource_group g on g.id = p.resource_group \
             join subscription s on s.id = g.subscription where p.deleted is null order by p.name, s.name, g.name",
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
             left join status s on s.pool = p.id where p.deleted is null group by p.id, o.name, g.name, p.name, p.region \
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
        Ok(rows.into_iter().map(size).collect())
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

    /// What the clusters of all pools of its provider hold.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn allocated_of_all(&self, pool: PoolId) -> Result<Capacity, StoreError> {
        allocated_of_all(&mut *self.reading().await?, pool).await
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
            ") h"
        )
    };
}

async fn allocated(rows: impl Executor<'_, Database = Any>, pool: PoolId) -> Result<Capacity, StoreError> {
    Ok(capacity(sqlx::query_as(held!("s.pool = $1")).bind(pool.to_string()).fetch_one(rows).await?))
}

/// What the clusters of all pools of a pool's provider hold.
async fn allocated_of_all(
    rows: impl Executor<'_, Database = Any>,
    pool: PoolId,
) -> Result<Capacity, StoreError> {
    const ALL: &str =
        held!("s.pool in (select q.id from pool q join pool o on o.provider = q.provider where o.id = $1)");
    Ok(capacity(sqlx::query_as(ALL).bind(pool.to_string()).fetch_one(rows).await?))
}

async fn held_by(
    rows: impl Executor<'_, Database = Any>,
    cluster: ClusterId,
) -> Result<Capacity, StoreError> {
    Ok(capacity(sqlx::query_as(held!("s.cluster = $1")).bind(cluster.to_string()).fetch_one(rows).await?))
}

/// Makes everyone else who wants room in the pool, or in another one of its provider, wait until this transaction has
/// ended. Call it first. The oldest row of them stands for all: a pool that is deleted keeps its row.
pub(super) async fn lock(connection: &mut AnyConnection, pool: PoolId) -> Result<(), StoreError> {
    sqlx::query(
        "update pool set memory_mb = memory_mb where id = (select min(q.id) from pool q join pool o \
         on o.provider = q.provider where o.id = $1)",
    )
    .bind(pool.to_string())
    .execute(connection)
    .await?;
    Ok(())
}

/// `Stale` when a locked pool is gone, `Declined` when it has as many clusters as it may have beside a new one.
pub(super) async fn must_take_one(connection: &mut AnyConnection, pool: PoolId) -> Result<(), StoreError> {
    let row: Option<(String, Option<i64>, i64)> = sqlx::query_as(
        "select p.name, p.quota_clusters, (select cast(count(*) as bigint) from cluster c where c.pool = p.id \
         and c.deleted is null) from pool p where p.id = $1 and p.deleted is null",
    )
    .bind(pool.to_string())
    .fetch_optional(connection)
    .await?;
    match row.ok_or(StoreError::Stale)? {
        (name, Some(most), there) if there >= most => Err(StoreError::Declined(Refusal::OverQuota(format!(
            "Pool {name} may have {most} {}, and has {there}. Delete one, or ask an owner of the pool for more.",
            if most == 1 { "cluster" } else { "clusters" }
        )))),
        _ => Ok(()),
    }
}

/// `Full` when a locked pool has no room for what a cluster needs beside what the others hold.
pub(super) async fn must_fit(
    connection: &mut AnyConnection,
    pool: PoolId,
    (cluster, needs): (ClusterId, Capacity),
) -> Result<(), StoreError> {
    let own = held_by(&mut *connection, cluster).await?;
    let held = allocated(&mut *connection, pool).await? - own;
    let of_all = allocated_of_all(&mut *connection, pool).await? - own;
    let (cpu, memory, quota_cpu, quota_memory): (i64, i64, Option<i64>, Option<i64>) = sqlx::query_as(
        "select cpu_milli, memory_mb, quota_cpu_milli, quota_memory_mb from pool where id = $1",
    )
    .bind(pool.to_string())
    .fetch_one(connection)
    .await?;
    let (shared, quota_cpu, quota_memory) =
        (capacity((cpu, memory)), quota_cpu.map(large), quota_memory.map(large));
    let quota = Quota { cpu_milli: quota_cpu, memory_mb: quota_memory, clusters: None };
    if !(held + needs).fits(within(quota, shared)) {
        Err(StoreError::Full { held, shared: false })
    } else if !(of_all + needs).fits(shared) {
        Err(StoreError::Full { held: of_all, shared: true })
    } else {
        Ok(())
    }
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
        "insert into pool (id, row_key, resource_group, name, region, version, provider, cpu_milli, memory_mb, \
         quota_cpu_milli, quota_memory_mb, quota_clusters, currency, accounts, created) \
         values ($1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
    )
    .bind(pool.id.to_string())
    .bind(group)
    .bind(pool.path.name())
    .bind(&pool.region)
    .bind(&pool.version)
    .bind(&pool.provider)
    .bind(signed(pool.shared.cpu_milli))
    .bind(signed(pool.shared.memory_mb))
    .bind(pool.quota.cpu_milli.map(signed))
    .bind(pool.quota.memory_mb.map(signed))
    .bind(pool.quota.clusters.map(i64::from))
    .bind(&pool.currency)
    .bind(to_json(&pool.accounts)?)
    .bind(micros(now))
    .execute(&mut *connection)
    .await
    .map_err(taken("name"))?;
    for size in sizes {
        add_size(connection, pool.id, size).await?;
    }
    for version in versions {
        add_version(connection, pool.id, version).await?;
    }
    Ok(())
}

fn size((name, cpu, memory, price): (String, i64, i64, Option<i64>)) -> NodeSize {
    NodeSize { name, cpu: from_milli(cpu), memory_mb: small(memory), price: price.map(from_milli) }
}

/// What a quota leaves of all that there is.
fn within(quota: Quota, shared: Capacity) -> Capacity {
    Capacity {
        cpu_milli: quota.cpu_milli.map_or(shared.cpu_milli, |cpu| cpu.min(shared.cpu_milli)),
        memory_mb: quota.memory_mb.map_or(shared.memory_mb, |memory| memory.min(shared.memory_mb)),
    }
}

async fn add_size(connection: &mut AnyConnection, pool: PoolId, size: &NodeSize) -> Result<(), StoreError> {
    sqlx::query(
        "insert into node_size (pool, name, cpu_milli, memory_mb, price_milli) values ($1, $2, $3, $4, $5)",
    )
    .bind(pool.to_string())
    .bind(&size.name)
    .bind(milli(size.cpu))
    .bind(i64::from(size.memory_mb))
    .bind(size.price.map(milli))
    .execute(connection)
    .await?;
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
