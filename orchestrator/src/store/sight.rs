//! What somebody may see, as a filter that the database applies: by it lists, counts and searches hold nothing else.

use std::collections::{HashMap, HashSet};

use domain::id::{ClusterId, PoolId};
use domain::policy::{Actor, Role};
use domain::rights::Rights;
use domain::scope::{Level, Scope};

use super::place::{At, Target};
use super::value::{id, readable};
use super::{Store, StoreError};

/// What somebody sees at this moment.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    rights: Rights,
    /// Every pool's scope.
    pools: HashMap<PoolId, Scope>,
    /// Ids between semicolons: `;a;b;`. Empty for everything.
    pub(super) in_pools: String,
    /// The same of clusters whose pool is not seen as a whole.
    pub(super) in_clusters: String,
}

/// The condition that a row of this pool and this cluster is seen: the names of both columns, and the placeholders of
/// [`Sight::in_pools`] and [`Sight::in_clusters`].
macro_rules! seen {
    ($pool:literal, $cluster:literal, $pools:literal, $clusters:literal) => {
        concat!(
            "(",
            $pools,
            " = '' or ",
            $pools,
            " like '%;' || ",
            $pool,
            " || ';%' or ",
            $clusters,
            " like '%;' || ",
            $cluster,
            " || ';%')"
        )
    };
}

/// The same for what names its cluster alone, which may be gone: then its pool decides.
macro_rules! seen_cluster {
    ($cluster:literal, $pools:literal, $clusters:literal) => {
        concat!(
            "(",
            $pools,
            " = '' or ",
            $cluster,
            " in (select seen.id from cluster seen where ",
            $pools,
            " like '%;' || seen.pool || ';%' or (seen.deleted is null and ",
            $clusters,
            " like '%;' || seen.id || ';%')))"
        )
    };
}
pub(super) use {seen, seen_cluster};

impl Store {
    /// What somebody sees now.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn sight(&self, actor: &Actor) -> Result<Sight, StoreError> {
        let rights = self.rights(actor).await?;
        let pools = self.pool_scopes().await?;
        let everything = rights.role_at(&Scope::root()).is_some();
        let mut sight = Sight { rights, pools, in_pools: String::new(), in_clusters: String::new() };
        if everything {
            return Ok(sight);
        }
        let seen = sight.pools.iter().filter(|(_, scope)| sight.rights.role_at(scope).is_some());
        sight.in_pools = listed(seen.map(|(pool, _)| *pool));
        let mut clusters = Vec::new();
        for scope in sight.rights.scopes().filter(|scope| scope.level() == Level::Cluster) {
            if sight.rights.role_at(scope).is_some()
                && let Some(place) = self.place(At::Scope(scope), actor).await?
                && let Target::Cluster(cluster, _) = place.target
            {
                clusters.push(cluster);
            }
        }
        sight.in_clusters = listed(clusters.into_iter());
        Ok(sight)
    }

    /// Whether a cluster, or what is left of it, is seen.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn sees(&self, sight: &Sight, cluster: ClusterId) -> Result<bool, StoreError> {
        if sight.sees_everything() {
            return Ok(true);
        }
        let place = self.cluster_ever(cluster).await?;
        Ok(place.and_then(|place| sight.rights.role_at(&place.scope?)).is_some())
    }
}

const UNSEEN: &str = concat!(
    "select c.id from cluster c where not (c.deleted is null and ",
    seen!("c.pool", "c.id", "$1", "$2"),
    ") and not (c.deleted is not null and $1 like '%;' || c.pool || ';%')"
);

impl Store {
    /// Every cluster, or what is left of one, that is not seen.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn unseen(&self, sight: &Sight) -> Result<HashSet<ClusterId>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(UNSEEN)
            .bind(&sight.in_pools)
            .bind(&sight.in_clusters)
            .fetch_all(&mut *self.reading().await?)
            .await?;
        readable(rows, |(cluster,)| id("cluster.id", &cluster)).map(|rows| rows.into_iter().collect())
    }
}

impl Sight {
    /// Of who sees everything.
    pub(crate) fn of_everything() -> Self {
        Self {
            rights: Rights::of_the_portal(),
            pools: HashMap::new(),
            in_pools: String::new(),
            in_clusters: String::new(),
        }
    }

    /// Whether nothing is hidden.
    pub(crate) fn sees_everything(&self) -> bool {
        self.in_pools.is_empty()
    }

    /// Whether a pool is seen as a whole.
    pub(crate) fn sees_pool(&self, pool: PoolId) -> bool {
        self.sees_everything() || self.in_pools.contains(&format!(";{pool};"))
    }

    /// The scope of a cluster of a pool, and the role there.
    pub(crate) fn role_for(&self, pool: PoolId, cluster: &str) -> Option<(Role, Scope)> {
        let scope = self.pools.get(&pool)?.within(cluster);
        Some((self.rights.role_at(&scope)?, scope))
    }

    /// The role for a subscription or a resource group.
    pub(crate) fn role_at(&self, scope: &Scope) -> Option<Role> {
        self.rights.role_at(scope)
    }

    /// The role for a pool.
    pub(crate) fn role_for_pool(&self, pool: PoolId) -> Option<Role> {
        self.rights.role_at(self.pools.get(&pool)?)
    }
}

fn listed(ids: impl Iterator<Item = impl std::fmt::Display>) -> String {
    ids.fold(";".to_owned(), |list, id| format!("{list}{id};"))
}
