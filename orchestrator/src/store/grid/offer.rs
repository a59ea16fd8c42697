//! What stands around the grid's rows: counts by group, and the values that the filters offer.

use std::collections::{BTreeMap, BTreeSet};

use domain::view::{GroupCounts, Scope};

use super::super::value::{from_json, small};
use super::super::{Store, StoreError};
use super::scope;

/// Values that the filters offer.
pub(super) struct Offered {
    pub(super) flink_versions: Vec<String>,
    pub(super) owners: Vec<String>,
    pub(super) tags: Vec<String>,
}

/// More tags than this help nobody to choose.
const TAGS: usize = 200;

impl Store {
    /// How many jobs of a scope are in which group.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn counts(&self, of: &Scope) -> Result<GroupCounts, StoreError> {
        let (pool, cluster) = scope(of);
        let rows: Vec<(String, i64)> = sqlx::query_as(
            "select s.state_group, cast(count(*) as bigint) from status s \
             where ($1 = '' or s.pool = (select id from pool where name = $1)) and ($2 = '' or s.cluster = $2) \
             group by s.state_group",
        )
        .bind(pool)
        .bind(cluster)
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let mut counts = GroupCounts::default();
        for (group, n) in rows {
            let n = small(n);
            counts.all += n;
            match group.as_str() {
                "running" => counts.running = n,
                "moving" => counts.moving = n,
                "failing" => counts.failing = n,
                _ => counts.stopped = n,
            }
        }
        Ok(counts)
    }

    pub(super) async fn offered(&self) -> Result<Offered, StoreError> {
        let flink: Vec<(String,)> =
            sqlx::query_as("select distinct flink from status order by flink limit 50")
                .fetch_all(&mut *self.reading().await?)
                .await?;
        let owners: Vec<(String,)> = sqlx::query_as(
            "select distinct owner_name from cluster where deleted is null order by owner_name limit 200",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let tags: Vec<(String,)> = sqlx::query_as("select distinct tags from status order by tags limit 500")
            .fetch_all(&mut *self.reading().await?)
            .await?;
        let mut pairs = BTreeSet::new();
        for (json,) in tags {
            let tags: BTreeMap<String, String> = from_json("status.tags", &json).unwrap_or_default();
            pairs.extend(tags.into_iter().map(|(name, value)| format!("{name}:{value}")));
        }
        Ok(Offered {
            flink_versions: flink.into_iter().map(|(text,)| text).collect(),
            owners: owners.into_iter().map(|(text,)| text).collect(),
            tags: pairs.into_iter().take(TAGS).collect(),
        })
    }
}
