//! Making, changing and deleting cluster pools.

use domain::id::PoolId;
use domain::name::PoolName;
use domain::offer::Version;
use domain::policy::{Permission, Role};
use domain::pool::{PoolForm, PoolPath, PoolSpec, SizeRow};
use domain::refusal::Refusal;
use domain::scope::Scope;
use domain::spec::Capacity;
use domain::view::{PoolDetails, PoolEdit};
use uuid::Uuid;

use super::Desk;
use super::networks::network;
use crate::machine::Machine;
use crate::store::At;
use crate::store::pool::Pool;
use crate::store::seed::{POOL_VERSION, VERSION};

/// What runs the clusters of a new pool.
const PROVIDER: &str = "local";

impl Desk {
    /// One pool with everything that its page shows.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn pool_details(&self, path: &PoolPath) -> Result<PoolDetails, Refusal> {
        self.authorize(Permission::See, At::Pool(path)).await?;
        let row = self.pool_row(path).await?;
        let store = self.plane.store();
        let used = store.offers_in_use(row.id).await?;
        let held = store.allocated_of_all(row.id).await?;
        let count =
            |of: &std::collections::BTreeMap<String, u32>, name: &str| of.get(name).copied().unwrap_or(0);
        let versions = store.versions(row.id).await?.into_iter();
        let sizes = store.node_sizes(row.id).await?.into_iter();
        let mut accounts = row.accounts.clone();
        if accounts.is_empty() {
            accounts = self.account_names().await?;
        }
        Ok(PoolDetails {
            most_clusters: row.quota.clusters,
            shared: (row.shared.cores(), row.shared.memory_mb),
            shared_used: (held.cores(), held.memory_mb),
            currency: row.currency.clone(),
            versions: versions.map(|one| (one.clone(), count(&used.versions, &one.version))).collect(),
            sizes: sizes.map(|one| (one.clone(), count(&used.sizes, &one.name))).collect(),
            networks: store.networks(row.id).await?.into_iter().map(network).collect(),
            accounts,
            pool: self.pool_view(row, &self.sight().await?).await?,
        })
    }

    /// What the form of a new pool begins with, and where the caller can make one.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn new_pool_edit(&self) -> Result<PoolEdit, Refusal> {
        let mut groups = Vec::new();
        for subscription in self.scopes().await? {
            let own = subscription.groups.into_iter().filter(|group| group.role == Some(Role::Owner));
            groups.extend(own.map(|group| (subscription.name.clone(), group.name)));
        }
        let versions: Vec<String> =
            self.offerable().await?.into_iter().map(|version| version.version).collect();
        let size = |name: &str, cpu: &str, memory: &str| SizeRow {
            name: name.to_owned(),
            cpu: cpu.to_owned(),
            memory: memory.to_owned(),
            price: String::new(),
        };
        let form = PoolForm {
            region: "this machine".to_owned(),
            versions: versions.join(", "),
            sizes: vec![size("Standard_D2", "2", "8192"), size("Standard_D4", "4", "16384")],
            ..PoolForm::default()
        };
        Ok(PoolEdit { groups, form, versions, accounts: self.account_names().await? })
    }

    /// A pool as its form shows it, for a change.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`.
    pub async fn pool_edit(&self, path: &PoolPath) -> Result<PoolEdit, Refusal> {
        self.authorize(Permission::Administer, At::Pool(path)).await?;
        let row = self.pool_row(path).await?;
        let versions = self.offerable().await?.into_iter().map(|version| version.version).collect();
        let groups = vec![(row.path.subscription().to_owned(), row.path.group().to_owned())];
        let form = PoolForm::from(&self.spec_of(&row).await?);
        Ok(PoolEdit { groups, form, versions, accounts: self.account_names().await? })
    }

    /// Makes a pool of the group. It has no network yet.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound` for the group; `InvalidArguments` with everything that is wrong; `Exists`.
    pub async fn new_pool(
        &self,
        subscription: &str,
        group: &str,
        form: &PoolForm,
    ) -> Result<PoolPath, Refusal> {
        let scope = Scope::of([subscription, group]);
        let permit = self.authorize(Permission::Administer, At::Scope(&scope)).await?;
        let spec = self.read_pool(form).await?;
        let store = self.plane.store();
        let machine = Machine::here();
        let shared = store.shared_by(PROVIDER).await?;
        let shared = shared.unwrap_or_else(|| Capacity::new(machine.cpu(), machine.memory_mb));
        let pool = Pool {
            id: PoolId(Uuid::now_v7()),
            path: PoolPath::of(subscription, group, spec.name.as_str()),
            region: spec.region.clone(),
            version: POOL_VERSION.to_owned(),
            provider: PROVIDER.to_owned(),
            has: shared,
            shared,
            quota: spec.quota,
            currency: spec.currency.clone(),
            accounts: spec.accounts.clone(),
            readable: Vec::new(),
        };
        let event = store.new_pool(&permit, &pool, &spec, self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(pool.path)
    }

    /// Changes a pool: everything of its form but its name.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InvalidArguments` with everything that is wrong, `InvalidArgument` for a size or a version
    /// that clusters need; `Changed` when somebody was faster.
    pub async fn change_pool(&self, path: &PoolPath, form: &PoolForm) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Pool(path)).await?;
        let row = self.pool_row(path).await?;
        let named = PoolForm { name: row.path.name().to_owned(), ..form.clone() };
        let (was, spec) = (self.spec_of(&row).await?, self.read_pool(&named).await?);
        let event = self.plane.store().change_pool(&permit, (&was, &spec), self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    /// Deletes a pool that has no cluster, with its networks.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound`; `InUse` with the names of its clusters.
    pub async fn delete_pool(&self, path: &PoolPath) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Administer, At::Pool(path)).await?;
        let event = self.plane.store().delete_pool(&permit, path.name(), self.plane.now()).await?;
        self.plane.changed(event, None);
        Ok(())
    }

    async fn read_pool(&self, form: &PoolForm) -> Result<PoolSpec, Refusal> {
        form.read(&self.offerable().await?, &self.account_names().await?).map_err(Refusal::InvalidArguments)
    }

    async fn spec_of(&self, pool: &Pool) -> Result<PoolSpec, Refusal> {
        let store = self.plane.store();
        Ok(PoolSpec {
            name: PoolName::try_from(pool.path.name()).map_err(Refusal::NotAllowed)?,
            region: pool.region.clone(),
            quota: pool.quota,
            currency: pool.currency.clone(),
            versions: store.versions(pool.id).await?,
            accounts: pool.accounts.clone(),
            sizes: store.node_sizes(pool.id).await?,
        })
    }

    /// The cluster versions that a pool can offer: those of its provider's pools, and what the provider runs.
    async fn offerable(&self) -> Result<Vec<Version>, Refusal> {
        let mut known = self.plane.store().known_versions(PROVIDER).await?;
        if known.is_empty() {
            let runs = self.plane.inner.provider.runtime();
            known.push(Version { version: VERSION.to_owned(), flink: runs.flink, java: runs.java });
        }
        Ok(known)
    }

    async fn account_names(&self) -> Result<Vec<String>, Refusal> {
        Ok(self.accounts().await?.into_iter().map(|account| account.name).collect())
    }
}
