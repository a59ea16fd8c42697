//! How the portal itself does: its reconciler, how old what it shows is, and what it keeps programs from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
