//! What the create form shows: offers, consequences, drafts, preflight.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AccountView, PoolView};
use crate::artifact::{Artifact, Sha256};
use crate::form::ClusterForm;
use crate::free_space::FreeSpace;
use crate::id::DraftId;
use crate::refusal::FieldError;
use crate::spec::ClusterSpec;

/// Everything that the form needs to know of its pool. It is read once and used for validation on both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreateContext {
    /// The pool.
    pub pool: PoolView,
    /// Cluster versions on offer.
    pub versions: Vec<VersionView>,
    /// Accounts on offer, with their containers.
    pub accounts: Vec<AccountView>,
    /// Node sizes on offer.
    pub node_sizes: Vec<NodeSize>,
    /// Cores that are left in the pool.
    pub cpu_left: f64,
    /// Memory that is left in the pool, MB.
    pub memory_left_mb: u64,
    /// The form as it is when it is opened first.
    pub defaults: ClusterForm,
}

impl CreateContext {
    /// The room of the storage account that a specification names.
    pub fn free_space(&self, spec: &ClusterSpec) -> Option<FreeSpace> {
        self.accounts
            .iter()
            .find(|account| account.name == spec.account.as_str())
            .map(|account| account.free_space)
    }
}

/// A cluster version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionView {
    /// `1.2.1`.
    pub version: String,
    /// `1.20.5`.
    pub flink: String,
    /// The Java that runs it: 17.
    pub java: u32,
}

/// A node size of a pool's catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeSize {
    /// `Standard_D2`.
    pub name: String,
    /// Cores.
    pub cpu: f64,
    /// Memory, MB.
    pub memory_mb: u32,
    /// Price per hour, where set.
    pub price: Option<f64>,
}

/// What a form's numbers give, shown beside them at once. Computed by [`ClusterForm::consequences`] on both sides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consequences {
    /// How many task managers.
    pub task_managers: u32,
    /// How many of them fit on one node.
    pub per_node: u32,
    /// Worker nodes.
    pub nodes: u32,
    /// Slots in all.
    pub slots: u32,
    /// Memory that stays free on each worker node, MB.
    pub node_memory_left_mb: u32,
    /// Cores that stay free on each worker node.
    pub node_cpu_left: f64,
    /// A task manager's memory as Flink splits it; the parts add up to its memory.
    pub task_manager_memory: Vec<MemoryPart>,
    /// The job manager's memory as Flink splits it.
    pub job_manager_memory: Vec<MemoryPart>,
    /// Cores in all.
    pub cpu: f64,
    /// Memory in all, MB.
    pub memory_mb: u64,
    /// Cost per hour, where the node sizes have a price.
    pub cost: Option<f64>,
}

/// A part of a process' memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemoryPart {
    /// "Task heap", "Managed (state)", "Network", "Framework", "Metaspace", "JVM".
    pub name: String,
    /// MB, rounded so that the sum is exact.
    pub mb: u32,
}

/// A jar, opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JarView {
    /// Bytes.
    pub size: u64,
    /// Which bytes it is.
    pub sha256: Sha256,
    /// When it was last written; none if its disk does not tell.
    pub modified: Option<Timestamp>,
    /// Classes with a `public static void main(String[])`.
    pub mains: Vec<String>,
    /// What the manifest names.
    pub manifest_main: Option<String>,
    /// The Java that each of [`mains`](Self::mains) needs.
    #[serde(default)]
    pub main_java: BTreeMap<String, u32>,
    /// The Java that its newest class needs.
    pub java: u32,
    /// The file of that class: `dep/Fast.class`.
    #[serde(default)]
    pub newest_class: String,
    /// Files of a signature that is not this jar's, `META-INF/LIB.SF`: Java loads nothing from a jar with one.
    #[serde(default)]
    pub foreign_signatures: Vec<String>,
    /// The Flink that it was built for, if the jar tells.
    pub flink: Option<String>,
}

impl JarView {
    /// Which bytes it is.
    pub fn artifact(&self) -> Artifact {
        Artifact { sha256: self.sha256.clone(), size: self.size, modified: self.modified }
    }
}

/// A Flink option that may be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionInfo {
    /// `execution.checkpointing.interval`.
    pub key: String,
    /// `Duration`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The default as text; none if it has none.
    pub default: Option<String>,
    /// What it does.
    pub description: String,
    /// Allowed words, for an enumeration.
    #[serde(default)]
    pub values: Vec<String>,
    /// Use something else.
    #[serde(default)]
    pub deprecated: bool,
}

/// A form that was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftView {
    /// Its id.
    pub id: DraftId,
    /// The pool's name.
    pub pool: String,
    /// What was typed.
    pub form: ClusterForm,
    /// When it was kept.
    pub saved: Timestamp,
    /// What the last validation on the server found.
    pub errors: Vec<FieldError>,
}

/// What the preflight found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preflight {
    /// Every check.
    pub checks: Vec<Check>,
    /// All of it, ms.
    pub took_ms: u64,
    /// The Flink configuration that results: key, value, and whose it is (`yours`, `form`, `portal`).
    pub configuration: Vec<(String, String, String)>,
    /// The same cluster as text, by format: `json`, `yaml`, `curl`, `cli`.
    pub as_text: BTreeMap<String, String>,
}

impl Preflight {
    /// Nothing is certain to fail: what was checked can be created, warnings or not.
    pub fn succeeded(&self) -> bool {
        self.checks.iter().all(|check| check.result != CheckResult::Failed)
    }

    /// How many checks warn.
    pub fn warnings(&self) -> usize {
        self.checks.iter().filter(|check| check.result == CheckResult::Warned).count()
    }
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// "The jar can be read and has the entry class".
    pub title: String,
    /// "fraud-2.4.1.jar, FraudJob"; or what is wrong and the way out.
    pub detail: String,
    /// How it went.
    pub result: CheckResult,
    /// The field to go to, if it failed.
    pub field: Option<String>,
    /// The whole exception, if there is one.
    pub exception: String,
    /// How long it took, ms.
    pub took_ms: u64,
    /// Of the check of state: every operator that has state, or had.
    #[serde(default)]
    pub operators: Vec<OperatorState>,
}

/// An operator and what becomes of its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorState {
    /// As savepoints name it: 32 hexadecimal digits.
    pub id: String,
    /// Its name; none where only its id is known.
    pub name: Option<String>,
    /// What becomes of it.
    pub fit: StateFit,
}

/// What becomes of an operator's state when a job starts from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum StateFit {
    /// Its operator takes it up.
    TakenUp,
    /// The operator is new and begins without state.
    New,
    /// No operator of the job has its id.
    LeftOver,
    /// The operator sets another maximum parallelism than it was written with.
    MaxParallelism,
    /// The operator has more subtasks than the state can be spread over.
    Parallelism,
    /// The keys are of another type than the state was written by.
    KeyType,
}

impl StateFit {
    /// "taken up", "left over", ...
    pub fn word(self) -> &'static str {
        match self {
            StateFit::TakenUp => "taken up",
            StateFit::New => "new",
            StateFit::LeftOver => "left over",
            StateFit::MaxParallelism => "another maximum parallelism",
            StateFit::Parallelism => "too many subtasks",
            StateFit::KeyType => "another type of keys",
        }
    }
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckResult {
    /// Good.
    Passed,
    /// Works, but should be known; or it could not be found out.
    Warned,
    /// Certain to fail: refused.
    Failed,
}
