//! What a snapshot of a job's state is, and what it was taken or kept for.

use serde::{Deserialize, Serialize};

/// What the state at a path is called wherever people read of it: a savepoint by its folder, as it is written, a
/// checkpoint by its number: `chk-8812` is "checkpoint 8 812".
pub fn called(path: &str) -> String {
    let path = path.trim_end_matches('/');
    let last = path.rsplit('/').next().unwrap_or(path);
    match last.strip_prefix("chk-").filter(|number| number.parse::<u64>().is_ok()) {
        Some(number) => format!("checkpoint {}", grouped(number)),
        None => last.to_owned(),
    }
}

/// `8 812`: digits by three, with a narrow space that no line breaks at.
fn grouped(digits: &str) -> String {
    let mut told = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            told.push('\u{202f}');
        }
        told.push(digit);
    }
    told
}

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

/// How a savepoint is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavepointFormat {
    /// Flink's own: every state backend reads it.
    #[default]
    Canonical,
    /// That of the state backend: quicker for large state, and read by the same backend alone.
    Native,
}

impl SavepointFormat {
    /// Its name in the database and, in capitals, for Flink (`formatType`).
    pub fn name(self) -> &'static str {
        match self {
            SavepointFormat::Canonical => "canonical",
            SavepointFormat::Native => "native",
        }
    }

    /// Whether nobody asked for another one.
    pub fn is_canonical(&self) -> bool {
        *self == SavepointFormat::Canonical
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
    /// It was complete where nobody could look, and a run has started from it since.
    Found,
    /// What was seen of a run; no row holds it.
    Seen,
}

impl SnapshotOrigin {
    const KEPT: [SnapshotOrigin; 10] = [
        SnapshotOrigin::Asked,
        SnapshotOrigin::Stop,
        SnapshotOrigin::Update,
        SnapshotOrigin::Stopped,
        SnapshotOrigin::Canceled,
        SnapshotOrigin::Finished,
        SnapshotOrigin::Failed,
        SnapshotOrigin::Lost,
        SnapshotOrigin::Updated,
        SnapshotOrigin::Found,
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
            SnapshotOrigin::Found => "found",
            SnapshotOrigin::Seen => "seen",
        }
    }

    /// The one of that [`name`](Self::name) which a row can hold.
    pub fn named(name: &str) -> Option<Self> {
        Self::KEPT.into_iter().find(|origin| origin.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_has_one_name() {
        assert_eq!(called("abfs://a@b/c/chk-9/"), "checkpoint 9");
        assert_eq!(called("chk-8812"), "checkpoint 8\u{202f}812");
        assert_eq!(called("chk-1234567"), "checkpoint 1\u{202f}234\u{202f}567");
        assert_eq!(called("x/savepoint-ab12cd"), "savepoint-ab12cd");
        assert_eq!(called("x/chk-mine"), "chk-mine", "somebody's own name");
    }
}
