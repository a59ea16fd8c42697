//! A cluster's own pages: overview, operations, events, runs, savepoints, logs, plots.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::JobRow;
use crate::action::Action;
use crate::artifact::{Artifact, KeptJar};
use crate::event::Tone;
use crate::id::{ClusterId, EventId, OperationId, SnapshotId};
use crate::lifecycle::Intent;
use crate::operation::OperationEnd;
use crate::reason::{Reason, code};
use crate::snapshot::{SnapshotKind, SnapshotOrigin};
use crate::spec::{Change, ClusterSpec};

/// A cluster, whole: overview, details panel and JSON view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClusterView {
    /// Its row in the grid.
    pub row: JobRow,
    /// The current revision's specification.
    pub spec: ClusterSpec,
    /// The bytes of its jar; none for a revision of an earlier portal that was not launched since.
    pub jar: Option<Artifact>,
    /// The bytes of more jars in its class path.
    pub more_jars: Vec<KeptJar>,
    /// When it was created.
    pub created: Timestamp,
    /// Why it failed or could not be asked, if so.
    pub reason: Option<Reason>,
    /// The present run in words: "Run 18 of revision 7, started by Update from the savepoint of 12:02."
    pub headline: String,
    /// The last operation, with steps, result and exception.
    pub last_operation: Option<OperationView>,
    /// Where it runs: label and value, ready to show (job manager's address, task managers, storage, ...).
    pub places: Vec<(String, String)>,
    /// Figures of the moment, ready to show.
    pub records_in: Option<f64>,
    /// Size of the last checkpoint, bytes.
    pub checkpoint_size: Option<u64>,
    /// Duration of the last checkpoint, ms.
    pub checkpoint_ms: Option<u64>,
    /// Downtime of the last update, ms: from the last moment the old run ran until the new one ran.
    pub downtime_ms: Option<u64>,
    /// Downtimes of earlier updates, ms, oldest first.
    pub downtimes: Vec<u64>,
    /// Savepoints there are.
    pub savepoints: u32,
}

/// Two revisions of a cluster beside each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComparedRevisions {
    /// The one.
    pub from: u32,
    /// The other.
    pub to: u32,
    /// The newest there is.
    pub newest: u32,
    /// What differs of what was asked for.
    pub changes: Vec<Change>,
    /// The bytes of their jars; none for one of an earlier portal that was not launched since.
    pub jars: (Option<Artifact>, Option<Artifact>),
    /// More jars in their class paths.
    pub more_jars: (Vec<KeptJar>, Vec<KeptJar>),
}

/// One thing that someone asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationView {
    /// Its id.
    pub id: OperationId,
    /// The cluster.
    pub cluster: ClusterId,
    /// The cluster's name.
    pub cluster_name: String,
    /// What.
    pub action: Action,
    /// Who.
    pub actor: String,
    /// When it was asked.
    pub asked: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// The same for the lifecycle; none for what was asked before it was kept.
    pub intent: Option<Intent>,
    /// What it was asked with: label and value (revision, savepoint, ...).
    pub arguments: BTreeMap<String, String>,
    /// Its steps, done, in progress and to come.
    pub steps: Vec<StepView>,
    /// How it ended; none while in progress, and for what ended before ends were data.
    pub end: Option<OperationEnd>,
    /// `None` while in progress.
    pub succeeded: Option<bool>,
    /// Its end in one line.
    pub message: String,
    /// Why it failed.
    pub reason: Option<Reason>,
    /// How long the same action took on this cluster the last time, or elsewhere, ms.
    pub usually_ms: Option<u64>,
    /// Time without a running job, ms, for an update that succeeded.
    pub downtime_ms: Option<u64>,
    /// The savepoint that it took and that is still there: its address.
    #[serde(default)]
    pub savepoint: Option<String>,
    /// When that was complete.
    #[serde(default)]
    pub savepoint_at: Option<Timestamp>,
    /// What happened to the cluster meanwhile, oldest first; read for its own page alone.
    #[serde(default)]
    pub happened: Vec<EventView>,
}

impl OperationView {
    /// The revision that it was about, as it was asked.
    pub fn revision(&self) -> Option<u32> {
        self.intent.as_ref()?.ask.revision()
    }

    /// "Update went back", "Stop failed"; none while it is in progress.
    pub fn ended(&self) -> Option<String> {
        let how = match (&self.end, self.succeeded?) {
            (Some(end), _) => end.word(),
            (None, true) => "succeeded",
            (None, false) => "failed",
        };
        Some(format!("{} {how}", self.action.word()))
    }

