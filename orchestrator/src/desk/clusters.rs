//! Clusters and their jobs: the grid, the pages of one cluster, the actions.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId, SnapshotId};
use domain::lifecycle::Restore;
use domain::refusal::Refusal;
use domain::view::{
    ActivityPage, ClusterView, JobPage, JobQuery, LogFile, OperationView, Plot, RunView, SnapshotView,
    TimelineView,
};

use super::Desk;

/// What an action is asked with.
#[derive(Clone, Debug, Default)]
pub struct Arguments {
    /// Update and Stateless update: the job's part of the form (jar, class, args, options, resources); none keeps
    /// the current revision.
    pub form: Option<ClusterForm>,
    /// Start: from which state; none means the newest savepoint of this cluster, or fresh if there is none.
    pub from: Option<Restore>,
    /// Delete: whether the savepoints are deleted too.
    pub delete_savepoints: bool,
    /// Two requests with the same key are one operation.
    pub idempotency_key: Option<String>,
}

/// A part of a log file.
#[derive(Clone, Debug)]
pub struct LogChunk {
    /// The text.
    pub text: String,
    /// Where the text begins in the file, bytes.
    pub from: u64,
    /// Where the next chunk begins.
    pub next: u64,
}

impl Desk {
    /// A page of the grid.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound` for a scope that is not there.
    pub async fn jobs(&self, query: &JobQuery) -> Result<JobPage, Refusal> {
        let _ = query;
        unimplemented!()
    }

    /// One cluster, whole.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster(&self, id: ClusterId) -> Result<ClusterView, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// The cluster of that name in that pool.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster_named(&self, pool: &str, name: &str) -> Result<ClusterId, Refusal> {
        let _ = (pool, name);
        unimplemented!()
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
        let _ = (id, action, arguments);
        unimplemented!()
    }

    /// One operation with its steps.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn operation(&self, id: OperationId) -> Result<OperationView, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// A cluster's operations, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn operations(&self, id: ClusterId) -> Result<Vec<OperationView>, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// A cluster's history, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn activity_of(&self, id: ClusterId) -> Result<ActivityPage, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// A cluster's runs, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn runs(&self, id: ClusterId) -> Result<Vec<RunView>, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// A cluster's savepoints and retained checkpoints, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn snapshots(&self, id: ClusterId) -> Result<Vec<SnapshotView>, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// Deletes a savepoint: its files first, then its row.
    ///
    /// # Errors
    /// `Conflict` while a run or an operation needs it; `NotFound`.
    pub async fn delete_snapshot(&self, id: ClusterId, snapshot: SnapshotId) -> Result<(), Refusal> {
        let _ = (id, snapshot);
        unimplemented!()
    }

    /// The overview's plots over the last `minutes`.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn plots(&self, id: ClusterId, minutes: u32) -> Result<Vec<Plot>, Refusal> {
        let _ = (id, minutes);
        unimplemented!()
    }

    /// Runs, operations and notable events of the last `minutes`.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn timeline(&self, id: ClusterId, minutes: u32) -> Result<TimelineView, Refusal> {
        let _ = (id, minutes);
        unimplemented!()
    }

    /// The log files of every run, newest run first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn logs(&self, id: ClusterId) -> Result<Vec<LogFile>, Refusal> {
        let _ = id;
        unimplemented!()
    }

    /// A part of a log file: from `from` on, or its last 64 KiB.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn log(
        &self,
        id: ClusterId,
        run: u32,
        name: &str,
        from: Option<u64>,
    ) -> Result<LogChunk, Refusal> {
        let _ = (id, run, name, from);
        unimplemented!()
    }
}
