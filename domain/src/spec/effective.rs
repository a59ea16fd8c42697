//! The Flink configuration that results from a specification, key by key with its origin. The provider adds only
//! what belongs to a place and to a run: addresses, ports, directories.
//!
//! Two defaults differ from the retired service on purpose. The state backend is left to Flink (`hashmap`): RocksDB
//! ships with Flink, but every task manager unpacks and loads its native library first, which is time without a
//! running job in every update; who has more state than memory says `state.backend.type: rocksdb`. Parallelism is
//! left to Flink and the job.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ClusterSpec, SLOTS, slots_per_task_manager};
use crate::option::{why_owned, why_refused};

/// Whose a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// A row of the Flink job configuration.
    Yours,
    /// Another field of the form.
    Form,
    /// The portal's own.
    Portal,
}

impl Origin {
    /// The word beside the value.
    pub fn word(self) -> &'static str {
        match self {
            Origin::Yours => "yours",
            Origin::Form => "form",
            Origin::Portal => "portal",
        }
    }
}

/// A value and whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effective {
    /// As Flink reads it.
    pub value: String,
    /// Whose it is.
    pub origin: Origin,
}

/// What a cluster gets unless its specification says otherwise: the key, its older name, the value.
const DEFAULTS: &[(&str, &str, &str)] = &[
    (CHECKPOINT_INTERVAL, "", "60 s"),
    ("execution.checkpointing.num-retained", "state.checkpoints.num-retained", "5"),
    // So long Flink waits for the figures of a task manager that has died, and has no newer ones of any other; left to
    // itself for ten minutes. Savepoints do not end by it.
    ("web.timeout", "", "20 s"),
];

/// What every cluster gets: the portal's way to see the truth about a job depends on it.
const ALWAYS: &[(&str, &str)] = &[
    // A lost job starts from its last checkpoint, a canceled one can.
    ("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"),
    // The end of a job is seen before its processes end.
    ("execution.shutdown-on-application-finish", "false"),
    // A main method that throws leaves a failed job with its exception, not a dead process.
    ("execution.submit-failed-job-on-application-error", "true"),
    // A main method that exits is an exception too.
    ("cluster.intercept-user-system-exit", "THROW"),
    // Jobs are started and stopped through the portal.
    ("web.submit.enable", "false"),
    ("web.cancel.enable", "false"),
];

/// The option that says how often a checkpoint is taken.
pub const CHECKPOINT_INTERVAL: &str = "execution.checkpointing.interval";

impl ClusterSpec {
    /// How often its options ask for a checkpoint, as Flink reads it; none where they ask for none.
    pub fn checkpoint_interval(&self) -> Option<String> {
        let interval = self.effective_options().remove(CHECKPOINT_INTERVAL)?.value;
        interval.contains(|digit: char| ('1'..='9').contains(&digit)).then_some(interval)
    }

    /// The Flink configuration that results, by key.
    pub fn effective_options(&self) -> BTreeMap<String, Effective> {
        let yours = &self.job.options;
        let mut all = BTreeMap::new();
        let mut set =
            |key: &str, value: String, origin| all.insert(key.to_owned(), Effective { value, origin });
        for (key, older, value) in DEFAULTS {
            if !yours.contains_key(*older) {
                set(key, (*value).to_owned(), Origin::Portal);
            }
        }
        set(SLOTS, slots_per_task_manager(self).to_string(), Origin::Portal);
        // What an older portal let through and this one keeps for itself is left out of later runs.
        let free =
            |(key, value): &(&String, &String)| why_owned(key).is_none() && why_refused(key, value).is_none();
        for (key, value) in yours.iter().filter(free) {
            set(key, value.clone(), Origin::Yours);
        }
        set("jobmanager.memory.process.size", format!("{}m", self.job_manager.memory_mb()), Origin::Form);
        set("taskmanager.memory.process.size", format!("{}m", self.task_manager.memory_mb()), Origin::Form);
        set("pipeline.name", self.name.to_string(), Origin::Form);
        for (key, value) in ALWAYS {
            set(key, (*value).to_owned(), Origin::Portal);
        }
        all
    }
}
