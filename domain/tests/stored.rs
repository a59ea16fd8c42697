//! What is stored as JSON is read by every later version, and written as it was: `stored/README.md` has the rule.
//!
//! Each type has a folder with a file for each of its variants, the very bytes of a column. A variant without a name
//! here does not compile, a name without a file fails.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use domain::event::{Done, Event, ResourceAct, StorageAct};
use domain::form::ClusterForm;
use domain::lifecycle::{
    Ask, Intent, JobStatus, KnownState, MainMethod, Next, Observation, ObservedProcess, ObservedSavepoint,
    Phase, Restarts, Restore, StepKey, Then,
};
use domain::operation::OperationEnd;
use domain::reason::Reason;
use domain::refusal::Finding;
use domain::run::RunEnd;
use domain::spec::{ClusterSpec, UpgradeMode};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stored").join(kind)
}

/// Reads every file of a folder, and finds that it is written as it was; the values.
fn kept<T: Serialize + DeserializeOwned>(kind: &str) -> Vec<T> {
    let mut values = Vec::new();
    for file in folder(kind).read_dir().expect("the folder is there") {
        let path = file.expect("it can be listed").path();
        let text = std::fs::read_to_string(&path).expect("it can be read");
        let text = text.strip_suffix('\n').expect("the file ends with its line");
        let value: T = serde_json::from_str(text)
            .unwrap_or_else(|error| panic!("{} is not read: {error}", path.display()));
        let written = serde_json::to_string(&value).expect("it can be written");
        assert_eq!(written, text, "{} is written otherwise", path.display());
        values.push(value);
    }
    assert!(!values.is_empty(), "{kind} has no file");
    values
}

