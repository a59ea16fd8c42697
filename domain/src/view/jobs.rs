//! The Flink Jobs grid: its question and its answer.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::id::{ClusterId, OperationId, PoolId};
use crate::policy::Role;
use crate::pool::PoolPath;
use crate::snapshot::SnapshotOrigin;
use crate::state::{Group, State};

/// What the grid asks. All of it stands in the page's URL.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct JobQuery {
    /// Whose jobs.
    pub scope: Scope,
    /// Part of a name.
    pub text: String,
    /// Only this state; empty for all. A [`State::name`].
    pub state: String,
    /// Only this group; empty for all: `running`, `moving`, `failing`, `stopped`.
    pub group: String,
    /// Only this Flink version; empty for all.
    pub flink: String,
    /// Only this owner's; empty for all.
    pub owner: String,
    /// Only with this tag, `name` or `name:value`; empty for all.
    pub tag: String,
    /// By which column.
    pub sort: Sort,
    /// Largest first.
    pub descending: bool,
    /// Page number, from 0.
    pub page: u32,
    /// Rows on a page; 0 means the default of 50, at most 200.
    pub size: u32,
}

/// Whose jobs a grid shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Everything that the caller may see.
    #[default]
    All,
    /// One pool's.
    Pool(PoolPath),
    /// One cluster's.
    Cluster(ClusterId),
}

/// By which column a grid is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// What needs a person first, then by name.
    #[default]
    Attention,
    /// By name.
    Name,
    /// By time in the present state.
    Since,
    /// By parallelism.
    Parallelism,
    /// By age of the last checkpoint.
    Checkpoint,
    /// By restarts.
    Restarts,
}

/// A page of the grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobPage {
    /// The rows.
    pub rows: Vec<JobRow>,
    /// How many rows there are over all pages.
    pub total: u32,
    /// How many jobs of the scope are in which group, whatever the group and state filters say.
    pub counts: GroupCounts,
    /// Values that the filters offer.
    pub flink_versions: Vec<String>,
    /// Values that the filters offer.
    pub owners: Vec<String>,
    /// Values that the filters offer, `name:value`.
    pub tags: Vec<String>,
    /// When this was read.
    pub as_of: Timestamp,
}

/// Jobs by group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // One count for each variant of `Group`.
pub struct GroupCounts {
    pub all: u32,
    pub running: u32,
    pub moving: u32,
    pub failing: u32,
    pub stopped: u32,
}

impl GroupCounts {
    /// The count of one group.
    pub fn of(&self, group: Group) -> u32 {
        match group {
            Group::Running => self.running,
            Group::Moving => self.moving,
            Group::Failing => self.failing,
            Group::Stopped => self.stopped,
        }
    }
}

/// One job.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JobRow {
    /// The cluster.
    pub cluster: ClusterId,
    /// Its name, and its job's.
    pub name: String,
    /// The pool's id.
    pub pool: PoolId,
    /// The pool's name, with those of what it lies in.
    pub pool_path: PoolPath,
    /// `1.20.5`.
    pub flink: String,
    /// Who created it.
    pub owner: String,
    /// The word.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// How it is counted: a job that runs but is restarted too often needs a person all the same.
    pub group: Group,
    /// When the cluster was last seen, if that is longer ago than it should be: what the row shows is of then.
    pub as_of: Option<Timestamp>,
    /// Why it needs a person or is not there, in one line.
    pub note: String,
    /// The operation in progress, if there is one.
    pub operation: Option<Moving>,
    /// The last operation that ended.
    pub result: Option<LastResult>,
    /// Flink's job id of the present run.
    pub job_id: Option<String>,
    /// The present run.
    pub run: Option<u32>,
    /// The current revision.
    pub revision: u32,
    /// Highest parallelism of the job's operators; 0 if not known yet.
    pub parallelism: u32,
    /// When the last savepoint was complete.
    pub savepoint_at: Option<Timestamp>,
    /// What it was taken for.
    pub savepoint_origin: Option<SnapshotOrigin>,
    /// When the last checkpoint was complete.
    pub checkpoint_at: Option<Timestamp>,
    /// Restarts since somebody asked for its launch: Flink's own, and runs that took the place of lost ones.
    pub restarts: u32,
    /// Tags.
    pub tags: BTreeMap<String, String>,
    /// Records per second of the last 30 minutes, oldest first, evenly spaced; empty if nothing was measured.
    pub throughput: Vec<f32>,
    /// Which actions are offered.
    pub actions: Vec<ActionOffer>,
    /// The caller's role for the cluster.
    pub role: Role,
}

/// An operation in progress, in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// The operation.
    pub id: OperationId,
    /// Its action.
    pub action: Action,
    /// The present step: "Task managers register, 2 of 4".
    pub step: String,
    /// More about it: "from savepoint of 13:40".
    pub detail: String,
}

/// How the last operation ended, in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastResult {
    /// The operation.
    pub id: OperationId,
    /// Its action.
    pub action: Action,
    /// Whether it succeeded.
    pub succeeded: bool,
    /// When.
    pub at: Timestamp,
    /// One line: "Update succeeded, 2.8 s without a running job".
    pub message: String,
}

/// Whether an action may be asked for now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActionOffer {
    /// The action.
    pub action: Action,
    /// Why not, if not.
    pub refused: Option<String>,
}
