//! The states that a cluster's job can start from, and which of them is the default: computed here and nowhere else.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::SnapshotView;
use crate::lifecycle::Restore;
use crate::snapshot::{self, SnapshotKind};

/// Every state that is known of a cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatesView {
    /// Newest first.
    pub states: Vec<SnapshotView>,
    /// The line of the last run that ran; none before the first.
    pub line: Option<u32>,
    /// The runs of that line.
    #[serde(default)]
    pub runs: Option<LineRuns>,
    /// The revision that ran well last; that of the last launch, if none ever did.
    pub revision: u32,
    /// Every revision there is, newest first.
    pub revisions: Vec<u32>,
    /// Those that have run, and held if they came by an update.
    pub held: BTreeSet<u32>,
}

/// The runs of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineRuns {
    /// The number of the last.
    pub last: u32,
    /// When the first was launched.
    pub began: Timestamp,
    /// From which state, a path; none for fresh.
    pub from: Option<String>,
}

/// What a start goes on from, unless somebody says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest<'a> {
    /// The newest usable state of the last line.
    State(&'a SnapshotView),
    /// Nothing: there never was a state.
    Fresh,
    /// The last line has no state that can be used, but there are others, or lost ones: a person decides.
    Undecided,
}

impl StatesView {
    /// The revision to go back to, unless somebody says otherwise: the newest before the present one that has held.
    pub fn before(&self) -> Option<u32> {
        let mut earlier = self.revisions.iter().copied().filter(|number| *number < self.revision);
        self.held.range(..self.revision).next_back().copied().or_else(|| earlier.next())
    }

    /// The states of the last line, newest first.
    pub fn of_last_line(&self) -> impl Iterator<Item = &SnapshotView> {
        self.states.iter().filter(|state| Some(state.line) == self.line)
    }

    /// What a start goes on from. What is older, or of an earlier line, is offered and never chosen by itself; where the
    /// newest one cannot be used the one before is taken.
    pub fn newest(&self) -> Newest<'_> {
        match self.of_last_line().find(|state| state.missing.is_none()) {
            Some(state) => Newest::State(state),
            None if self.states.is_empty() => Newest::Fresh,
            None => Newest::Undecided,
        }
    }

    /// The newest state of the last line, where it cannot be used, and why.
    pub fn damaged(&self) -> Option<(&SnapshotView, &str)> {
        let newest = self.of_last_line().next()?;
        newest.missing.as_deref().map(|why| (newest, why))
    }
}

impl SnapshotView {
    /// As a run starts from it.
    pub fn restore(&self) -> Restore {
        let path = self.path.clone();
        match self.kind {
            SnapshotKind::Checkpoint => Restore::Checkpoint { path },
            SnapshotKind::Savepoint => Restore::Savepoint { path },
        }
    }

    /// "checkpoint 12", "savepoint-ab12cd".
    pub fn name(&self) -> String {
        snapshot::called(&self.path)
    }

    /// The same at the beginning of a line: "Checkpoint 12". A savepoint is called by its folder, as it is written.
    pub fn title(&self) -> String {
        let name = self.name();
        name.strip_prefix("checkpoint").map_or(name.clone(), |rest| format!("Checkpoint{rest}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::SnapshotId;

    fn state(path: &str, line: u32, missing: bool) -> SnapshotView {
        SnapshotView {
            id: SnapshotId(uuid::Uuid::nil()),
            kind: if path.starts_with("chk") { SnapshotKind::Checkpoint } else { SnapshotKind::Savepoint },
            path: path.to_owned(),
            at: Timestamp::UNIX_EPOCH,
            size: None,
            run: 1,
            revision: 1,
            line,
            missing: missing.then(|| "It is gone.".to_owned()),
            origin: crate::snapshot::SnapshotOrigin::Seen,
            actor: String::new(),
            native: false,
        }
    }

    fn states(states: &[SnapshotView], line: u32) -> StatesView {
        StatesView { states: states.to_vec(), line: Some(line), ..StatesView::default() }
    }

    fn chosen(view: &StatesView) -> Option<String> {
        match view.newest() {
            Newest::State(state) => Some(state.name()),
            Newest::Fresh | Newest::Undecided => None,
        }
    }

    #[test]
    fn the_newest_of_the_last_line_is_the_default() {
        let all = [state("chk-9", 1, false), state("savepoint-a", 1, false)];
        assert_eq!(chosen(&states(&all, 1)).as_deref(), Some("checkpoint 9"));
    }

    #[test]
    fn what_did_not_hold_is_not_what_one_goes_back_to() {
        let view = |held: &[u32]| StatesView {
            revision: 4,
            revisions: vec![4, 3, 2, 1],
            held: held.iter().copied().collect(),
            ..StatesView::default()
        };
        assert_eq!(view(&[1, 2, 4]).before(), Some(2));
        assert_eq!(view(&[4]).before(), Some(3));
    }

    #[test]
    fn a_damaged_one_is_named_and_the_one_before_is_taken() {
        let all = [state("chk-9", 1, true), state("chk-8", 1, false)];
        let view = states(&all, 1);
        assert_eq!(chosen(&view).as_deref(), Some("checkpoint 8"));
        assert_eq!(view.damaged().map(|(state, _)| state.name()).as_deref(), Some("checkpoint 9"));
    }

    #[test]
    fn state_that_was_dropped_on_purpose_is_never_chosen_by_itself() {
        let all = [state("savepoint-a", 1, false)];
        assert_eq!(states(&all, 2).newest(), Newest::Undecided);
        assert_eq!(states(&[], 1).newest(), Newest::Fresh);
        assert_eq!(states(&[state("chk-9", 1, true)], 1).newest(), Newest::Undecided, "lost is not none");
    }
}
