//! A cluster as it is asked for: every field typed, none of them required or trusted yet. What people type
//! ([`crate::form`]), files and programs are read into it; [`ClusterDraft::validate`] turns it into a
//! [`crate::spec::ClusterSpec`] or into everything that is wrong with it at once, in browser and server alike.

mod consequences;
mod findings;
mod fits;
mod number;
mod rows;
#[cfg(test)]
mod tests;
mod validate;

pub use consequences::{Consequences, HEAD_NODES};
pub use fits::is_adaptive;
pub(crate) use number::{
    JOB_MANAGER_CPU, JOB_MANAGER_MEMORY, Number, TASK_MANAGER_CPU, TASK_MANAGER_MEMORY, WORKER_NODES,
};
pub use rows::{MOST_OPTIONS, MOST_TAGS, Pair};
pub use validate::{MOST_JARS, MOST_NODES};

use serde::{Deserialize, Serialize};

use crate::refusal::Finding;
use crate::spec::ClusterSpec;

/// A cluster as it is asked for. The names of its fields are those of [`Finding::field`], of HTML inputs and of files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClusterDraft {
    /// The cluster version: `1.2.1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The cluster's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The storage account's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The container's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
    /// The virtual network's name; none leaves it to the pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<String>,
    /// The subnet's name; none leaves it to the pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subnet: Option<String>,
    /// The node size's name, from the pool's catalogue: `Standard_D2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub node_size: Option<String>,
    /// The number of worker nodes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_nodes: Option<u32>,
    /// The jar's address: `abfs://container@account.dfs.core.windows.net/dir/job.jar`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jar: Option<String>,
    /// A script of Flink SQL in place of a jar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// More jars in the job's class path: addresses of files, or of folders whose jars are taken.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub more_jars: Vec<String>,
    /// The entry class; none leaves it to the manifest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry_class: Option<String>,
    /// The arguments, one line, shell quoting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub args: Option<String>,
    /// The directory for savepoints; none is the cluster's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub savepoint_directory: Option<String>,
    /// The savepoint to start from: name or full path; none starts fresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub savepoint: Option<String>,
    /// `UPDATE`, `STATELESS_UPDATE` or `LAST_STATE_UPDATE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upgrade_mode: Option<String>,
    /// Flink job configuration.
    #[serde(with = "rows::as_map", skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Pair>,
    /// CPU of one task manager, cores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_manager_cpu: Option<f64>,
    /// Memory of one task manager, MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_manager_memory: Option<u32>,
    /// CPU of the job manager, cores.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_manager_cpu: Option<f64>,
    /// Memory of the job manager, MB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_manager_memory: Option<u32>,
    /// Tags.
    #[serde(with = "rows::as_map", skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Pair>,
    /// What its reader could not read as the kind of value that a field takes; found again where the field is missed.
    #[serde(skip)]
    pub(crate) unread: Vec<Finding>,
}

impl ClusterDraft {
    /// Every field of one text but the arguments, by name.
    pub(crate) fn texts(&self) -> [(&'static str, &str); 12] {
        [
            ("version", &self.version),
            ("name", &self.name),
            ("account", &self.account),
            ("container", &self.container),
            ("network", &self.network),
            ("subnet", &self.subnet),
            ("node_size", &self.node_size),
            ("jar", &self.jar),
            ("entry_class", &self.entry_class),
            ("savepoint_directory", &self.savepoint_directory),
            ("savepoint", &self.savepoint),
            ("upgrade_mode", &self.upgrade_mode),
        ]
        .map(|(name, text)| (name, text.as_deref().unwrap_or_default()))
    }
}

impl From<&ClusterSpec> for ClusterDraft {
    fn from(spec: &ClusterSpec) -> Self {
        ClusterDraft {
            version: Some(spec.version.clone()),
            name: Some(spec.name.to_string()),
            account: Some(spec.account.to_string()),
            container: Some(spec.container.to_string()),
            network: spec.integration.network.as_ref().map(|chosen| chosen.network.clone()),
            subnet: spec.integration.network.as_ref().map(|chosen| chosen.subnet.clone()),
            node_size: Some(spec.node_size.clone()),
            worker_nodes: Some(spec.worker_nodes),
            jar: spec.job.jar.as_ref().map(ToString::to_string),
            sql: spec.job.sql.clone(),
            more_jars: spec.job.more_jars.iter().map(ToString::to_string).collect(),
            entry_class: spec.job.entry_class.clone(),
            args: Some(spec.job.args.clone()).filter(|args| !args.is_empty()),
            savepoint_directory: spec.job.savepoint_directory.as_ref().map(ToString::to_string),
            savepoint: spec.job.savepoint.as_ref().map(ToString::to_string),
            upgrade_mode: Some(spec.job.upgrade_mode.name().to_owned()),
            options: rows::of(&spec.job.options),
            task_manager_cpu: Some(spec.task_manager.cpu()),
            task_manager_memory: Some(spec.task_manager.memory_mb()),
            job_manager_cpu: Some(spec.job_manager.cpu()),
            job_manager_memory: Some(spec.job_manager.memory_mb()),
            tags: rows::of(&spec.tags),
            unread: Vec::new(),
        }
    }
}
