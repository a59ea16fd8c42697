//! State that is not there is waited for, whatever is in progress: everybody is told, and there are ways out.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{Act, JobStatus, ObservedSavepoint, Restore};
use domain::refusal::Refusal;
use domain::state::{Group, State};
use domain::view::{OperationView, StepView};
use jiff::SignedDuration;

use super::database::{Database, on_both};
use super::{Arguments, TestPortal, spec};

on_both!(
    a_stop_out_of_sight_needs_a_person_and_stops_once_its_savepoint_is_seen,
    a_stop_whose_job_manager_is_still_there_is_not_judged_either,
    a_savepoint_out_of_sight_leaves_every_way_open,
    where_no_savepoint_can_be_written_none_is_asked_for,
    a_cancel_ends_the_wait_for_a_stop,
    who_asks_while_it_waits_asks_once,
);

const AWAY: &str = "The container flink of the storage account lake is not there.";
const CHECKPOINT: &str = "abfs://flink@lake.dfs.core.windows.net/orders/checkpoints/chk-7";

/// The storage goes away, and the processes with it.
async fn out_of_sight(portal: &TestPortal, id: ClusterId) {
    portal.fake.with(id, |world| world.storage_away = Some(AWAY.to_owned()));
    portal.fake.lose(id);
    waits(portal, id).await;
}

async fn waits(portal: &TestPortal, id: ClusterId) {
    for _ in 0..10 {
        portal.second().await;
    }
    let row = portal.view(id).await.row;
    assert_eq!((row.state, row.group), (State::Waiting, Group::Failing), "{row:?}");
    assert!(row.note.starts_with(AWAY), "{}", row.note);
    let counts = portal.desk.home().await.expect("home").counts;
    assert_eq!(counts.failing, 1, "it is counted");
    let bell = portal.desk.notices().await.expect("notices").attention;
    assert_eq!(bell.iter().map(|row| row.cluster).collect::<Vec<_>>(), [id], "and named");
    let offered = |wanted| row.actions.iter().any(|offer| offer.action == wanted && offer.refused.is_none());
    assert!([Action::Start, Action::Update, Action::Cancel, Action::Delete].into_iter().all(offered));
}

fn at(operation: &OperationView) -> &StepView {
    let open = operation.steps.iter().find(|step| step.started.is_some() && step.ended.is_none());
    open.unwrap_or_else(|| panic!("{:?}", operation.steps))
}

async fn saving(portal: &TestPortal, action: Action) -> (ClusterId, OperationId) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.savepoint_hangs = true);
    let operation = portal.act(id, action).await.expect("asked");
    portal.pass().await;
    portal.pass().await;
    (id, operation)
}

async fn start_fresh(portal: &TestPortal, id: ClusterId) -> Result<OperationId, Refusal> {
    let fresh = Arguments { from: Some(Restore::Fresh), ..Arguments::default() };
    portal.desk.act(id, Action::Start, fresh).await
}

async fn a_stop_out_of_sight_needs_a_person_and_stops_once_its_savepoint_is_seen(portal: TestPortal) {
    let (id, stop) = saving(&portal, Action::Stop).await;
    out_of_sight(&portal, id).await;
    let row = portal.view(id).await.row;
    assert!(row.note.contains("the job is stopped if the savepoint is complete"), "{}", row.note);
    assert_eq!(row.operation.map(|moving| (moving.step, moving.detail)), Some(waiting()));
    let told = portal.operation(stop).await;
    assert_eq!((at(&told).name.clone(), at(&told).detail.clone()), waiting());
    let history = portal.history(id).await;
    let title = State::Waiting.headline();
    assert_eq!(history.iter().filter(|told| told.starts_with(title)).count(), 1, "{history:?}");

    let path = "abfs://flink@lake.dfs.core.windows.net/orders/savepoints/a/savepoint-a".to_owned();
    portal.fake.with(id, |world| {
        let (trigger, _) = world.savepoints.iter().next().expect("asked");
        let completed = ObservedSavepoint::Completed { path: path.clone() };
        world.savepoints.insert(*trigger, completed);
        world.storage_away = None;
    });
    portal.until(id, State::Stopped).await;
    let ended = portal.operation(stop).await;
    assert_eq!(ended.succeeded, Some(true));
    assert!(ended.steps.iter().all(|step| !step.detail.contains(AWAY)), "{:?}", ended.steps);
    let snapshots = portal.desk.snapshots(id).await.expect("snapshots");
    assert!(snapshots.iter().any(|snapshot| snapshot.path == path), "{snapshots:?}");
}

/// The job has ended, and its job manager stays.
async fn a_stop_whose_job_manager_is_still_there_is_not_judged_either(portal: TestPortal) {
    let (id, _) = saving(&portal, Action::Stop).await;
    portal.fake.with(id, |world| {
        (world.storage_away, world.job) = (Some(AWAY.to_owned()), Some(JobStatus::Finished));
    });
    waits(&portal, id).await;
    portal.clock.advance(SignedDuration::from_hours(10));
    waits(&portal, id).await;
    start_fresh(&portal, id).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(portal.view(id).await.row.run, Some(2));
}

fn waiting() -> (String, String) {
    (State::Waiting.word().to_owned(), AWAY.to_owned())
}

