//! Making, changing and deleting pools.

use domain::event::{Around, Done};
use domain::id::{EventId, PoolId};
use domain::offer::{NodeSize, Version};
use domain::policy::Permission;
use domain::pool::PoolSpec;
use domain::refusal::Refusal;
use domain::spec::Capacity;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::super::around::{Change, kept_by, named};
use super::super::value::{capacity, micros, milli, signed, small, to_json};
use super::super::{Permit, Store, StoreError, Target};
use super::used::{users_of_size, users_of_version};
use super::{Pool, add_size, add_version, insert, lock};

impl Store {
    /// Every cluster version that a pool of this provider offers: what can be offered by a new one.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn known_versions(&self, provider: &str) -> Result<Vec<Version>, StoreError> {
        let rows: Vec<(String, String, i64)> = sqlx::query_as(
            "select distinct v.version, v.flink, v.java from cluster_version v join pool p on p.id = v.pool \
             where p.provider = $1 order by v.version",
        )
        .bind(provider)
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let version = |(version, flink, java)| Version { version, flink, java: small(java) };
        Ok(rows.into_iter().map(version).collect())
    }

    /// All that the pools of a provider share; none if it has no pool.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn shared_by(&self, provider: &str) -> Result<Option<Capacity>, StoreError> {
        let row: Option<(i64, i64)> =
            sqlx::query_as("select cpu_milli, memory_mb from pool where provider = $1 order by id limit 1")
                .bind(provider)
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        Ok(row.map(capacity))
    }

    /// Makes a pool in the resource group that the permit is for.
    ///
    /// # Errors
    /// `Unpermitted`; `Stale` when the group is gone; `Taken`; when the database fails.
    pub(crate) async fn new_pool(
        &self,
        permit: &Permit,
        pool: &Pool,
        spec: &PoolSpec,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Administer, |target| matches!(target, Target::Above(_)))?;
        let group = permit.target().key().ok_or(StoreError::Unpermitted)?;
        let mut tx = self.begin().await?;
        // Whoever deletes the group waits for this, and finds the pool.
        let there = sqlx::query("update resource_group set name = name where id = $1 and deleted is null")
            .bind(&group)
            .execute(&mut *tx)
            .await?;
        if there.rows_affected() == 0 {
            return Err(StoreError::Stale);
        }
        insert(&mut tx, &group, pool, &spec.sizes, &spec.versions, now).await?;
        let (id, name) = (&pool.id.to_string(), &format!("{} / {}", pool.path.group(), pool.path.name()));
        let change = Change { permit, what: Around::Pool, done: Done::Created, id, name };
        let event = change.told(&mut tx, "", &to_json(spec)?, now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Changes the pool that the permit is for, from what was read of it.
    ///
    /// # Errors
    /// `Unpermitted`; `Stale` when somebody else changed it meanwhile; `Declined` where a size or a version is withdrawn that
    /// clusters need; when the database fails.
    pub(crate) async fn change_pool(
        &self,
        permit: &Permit,
        (was, spec): (&PoolSpec, &PoolSpec),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let pool = of(permit)?;
        let mut tx = self.begin().await?;
        lock(&mut tx, pool).await?;
        let (sizes, versions) = (sizes(&mut tx, pool).await?, versions(&mut tx, pool).await?);
        let same = sizes.len() == was.sizes.len()
            && sizes.iter().all(|size| was.sizes.contains(size))
            && versions.len() == was.versions.len()
            && versions.iter().all(|version| was.versions.contains(version));
        if !same {
            return Err(StoreError::Stale);
        }
        sqlx::query(
            "update pool set region = $1, quota_cpu_milli = $2, quota_memory_mb = $3, quota_clusters = $4, currency = $5, \
             accounts = $6 where id = $7",
        )
        .bind(&spec.region)
        .bind(spec.quota.cpu_milli.map(signed))
        .bind(spec.quota.memory_mb.map(signed))
        .bind(spec.quota.clusters.map(i64::from))
        .bind(&spec.currency)
        .bind(to_json(&spec.accounts)?)
        .bind(pool.to_string())
        .execute(&mut *tx)
        .await?;
        change_sizes(&mut tx, pool, &sizes, &spec.sizes).await?;
        change_versions(&mut tx, pool, &versions, &spec.versions).await?;
        let (id, name) = (&pool.to_string(), spec.name.as_str());
        let change = Change { permit, what: Around::Pool, done: Done::Changed, id, name };
        let event = change.told(&mut tx, &to_json(was)?, &to_json(spec)?, now).await?;
        tx.commit().await?;
        Ok(event)
    }

    /// Deletes the pool that the permit is for, with its networks and drafts, if no cluster is in it.
    ///
    /// # Errors
    /// `Unpermitted`; `Declined` with the names of the clusters; when the database fails.
    pub(crate) async fn delete_pool(
        &self,
        permit: &Permit,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let pool = of(permit)?;
        let id = &pool.to_string();
        let mut tx = self.begin().await?;
        lock(&mut tx, pool).await?;
        let inside =
            sqlx::query_as("select name from cluster where pool = $1 and deleted is null order by name");
        kept_by(Around::Pool, name, inside.bind(id).fetch_all(&mut *tx).await?)?;
        for sql in [
            "delete from draft where pool = $1",
            "delete from subnet where network in (select id from network where pool = $1)",
            "delete from network where pool = $1",
            "delete from node_size where pool = $1",
        ] {
            sqlx::query(sql).bind(id).execute(&mut *tx).await?;
        }
        let gone = sqlx::query("update pool set deleted = $1 where id = $2 and deleted is null")
            .bind(micros(now))
            .bind(id)
            .execute(&mut *tx)
            .await?;
        if gone.rows_affected() == 0 {
            return Err(StoreError::Stale);
        }
        let change = Change { permit, what: Around::Pool, done: Done::Deleted, id, name };
        let event = change.told(&mut tx, name, "", now).await?;
        tx.commit().await?;
        Ok(event)
    }
}

