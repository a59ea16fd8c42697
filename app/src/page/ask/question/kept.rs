//! The state that a job has when it is ended.

use domain::action::Action;
use domain::id::ClusterId;
use domain::view::{Newest, StatesView};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::api;
use crate::clock::Clock;
use crate::words;

/// Names the newest state of a job that is about to be stopped or canceled.
#[component]
pub(super) fn Kept(
    /// The cluster.
    cluster: ClusterId,
    /// Stop or Cancel.
    action: Action,
) -> impl IntoView {
    let clock = Clock::here();
    let states = Resource::new(|| (), move |()| api::states(cluster));
    let named = move || {
        Suspend::new(async move {
            let states = states.await.ok()?;
            Some(view! { <p>{sentence(action, &states, clock.now_untracked())}</p> })
        })
    };
    view! { <Suspense>{named}</Suspense> }
}

fn sentence(action: Action, states: &StatesView, now: Timestamp) -> String {
    let cancels = action == Action::Cancel;
    match states.newest() {
        Newest::State(state) if cancels => {
            format!("What stays is {}, or a newer one by then.", words::state(state, now))
        }
        Newest::State(state) => {
            format!("Until the savepoint is complete, the newest state is {}.", words::state(state, now))
        }
        Newest::Fresh if cancels => "Nothing stays: the job has no complete checkpoint yet.".to_owned(),
        Newest::Fresh => {
            "Until the savepoint is complete there is no state: the job has no checkpoint yet.".to_owned()
        }
        Newest::Undecided => "Nothing of the last run can be used now; earlier states stay.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use domain::id::SnapshotId;
    use domain::snapshot::{SnapshotKind, SnapshotOrigin};
    use domain::view::SnapshotView;
    use jiff::SignedDuration;

    use super::*;

    fn of(path: &str, missing: bool) -> SnapshotView {
        SnapshotView {
            id: SnapshotId(uuid::Uuid::nil()),
            kind: SnapshotKind::Checkpoint,
            path: path.to_owned(),
            at: Timestamp::UNIX_EPOCH,
            size: None,
            run: 2,
            revision: 1,
            line: 1,
            missing: missing.then(|| "It is gone.".to_owned()),
            origin: SnapshotOrigin::Seen,
            actor: String::new(),
            native: false,
        }
    }

    #[test]
    fn the_state_that_stays_is_named_with_its_run_and_age() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(40);
        let states =
            |states: Vec<SnapshotView>| StatesView { states, line: Some(1), ..StatesView::default() };
        let all = states(vec![of("x/chk-13", true), of("x/chk-12", false)]);
        assert_eq!(
            sentence(Action::Cancel, &all, now),
            "What stays is checkpoint 12 of run 2, 40 s old, or a newer one by then."
        );
        assert!(sentence(Action::Stop, &all, now).ends_with("is checkpoint 12 of run 2, 40 s old."));
        assert!(sentence(Action::Cancel, &states(Vec::new()), now).starts_with("Nothing stays"));
        let lost = states(vec![of("x/chk-13", true)]);
        assert!(sentence(Action::Cancel, &lost, now).contains("earlier states stay"));
    }
}