async fn a_savepoint_out_of_sight_leaves_every_way_open(portal: TestPortal) {
    let (id, savepoint) = saving(&portal, Action::Savepoint).await;
    out_of_sight(&portal, id).await;
    let form = ClusterForm { args: "--other".to_owned(), ..ClusterForm::from(&spec("orders")) };
    let arguments = Arguments { form: Some(form), from: Some(Restore::Fresh), ..Arguments::default() };
    portal.desk.act(id, Action::Update, arguments).await.expect("asked");
    let gave_way = portal.operation(savepoint).await;
    assert_eq!(gave_way.reason.expect("a reason").code, "SUPERSEDED");
    portal.until(id, State::Running).await;
    let row = portal.view(id).await.row;
    assert_eq!((row.run, row.revision), (Some(2), 2));
    let runs = portal.desk.runs(id).await.expect("runs");
    assert_eq!(runs[1].why, "its processes were lost");
}

/// The job runs on, and Cancel, which needs none, stays possible.
async fn where_no_savepoint_can_be_written_none_is_asked_for(portal: TestPortal) {
    let id = portal.running("orders").await;
    let container = portal.folder.path().join("data/storage/lake/flink");
    std::fs::rename(&container, container.with_file_name("away")).expect("moved");
    for action in [Action::Stop, Action::Savepoint] {
        let refused = portal.act(id, action).await;
        let Err(Refusal::NotAllowed(sentence)) = refused else { panic!("{refused:?}") };
        assert!(sentence.contains("is not there") && sentence.contains("nothing was asked"), "{sentence}");
    }
    assert_eq!(portal.view(id).await.row.state, State::Running);
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
}

async fn a_cancel_ends_the_wait_for_a_stop(portal: TestPortal) {
    let (id, _) = saving(&portal, Action::Stop).await;
    out_of_sight(&portal, id).await;
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
}

async fn who_asks_while_it_waits_asks_once(portal: TestPortal) {
    let (id, _) = saving(&portal, Action::Stop).await;
    out_of_sight(&portal, id).await;
    start_fresh(&portal, id).await.expect("asked");
    let Err(Refusal::NotAllowed(sentence)) = start_fresh(&portal, id).await else { panic!("it is asked") };
    assert!(sentence.contains("Start is in progress"), "{sentence}");
    portal.until(id, State::Running).await;
}

/// An update that has come up and has still to hold.
async fn on_probation() -> (TestPortal, ClusterId, OperationId) {
    let portal = TestPortal::with(Database::Sqlite, |config| {
        config.limits.probation = SignedDuration::from_secs(60);
    })
    .await;
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.checkpoint = Some(CHECKPOINT.to_owned()));
    let form = ClusterForm { args: "--other".to_owned(), ..ClusterForm::from(&spec("orders")) };
    let arguments = Arguments { form: Some(form), ..Arguments::default() };
    let operation = portal.desk.act(id, Action::Update, arguments).await.expect("asked");
    for _ in 0..40 {
        portal.pass().await;
        let row = portal.view(id).await.row;
        if row.operation.is_some_and(|moving| moving.step == "New revision keeps running") {
            return (portal, id, operation);
        }
    }
    panic!("{:?}", portal.view(id).await.row);
}

#[tokio::test]
async fn an_update_that_waits_on_its_probation_gives_way_to_a_start() {
    let (portal, id, update) = on_probation().await;
    out_of_sight(&portal, id).await;
    let row = portal.view(id).await.row;
    assert!(row.note.contains("Start offers every other state"), "{}", row.note);
    let told = portal.operation(update).await;
    assert_eq!((at(&told).name.clone(), at(&told).detail.clone()), waiting());

    let start = start_fresh(&portal, id).await.expect("it gives way");
    assert_eq!(portal.operation(update).await.reason.expect("a reason").code, "SUPERSEDED");
    portal.until(id, State::Running).await;
    assert_eq!(portal.operation(start).await.succeeded, Some(true));
    let last = portal.fake.with(id, |world| world.acts.iter().rev().find_map(launched_from));
    assert_eq!(last, Some(Restore::Fresh));
}

fn launched_from(act: &Act) -> Option<Restore> {
    match act {
        Act::Launch(launch) => Some(launch.from.clone()),
        _ => None,
    }
}

#[tokio::test]
async fn an_update_that_waits_on_its_probation_goes_on_with_it_once_the_state_is_there() {
    let (portal, id, update) = on_probation().await;
    out_of_sight(&portal, id).await;
    portal.fake.with(id, |world| {
        world.storage_away = None;
        world.never_runs = true;
    });
    for _ in 0..4 {
        portal.second().await;
    }
    let row = portal.view(id).await.row;
    assert_eq!((row.state, row.run), (State::Updating, Some(3)), "{row:?}");
    let told = portal.operation(update).await;
    let step = at(&told);
    assert_eq!(step.name, "New revision keeps running");
    assert!(!step.detail.contains("checkpoints") && !step.detail.contains(AWAY), "{}", step.detail);
    portal.fake.with(id, |world| world.job = Some(domain::lifecycle::JobStatus::Running));
    portal.second().await;
    portal.second().await;
    portal.clock.advance(SignedDuration::from_secs(60));
    portal.until(id, State::Running).await;
    assert_eq!(portal.operation(update).await.succeeded, Some(true));
}