    /// What is worth saying of its end beside that it succeeded or not.
    pub fn more(&self) -> Option<String> {
        self.end.as_ref()?.more(self.action)
    }

    /// It was an update that did not hold, and what ran before runs again.
    pub fn went_back(&self) -> bool {
        self.reason.as_ref().is_some_and(|reason| reason.code == code::WENT_BACK)
    }
}

/// A step of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// "Task managers register, 6 of 9".
    pub name: String,
    /// "127.4.0.31, process 48112"; may be empty.
    pub detail: String,
    /// `None` for a step to come.
    pub started: Option<Timestamp>,
    /// `None` for a step in progress or to come.
    pub ended: Option<Timestamp>,
    /// The operation failed in this step.
    pub failed: bool,
}

/// An entry of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventView {
    /// Its id: the live cursor.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// The cluster, if it is about one.
    pub cluster: Option<ClusterId>,
    /// The cluster's name.
    pub cluster_name: String,
    /// Its tone.
    pub tone: Tone,
    /// "Update succeeded".
    pub title: String,
    /// "2.8 s without a running job; by Owner".
    pub detail: String,
    /// Who, if a person did it.
    pub actor: String,
}

/// A launch of the job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// Its number.
    pub run: u32,
    /// The line of runs that go on from each other's state: the number of its first run.
    pub line: u32,
    /// Flink's job id.
    pub job_id: String,
    /// What it ran.
    pub revision: u32,
    /// The state that it started from, a path; none for fresh.
    pub from: Option<String>,
    /// Why Flink could not read that state, if this ended it.
    #[serde(default)]
    pub unreadable: Option<String>,
    /// Where its job manager answered last, a URL; none before it was seen.
    pub endpoint: Option<String>,
    /// When it was launched.
    pub started: Timestamp,
    /// When its job was first seen running.
    pub running: Option<Timestamp>,
    /// Its job has run, and is not that of an update which went back.
    pub held: bool,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Why it ended: "stopped with savepoint", "its job manager was lost", ...
    pub why: String,
    /// The Flink configuration that it ran with.
    pub configuration: BTreeMap<String, String>,
}

/// A savepoint or a retained checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotView {
    /// Its id.
    pub id: SnapshotId,
    /// Which of both.
    pub kind: SnapshotKind,
    /// Its address.
    pub path: String,
    /// When it was complete.
    pub at: Timestamp,
    /// Bytes; none if not known.
    pub size: Option<u64>,
    /// A savepoint in the state backend's own format.
    #[serde(default)]
    pub native: bool,
    /// Which run it is of.
    pub run: u32,
    /// Which revision that run ran.
    pub revision: u32,
    /// The line of runs that go on from each other's state: the number of its first run.
    pub line: u32,
    /// Why it cannot be used now; none if it can, as far as was looked.
    pub missing: Option<String>,
    /// What it was taken or kept for.
    pub origin: SnapshotOrigin,
    /// Who asked.
    pub actor: String,
}

/// A log file of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogFile {
    /// Which run.
    pub run: u32,
    /// `jobmanager.log`, `taskmanager-1.log`, `jobmanager.out`, ...
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// When it was last written.
    pub modified: Timestamp,
}

/// A part of a log file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPart {
    /// The text.
    pub text: String,
    /// Where the text begins in the file, bytes.
    pub from: u64,
    /// Where the next part begins.
    pub next: u64,
}

/// One plot: up to three lines over one time axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plot {
    /// "Records per second".
    pub title: String,
    /// "in, out" or "ms": shown at the right of the title.
    pub unit: String,
    /// Start of the axis.
    pub from: Timestamp,
    /// End of the axis.
    pub until: Timestamp,
    /// The times of the samples, oldest first.
    pub times: Vec<Timestamp>,
    /// Name and values; `None` where nothing was measured.
    pub lines: Vec<(String, Vec<Option<f64>>)>,
    /// Operations that happened: when and which.
    pub marks: Vec<(Timestamp, String)>,
}

/// Runs, operations and events over one axis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineView {
    /// Start of the axis.
    pub from: Timestamp,
    /// End of the axis.
    pub until: Timestamp,
    /// Runs that touch it.
    pub runs: Vec<RunView>,
    /// Operations in it.
    pub operations: Vec<OperationView>,
    /// Events in it that are warnings or worse.
    pub events: Vec<EventView>,
}
