//! Which clusters of a pool need which of its node sizes and cluster versions.

use std::collections::BTreeMap;

use domain::id::PoolId;
use sqlx::AnyConnection;

use super::super::value::small;
use super::super::{Store, StoreError};

/// How many clusters have which size and which version now: by what they were asked to be last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InUse {
    pub(crate) sizes: BTreeMap<String, u32>,
    pub(crate) versions: BTreeMap<String, u32>,
}

impl Store {
    /// What of a pool's offers is in use.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn offers_in_use(&self, pool: PoolId) -> Result<InUse, StoreError> {
        let rows: Vec<(Option<String>, Option<String>, i64)> = sqlx::query_as(
            "select r.node_size, r.version_name, cast(count(*) as bigint) from cluster c join revision r \
             on r.cluster = c.id and r.revision = c.revision where c.pool = $1 and c.deleted is null \
             group by r.node_size, r.version_name",
        )
        .bind(pool.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let mut used = InUse::default();
        for (size, version, clusters) in rows {
            *used.sizes.entry(size.unwrap_or_default()).or_default() += small(clusters);
            *used.versions.entry(version.unwrap_or_default()).or_default() += small(clusters);
        }
        Ok(used)
    }
}

/// The names of the clusters of which any revision has that size: each may be gone back to.
pub(super) async fn users_of_size(
    connection: &mut AnyConnection,
    pool: PoolId,
    size: &str,
) -> Result<Vec<(String,)>, StoreError> {
    let names = sqlx::query_as(
        "select distinct c.name from cluster c join revision r on r.cluster = c.id where c.pool = $1 \
         and c.deleted is null and r.node_size = $2 order by c.name",
    );
    Ok(names.bind(pool.to_string()).bind(size).fetch_all(connection).await?)
}

/// The same of a cluster version.
pub(super) async fn users_of_version(
    connection: &mut AnyConnection,
    pool: PoolId,
    version: &str,
) -> Result<Vec<(String,)>, StoreError> {
    let names = sqlx::query_as(
        "select distinct c.name from cluster c join revision r on r.cluster = c.id where c.pool = $1 \
         and c.deleted is null and r.version_name = $2 order by c.name",
    );
    Ok(names.bind(pool.to_string()).bind(version).fetch_all(connection).await?)
}
