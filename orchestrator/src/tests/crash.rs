//! The portal dies between the record and the act: its loop, its passes and its connections are gone in the middle of
//! what they did, as when its process is killed. The next one finds the row and does what it says.

use std::time::Duration;

use domain::action::Action;
use domain::id::ClusterId;
use domain::lifecycle::Act;
use domain::state::State;
use tokio::runtime::Runtime;

use super::database::Database;
use super::{Left, TestPortal};

/// Whether it is a certain act.
type Is = fn(&Act) -> bool;

/// What is asked, at which act the portal dies, what its pages say then, and what it comes to all the same.
const DEATHS: [(Action, Is, State, State); 9] = [
    (Action::Savepoint, saves, State::Running, State::Running),
    (Action::Update, stops, State::Updating, State::Running),
    (Action::Update, ends, State::Updating, State::Running),
    (Action::Update, launches, State::Updating, State::Running),
    (Action::Stop, stops, State::Stopping, State::Stopped),
    (Action::Start, launches, State::Starting, State::Running),
    (Action::StatelessUpdate, cancels, State::Updating, State::Running),
    (Action::Cancel, cancels, State::Canceling, State::Canceled),
    (Action::Delete, removes, State::Deleting, State::Deleting),
];

fn saves(act: &Act) -> bool {
    matches!(act, Act::Savepoint { .. })
}

fn stops(act: &Act) -> bool {
    matches!(act, Act::StopWithSavepoint { .. })
}

fn cancels(act: &Act) -> bool {
    matches!(act, Act::Cancel { .. })
}

fn ends(act: &Act) -> bool {
    matches!(act, Act::End)
}

fn launches(act: &Act) -> bool {
    matches!(act, Act::Launch(_))
}

fn removes(act: &Act) -> bool {
    matches!(act, Act::Remove { .. })
}

/// A portal's process: what is dropped with it stops where it is.
fn process() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime")
}

/// The process is killed.
fn kill(process: Runtime, portal: TestPortal) -> Left {
    let left = portal.left();
    process.shutdown_timeout(Duration::from_secs(10));
    left
}

#[test]
fn what_was_recorded_and_not_done_is_done_by_the_next_one() {
    let first = process();
    let portal = first.block_on(TestPortal::open(Database::Sqlite));
    let id = first.block_on(portal.running("orders"));
    let mut left = kill(first, portal);
    for (action, dies_at, recorded, becomes) in DEATHS {
        let second = process();
        let portal = second.block_on(left.open());
        let operation = second.block_on(async {
            portal.fake.with(id, |world| (world.dies_at, world.acts) = (Some(dies_at), Vec::new()));
            let operation = portal.act(id, action).await.expect("asked");
            until_it_dies(&portal).await;
            operation
        });
        assert!(!portal.fake.with(id, |world| world.acts.iter().any(dies_at)), "{action:?} was not done");
        left = kill(second, portal);

        let third = process();
        let portal = third.block_on(left.open());
        third.block_on(async {
            assert_eq!(portal.view(id).await.row.state, recorded, "{action:?} stands in the row");
            portal.fake.with(id, |world| world.dies_at = None);
            settled(&portal, id, becomes).await;
            let ended = portal.operation(operation).await;
            assert_eq!(ended.succeeded, Some(true), "{action:?}: {}", ended.message);
            assert!(portal.fake.with(id, |world| world.acts.iter().any(dies_at)), "{action:?} was done");
        });
        left = kill(third, portal);
    }
}

async fn until_it_dies(portal: &TestPortal) {
    let dies = async {
        loop {
            portal.pass().await;
        }
    };
    tokio::select! {
        () = dies => {}
        () = portal.fake.died.notified() => {}
    }
}

async fn settled(portal: &TestPortal, id: ClusterId, state: State) {
    if state != State::Deleting {
        return portal.until(id, state).await;
    }
    while portal.desk.cluster(id).await.is_ok() {
        portal.pass().await;
    }
}
