//! Clusters and their jobs: the grid, the pages of one cluster, the actions.

mod logs;
mod plots;
mod view;

use domain::action::Action;
use domain::id::{ClusterId, OperationId, SnapshotId};
use domain::lifecycle::Restore;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::spec::ClusterSpec;
use domain::view::{
    ActivityPage, ClusterView, JobPage, JobQuery, OperationView, RunView, Scope, SnapshotView,
};

use super::Desk;
use crate::command;
pub use crate::command::Arguments;
use crate::plane::gone;
pub use logs::LogChunk;

/// Entries of a cluster's own lists.
const LIST: i64 = 200;

impl Desk {
    /// A page of the grid.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound` for a scope that is not there.
    pub async fn jobs(&self, query: &JobQuery) -> Result<JobPage, Refusal> {
        self.authorize(Permission::See)?;
        match &query.scope {
            Scope::All => {}
            Scope::Pool(name) => drop(self.pool_row(name).await?),
            Scope::Cluster(id) => drop(self.plane.cluster_record(*id).await?),
        }
        Ok(self.plane.store().jobs(query, self.plane.now()).await?)
    }

    /// One cluster, whole.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster(&self, id: ClusterId) -> Result<ClusterView, Refusal> {
        self.authorize(Permission::See)?;
        view::cluster(self, id).await
    }

    /// Its name alone.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster_name(&self, id: ClusterId) -> Result<String, Refusal> {
        self.authorize(Permission::See)?;
        let name = self.plane.store().cluster_name(id).await?;
        name.ok_or_else(gone)
    }

    /// The cluster of that name in that pool.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster_named(&self, pool: &str, name: &str) -> Result<ClusterId, Refusal> {
        self.authorize(Permission::See)?;
        let found = self.plane.store().cluster_named(pool, name).await?;
        found.ok_or_else(|| Refusal::NotFound(format!("There is no cluster {name} in pool {pool}.")))
    }

    /// Asks for an action.
    ///
    /// # Errors
    /// `Conflict` with the reason when the state does not allow it or someone was faster; `Invalid` for arguments.
    pub async fn act(
        &self,
        id: ClusterId,
        action: Action,
        arguments: Arguments,
    ) -> Result<OperationId, Refusal> {
        self.authorize(Permission::Run)?;
        if let (Action::Start, Some(path)) = (action, arguments.from.as_ref().and_then(Restore::path)) {
            self.plane.storage().state(path).map_err(|why| Refusal::field("from", path, why))?;
        }
        let spec = match action {
            Action::Update | Action::StatelessUpdate => self.next_spec(id, &arguments).await?,
            Action::Start => {
                // A launch that lacks its secrets is refused before anything is done.
                let standing = self.plane.cluster_record(id).await?;
                self.open_spec(id, standing.revision()).await?;
                None
            }
            _ => None,
        };
        command::act(&self.plane, &self.actor, id, action, &arguments, spec.as_ref()).await
    }

    /// A revision with its secrets.
    pub(crate) async fn open_spec(&self, id: ClusterId, revision: u32) -> Result<ClusterSpec, Refusal> {
        let store = self.plane.store();
        Ok(store.open_spec(&store.spec(id, revision).await?)?)
    }

    /// What the form makes of the cluster; none if it stays as it is. The jar is opened before anything is stopped.
    async fn next_spec(&self, id: ClusterId, arguments: &Arguments) -> Result<Option<ClusterSpec>, Refusal> {
        let standing = self.plane.cluster_record(id).await?;
        let current = self.open_spec(id, standing.revision()).await?;
        let Some(form) = &arguments.form else {
            self.jar(&current.job.jar.to_string()).await?;
            return Ok(None);
        };
        let form = form.updating(&current);
        let pool = self.plane.store().pool(standing.cluster.pool).await?;
        let context = self.create_context(&pool.name).await?;
        let options = self.options(&form.version).await.unwrap_or_default();
        let spec = form.admit(&context, &options, false).map_err(Refusal::Invalid)?;
        self.jar(&spec.job.jar.to_string()).await?;
        Ok(Some(ClusterSpec { integration: current.integration, ..spec }))
    }

    /// One operation with its steps.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn operation(&self, id: OperationId) -> Result<OperationView, Refusal> {
        self.authorize(Permission::See)?;
        let found = self.plane.store().operation(id).await?;
        let mut operation =
            found.ok_or_else(|| Refusal::NotFound("There is no such operation.".to_owned()))?;
        operation.usually_ms = self.plane.store().usually_ms(operation.cluster, operation.action).await?;
        Ok(operation)
    }

    /// A cluster's operations, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn operations(&self, id: ClusterId) -> Result<Vec<OperationView>, Refusal> {
        self.known(id).await?;
        Ok(self.plane.store().operations_of(id, LIST).await?)
    }

    /// A cluster's history, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn activity_of(&self, id: ClusterId) -> Result<ActivityPage, Refusal> {
        self.known(id).await?;
        Ok(ActivityPage { events: self.plane.store().events_of(id, LIST).await?, next: None })
    }

    /// A cluster's runs, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn runs(&self, id: ClusterId) -> Result<Vec<RunView>, Refusal> {
        self.known(id).await?;
        Ok(self.plane.store().runs(id).await?)
    }

    /// A cluster's savepoints and retained checkpoints, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn snapshots(&self, id: ClusterId) -> Result<Vec<SnapshotView>, Refusal> {
        self.known(id).await?;
        Ok(self.plane.store().snapshots(id).await?)
    }

    /// Deletes a savepoint: its files first, then its row.
    ///
    /// # Errors
    /// `Conflict` while a run or an operation needs it; `NotFound`.
    pub async fn delete_snapshot(&self, id: ClusterId, snapshot: SnapshotId) -> Result<(), Refusal> {
        self.authorize(Permission::Run)?;
        command::delete_snapshot(&self.plane, &self.actor, id, snapshot).await
    }

    /// Histories outlive clusters: a deleted one still has its operations.
    async fn known(&self, id: ClusterId) -> Result<String, Refusal> {
        self.authorize(Permission::See)?;
        let name = self.plane.store().cluster_name_ever(id).await?;
        name.ok_or_else(|| Refusal::NotFound("There is no such cluster.".to_owned()))
    }
}
