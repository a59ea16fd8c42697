//! A job manager is lost: the run is ended and another takes its place, from the newest state that is known.

use domain::action::Action;
use domain::id::ClusterId;
use domain::lifecycle::{Act, JobStatus, Restore};
use domain::reason::Reason;
use domain::snapshot::{SnapshotKind, SnapshotOrigin};
use domain::state::State;
use domain::view::Newest;
use jiff::{SignedDuration, Timestamp};

use super::database::on_both;
use super::{Arguments, TestPortal};

on_both!(
    a_lost_run_is_replaced_from_its_newest_checkpoint,
    without_a_checkpoint_from_what_the_run_started_from,
    a_run_that_keeps_nothing_waits_for_a_person,
    a_run_that_is_lost_again_and_again_is_given_up,
    what_fails_leaves_its_checkpoint,
    a_state_that_flink_cannot_read_is_not_taken_again,
    a_savepoint_that_nobody_wrote_down_is_offered,
    a_bad_one_that_nobody_wrote_down_is_taken_once,
);

const CHECKPOINT: &str = "abfs://flink@lake.dfs.core.windows.net/orders/checkpoints/chk-12";

/// Which state the newest run was launched from.
fn launched_from(portal: &TestPortal, id: ClusterId) -> Option<Restore> {
    let launch = |act: &Act| match act {
        Act::Launch(launch) => Some(launch.from.clone()),
        _ => None,
    };
    portal.fake.with(id, |world| world.acts.iter().rev().find_map(launch))
}

async fn a_lost_run_is_replaced_from_its_newest_checkpoint(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.checkpoint = Some(CHECKPOINT.to_owned()));
    portal.second().await;
    portal.fake.lose(id);
    portal.second().await;
    portal.until(id, State::Running).await;
    assert_eq!(launched_from(&portal, id), Some(Restore::Checkpoint { path: CHECKPOINT.to_owned() }));
    let runs = portal.desk.runs(id).await.expect("runs");
    assert_eq!((runs[0].run, runs[0].from.as_deref()), (2, Some(CHECKPOINT)));
    assert_eq!(runs[1].why, "its processes were lost");
    // It goes on with the line of the run whose checkpoint it has, which is offered first whatever becomes of it.
    assert_eq!((runs[0].line, runs[1].line), (1, 1));
    let history = portal.history(id).await;
    assert_eq!(history.iter().filter(|title| *title == "The job manager was lost").count(), 1, "{history:?}");
    assert_eq!(history.last().map(String::as_str), Some("The job runs again"), "{history:?}");
    portal.fake.with(id, |world| world.checkpoint = None);
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(launched_from(&portal, id), Some(Restore::Checkpoint { path: CHECKPOINT.to_owned() }));
}

async fn without_a_checkpoint_from_what_the_run_started_from(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
    let started = launched_from(&portal, id);
    assert!(matches!(started, Some(Restore::Savepoint { .. })), "{started:?}");
    portal.fake.lose(id);
    portal.second().await;
    portal.until(id, State::Running).await;
    assert_eq!(launched_from(&portal, id), started);
    assert_eq!(portal.view(id).await.row.run, Some(3));
}

async fn a_run_that_keeps_nothing_waits_for_a_person(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.checkpoints_off = true);
    portal.second().await;
    portal.fake.lose(id);
    portal.until(id, State::Waiting).await;
    let said = portal.view(id).await;
    let reason = said.reason.map(|reason| reason.message).unwrap_or_default();
    assert!(reason.contains("switches checkpoints off") && !reason.contains("waits for"), "{reason}");
    for _ in 0..5 {
        portal.second().await;
    }
    let launches = |world: &mut crate::provider::fake::FakeCluster| {
        world.acts.iter().filter(|act| matches!(act, Act::Launch(launch) if launch.run > 1)).count()
    };
    assert_eq!((portal.view(id).await.row.state, portal.fake.with(id, launches)), (State::Waiting, 0));
    let events = portal.desk.activity_of(id).await.expect("history").events;
    let lost = events.iter().find(|event| event.title == "The job manager was lost").expect("it is told");
    assert!(lost.detail.contains("nothing is kept"), "{}", lost.detail);

    let fresh = Arguments { from: Some(Restore::Fresh), ..Arguments::default() };
    portal.desk.act(id, Action::Start, fresh).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!((launched_from(&portal, id), portal.view(id).await.row.run), (Some(Restore::Fresh), Some(2)));
}

async fn a_run_that_is_lost_again_and_again_is_given_up(portal: TestPortal) {
    let id = portal.running("orders").await;
    let mut losses = 0;
    while portal.view(id).await.row.state != State::Failed {
        if portal.fake.with(id, |world| world.alive.is_some()) {
            portal.fake.with(id, |world| world.checkpoint = Some(CHECKPOINT.to_owned()));
            portal.fake.lose(id);
            losses += 1;
            assert!(losses < 30, "it is never given up");
        }
        portal.pass().await;
    }
    assert_eq!(losses, 11, "ten are replaced");
    portal.pass().await; // The word is there while the last processes are ended.
    let snapshots = portal.desk.snapshots(id).await.expect("snapshots");
    assert_eq!(snapshots.iter().filter(|snapshot| snapshot.path == CHECKPOINT).count(), 1);
}

