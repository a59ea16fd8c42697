//! Cluster pools.

use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::{PoolName, PoolView, Scope};

use super::Desk;
use crate::store::pool::Pool;

impl Desk {
    /// Every pool.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn pools(&self) -> Result<Vec<PoolView>, Refusal> {
        self.authorize(Permission::See)?;
        let mut views = Vec::new();
        for pool in self.plane.store().pools().await? {
            views.push(self.pool_view(pool).await?);
        }
        Ok(views)
    }

    /// Every pool, as much of it as stands around every page.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn pool_names(&self) -> Result<Vec<PoolName>, Refusal> {
        self.authorize(Permission::See)?;
        Ok(self.plane.store().pool_names().await?)
    }

    /// One pool, by name.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn pool(&self, name: &str) -> Result<PoolView, Refusal> {
        self.authorize(Permission::See)?;
        let pool = self.pool_row(name).await?;
        self.pool_view(pool).await
    }

    pub(crate) async fn pool_row(&self, name: &str) -> Result<Pool, Refusal> {
        let found = self.plane.store().pool_named(name).await?;
        found.ok_or_else(|| Refusal::NotFound(format!("There is no pool {name}.")))
    }

    async fn pool_view(&self, pool: Pool) -> Result<PoolView, Refusal> {
        let store = self.plane.store();
        let counts = store.counts(&Scope::Pool(pool.name.clone())).await?;
        let held = store.allocated(pool.id).await?;
        let throughput = store.pool_sparkline(pool.id, self.plane.now()).await?;
        Ok(PoolView {
            id: pool.id,
            name: pool.name,
            subscription: pool.subscription,
            resource_group: pool.resource_group,
            region: pool.region,
            version: pool.version,
            provider: pool.provider,
            subnet: pool.subnet,
            counts,
            cpu_used: held.cores(),
            cpu_total: pool.has.cores(),
            memory_used_mb: held.memory_mb,
            memory_total_mb: pool.has.memory_mb,
            throughput,
            readable: pool.readable,
        })
    }
}
