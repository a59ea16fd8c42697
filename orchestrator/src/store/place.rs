//! Where things stand: what is asked about, found in its rows, with the scope that it lies in. Reads several tables, writes
//! none.

use std::collections::HashMap;

use domain::address::Address;
use domain::id::{ClusterId, DraftId, OperationId, PoolId};
use domain::policy::Actor;
use domain::pool::PoolPath;
use domain::scope::{Level, Scope};

use super::value::id;
use super::{Store, StoreError};

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum At<'a> {
    /// The portal itself, and everything in it.
    Portal,
    /// What belongs to everybody who has any role: what Flink offers, how programs are confined.
    Anywhere,
    /// What is the caller's alone: sessions and tokens.
    Own,
    /// A subscription, group, pool or cluster, or everything.
    Scope(&'a Scope),
    /// A pool, by its names.
    Pool(&'a PoolPath),
    /// A cluster that is there.
    Cluster(ClusterId),
    /// A cluster that is there or was: histories outlive clusters.
    ClusterEver(ClusterId),
    /// The cluster of that name in that pool.
    Named { pool: &'a PoolPath, name: &'a str },
    /// What was asked of a cluster.
    Operation(OperationId),
    /// The caller's draft.
    Draft(DraftId),
    /// A storage account.
    Account(&'a str),
    /// A key vault.
    Vault(&'a str),
    /// A place in a storage account.
    Files(&'a Address),
}

/// What a permit is for: nothing else is done by it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// The portal itself.
    Portal,
    /// What every role may see.
    Anywhere,
    /// What is the caller's own.
    Own,
    /// A subscription or a resource group, by the id of its row.
    Above(String),
    /// A pool.
    Pool(PoolId),
    /// A cluster, in its pool.
    Cluster(ClusterId, PoolId),
    /// A storage account; files of it that are no cluster's state.
    Account(String),
    /// Files of a storage account that are a cluster's state.
    State(String, ClusterId),
}

impl Target {
    /// The pool, of a pool or of a cluster.
    pub(crate) fn pool(&self) -> Option<PoolId> {
        match self {
            Target::Pool(pool) | Target::Cluster(_, pool) => Some(*pool),
            _ => None,
        }
    }

    /// The cluster.
    pub(crate) fn cluster(&self) -> Option<ClusterId> {
        match self {
            Target::Cluster(cluster, _) => Some(*cluster),
            _ => None,
        }
    }

    /// How a role assignment names its scope.
    pub(crate) fn key(&self) -> Option<String> {
        match self {
            Target::Portal => Some("/".to_owned()),
            Target::Above(id) => Some(id.clone()),
            Target::Pool(pool) => Some(pool.to_string()),
            Target::Cluster(cluster, _) => Some(cluster.to_string()),
            Target::Anywhere | Target::Own | Target::Account(_) | Target::State(..) => None,
        }
    }
}

/// A thing that was found.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The scope that it lies in; none for what belongs to no scope.
    pub(crate) scope: Option<Scope>,
    pub(crate) target: Target,
}

/// A cluster's row with those above it: cluster, pool, group, subscription.
macro_rules! cluster_place {
    ($tail:literal) => {
        concat!(
            "select c.id, c.name, case when c.deleted is null then 0 else 1 end, p.id, p.name, g.name, g.subscription \
             from cluster c join pool p on p.id = c.pool join resource_group g on g.id = p.resource_group ",
            $tail
        )
    };
}

/// Ids and names from a subscription down, as far as they are there.
type ScopeRow =
    (String, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>, Option<String>);

type ClusterRow = (String, String, i64, String, String, String, String);

impl Store {
    /// Finds what is asked about; none if it is not there.
    pub(super) async fn place(&self, at: At<'_>, actor: &Actor) -> Result<Option<Place>, StoreError> {
        let plain = |target| Ok(Some(Place { scope: None, target }));
        match at {
            At::Portal => Ok(Some(Place { scope: Some(Scope::root()), target: Target::Portal })),
            At::Anywhere => plain(Target::Anywhere),
            At::Own => plain(Target::Own),
            At::Scope(scope) => self.place_of_scope(scope).await,
            At::Pool(path) => self.place_of_scope(&path.scope()).await,
            At::Cluster(id) => self.cluster_there(id).await,
            At::ClusterEver(id) => self.cluster_ever(id).await,
            At::Named { pool, name } => {
                let Some(pool) = self.pool_at(pool).await? else { return Ok(None) };
                let row =
                    sqlx::query_as(cluster_place!("where p.id = $1 and c.name = $2 and c.deleted is null"))
                        .bind(pool.to_string())
                        .bind(name)
                        .fetch_optional(&mut *self.reading().await?)
                        .await?;
                row.map(cluster).transpose()
            }
            At::Operation(operation) => {
                let row =
                    sqlx::query_as(cluster_place!("join operation o on o.cluster = c.id where o.id = $1"))
                        .bind(operation.to_string())
                        .fetch_optional(&mut *self.reading().await?)
                        .await?;
                row.map(cluster).transpose()
            }
            At::Draft(draft) => self.place_of_draft(draft, actor).await,
            At::Account(name) => match self.account(name).await? {
                Some(account) => plain(Target::Account(account.name)),
                None => Ok(None),
            },
            At::Vault(name) => match self.secrets_in(name).await? {
                Some(_) => plain(Target::Anywhere),
                None => Ok(None),
            },
            At::Files(address) => self.place_of_files(address).await,
        }
    }

    /// Every pool with its scope.
    pub(super) async fn pool_scopes(&self) -> Result<HashMap<PoolId, Scope>, StoreError> {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "select p.id, p.name, g.name, g.subscription from pool p join resource_group g on g.id = p.resource_group",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let pool = |(pool, name, group, subscription): (String, String, String, String)| {
            Ok((id("pool.id", &pool)?, Scope::of([&*subscription, &*group, &*name])))
        };
        rows.into_iter().map(pool).collect()
    }

    async fn cluster_there(&self, id: ClusterId) -> Result<Option<Place>, StoreError> {
        let row: Option<ClusterRow> = sqlx::query_as(cluster_place!("where c.id = $1 and c.deleted is null"))
            .bind(id.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        row.map(cluster).transpose()
    }

    pub(super) async fn cluster_ever(&self, id: ClusterId) -> Result<Option<Place>, StoreError> {
        let row: Option<ClusterRow> = sqlx::query_as(cluster_place!("where c.id = $1"))
            .bind(id.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        row.map(cluster).transpose()
    }

    /// The pool of that path; none if it is not there.
    pub(crate) async fn pool_at(&self, path: &PoolPath) -> Result<Option<PoolId>, StoreError> {
        let place = self.place_of_scope(&path.scope()).await?;
        Ok(place.and_then(|place| place.target.pool()))
    }

    /// By the names of its rows, in whatever case they are written; the subscription's own name does as well as its id.
    async fn place_of_scope(&self, scope: &Scope) -> Result<Option<Place>, StoreError> {
        let level = scope.level();
        if level == Level::Root {
            return Ok(Some(Place { scope: Some(Scope::root()), target: Target::Portal }));
        }
        let mut names = scope.names().map(str::to_lowercase);
        let mut next = || names.next().unwrap_or_default();
        let row: Option<ScopeRow> = sqlx::query_as(
            "select s.id, g.id, g.name, p.id, p.name, c.id, c.name from subscription s \
                 left join resource_group g on g.subscription = s.id and lower(g.name) = $2 and g.deleted is null \
                 left join pool p on p.resource_group = g.id and lower(p.name) = $3 and p.deleted is null \
                 left join cluster c on c.pool = p.id and lower(c.name) = $4 and c.deleted is null \
                 where (lower(s.id) = $1 or lower(s.name) = $1) and s.deleted is null",
        )
        .bind(next())
        .bind(next())
        .bind(next())
        .bind(next())
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        let Some((subscription, group, group_name, pool, pool_name, cluster, cluster_name)) = row else {
            return Ok(None);
        };
        let names = [Some(subscription.clone()), group_name, pool_name, cluster_name];
        let depth = scope.names().count();
        let Some(names) = names.into_iter().take(depth).collect::<Option<Vec<_>>>() else { return Ok(None) };
        let target = match (level, group, pool, cluster) {
            (Level::Subscription, ..) => Target::Above(subscription),
            (Level::ResourceGroup, Some(group), ..) => Target::Above(group),
            (Level::Pool, _, Some(pool), _) => Target::Pool(id("pool.id", &pool)?),
            (Level::Cluster, _, Some(pool), Some(cluster)) => {
                Target::Cluster(id("cluster.id", &cluster)?, id("pool.id", &pool)?)
            }
            _ => return Ok(None),
        };
        Ok(Some(Place { scope: Some(Scope::of(names.iter().map(String::as_str))), target }))
    }

    /// Nobody has the draft of somebody else.
    async fn place_of_draft(&self, draft: DraftId, actor: &Actor) -> Result<Option<Place>, StoreError> {
        let row: Option<(String, Option<String>)> =
            sqlx::query_as("select d.pool, d.cluster from draft d where d.id = $1 and d.person = $2")
                .bind(draft.to_string())
                .bind(actor.id.to_string())
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        match row {
            None => Ok(None),
            Some((pool, None)) => {
                let pool = id("draft.pool", &pool)?;
                let scope = self.pool_scopes().await?.remove(&pool);
                Ok(scope.map(|scope| Place { scope: Some(scope), target: Target::Pool(pool) }))
            }
            Some((_, Some(cluster))) => self.cluster_there(id("draft.cluster", &cluster)?).await,
        }
    }

    /// The folder of a cluster's state is the cluster's, in whatever account it lies.
    async fn place_of_files(&self, address: &Address) -> Result<Option<Place>, StoreError> {
        let account = address.account().to_string();
        if let Some(cluster) = owner(address)
            && let Some(Place { scope, .. }) = self.cluster_ever(cluster).await?
        {
            return Ok(Some(Place { scope, target: Target::State(account, cluster) }));
        }
        Ok(Some(Place { scope: None, target: Target::Account(account) }))
    }
}

/// The cluster whose state a place would be by its name.
pub(crate) fn owner(address: &Address) -> Option<ClusterId> {
    address.path().segments().find_map(ClusterId::of_folder)
}

/// What is left of a cluster that is gone belongs to its pool: another one may have its name by now.
fn cluster(
    (cluster, name, gone, pool, pool_name, group, subscription): ClusterRow,
) -> Result<Place, StoreError> {
    let (cluster, pool) = (id("cluster.id", &cluster)?, id("pool.id", &pool)?);
    let above = Scope::of([&*subscription, &*group, &*pool_name]);
    let scope = if gone == 1 { above } else { above.within(&name) };
    Ok(Place { scope: Some(scope), target: Target::Cluster(cluster, pool) })
}
