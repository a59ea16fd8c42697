//! What a person can ask of a cluster, and in which state each thing may be asked.

use serde::{Deserialize, Serialize};

use crate::state::State;

/// Everything that can be asked of a cluster. The names on the wire are those of the ARM API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// Create the cluster and launch its job.
    Create,
    /// Stop with savepoint.
    Stop,
    /// Start a job that does not run.
    Start,
    /// Stop with savepoint, start the new revision from it.
    Update,
    /// Start the new revision without state.
    StatelessUpdate,
    /// End the job without savepoint, start the new revision from the newest state that it left.
    LastStateUpdate,
    /// An earlier revision as an update.
    Rollback,
    /// Start a failed job again from the newest state that can be used.
    Relaunch,
    /// Take a savepoint; the job goes on.
    Savepoint,
    /// End the job for good, without savepoint.
    Cancel,
    /// End the processes and remove the cluster.
    Delete,
}

impl Action {
    /// Every action that a job's row offers, in the order of the command bar.
    pub const OFFERED: [Action; 9] = [
        Action::Stop,
        Action::Start,
        Action::Relaunch,
        Action::Update,
        Action::StatelessUpdate,
        Action::LastStateUpdate,
        Action::Savepoint,
        Action::Cancel,
        Action::Delete,
    ];

