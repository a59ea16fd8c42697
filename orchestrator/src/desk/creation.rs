//! Creating a cluster: what is on offer, the jar, preflight. The command itself is in [`crate::command`].

use std::time::Instant;

use domain::address::Address;
use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, OperationId};
use domain::lifecycle::Restore;
use domain::name::{AccountName, ContainerName};
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::secret::Secrets;
use domain::spec::ClusterSpec;
use domain::view::{CreateContext, Entry, JarView, OptionInfo, Preflight};

use super::Desk;
use crate::command::{self, NewCluster};
use crate::preflight::Subject;

impl Desk {
    /// What the form needs to know of its pool.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn create_context(&self, pool: &str) -> Result<CreateContext, Refusal> {
        let view = self.pool(pool).await?;
        let store = &self.plane.store();
        let versions = store.versions(view.id).await?;
        let node_sizes = store.node_sizes(view.id).await?;
        let accounts = self.accounts().await?;
        let defaults = ClusterForm {
            version: versions.first().map(|version| version.version.clone()).unwrap_or_default(),
            account: accounts.first().map(|account| account.name.clone()).unwrap_or_default(),
            container: accounts
                .first()
                .and_then(|account| account.containers.first().cloned())
                .unwrap_or_default(),
            node_size: node_sizes.first().map(|size| size.name.clone()).unwrap_or_default(),
            worker_nodes: "1".to_owned(),
            upgrade_mode: "UPDATE".to_owned(),
            task_manager_cpu: "1".to_owned(),
            task_manager_memory: "1800".to_owned(),
            job_manager_cpu: "1".to_owned(),
            job_manager_memory: "1800".to_owned(),
            ..ClusterForm::default()
        };
        Ok(CreateContext {
            cpu_left: (view.cpu_total - view.cpu_used).max(0.0),
            memory_left_mb: view.memory_total_mb.saturating_sub(view.memory_used_mb),
            pool: view,
            versions,
            accounts,
            node_sizes,
            defaults,
        })
    }

    /// The options of the Flink that a cluster version runs, by key.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` when the distribution cannot be asked.
    pub async fn options(&self, version: &str) -> Result<Vec<OptionInfo>, Refusal> {
        self.authorize(Permission::See)?;
        let _ = version; // Every version on offer runs the one distribution so far.
        Ok(self.plane.probe().options().await?.to_vec())
    }

    /// Whether the name is free in the pool; otherwise the sentence that says why not.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn name_taken(&self, pool: &str, name: &str) -> Result<Option<String>, Refusal> {
        self.authorize(Permission::See)?;
        let taken = self.plane.store().cluster_named(pool, name.trim()).await?;
        Ok(taken.map(|_| {
            format!("There is already a cluster “{name}” in {pool}. Choose another name.", name = name.trim())
        }))
    }

    /// Opens a jar by its address.
    ///
    /// # Errors
    /// `Invalid` at `jar`: not there, no jar, truncated, not readable, or made to harm who reads it.
    pub async fn jar(&self, address: &str) -> Result<JarView, Refusal> {
        self.authorize(Permission::See)?;
        let refused = |why: String| Refusal::field("jar", address, why);
        let parsed = Address::parse(address).map_err(|rule| refused(rule.to_string()))?;
        self.plane.readings().open(self.plane.storage(), &parsed).await.map_err(refused)
    }

    /// Savepoints in a container, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn savepoints_in(&self, account: &str, container: &str) -> Result<Vec<Entry>, Refusal> {
        self.authorize(Permission::See)?;
        let account: AccountName =
            account.try_into().map_err(|rule: String| Refusal::field("account", account, rule))?;
        let container: ContainerName =
            container.try_into().map_err(|rule: String| Refusal::field("container", container, rule))?;
        self.on_disk(move |storage| storage.savepoints(&account, &container)).await
    }

    /// [`preflight`](Self::preflight) of the caller's draft as it stands in the form.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn preflight_draft(&self, draft: DraftId, form: &ClusterForm) -> Result<Preflight, Refusal> {
        let kept = self.kept_draft(draft).await?;
        self.preflight(&kept.pool, &form.carrying(&kept.form), None, false).await
    }

    /// Runs every check for real: jar, class, job graph, savepoint, name, slots, memory, capacity. Field errors are
    /// checks too. With `cluster`, checks an update of that cluster instead of a creation, with or without its state.
    ///
    /// # Errors
    /// `NotFound` for pool or cluster.
    pub async fn preflight(
        &self,
        pool: &str,
        form: &ClusterForm,
        cluster: Option<ClusterId>,
        stateless: bool,
    ) -> Result<Preflight, Refusal> {
        self.authorize(Permission::Run)?;
        let began = Instant::now();
        let context = self.create_context(pool).await?;
        let options = self.options(&form.version).await?;
        let mut form = form.clone();
        let (name, state, held) = match cluster {
            Some(id) => {
                let standing = self.plane.cluster_record(id).await?;
                form = form.updating(&self.open_spec(id, standing.revision()).await?);
                let newest = self.snapshots(id).await?.into_iter().next().map(|snapshot| snapshot.path);
                (None, newest.filter(|_| !stateless), self.plane.store().held_by(id).await?)
            }
            None => {
                let taken = self.name_taken(pool, &form.name).await?;
                (Some(taken.map_or(Ok(()), Err)), savepoint(&form), (0.0, 0))
            }
        };
        let subject = Subject {
            form: &form,
            context: &context,
            options: &options,
            storage: self.plane.storage(),
            readings: self.plane.readings(),
            probe: self.plane.probe(),
            name,
            state,
            held,
            new: cluster.is_none(),
        };
        let (mut checks, spec) = subject.run().await;
        let secrets = spec.as_ref().map_or_else(|| Secrets::typed(&form), Secrets::of);
        for check in &mut checks {
            check.detail = secrets.hide(&check.detail);
            check.exception = secrets.hide(&check.exception);
        }
        let spec = spec.as_ref().map(ClusterSpec::shown);
        let effective = spec.as_ref().map(ClusterSpec::effective_options).unwrap_or_default();
        let configuration =
            effective.into_iter().map(|(key, set)| (key, set.value, set.origin.word().to_owned())).collect();
        let json = spec.as_ref().and_then(|spec| serde_json::to_string_pretty(spec).ok());
        Ok(Preflight {
            checks,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            configuration,
            as_text: json.map(|json| ("json".to_owned(), json)).into_iter().collect(),
        })
    }

    /// The operation that created the draft's cluster, if it did: pressed twice, Create is one cluster.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn created(&self, draft: DraftId) -> Result<Option<OperationId>, Refusal> {
        self.authorize(Permission::Run)?;
        let made = self.plane.store().operation_by_key(&self.actor, &draft.to_string()).await?;
        Ok(made.map(|made| made.operation))
    }

    /// Creates the cluster; validation and the cheap checks run again. What is hidden in the form is what the draft
    /// holds.
    ///
    /// # Errors
    /// `Invalid` with all field errors; `Conflict` when the name was taken meanwhile or the capacity is gone.
    pub async fn create(
        &self,
        pool: &str,
        form: &ClusterForm,
        draft: Option<DraftId>,
        idempotency_key: Option<String>,
    ) -> Result<(ClusterId, OperationId), Refusal> {
        self.authorize(Permission::Run)?;
        let context = self.create_context(pool).await?;
        let options = self.options(&form.version).await?;
        let form = match draft {
            Some(draft) => form.carrying(&self.kept_draft(draft).await?.form),
            None => form.clone(),
        };
        let spec = form.admit(&context, &options, true).map_err(Refusal::Invalid)?;
        let from = match &spec.job.savepoint {
            Some(address) => Restore::Savepoint { path: address.to_string() },
            None => Restore::Fresh,
        };
        let pool = self.pool_row(pool).await?;
        let new = NewCluster { pool: &pool, spec: &spec, from, key: idempotency_key.as_deref() };
        let created = command::create(&self.plane, &self.actor, &new).await?;
        if let Some(draft) = draft {
            self.plane.store().drop_draft(draft, self.actor.id).await?;
        }
        Ok(created)
    }
}

/// The savepoint that the form names, as a full address where it can be read as one.
fn savepoint(form: &ClusterForm) -> Option<String> {
    let text = form.savepoint.trim();
    if text.is_empty() {
        return None;
    }
    let within = || {
        let account = AccountName::try_from(form.account.trim()).ok()?;
        let container = ContainerName::try_from(form.container.trim()).ok()?;
        Address::within(&account, &container, text).ok()
    };
    Some(within().map_or_else(|| text.to_owned(), |address| address.to_string()))
}
