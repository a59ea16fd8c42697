//! What the create form shows: offers, consequences, drafts, preflight.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::PoolView;
use crate::artifact::{Artifact, Sha256};
use crate::form::ClusterForm;
use crate::id::{ClusterId, DraftId};
use crate::offer::Offer;
use crate::pool::PoolPath;
use crate::refusal::Finding;

/// Everything that the form shows of its pool. It is read once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CreateContext {
    /// The pool.
    pub pool: PoolView,
    /// What it offers: what a form is held against, on both sides.
    pub offer: Offer,
    /// The form as it is when it is opened first.
    pub defaults: ClusterForm,
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

/// A form that was begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftView {
    /// Its id.
    pub id: DraftId,
    /// The pool.
    pub pool: PoolPath,
    /// The cluster that it updates; none for a new one.
    #[serde(default)]
    pub cluster: Option<ClusterId>,
    /// What was typed.
    pub form: ClusterForm,
    /// When it was kept.
    pub saved: Timestamp,
    /// What the last validation on the server found.
    pub errors: Vec<Finding>,
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
