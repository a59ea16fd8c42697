//! What a snapshot of a job's state is, and what it was taken or kept for.

use serde::{Deserialize, Serialize};

/// What a snapshot is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotKind {
    /// Somebody asked for it; it stays until somebody deletes it.
    Savepoint,
    /// Flink took it by itself; it was kept when its run ended.
    Checkpoint,
}

impl SnapshotKind {
    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            SnapshotKind::Savepoint => "savepoint",
            SnapshotKind::Checkpoint => "checkpoint",
        }
    }

    /// The kind of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        [SnapshotKind::Savepoint, SnapshotKind::Checkpoint].into_iter().find(|kind| kind.name() == name)
    }

    /// The word that people read.
    pub fn word(self) -> &'static str {
        match self {
            SnapshotKind::Savepoint => "Savepoint",
            SnapshotKind::Checkpoint => "Checkpoint",
        }
    }
}

/// What a snapshot was taken for, or of what end of its run it was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SnapshotOrigin {
    /// A savepoint that somebody asked for.
    Asked,
    /// The savepoint of a stop.
    Stop,
    /// The savepoint of an update.
    Update,
    /// A checkpoint of a run that was stopped.
    Stopped,
    /// A checkpoint of a run that was canceled.
    Canceled,
    /// A checkpoint of a run that finished.
    Finished,
    /// A checkpoint of a run that failed.
    Failed,
    /// A checkpoint of a run that was lost.
    Lost,
    /// A checkpoint of a run that an update replaced.
    Updated,
    /// What was seen of a run; no row holds it.
    Seen,
}

impl SnapshotOrigin {
    const KEPT: [SnapshotOrigin; 9] = [
        SnapshotOrigin::Asked,
        SnapshotOrigin::Stop,
        SnapshotOrigin::Update,
        SnapshotOrigin::Stopped,
        SnapshotOrigin::Canceled,
        SnapshotOrigin::Finished,
        SnapshotOrigin::Failed,
        SnapshotOrigin::Lost,
        SnapshotOrigin::Updated,
    ];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            SnapshotOrigin::Asked => "asked",
            SnapshotOrigin::Stop => "stop",
            SnapshotOrigin::Update => "update",
            SnapshotOrigin::Stopped => "stopped",
            SnapshotOrigin::Canceled => "canceled",
            SnapshotOrigin::Finished => "finished",
            SnapshotOrigin::Failed => "failed",
            SnapshotOrigin::Lost => "lost",
            SnapshotOrigin::Updated => "updated",
            SnapshotOrigin::Seen => "seen",
        }
    }

    /// The one of that [`name`](Self::name) which a row can hold.
    pub fn named(name: &str) -> Option<Self> {
        Self::KEPT.into_iter().find(|origin| origin.name() == name)
    }
}