fn of(permit: &Permit) -> Result<PoolId, StoreError> {
    permit.must(Permission::Administer, |target| matches!(target, Target::Pool(_)))?;
    permit.target().pool().ok_or(StoreError::Unpermitted)
}

async fn sizes(connection: &mut AnyConnection, pool: PoolId) -> Result<Vec<NodeSize>, StoreError> {
    let rows =
        sqlx::query_as("select name, cpu_milli, memory_mb, price_milli from node_size where pool = $1");
    let rows: Vec<(String, i64, i64, Option<i64>)> =
        rows.bind(pool.to_string()).fetch_all(connection).await?;
    Ok(rows.into_iter().map(super::size).collect())
}

async fn versions(connection: &mut AnyConnection, pool: PoolId) -> Result<Vec<Version>, StoreError> {
    let rows = sqlx::query_as("select version, flink, java from cluster_version where pool = $1");
    let rows: Vec<(String, String, i64)> = rows.bind(pool.to_string()).fetch_all(connection).await?;
    Ok(rows.into_iter().map(|(version, flink, java)| Version { version, flink, java: small(java) }).collect())
}

/// What a size costs may change; what it is may not, where a cluster has it.
async fn change_sizes(
    connection: &mut AnyConnection,
    pool: PoolId,
    old: &[NodeSize],
    new: &[NodeSize],
) -> Result<(), StoreError> {
    for size in old {
        let same = |other: &&NodeSize| {
            other.name == size.name
                && other.memory_mb == size.memory_mb
                && milli(other.cpu) == milli(size.cpu)
        };
        if !new.iter().any(|other| same(&other)) {
            let users = users_of_size(&mut *connection, pool, &size.name).await?;
            needed("sizes[0].name", ("node size", &size.name), &users)?;
        }
    }
    sqlx::query("delete from node_size where pool = $1")
        .bind(pool.to_string())
        .execute(&mut *connection)
        .await?;
    for size in new {
        add_size(&mut *connection, pool, size).await?;
    }
    Ok(())
}

/// Rows are added and withdrawn, and never written anew.
async fn change_versions(
    connection: &mut AnyConnection,
    pool: PoolId,
    old: &[Version],
    new: &[Version],
) -> Result<(), StoreError> {
    for version in old.iter().filter(|version| !new.contains(version)) {
        let users = users_of_version(&mut *connection, pool, &version.version).await?;
        needed("versions", ("cluster version", &version.version), &users)?;
        sqlx::query("delete from cluster_version where pool = $1 and version = $2")
            .bind(pool.to_string())
            .bind(&version.version)
            .execute(&mut *connection)
            .await?;
    }
    for version in new.iter().filter(|version| !old.contains(version)) {
        add_version(&mut *connection, pool, version).await?;
    }
    Ok(())
}

fn needed(field: &str, (what, name): (&str, &str), users: &[(String,)]) -> Result<(), StoreError> {
    if users.is_empty() {
        return Ok(());
    }
    let why = format!("The {what} {name} is in use by {}, so it stays as it is.", named(users));
    Err(StoreError::Declined(Refusal::field(field, name, why)))
}
