//! The home page and the activity log.

use serde::{Deserialize, Serialize};

use super::{EventView, GroupCounts, JobRow, OperationView, PoolView};
use crate::id::EventId;

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

/// What the bell shows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NoticesView {
    /// How many jobs need a person.
    pub failing: u32,
    /// The first of them, at most five.
    pub attention: Vec<JobRow>,
    /// The newest operations that have gone on within the last day, at most eight.
    pub operations: Vec<OperationView>,
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