    /// The word on buttons and in sentences.
    pub fn word(self) -> &'static str {
        match self {
            Action::Create => "Create",
            Action::Stop => "Stop",
            Action::Start => "Start",
            Action::Update => "Update",
            Action::StatelessUpdate => "Stateless update",
            Action::LastStateUpdate => "Last-state update",
            Action::Rollback => "Roll back",
            Action::Relaunch => "Relaunch",
            Action::Savepoint => "Savepoint",
            Action::Cancel => "Cancel",
            Action::Delete => "Delete",
        }
    }

    /// The name in the database, in URLs and on the ARM wire: `STATELESS_UPDATE`.
    pub fn name(self) -> &'static str {
        match self {
            Action::Create => "CREATE",
            Action::Stop => "STOP",
            Action::Start => "START",
            Action::Update => "UPDATE",
            Action::StatelessUpdate => "STATELESS_UPDATE",
            Action::LastStateUpdate => "LAST_STATE_UPDATE",
            Action::Rollback => "ROLLBACK",
            Action::Relaunch => "RE_LAUNCH",
            Action::Savepoint => "SAVEPOINT",
            Action::Cancel => "CANCEL",
            Action::Delete => "DELETE",
        }
    }

    /// The action of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<Action> {
        Self::OFFERED
            .into_iter()
            .chain([Action::Create, Action::Rollback])
            .find(|action| action.name() == name)
    }

    /// Whether a job in this state, with this operation in progress, may be asked; otherwise the reason why not. `batch`:
    /// what runs is a batch job.
    ///
    /// # Errors
    /// The sentence that a disabled button shows and that a refused request gets.
    pub fn allowed(self, state: State, in_progress: Option<Action>, batch: bool) -> Result<(), String> {
        if state == State::Unreadable {
            return Err(format!(
                "{} needs a cluster that can be read; what the portal has written of this one cannot.",
                self.word()
            ));
        }
        if self != Action::Delete
            && self != Action::Cancel
            && let Some(other) = in_progress
        {
            return Err(format!("{} is in progress; wait until it has ended.", other.word()));
        }
        if in_progress == Some(Action::Delete) {
            return Err("The cluster is being deleted.".to_owned());
        }
        if in_progress == Some(self) {
            return Err(format!("{} is already in progress.", self.word()));
        }
        let fits = match self {
            Action::Create => false,
            Action::Stop | Action::Savepoint => state == State::Running,
            Action::Start => state.at_rest(),
            Action::Relaunch => matches!(state, State::Failed | State::JobLaunchFailed),
            Action::Update | Action::StatelessUpdate | Action::LastStateUpdate | Action::Rollback => {
                matches!(state, State::Running | State::Restarting) || state.at_rest()
            }
            Action::Cancel => state == State::Waiting || (!state.at_rest() && state != State::Deleting),
            Action::Delete => true,
        };
        if fits && batch && !state.at_rest() && self.saves() {
            Err(format!(
                "{} needs a savepoint, and a batch job has none: it begins anew. {}.",
                self.word(),
                if self.updates() {
                    "Use Stateless update"
                } else {
                    "Wait until it has finished, or use Cancel"
                }
            ))
        } else if fits {
            Ok(())
        } else {
            Err(format!("{} needs {}; the state is {}.", self.word(), self.needs(), state.word()))
        }
    }

    /// Whether, in progress, it stands in nobody's way: an update that has only to hold, and what waits for state that is
    /// not there, perhaps for ever. `read`: a pass has seen that it is asked, and the state is what the pass has left.
    pub fn gives_way(self, on_probation: bool, state: State, read: bool) -> bool {
        let waits = state == State::Waiting && read && !matches!(self, Action::Cancel | Action::Delete);
        on_probation || waits
    }

    /// It puts another revision in the place of the present one.
    pub fn updates(self) -> bool {
        match self {
            Action::Update | Action::StatelessUpdate | Action::LastStateUpdate | Action::Rollback => true,
            Action::Create
            | Action::Stop
            | Action::Start
            | Action::Relaunch
            | Action::Savepoint
            | Action::Cancel
            | Action::Delete => false,
        }
    }

    /// What it does to a running job begins with a savepoint of it.
    pub fn saves(self) -> bool {
        match self {
            Action::Stop | Action::Savepoint | Action::Update | Action::Rollback => true,
            Action::Create
            | Action::Start
            | Action::StatelessUpdate
            | Action::LastStateUpdate
            | Action::Relaunch
            | Action::Cancel
            | Action::Delete => false,
        }
    }

    /// It starts processes: there must be room for them. What only ends some always fits.
    pub fn launches(self) -> bool {
        match self {
            Action::Create | Action::Start | Action::Relaunch => true,
            Action::Update | Action::StatelessUpdate | Action::LastStateUpdate | Action::Rollback => true,
            Action::Stop | Action::Savepoint | Action::Cancel | Action::Delete => false,
        }
    }

    fn needs(self) -> &'static str {
        match self {
            Action::Create => "a name that is free",
            Action::Stop | Action::Savepoint => "a running job",
            Action::Start => "a job that is stopped, failed, canceled or finished",
            Action::Relaunch => "a job that has failed",
            Action::Update | Action::StatelessUpdate | Action::LastStateUpdate | Action::Rollback => {
                "a job that runs, restarts or rests"
            }
            Action::Cancel => "a job that has not ended",
            Action::Delete => "a cluster",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One line for each state, one column for each action of the command bar.
    #[test]
    fn what_is_allowed_when_nothing_is_in_progress() {
        let mark =
            |action: Action, state| if action.allowed(state, None, false).is_ok() { "yes" } else { "-" };
        insta::assert_snapshot!(table(State::ALL.map(|state| (state.word(), state)), mark), @r"
                           Stop               Start              Relaunch           Update             Stateless update   Last-state update  Savepoint          Cancel             Delete
        Running            yes                -                  -                  yes                yes                yes                yes                yes                yes
        Starting           -                  -                  -                  -                  -                  -                  -                  yes                yes
        Restarting         -                  -                  -                  yes                yes                yes                -                  yes                yes
        Updating           -                  -                  -                  -                  -                  -                  -                  yes                yes
        Stopping           -                  -                  -                  -                  -                  -                  -                  yes                yes
        Canceling          -                  -                  -                  -                  -                  -                  -                  yes                yes
        Deleting           -                  -                  -                  -                  -                  -                  -                  -                  yes
        Failed             -                  yes                yes                yes                yes                yes                -                  -                  yes
        Launch failed      -                  yes                yes                yes                yes                yes                -                  -                  yes
        Waiting for state  -                  yes                -                  yes                yes                yes                -                  yes                yes
        Unreachable        -                  -                  -                  -                  -                  -                  -                  yes                yes
        Unreadable         -                  -                  -                  -                  -                  -                  -                  -                  -
        Stopped            -                  yes                -                  yes                yes                yes                -                  -                  yes
        Canceled           -                  yes                -                  yes                yes                yes                -                  -                  yes
        Finished           -                  yes                -                  yes                yes                yes                -                  -                  yes
        ");
    }

    /// One line for each action in progress; the state is one that fits it.
    #[test]
    fn what_is_allowed_during_another_operation() {
        let moving = [
            (Action::Create, State::Starting),
            (Action::Stop, State::Stopping),
            (Action::Start, State::Starting),
            (Action::Update, State::Updating),
            (Action::StatelessUpdate, State::Updating),
            (Action::LastStateUpdate, State::Updating),
            (Action::Rollback, State::Updating),
            (Action::Relaunch, State::Starting),
            (Action::Savepoint, State::Running),
            (Action::Cancel, State::Canceling),
            (Action::Delete, State::Deleting),
        ];
        let mark = |action: Action, (other, state)| {
            if action.allowed(state, Some(other), false).is_ok() { "yes" } else { "-" }
        };
        insta::assert_snapshot!(table(moving.map(|moving| (moving.0.word(), moving)), mark), @r"
                           Stop               Start              Relaunch           Update             Stateless update   Last-state update  Savepoint          Cancel             Delete
        Create             -                  -                  -                  -                  -                  -                  -                  yes                yes
        Stop               -                  -                  -                  -                  -                  -                  -                  yes                yes
        Start              -                  -                  -                  -                  -                  -                  -                  yes                yes
        Update             -                  -                  -                  -                  -                  -                  -                  yes                yes
        Stateless update   -                  -                  -                  -                  -                  -                  -                  yes                yes
        Last-state update  -                  -                  -                  -                  -                  -                  -                  yes                yes
        Roll back          -                  -                  -                  -                  -                  -                  -                  yes                yes
        Relaunch           -                  -                  -                  -                  -                  -                  -                  yes                yes
        Savepoint          -                  -                  -                  -                  -                  -                  -                  yes                yes
        Cancel             -                  -                  -                  -                  -                  -                  -                  -                  yes
        Delete             -                  -                  -                  -                  -                  -                  -                  -                  -
        ");
    }

    #[test]
    fn what_waits_for_state_gives_way_once_it_was_begun() {
        for action in [Action::Create, Action::Start, Action::Stop, Action::Savepoint, Action::Update] {
            assert!(action.gives_way(false, State::Waiting, true));
            assert!(
                !action.gives_way(false, State::Waiting, false),
                "just asked, it is not the one that waits"
            );
            assert!(!action.gives_way(false, State::Updating, true));
        }
        assert!(!Action::Cancel.gives_way(false, State::Waiting, true));
        assert!(Action::Update.gives_way(true, State::Running, true));
    }

    #[test]
    fn why_not() {
        let stop = |state, other| Action::Stop.allowed(state, other, false).unwrap_err();
        insta::assert_snapshot!(stop(State::JobLaunchFailed, None), @"Stop needs a running job; the state is Launch failed.");
        insta::assert_snapshot!(stop(State::Updating, Some(Action::Update)), @"Update is in progress; wait until it has ended.");
        insta::assert_snapshot!(Action::Cancel.allowed(State::Finished, None, false).unwrap_err(), @"Cancel needs a job that has not ended; the state is Finished.");
    }

    #[test]
    fn a_batch_job_has_no_savepoint() {
        let refused = |state: State| {
            Action::OFFERED.into_iter().filter(move |action| {
                action.allowed(state, None, false).is_ok() && action.allowed(state, None, true).is_err()
            })
        };
        assert!(refused(State::Running).eq([Action::Stop, Action::Update, Action::Savepoint]));
        assert!(refused(State::Finished).eq([]));
        let why = |action: Action| action.allowed(State::Running, None, true).unwrap_err();
        insta::assert_snapshot!(why(Action::Stop), @"Stop needs a savepoint, and a batch job has none: it begins anew. Wait until it has finished, or use Cancel.");
        insta::assert_snapshot!(why(Action::Update), @"Update needs a savepoint, and a batch job has none: it begins anew. Use Stateless update.");
    }

    fn table<T: Copy, const N: usize>(
        lines: [(&str, T); N],
        mark: impl Fn(Action, T) -> &'static str,
    ) -> String {
        let row = |first: &str, cells: [&str; 9]| {
            cells
                .iter()
                .fold(format!("{first:<19}"), |row, cell| format!("{row}{cell:<19}"))
                .trim_end()
                .to_owned()
        };
        let head = row("", Action::OFFERED.map(Action::word));
        let lines = lines.map(|(word, line)| row(word, Action::OFFERED.map(|action| mark(action, line))));
        [head].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    }
}
