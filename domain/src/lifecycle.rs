//! The life of a cluster's job: what is wanted, where it stands, what was seen, and what comes next.
//!
//! [`decide()`] is the whole behaviour of the product as one pure function. The reconciler does, for each cluster
//! that is due: `observe` (provider) → `decide` (here) → record phase and event (store) → `act` (provider).
//!
//! Invariants, proved as properties in `lifecycle/tests`:
//! - never two runs of one cluster alive;
//! - once a savepoint is promised, nothing starts without it, over any crash between record and act;
//! - what cannot be seen is neither acted upon nor judged;
//! - from any phase, fault-free passes reach what is wanted within a bounded number of steps.

mod decide;
mod known;
mod launch;
mod observation;
mod phase;
mod restarts;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use decide::decide;
pub use known::KnownState;
pub use launch::{BackFrom, Fallback, Launch, Probation, Recoveries, Restore};
pub use observation::{
    FlinkRestarts, JobStatus, MainMethod, Observation, ObservedJob, ObservedProcess, ObservedRun,
    ObservedSavepoint, ObservedTaskManagers,
};
pub use phase::{Next, Phase, Then};
pub use restarts::Restarts;
pub use steps::{StepKey, step_failed, step_key, step_name, steps_of, steps_to_come};

use crate::id::OperationId;
use crate::reason::Reason;
use crate::snapshot::SavepointFormat;

/// What somebody asked for, with everything that it takes. Written by a command, settled by the reconciler.
///
/// A cluster has at most one. Only Cancel and Delete may displace one that is not settled yet; the command that
/// does so settles the displaced operation as failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The operation that asked. Its id is also the trigger id of the savepoint that it takes.
    pub operation: OperationId,
    /// What is asked.
    pub ask: Ask,
    /// An update that has held as soon as its job has come up: somebody wants it, whatever becomes of it then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub probation_off: bool,
    /// How a savepoint that is asked for is written.
    #[serde(default, skip_serializing_if = "SavepointFormat::is_canonical")]
    pub format: SavepointFormat,
}

impl Intent {
    /// What people see of it beside the action: label and value.
    pub fn facts(&self) -> BTreeMap<String, String> {
        let told = match &self.ask {
            Ask::Start { from, .. } => Some(("From", from.path().unwrap_or("no state"))),
            Ask::LastStateUpdate { .. } => Some(("State", "kept, by the newest checkpoint")),
            Ask::Update { keep_state: true, .. } => Some(("State", "kept, by a savepoint")),
            Ask::Update { keep_state: false, .. } => Some(("State", "dropped")),
            Ask::Delete { keep_savepoints: true, .. } => Some(("Savepoints", "stay")),
            Ask::Delete { keep_savepoints: false, .. } => Some(("Savepoints", "are deleted")),
            Ask::Savepoint | Ask::Stop | Ask::Cancel => None,
        };
        let off = self.probation_off.then_some(("Probation", "off"));
        let native = (!self.format.is_canonical()).then_some(("Format", self.format.name()));
        let told = told
            .into_iter()
            .chain(off)
            .chain(native)
            .map(|(label, value)| (label.to_owned(), value.to_owned()));
        let revision = self.ask.revision().map(|revision| ("Revision".to_owned(), revision.to_string()));
        told.chain(revision).collect()
    }
}

/// What can be asked of the lifecycle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Ask {
    /// Launch a run of this revision (create, start).
    Start {
        /// The revision to run.
        revision: u32,
        /// The state to start from, already chosen and checked.
        from: Restore,
    },
    /// End the old run and launch this revision. From a stopped job it just launches.
    Update {
        /// The revision to run.
        revision: u32,
        /// With a savepoint of the old run (Update), or without (Stateless update).
        keep_state: bool,
    },
    /// End the old run without savepoint, and launch this revision from the newest state that it left.
    LastStateUpdate {
        /// The revision to run.
        revision: u32,
    },
    /// Take a savepoint; the job goes on.
    Savepoint,
    /// Stop with savepoint.
    Stop,
    /// End for good, without savepoint.
    Cancel,
    /// End the processes and remove the cluster's files.
    Delete {
        /// Whether the savepoints stay in the storage account.
        keep_savepoints: bool,
        /// Also where nothing can be seen of the cluster: its processes may run on then, and its files stay.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        unseen: bool,
    },
}

