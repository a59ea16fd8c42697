//! The specification of a cluster: what a validated form, a REST request or a command line becomes.
//! Its types cannot hold a wrong value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::name::ClusterName;

/// Everything that makes a cluster what it is, apart from its identity. A revision is one of these, for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterSpec {
    /// The cluster's name; its job has the same.
    pub name: ClusterName,
    /// The cluster version: `1.2.1`.
    pub version: String,
    /// The storage account's name.
    pub account: String,
    /// The container's name.
    pub container: String,
    /// The node size's name.
    pub node_size: String,
    /// Worker nodes.
    pub worker_nodes: u32,
    /// The job.
    pub job: JobSpec,
    /// Of one task manager.
    pub task_manager: Resources,
    /// Of the job manager.
    pub job_manager: Resources,
    /// Tags.
    pub tags: BTreeMap<String, String>,
}

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSpec {
    /// The jar's address.
    pub jar: String,
    /// The entry class; none leaves it to the manifest.
    pub entry_class: Option<String>,
    /// The arguments, as typed (shell quoting).
    pub args: String,
    /// The savepoint to start from at creation.
    pub savepoint: Option<String>,
    /// What an upgrade of the cluster version does with the job.
    pub upgrade_mode: UpgradeMode,
    /// Flink job configuration: the user's keys only.
    pub options: BTreeMap<String, String>,
}

/// CPU and memory of one process.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resources {
    /// Cores, > 0.
    pub cpu: f64,
    /// Megabytes, >= 1800.
    pub memory_mb: u32,
}

/// What an upgrade of the cluster version does with the job.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UpgradeMode {
    /// From the last savepoint.
    #[default]
    Update,
    /// Fresh.
    StatelessUpdate,
    /// From the last checkpoint.
    LastStateUpdate,
}