/// A test of an enum: each variant has a name, and a file that holds it.
macro_rules! variants {
    ($(#[$attribute:meta])* $test:ident, $kind:literal, $type:ty, $field:ident, { $($name:literal: $pattern:pat,)+ }) => {
        $(#[$attribute])*
        #[test]
        fn $test() {
            let name = |value: &$type| match $field!(value) { $($pattern => $name,)+ };
            let found: BTreeSet<&str> = kept::<$type>($kind).iter().map(name).collect();
            let wanted = BTreeSet::from([$($name,)+]);
            let missing: Vec<_> = wanted.difference(&found).collect();
            assert!(missing.is_empty(), "domain/tests/stored/{} has no file of {missing:?}", $kind);
        }
    };
}

macro_rules! itself {
    ($value:ident) => {
        $value
    };
}

macro_rules! ask {
    ($value:ident) => {
        &$value.ask
    };
}

variants!(phases, "phase", Phase, itself, {
    "accepted": Phase::Accepted,
    "starting": Phase::Starting { .. },
    "running": Phase::Running { probation: None, .. },
    "running on probation": Phase::Running { probation: Some(_), .. },
    "saving": Phase::Saving { .. },
    "stopping": Phase::Stopping { .. },
    "canceling": Phase::Canceling { .. },
    "ending": Phase::Ending { .. },
    "waiting": Phase::Waiting { .. },
    "stopped": Phase::Stopped { .. },
    "canceled": Phase::Canceled { launch: Some(_) },
    "canceled before its launch": Phase::Canceled { launch: None },
    "finished": Phase::Finished { .. },
    "failed": Phase::Failed { at_launch: false, .. },
    "failed at launch": Phase::Failed { at_launch: true, .. },
    "deleting": Phase::Deleting { launch: Some(_), .. },
    "deleting before its launch": Phase::Deleting { launch: None, .. },
    "deleted": Phase::Deleted,
});

variants!(restores, "restore", Restore, itself, {
    "fresh": Restore::Fresh,
    "savepoint": Restore::Savepoint { .. },
    "checkpoint": Restore::Checkpoint { .. },
});

variants!(thens, "then", Then, itself, {
    "rest": Then::Rest,
    "launch": Then::Launch { .. },
});

variants!(nexts, "next", Next, itself, {
    "stopped": Next::Stopped { .. },
    "canceled": Next::Canceled,
    "finished": Next::Finished,
    "failed": Next::Failed { .. },
    "launch": Next::Launch { .. },
});

variants!(seen, "seen", Observation, itself, {
    "unreachable": Observation::Unreachable { .. },
    "absent": Observation::Absent,
    "present": Observation::Present(_),
});

variants!(processes, "process", ObservedProcess, itself, {
    "not started": ObservedProcess::NotStarted,
    "silent": ObservedProcess::Silent,
    "answers": ObservedProcess::Answers,
    "ended": ObservedProcess::Ended { .. },
});

variants!(mains, "main", MainMethod, itself, {
    "unknown": MainMethod::Unknown,
    "runs": MainMethod::Runs,
    "returned": MainMethod::Returned,
    "failed": MainMethod::Failed { .. },
});

variants!(savepoints, "savepoint", ObservedSavepoint, itself, {
    "unknown": ObservedSavepoint::Unknown,
    "in progress": ObservedSavepoint::InProgress,
    "completed": ObservedSavepoint::Completed { .. },
    "failed": ObservedSavepoint::Failed { .. },
});

variants!(job_statuses, "job-status", JobStatus, itself, {
    "initializing": JobStatus::Initializing,
    "created": JobStatus::Created,
    "running": JobStatus::Running,
    "restarting": JobStatus::Restarting,
    "failing": JobStatus::Failing,
    "failed": JobStatus::Failed,
    "cancelling": JobStatus::Cancelling,
    "canceled": JobStatus::Canceled,
    "finished": JobStatus::Finished,
    "suspended": JobStatus::Suspended,
    "reconciling": JobStatus::Reconciling,
    "other": JobStatus::Other(_),
});

variants!(intents, "intent", Intent, ask, {
    "start": Ask::Start { .. },
    "update": Ask::Update { .. },
    "last state update": Ask::LastStateUpdate { .. },
    "savepoint": Ask::Savepoint,
    "stop": Ask::Stop,
    "cancel": Ask::Cancel,
    "delete": Ask::Delete { unseen: false, .. },
    "delete unseen": Ask::Delete { unseen: true, .. },
});

variants!(upgrade_modes, "upgrade-mode", UpgradeMode, itself, {
    "update": UpgradeMode::Update,
    "stateless update": UpgradeMode::StatelessUpdate,
    "last state update": UpgradeMode::LastStateUpdate,
});

variants!(step_keys, "step-key", StepKey, itself, {
    "accepted": StepKey::Accepted,
    "savepoint": StepKey::Savepoint,
    "cancel": StepKey::Cancel,
    "old run ends": StepKey::OldRunEnds,
    "jar": StepKey::Jar,
    "job manager": StepKey::JobManager,
    "task managers": StepKey::TaskManagers,
    "job": StepKey::Job,
    "probation": StepKey::Probation,
    "back": StepKey::Back,
    "ends": StepKey::Ends,
    "removed": StepKey::Removed,
});

variants!(events, "event", Event, itself, {
    "operation asked": Event::OperationAsked { .. },
    "operation ended": Event::OperationEnded { .. },
    "run launched": Event::RunLaunched { .. },
    "job manager lost": Event::JobManagerLost { .. },
    "update did not hold": Event::UpdateDidNotHold { .. },
    "failed while stopping": Event::FailedWhileStopping { .. },
    "canceled outside": Event::CanceledOutside { .. },
    "state changed": Event::StateChanged { .. },
    "task managers silent": Event::TaskManagersSilent { .. },
    "keeps failing": Event::KeepsFailing { .. },
    "holds again": Event::HoldsAgain,
    "unreadable": Event::Unreadable { .. },
    "act failed": Event::ActFailed { .. },
    "carried on": Event::CarriedOn,
    "savepoint taken": Event::SavepointTaken { .. },
    "checkpoint retained": Event::CheckpointRetained { .. },
    "savepoint deletion asked": Event::SavepointDeletionAsked { .. },
    "savepoint deleted": Event::SavepointDeleted { .. },
    "savepoint deletion failed": Event::SavepointDeletionFailed { .. },
    "state left to others": Event::StateLeftToOthers { .. },
    "vault made": Event::Resource { what: ResourceAct::VaultMade, .. },
    "vault deleted": Event::Resource { what: ResourceAct::VaultDeleted, .. },
    "secret written": Event::Resource { what: ResourceAct::SecretWritten, .. },
    "secret changed": Event::Resource { what: ResourceAct::SecretChanged, .. },
    "secret deleted": Event::Resource { what: ResourceAct::SecretDeleted, .. },
    "database made": Event::Resource { what: ResourceAct::DatabaseMade, .. },
    "database changed": Event::Resource { what: ResourceAct::DatabaseChanged, .. },
    "database deleted": Event::Resource { what: ResourceAct::DatabaseDeleted, .. },
    "account made": Event::Storage { what: StorageAct::AccountMade, .. },
    "account changed": Event::Storage { what: StorageAct::AccountChanged, .. },
    "account deleted": Event::Storage { what: StorageAct::AccountDeleted, .. },
    "container made": Event::Storage { what: StorageAct::ContainerMade, .. },
    "file uploaded": Event::Storage { what: StorageAct::FileUploaded, .. },
    "file deleted": Event::Storage { what: StorageAct::FileDeleted, .. },
    "savepoint downloaded": Event::Storage { what: StorageAct::SavepointDownloaded, .. },
    "savepoint uploaded": Event::Storage { what: StorageAct::SavepointUploaded, .. },
    "quota set": Event::QuotaSet { quota: Some(_), .. },
    "quota lifted": Event::QuotaSet { quota: None, .. },
    "readable changed": Event::ReadableChanged { .. },
    "around created": Event::Around { done: Done::Created, .. },
    "around changed": Event::Around { done: Done::Changed, .. },
    "around deleted": Event::Around { done: Done::Deleted, .. },
});

variants!(operation_ends, "operation-end", OperationEnd, itself, {
    "succeeded": OperationEnd::Succeeded { .. },
    "succeeded early": OperationEnd::SucceededEarly { .. },
    "failed": OperationEnd::Failed { .. },
    "went back": OperationEnd::WentBack { .. },
    "superseded": OperationEnd::Superseded { .. },
});

variants!(run_ends, "run-end", RunEnd, itself, {
    "stopped": RunEnd::Stopped,
    "canceled": RunEnd::Canceled,
    "canceled outside": RunEnd::CanceledOutside,
    "finished": RunEnd::Finished,
    "failed": RunEnd::Failed { .. },
    "went back": RunEnd::WentBack { .. },
    "updated": RunEnd::Updated,
    "lost": RunEnd::Lost,
    "replaced": RunEnd::Replaced,
    "deleted": RunEnd::Deleted,
});

/// What has no variants of its own. `words` are tags, an operation's arguments and a run's configuration.
#[test]
fn what_has_no_variants() {
    kept::<Reason>("reason");
    kept::<KnownState>("known");
    kept::<Restarts>("restarts");
    kept::<ClusterSpec>("specification");
    kept::<ClusterForm>("form");
    kept::<Vec<Finding>>("field-errors");
    kept::<BTreeMap<String, String>>("words");
}

/// A folder that no test reads proves nothing.
#[test]
fn every_folder_is_read() {
    let all = folder("").read_dir().expect("the folder is there");
    let names = all.filter_map(|entry| entry.expect("it can be listed").file_name().into_string().ok());
    let folders: BTreeSet<String> = names.filter(|name| name != "README.md").collect();
    let read = [
        "phase",
        "restore",
        "then",
        "next",
        "seen",
        "process",
        "main",
        "known",
        "restarts",
        "savepoint",
        "job-status",
        "intent",
        "upgrade-mode",
        "step-key",
        "event",
        "operation-end",
        "run-end",
        "reason",
        "specification",
        "form",
        "field-errors",
        "words",
    ];
    assert_eq!(folders, read.map(str::to_owned).into());
}
