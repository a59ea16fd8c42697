//! The specification of a cluster: what a validated form, a REST request or a command line becomes.
//! Its types cannot hold a wrong value.

mod capacity;
mod changes;
mod effective;
mod integration;
mod resources;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use capacity::{Capacity, SLOTS, fitting, slots, slots_per_task_manager, task_managers};
pub use changes::{Change, changes};
pub use effective::{CHECKPOINT_INTERVAL, Effective, Origin};
pub use integration::{
    AccessProfile, ConfigFile, HiveCatalog, Identity, IdentityKind, Integration, LogAggregation,
    LogAnalytics, MetastoreSignIn, Network, Secret, SecretKind, Secrets, SshNodes,
};
pub use resources::Resources;

use crate::address::{Address, Path};
use crate::args;
use crate::id::ClusterId;
use crate::name::{AccountName, ClusterName, ContainerName};

/// Everything that makes a cluster what it is, apart from its identity. A revision is one of these, for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterSpec {
    /// The cluster's name; its job has the same.
    pub name: ClusterName,
    /// The cluster version: `1.2.1`.
    pub version: String,
    /// The storage account's name.
    pub account: AccountName,
    /// The container's name.
    pub container: ContainerName,
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
    /// What connects it with the world around it.
    #[serde(default, skip_serializing_if = "Integration::is_empty")]
    pub integration: Integration,
}

impl ClusterSpec {
    /// The folder of the cluster's container that holds its checkpoints and savepoints, and nothing else.
    pub fn state_folder(&self, id: ClusterId) -> Address {
        let path = Path::parse(&id.folder()).expect("hex digits are a path");
        Address::new(self.account.clone(), self.container.clone(), path)
    }

    /// The folder that holds the folder `savepoints` of the cluster: its own in its savepoint directory, or else that of its
    /// state.
    pub fn savepoint_home(&self, id: ClusterId) -> Address {
        match &self.job.savepoint_directory {
            Some(directory) => home_in(directory, id),
            None => self.state_folder(id),
        }
    }
}

/// A cluster's own folder in a savepoint directory: several clusters may have the same one.
pub fn home_in(directory: &Address, id: ClusterId) -> Address {
    let path = directory.path().join(&id.folder()).expect("a directory leaves room for it");
    Address::new(directory.account().clone(), directory.container().clone(), path)
}

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobSpec {
    /// The jar's address; none where a script runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jar: Option<Address>,
    /// The script of Flink SQL that runs in place of a jar.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<String>,
    /// More jars in the job's class path: files, or folders whose jars are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more_jars: Vec<Address>,
    /// The entry class; none leaves it to the manifest.
    pub entry_class: Option<String>,
    /// The arguments, as typed (shell quoting).
    pub args: String,
    /// Where savepoints are written, in a folder of the cluster's own; none is that of its state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub savepoint_directory: Option<Address>,
    /// The savepoint to start from at creation.
    pub savepoint: Option<Address>,
    /// What an upgrade of the cluster version does with the job.
    pub upgrade_mode: UpgradeMode,
    /// Flink job configuration: the user's keys only.
    pub options: BTreeMap<String, String>,
}

/// The class that runs a script: it is in a jar of the portal's own.
const RUNS_SCRIPTS: &str = "penstock.sql.Script";

impl JobSpec {
    /// The entry class, none for the manifest's, and the arguments of `main`.
    ///
    /// # Errors
    /// The sentence that says what is wrong with the line of arguments.
    pub fn started_with(&self) -> Result<(Option<String>, Vec<String>), String> {
        match &self.sql {
            Some(script) => Ok((Some(RUNS_SCRIPTS.to_owned()), vec![script.clone()])),
            None => Ok((self.entry_class.clone(), args::split(&self.args)?)),
        }
    }

    /// What its program is called: `jar`, `script`.
    pub fn program_word(&self) -> &'static str {
        if self.sql.is_some() { "script" } else { "jar" }
    }
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

impl UpgradeMode {
    /// Every mode, in the order of the form.
    pub const ALL: [UpgradeMode; 3] =
        [UpgradeMode::Update, UpgradeMode::StatelessUpdate, UpgradeMode::LastStateUpdate];

    /// The name on the form and on the ARM wire.
    pub fn name(self) -> &'static str {
        match self {
            UpgradeMode::Update => "UPDATE",
            UpgradeMode::StatelessUpdate => "STATELESS_UPDATE",
            UpgradeMode::LastStateUpdate => "LAST_STATE_UPDATE",
        }
    }

    /// The mode of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<UpgradeMode> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}
