//! Creating a cluster: what is on offer, the jar. Checks are in [`super::checks`], the command itself in
//! [`crate::command`].

use domain::address::Address;
use domain::draft::ClusterDraft;
use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, OperationId};
use domain::lifecycle::Restore;
use domain::name::{AccountName, ClusterName, ContainerName};
use domain::offer::{Offer, SubnetOffer};
use domain::option::OptionInfo;
use domain::policy::Permission;
use domain::pool::PoolPath;
use domain::refusal::Refusal;
use domain::view::{CreateContext, Entry, JarView};

use super::Desk;
use super::checks::Launches;
use crate::command::{self, NewCluster};
use crate::store::At;
use crate::store::pool::Pool;

/// Numbers behind a name that are tried.
const MOST_NAMES: u32 = 100;

impl Desk {
    /// What the form needs to know of its pool.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn create_context(&self, pool: &PoolPath) -> Result<CreateContext, Refusal> {
        self.authorize(Permission::See, At::Pool(pool)).await?;
        let pool = self.pool_row(pool).await?;
        let lent = pool.accounts.clone();
        let networks = self.plane.store().networks(pool.id).await?;
        let mut context = self.context_of(pool).await?;
        let subnets = networks.into_iter().flat_map(|network| network.subnets);
        for (offer, subnet) in context.offer.subnets.iter_mut().zip(subnets) {
            offer.used = subnet.clusters;
        }
        // What is withdrawn stays with the clusters that have it.
        context.offer.accounts.retain(|account| lent.is_empty() || lent.contains(&account.name));
        if !context.offer.accounts.iter().any(|account| account.name == context.defaults.account) {
            let first = context.offer.accounts.first();
            context.defaults.account = first.map(|account| account.name.clone()).unwrap_or_default();
            context.defaults.container =
                first.and_then(|account| account.containers.first().cloned()).unwrap_or_default();
        }
        Ok(context)
    }

    /// What the form of an update needs to know of the cluster's pool, whether or not the caller sees more of that.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn update_context(&self, cluster: ClusterId) -> Result<CreateContext, Refusal> {
        self.authorize(Permission::Run, At::Cluster(cluster)).await?;
        let pool = self.plane.cluster_record(cluster).await?.cluster.pool;
        self.context_of(self.plane.store().pool(pool).await?).await
    }

    pub(super) async fn context_of(&self, pool: Pool) -> Result<CreateContext, Refusal> {
        let store = &self.plane.store();
        let left = pool.shared - store.allocated_of_all(pool.id).await?;
        let (currency, networks) = (pool.currency.clone(), store.networks(pool.id).await?);
        let mut subnets = Vec::new();
        for network in &networks {
            for subnet in &network.subnets {
                subnets.push(SubnetOffer {
                    network: network.name.clone(),
                    name: subnet.name.clone(),
                    range: subnet.range,
                    // Who has an address keeps it: only a new cluster asks whether one is left.
                    used: 0,
                });
            }
        }
        let view = self.pool_view(pool, &self.sight().await?).await?;
        let versions = store.versions(view.id).await?;
        let node_sizes = store.node_sizes(view.id).await?;
        let accounts = self.accounts().await?;
        let vaults = self.offered_vaults().await?;
        let defaults = ClusterForm {
            version: versions.first().map(|version| version.version.clone()).unwrap_or_default(),
            account: accounts.first().map(|account| account.name.clone()).unwrap_or_default(),
            container: accounts
                .first()
                .and_then(|account| account.containers.first().cloned())
                .unwrap_or_default(),
            node_size: node_sizes.first().map(|size| size.name.clone()).unwrap_or_default(),
            worker_nodes: "1".to_owned(),
            network: subnets.first().map(|one: &SubnetOffer| one.network.clone()).unwrap_or_default(),
            subnet: subnets.first().map(|one| one.name.clone()).unwrap_or_default(),
            upgrade_mode: "UPDATE".to_owned(),
            task_manager_cpu: "1".to_owned(),
            task_manager_memory: "1800".to_owned(),
            job_manager_cpu: "1".to_owned(),
            job_manager_memory: "1800".to_owned(),
            ..ClusterForm::default()
        };
        Ok(CreateContext {
            offer: Offer {
                // Other pools may have taken what this one's quota would leave.
                cpu_left: (view.cpu_total - view.cpu_used).max(0.0).min(left.cores()),
                memory_left_mb: view.memory_total_mb.saturating_sub(view.memory_used_mb).min(left.memory_mb),
                currency,
                subnets,
                versions,
                accounts,
                vaults,
                node_sizes,
            },
            pool: view,
            defaults,
        })
    }

    /// The options of the Flink that a cluster version runs, by key.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` when the distribution cannot be asked.
    pub async fn options(&self, version: &str) -> Result<Vec<OptionInfo>, Refusal> {
        self.authorize(Permission::See, At::Anywhere).await?;
        let _ = version; // Every version on offer runs the one distribution so far.
        Ok(self.plane.probe().options().await?.to_vec())
    }

    /// Whether the name is free in the pool; otherwise the sentence that says why not.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn name_taken(&self, pool: &PoolPath, name: &str) -> Result<Option<String>, Refusal> {
        self.authorize(Permission::See, At::Pool(pool)).await?;
        let id = self.pool_row(pool).await?.id;
        let taken = self.plane.store().cluster_named(id, name.trim()).await?;
        Ok(taken.map(|_| {
            format!(
                "There is already a cluster “{name}” in {pool}. Choose another name.",
                name = name.trim(),
                pool = pool.name()
            )
        }))
    }

    /// The name itself, or the first of `name-2`, `name-3` that is free in the pool.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn free_name(&self, pool: &PoolPath, name: &str) -> Result<String, Refusal> {
        let stem = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
        let others = (2..MOST_NAMES).map(|number| {
            let end = format!("-{number}");
            let most = ClusterName::LONGEST - end.len();
            format!("{}{end}", &stem[..stem.floor_char_boundary(most)])
        });
        for name in std::iter::once(name.to_owned()).chain(others) {
            if self.name_taken(pool, &name).await?.is_none() {
                return Ok(name);
            }
        }
        Ok(String::new()) // Then a person finds one.
    }

    /// Opens a jar by its address.
    ///
    /// # Errors
    /// `InvalidArgument` at `jar`: not there, no jar, truncated, not readable, or made to harm who reads it.
    pub async fn jar(&self, address: &str) -> Result<JarView, Refusal> {
        self.authorize(Permission::See, At::Anywhere).await?;
        let refused = |why: String| Refusal::field("jar", address, why);
        let parsed = Address::parse(address).map_err(|rule| refused(rule.to_string()))?;
        self.may_read("jar", &parsed).await?;
        self.plane.readings().open(self.plane.storage(), &parsed).await.map_err(refused)
    }

    /// What Flink's parser finds wrong with a script of Flink SQL, with line and column; nothing where it finds nothing.
    ///
    /// # Errors
    /// `Unavailable` when Flink cannot be asked.
    pub async fn parse_sql(&self, script: &str) -> Result<Option<String>, Refusal> {
        self.authorize(Permission::See, At::Anywhere).await?;
        if script.trim().is_empty() || script.len() > 1 << 20 {
            return Ok(None); // The field says itself what is wrong with it.
        }
        Ok(self.plane.probe().parse(script).await?)
    }

    /// Savepoints in a container, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn savepoints_in(&self, account: &str, container: &str) -> Result<Vec<Entry>, Refusal> {
        self.authorize(Permission::See, At::Account(account)).await?;
        let account: AccountName =
            account.try_into().map_err(|rule: String| Refusal::field("account", account, rule))?;
        let container: ContainerName =
            container.try_into().map_err(|rule: String| Refusal::field("container", container, rule))?;
        let mut found = self.on_disk(move |storage| storage.savepoints(&account, &container)).await?;
        self.without_unseen(&mut found).await?;
        Ok(found)
    }

    /// The operation that created the draft's cluster, if it did: pressed twice, Create is one cluster.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn created(&self, draft: DraftId) -> Result<Option<OperationId>, Refusal> {
        self.asked(&draft.to_string()).await
    }

    /// [Creates](Self::create_asked) the cluster of a form. What is hidden in it is what the kept draft holds.
    ///
    /// # Errors
    /// `InvalidSpec` with all findings and failed checks; `Exists` when the name was taken meanwhile, `OverQuota`.
    pub async fn create(
        &self,
        pool: &PoolPath,
        form: &ClusterForm,
        draft: Option<DraftId>,
        idempotency_key: Option<String>,
    ) -> Result<(ClusterId, OperationId), Refusal> {
        let asked = match draft {
            Some(draft) => ClusterDraft::from(&form.carrying(&self.kept_draft(draft).await?.1.form)),
            None => ClusterDraft::from(form),
        };
        let created = self.create_asked(pool, &asked, idempotency_key).await?;
        if let Some(draft) = draft {
            let permit = self.authorize(Permission::Run, At::Pool(pool)).await?;
            self.plane.store().drop_draft(&permit, draft).await?;
        }
        Ok(created)
    }

    /// Creates the cluster that is asked for, unless validation or a check finds what is certain to fail.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub async fn create_asked(
        &self,
        pool: &PoolPath,
        asked: &ClusterDraft,
        idempotency_key: Option<String>,
    ) -> Result<(ClusterId, OperationId), Refusal> {
        let permit = self.authorize(Permission::Run, At::Pool(pool)).await?;
        let context = self.create_context(pool).await?;
        // Without them values are not held against their options' types here, but by the checks.
        let version = asked.version.as_deref().unwrap_or_default();
        let options = self.options(version).await.unwrap_or_default();
        let spec = asked.admit(&context.offer, &options, &[]).map_err(Refusal::InvalidSpec)?;
        let made = match &idempotency_key {
            Some(key) => self.asked(key).await?,
            None => None,
        };
        if made.is_none() {
            Box::pin(self.refuse_what_fails(&context, &spec, None, Launches::Creation)).await?;
        }
        let from = match &spec.job.savepoint {
            Some(address) => Restore::Savepoint { path: address.to_string() },
            None => Restore::Fresh,
        };
        let pool = self.pool_row(pool).await?;
        let new = NewCluster { pool: &pool, spec: &spec, from, key: idempotency_key.as_deref() };
        command::create(&self.plane, &permit, &new).await
    }
}