impl Ask {
    /// The revision that is to run; none for what launches nothing.
    pub fn revision(&self) -> Option<u32> {
        match self {
            Ask::Start { revision, .. }
            | Ask::Update { revision, .. }
            | Ask::LastStateUpdate { revision } => Some(*revision),
            Ask::Savepoint | Ask::Stop | Ask::Cancel | Ask::Delete { .. } => None,
        }
    }

    /// The path of the state that a start is to start from.
    pub fn starts_from(&self) -> Option<&str> {
        match self {
            Ask::Start { from, .. } => from.path(),
            Ask::Update { .. }
            | Ask::LastStateUpdate { .. }
            | Ask::Savepoint
            | Ask::Stop
            | Ask::Cancel
            | Ask::Delete { .. } => None,
        }
    }
}

/// What the provider is to do. Every act is safe to repeat for the same run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Act {
    /// End processes of every other run, then start what is missing of this run's processes. A job manager is
    /// started once in a run's life, never again after it ended: that would start the job anew from old state.
    Launch(Launch),
    /// Trigger a savepoint under this id; the job goes on. Repeated, it triggers nothing new.
    Savepoint {
        /// The run.
        run: u32,
        /// The trigger's id.
        trigger: OperationId,
        /// How it is written.
        format: SavepointFormat,
    },
    /// Trigger stop-with-savepoint under this id. Repeated, it triggers nothing new.
    StopWithSavepoint {
        /// The run.
        run: u32,
        /// The trigger's id.
        trigger: OperationId,
    },
    /// Cancel the job of this run.
    Cancel {
        /// The run.
        run: u32,
    },
    /// End every process of the cluster: politely first, by force after a while.
    End,
    /// End every process, then remove the cluster's files.
    Remove {
        /// Whether the savepoints stay in the storage account.
        keep_savepoints: bool,
    },
}

/// How an operation ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Its effect was seen.
    Succeeded {
        /// The savepoint that it took, that an update started from, or that a stop found taken already.
        savepoint: Option<String>,
    },
    /// Its effect was not seen, and is not waited for any longer.
    Failed(Reason),
    /// An update did not hold, and what ran before runs again.
    WentBack {
        /// Why it did not hold.
        from: BackFrom,
        /// The revision that runs again.
        revision: u32,
        /// The run of it.
        run: u32,
        /// The state that this run started from.
        state: Restore,
    },
}

/// What one pass concludes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The phase from now on; recorded before anything is done.
    pub phase: Phase,
    /// What to do then.
    pub act: Option<Act>,
    /// Set when the intent is settled: its operation ended like this.
    pub outcome: Option<Outcome>,
    /// When to look again at the latest. A wake may come earlier.
    pub look_again: std::time::Duration,
}

/// How long each phase may take before it counts as failed. Too short turns a slow machine into a failure; too
/// long leaves a person waiting for something that will not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long a launch may be silent before it has failed. What progresses has all the time that it needs.
    pub start: jiff::SignedDuration,
    /// For a savepoint, with or without stop.
    pub savepoint: jiff::SignedDuration,
    /// For a cancellation, before the processes are ended instead.
    pub cancel: jiff::SignedDuration,
    /// How often a lost run is replaced, one soon after the other, before the job counts as failed.
    pub recoveries: u32,
    /// How long after a recovery the next loss counts as the first again.
    pub recovery_reset: jiff::SignedDuration,
    /// How long an updated job may still go back by itself, unless it has completed its second checkpoint before. Zero
    /// for never.
    pub probation: jiff::SignedDuration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            start: jiff::SignedDuration::from_mins(3),
            savepoint: jiff::SignedDuration::from_mins(30),
            cancel: jiff::SignedDuration::from_mins(1),
            recoveries: 10,
            recovery_reset: jiff::SignedDuration::from_hours(1),
            probation: jiff::SignedDuration::from_secs(60),
        }
    }
}