async fn what_fails_leaves_its_checkpoint(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| {
        world.checkpoint = Some(CHECKPOINT.to_owned());
        world.job = Some(JobStatus::Failed);
    });
    portal.second().await;
    portal.until(id, State::Failed).await;
    portal.pass().await; // The word is there while the last processes are ended.
    let snapshots = portal.desk.snapshots(id).await.expect("snapshots");
    assert_eq!(snapshots.len(), 1);
    assert_eq!((snapshots[0].path.as_str(), snapshots[0].origin), (CHECKPOINT, SnapshotOrigin::Failed));
    assert_eq!((snapshots[0].kind, snapshots[0].run), (SnapshotKind::Checkpoint, 1));
}

/// A start from there, or from the newest, at which Flink says that the state is damaged.
async fn cannot_start_from(portal: &TestPortal, id: ClusterId, from: Option<Restore>) {
    portal.fake.with(id, |world| world.never_runs = true);
    let from = Arguments { from, ..Arguments::default() };
    portal.desk.act(id, Action::Start, from).await.expect("asked");
    portal.pass().await;
    portal.pass().await;
    portal.fake.with(id, |world| {
        let why = Reason::new("SAVEPOINT_UNREADABLE", "It is damaged.");
        (world.job, world.failure, world.never_runs) = (Some(JobStatus::Failed), Some(why), false);
    });
    portal.until(id, State::JobLaunchFailed).await;
    portal.pass().await;
}

async fn a_state_that_flink_cannot_read_is_not_taken_again(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Savepoint).await.expect("asked");
    portal.until(id, State::Running).await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    let states = portal.desk.states(id).await.expect("states");
    let [newest, before] = states.states.as_slice() else { panic!("{states:?}") };
    cannot_start_from(&portal, id, None).await;
    let told = portal.desk.states(id).await.expect("states");
    assert_eq!(told.damaged().map(|(state, why)| (&state.path, why)), Some((&newest.path, "It is damaged.")));
    portal.act(id, Action::Relaunch).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(launched_from(&portal, id), Some(before.restore()));
}

/// It was complete in storage that was away, and the stop which it was for had been given up.
async fn a_savepoint_that_nobody_wrote_down_is_offered(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
    assert!(portal.desk.states(id).await.expect("states").states.is_empty());
    let below = left_behind(&portal, id, "savepoint-1", portal.plane.now());
    let states = portal.desk.states(id).await.expect("states");
    let [left] = states.states.as_slice() else { panic!("{states:?}") };
    assert!(left.path.ends_with(&below) && (left.run, left.line) == (1, 1), "{left:?}");
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(launched_from(&portal, id), Some(left.restore()));
    // From then on it is written down, and the run that started from it goes on with its line.
    let [row] = &portal.desk.snapshots(id).await.expect("snapshots")[..] else { panic!("one") };
    assert_eq!((&row.path, row.run, row.origin), (&left.path, 1, SnapshotOrigin::Found));
    let runs = portal.desk.runs(id).await.expect("runs");
    assert_eq!(runs.iter().map(|run| (run.run, run.line)).collect::<Vec<_>>(), [(2, 1), (1, 1)]);
}

/// A complete savepoint in the cluster's folder, of which nobody has told; its address below the container.
fn left_behind(portal: &TestPortal, id: ClusterId, name: &str, at: Timestamp) -> String {
    let below = format!("{}/savepoints/1234/{name}", id.0.simple());
    let folder = portal.folder.path().join("data/storage/lake/flink").join(&below);
    std::fs::create_dir_all(&folder).expect("made");
    std::fs::create_dir_all(folder.with_file_name("half")).expect("one that is not complete");
    let metadata = std::fs::File::create(folder.join("_metadata")).expect("made");
    std::io::Write::write_all(&mut &metadata, b"state").expect("written");
    metadata.set_modified(at.into()).expect("then");
    below
}

/// Not even one that is dated ahead of now, as if it were written anew after each failure.
async fn a_bad_one_that_nobody_wrote_down_is_taken_once(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    let stopped = portal.desk.states(id).await.expect("states");
    let Newest::State(good) = stopped.newest() else { panic!("{stopped:?}") };
    let below = left_behind(&portal, id, "bad", portal.plane.now() + SignedDuration::from_hours(24));
    let states = portal.desk.states(id).await.expect("states");
    let bad = states.states.iter().find(|state| state.path.ends_with(&below)).expect("listed");
    assert!(bad.at <= portal.plane.now(), "{}", bad.at);
    cannot_start_from(&portal, id, Some(bad.restore())).await;
    let told = portal.desk.states(id).await.expect("states");
    assert!(matches!(told.newest(), Newest::State(state) if state.path == good.path), "{told:?}");
    let bad = told.states.iter().find(|state| state.path.ends_with(&below)).expect("listed");
    assert_eq!(bad.missing.as_deref(), Some("It is damaged."));
}
