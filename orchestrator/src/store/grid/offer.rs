//! What stands around the grid's rows: counts by group, and the values that the filters offer.

use std::collections::{BTreeMap, BTreeSet};

use domain::view::{GroupCounts, Scope};

use super::super::sight::{Sight, seen};
use super::super::value::{from_json, small};
use super::super::{Store, StoreError};

/// Values that the filters offer.
pub(super) struct Offered {
    pub(super) flink_versions: Vec<String>,
    pub(super) owners: Vec<String>,
    pub(super) tags: Vec<String>,
}

/// More tags than this help nobody to choose.
const TAGS: usize = 200;

const SEEN_FLINK: &str = concat!(
    "select distinct s.flink from status s where ",
    seen!("s.pool", "s.cluster", "$1", "$2"),
    " order by s.flink limit 50"
);
const SEEN_OWNERS: &str = concat!(
    "select distinct c.owner_name from cluster c where c.deleted is null and ",
    seen!("c.pool", "c.id", "$1", "$2"),
    " order by c.owner_name limit 200"
);
const SEEN_TAGS: &str = concat!(
    "select distinct s.tags from status s where ",
    seen!("s.pool", "s.cluster", "$1", "$2"),
    " order by s.tags limit 500"
);

impl Store {
    /// How many jobs of a scope that are seen are in which group.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn counts(&self, of: &Scope, sight: &Sight) -> Result<GroupCounts, StoreError> {
        let (pool, cluster) = self.within(of).await?;
        let rows: Vec<(String, i64)> = sqlx::query_as(concat!(
            "select s.state_group, cast(count(*) as bigint) from status s \
             where ($1 = '' or s.pool = $1) and ($2 = '' or s.cluster = $2) and ",
            seen!("s.pool", "s.cluster", "$3", "$4"),
            " group by s.state_group",
        ))
        .bind(pool)
        .bind(cluster)
        .bind(&sight.in_pools)
        .bind(&sight.in_clusters)
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

    pub(super) async fn offered(&self, sight: &Sight) -> Result<Offered, StoreError> {
        let (flink, owners, tags) = match sight.sees_everything() {
            // From the indexes alone, whatever the number of rows.
            true => (
                self.values("select distinct flink from status order by flink limit 50", None).await?,
                self.values(
                    "select distinct owner_name from cluster where deleted is null order by owner_name limit 200",
                    None,
                )
                .await?,
                self.values("select distinct tags from status order by tags limit 500", None).await?,
            ),
            false => (
                self.values(SEEN_FLINK, Some(sight)).await?,
                self.values(SEEN_OWNERS, Some(sight)).await?,
                self.values(SEEN_TAGS, Some(sight)).await?,
            ),
        };
        let mut pairs = BTreeSet::new();
        for json in tags {
            let tags: BTreeMap<String, String> = from_json("status.tags", &json).unwrap_or_default();
            pairs.extend(tags.into_iter().map(|(name, value)| format!("{name}:{value}")));
        }
        Ok(Offered { flink_versions: flink, owners, tags: pairs.into_iter().take(TAGS).collect() })
    }

    async fn values(&self, sql: &'static str, sight: Option<&Sight>) -> Result<Vec<String>, StoreError> {
        let mut query = sqlx::query_as(sql);
        if let Some(sight) = sight {
            query = query.bind(&sight.in_pools).bind(&sight.in_clusters);
        }
        let rows: Vec<(String,)> = query.fetch_all(&mut *self.reading().await?).await?;
        Ok(rows.into_iter().map(|(text,)| text).collect())
    }
}
