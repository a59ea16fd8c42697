//! The things around jobs: pools, accounts, home, activity.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{EventView, GroupCounts, JobRow, OperationView};
use crate::id::{EventId, PoolId};
use crate::room::Room;

/// As much of a cluster pool as stands around every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolName {
    /// Its id.
    pub id: PoolId,
    /// Its name.
    pub name: String,
    /// Where: "this machine".
    pub region: String,
    /// How many clusters it has.
    pub clusters: u32,
}

/// A cluster pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolView {
    /// Its id.
    pub id: PoolId,
    /// Its name.
    pub name: String,
    /// The subscription's name.
    pub subscription: String,
    /// The resource group's name.
    pub resource_group: String,
    /// Where: "this machine".
    pub region: String,
    /// `1.2`.
    pub version: String,
    /// `local`.
    pub provider: String,
    /// The loopback range of its clusters: `127.4.0.0/24`.
    pub subnet: String,
    /// Its jobs.
    pub counts: GroupCounts,
    /// Cores in use.
    pub cpu_used: f64,
    /// Cores in all.
    pub cpu_total: f64,
    /// Memory in use, MB.
    pub memory_used_mb: u64,
    /// Memory in all, MB.
    pub memory_total_mb: u64,
    /// Records per second of all its jobs over the last 30 minutes, oldest first.
    pub throughput: Vec<f32>,
    /// Folders of the machine that its jobs may read, beside their own.
    pub readable: Vec<String>,
}

/// A storage account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// Its name.
    pub name: String,
    /// `local`.
    pub kind: String,
    /// Its containers.
    pub containers: Vec<String>,
    /// What it holds and may hold.
    #[serde(default)]
    pub room: Room,
}

/// The home page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HomeView {
    /// All jobs.
    pub counts: GroupCounts,
    /// Jobs that need a person, at most ten.
    pub attention: Vec<JobRow>,
    /// Every pool.
    pub pools: Vec<PoolView>,
    /// The newest operations, at most eight.
    pub operations: Vec<OperationView>,
    /// The clusters that something was asked of last, at most five.
    pub recent: Vec<JobRow>,
}

/// What the activity log asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ActivityQuery {
    /// Part of a title, cluster name or actor.
    pub text: String,
    /// Older than this.
    pub before: Option<EventId>,
}

/// A page of the activity log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityPage {
    /// The entries.
    pub events: Vec<EventView>,
    /// Where the next page begins; none at the end.
    pub next: Option<EventId>,
}

/// What the reconciler tells of itself: how it stands, and counts since the portal was started.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReconcilerView {
    /// When the last pass ended.
    pub last_pass: Option<Timestamp>,
    /// How long the cluster has waited that has been due for longest, ms.
    pub lag_ms: u64,
    /// Clusters that wait for their next look.
    pub queued: usize,
    /// Clusters that are looked at.
    pub under_way: usize,
    /// Clusters that wait for others to have started.
    pub waiting: usize,
    /// Passes that ended.
    pub passes: u64,
    /// What they took together, ms.
    pub passes_ms: u64,
    /// Passes that could not be finished.
    pub failures: u64,
    /// The last of these.
    pub mishap: Option<Mishap>,
}

/// What went wrong, once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mishap {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub why: String,
}

/// Why what the pages show is not of now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Old {
    /// When all was well last: what is shown is of then.
    pub since: Timestamp,
    /// What ails the portal, and the way out.
    pub why: String,
}

/// Something that programs of other people are kept from on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Safeguard {
    /// What it is about.
    pub title: String,
    /// They are kept from it.
    pub there: bool,
    /// How, or why not and what would help.
    pub detail: String,
}
