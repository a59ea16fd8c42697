//! Creating a cluster: what is on offer, drafts, the jar, preflight, the command.

use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId, OperationId};
use domain::refusal::Refusal;
use domain::view::{CreateContext, DraftView, JarView, OptionInfo, Preflight};

use super::Desk;

impl Desk {
    /// What the form needs to know of its pool.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn create_context(&self, pool: &str) -> Result<CreateContext, Refusal> {
        let _ = pool;
        unimplemented!()
    }

    /// The options of the Flink that a cluster version runs, by key.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` when the distribution cannot be asked.
    pub async fn options(&self, version: &str) -> Result<Vec<OptionInfo>, Refusal> {
        let _ = version;
        unimplemented!()
    }

    /// Whether the name is free in the pool; otherwise the sentence that says why not.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn name_taken(&self, pool: &str, name: &str) -> Result<Option<String>, Refusal> {
        let _ = (pool, name);
        unimplemented!()
    }

    /// Opens a jar by its address.
    ///
    /// # Errors
    /// `Invalid` at `jar`: not there, no jar, truncated, not readable.
    pub async fn jar(&self, address: &str) -> Result<JarView, Refusal> {
        let _ = address;
        unimplemented!()
    }

    /// Savepoints in a container, newest first: address and when.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn savepoints_in(
        &self,
        account: &str,
        container: &str,
    ) -> Result<Vec<domain::view::Entry>, Refusal> {
        let _ = (account, container);
        unimplemented!()
    }

    /// Begins a draft.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn new_draft(&self, pool: &str) -> Result<DraftId, Refusal> {
        let _ = pool;
        unimplemented!()
    }

    /// The caller's draft.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn draft(&self, id: DraftId) -> Result<DraftView, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// The caller's drafts in a pool, newest first.
    ///
    /// # Errors
    /// `NotFound` for the pool.
    pub async fn drafts(&self, pool: &str) -> Result<Vec<DraftView>, Refusal> {
        let _ = pool;
        unimplemented!()
    }

    /// Keeps what was typed.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn keep_draft(&self, id: DraftId, form: &ClusterForm) -> Result<DraftView, Refusal> {
        let _ = (id, form);
        unimplemented!()
    }

    /// Drops a draft.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn drop_draft(&self, id: DraftId) -> Result<(), Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// Runs every check for real: jar, class, job graph, savepoint, name, slots, memory, capacity. Field errors are
    /// checks too. With `cluster`, checks an update of that cluster instead of a creation.
    ///
    /// # Errors
    /// `NotFound` for pool or cluster.
    pub async fn preflight(
        &self,
        pool: &str,
        form: &ClusterForm,
        cluster: Option<ClusterId>,
    ) -> Result<Preflight, Refusal> {
        let _ = (pool, form, cluster);
        unimplemented!()
    }

    /// Creates the cluster; validation and the cheap checks run again.
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
        let _ = (pool, form, draft, idempotency_key);
        unimplemented!()
    }
}
