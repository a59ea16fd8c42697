//! Cluster pools.

use domain::policy::{Permission, Role};
use domain::pool::PoolPath;
use domain::refusal::Refusal;
use domain::view::{PoolName, PoolView, Scope};

use super::{Desk, hidden};
use crate::store::pool::Pool;
use crate::store::{At, Sight};

impl Desk {
    /// Every pool that the caller sees as a whole.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn pools(&self) -> Result<Vec<PoolView>, Refusal> {
        let sight = self.sight().await?;
        let mut views = Vec::new();
        for pool in self.plane.store().pools().await? {
            if sight.sees_pool(pool.id) {
                views.push(self.pool_view(pool, &sight).await?);
            }
        }
        Ok(views)
    }

    /// The same, as much of each as stands around every page.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn pool_names(&self) -> Result<Vec<PoolName>, Refusal> {
        let sight = self.sight().await?;
        let mut names = self.plane.store().pool_names().await?;
        names.retain(|pool| sight.sees_pool(pool.id));
        Ok(names)
    }

    /// One pool.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn pool(&self, path: &PoolPath) -> Result<PoolView, Refusal> {
        self.authorize(Permission::See, At::Pool(path)).await?;
        let pool = self.pool_row(path).await?;
        self.pool_view(pool, &self.sight().await?).await
    }

    /// Where the pools of that name are that the caller sees, whatever groups they are in.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn pools_called(&self, name: &str) -> Result<Vec<PoolPath>, Refusal> {
        let names = self.pool_names().await?.into_iter().map(|pool| pool.path);
        Ok(names.filter(|path| path.name().eq_ignore_ascii_case(name)).collect())
    }

    pub(crate) async fn pool_row(&self, path: &PoolPath) -> Result<Pool, Refusal> {
        let store = self.plane.store();
        let id = store.pool_at(path).await?.ok_or_else(|| hidden(At::Pool(path)))?;
        Ok(store.pool(id).await?)
    }

    pub(super) async fn pool_view(&self, pool: Pool, sight: &Sight) -> Result<PoolView, Refusal> {
        let store = self.plane.store();
        let counts = store.counts(&Scope::Pool(pool.path.clone()), sight).await?;
        let held = store.allocated(pool.id).await?;
        let throughput = store.pool_sparkline(pool.id, self.plane.now()).await?;
        Ok(PoolView {
            id: pool.id,
            path: pool.path,
            region: pool.region,
            version: pool.version,
            provider: pool.provider,
            counts,
            cpu_used: held.cores(),
            cpu_total: pool.has.cores(),
            memory_used_mb: held.memory_mb,
            memory_total_mb: pool.has.memory_mb,
            throughput,
            readable: pool.readable,
            // Who sees one of its clusters alone is shown it as the place of an update.
            role: sight.role_for_pool(pool.id).unwrap_or(Role::Reader),
        })
    }
}
