//! The create-cluster form as typed: everything is text, nothing is trusted. It is read into a
//! [`crate::draft::ClusterDraft`], which is what validation and everything after it knows.

mod prefill;
mod read;
#[cfg(test)]
mod tests;
mod unclaimed;

use serde::{Deserialize, Serialize};

use crate::draft::Pair;

/// The form's fields as typed. The names are those of a [`ClusterDraft`](crate::draft::ClusterDraft).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClusterForm {
    /// The cluster version: `1.2.1`.
    pub version: String,
    /// The cluster's name.
    pub name: String,
    /// The storage account's name.
    pub account: String,
    /// The container's name.
    pub container: String,
    /// The virtual network's name; empty leaves it to the pool.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub network: String,
    /// The subnet's name; empty leaves it to the pool.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub subnet: String,
    /// The node size's name, from the pool's catalogue: `Standard_D2`.
    pub node_size: String,
    /// The number of worker nodes.
    pub worker_nodes: String,
    /// The jar's address: `abfs://container@account.dfs.core.windows.net/dir/job.jar`.
    pub jar: String,
    /// What runs: `sql` is the script, anything else the jar.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub program: String,
    /// The script of Flink SQL.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sql: String,
    /// More jars in the job's class path: an address a line, of a file or of a folder whose jars are taken.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub more_jars: String,
    /// The entry class; empty leaves it to the manifest.
    pub entry_class: String,
    /// The arguments, one line, shell quoting.
    pub args: String,
    /// The directory for savepoints; empty is the cluster's own.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub savepoint_directory: String,
    /// The savepoint to start from: name or full path; empty starts fresh.
    pub savepoint: String,
    /// `UPDATE`, `STATELESS_UPDATE` or `LAST_STATE_UPDATE`.
    pub upgrade_mode: String,
    /// Flink job configuration.
    pub options: Vec<Pair>,
    /// CPU of one task manager.
    pub task_manager_cpu: String,
    /// Memory of one task manager, MB.
    pub task_manager_memory: String,
    /// CPU of the job manager.
    pub job_manager_cpu: String,
    /// Memory of the job manager, MB.
    pub job_manager_memory: String,
    /// Tags.
    pub tags: Vec<Pair>,
}

impl ClusterForm {
    /// A script runs in place of a jar.
    pub fn is_script(&self) -> bool {
        self.program == "sql"
    }

    /// Every field of one text but the arguments, by name.
    pub(crate) fn texts(&mut self) -> [(&'static str, &mut String); 19] {
        [
            ("version", &mut self.version),
            ("name", &mut self.name),
            ("account", &mut self.account),
            ("container", &mut self.container),
            ("network", &mut self.network),
            ("subnet", &mut self.subnet),
            ("node_size", &mut self.node_size),
            ("worker_nodes", &mut self.worker_nodes),
            ("jar", &mut self.jar),
            ("program", &mut self.program),
            ("more_jars", &mut self.more_jars),
            ("entry_class", &mut self.entry_class),
            ("savepoint_directory", &mut self.savepoint_directory),
            ("savepoint", &mut self.savepoint),
            ("upgrade_mode", &mut self.upgrade_mode),
            ("task_manager_cpu", &mut self.task_manager_cpu),
            ("task_manager_memory", &mut self.task_manager_memory),
            ("job_manager_cpu", &mut self.job_manager_cpu),
            ("job_manager_memory", &mut self.job_manager_memory),
        ]
    }
}

/// The form's tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tab {
    /// Basics.
    Basics,
    /// Configuration.
    Configuration,
    /// Tags.
    Tags,
    /// Review + create.
    Review,
}

impl Tab {
    /// In order.
    pub const ALL: [Tab; 4] = [Tab::Basics, Tab::Configuration, Tab::Tags, Tab::Review];

    /// The tab that shows a field.
    pub fn of(field: &str) -> Tab {
        match field.split(['[', '.']).next().unwrap_or(field) {
            "version" | "name" | "account" | "container" | "network" | "subnet" => Tab::Basics,
            "tags" => Tab::Tags,
            _ => Tab::Configuration,
        }
    }

    /// The word on the tab.
    pub fn word(self) -> &'static str {
        match self {
            Tab::Basics => "Basics",
            Tab::Configuration => "Configuration",
            Tab::Tags => "Tags",
            Tab::Review => "Review + create",
        }
    }
}
