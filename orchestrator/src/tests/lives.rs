//! Whole lives: every action from being asked to its end, and what happens by itself.

use domain::action::Action;
use domain::lifecycle::{Act, JobStatus, ObservedSavepoint, Restore};
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::snapshot::{SavepointFormat, SnapshotOrigin};
use domain::state::State;
use jiff::SignedDuration;

use super::database::on_both;
use super::{Arguments, TestPortal};
use crate::provider::fake::FakeCluster;

on_both!(
    create_runs,
    stop_then_start_keeps_state,
    update_measures_its_downtime,
    stateless_update_starts_fresh,
    savepoint_goes_on,
    a_savepoint_has_the_format_that_was_asked_for,
    cancel_ends,
    delete_frees_name_and_address,
    failed_launch_says_why,
    refused_launch_is_final,
    failed_savepoint_is_an_exception,
    unreachable_is_not_failed,
    a_restart_says_its_cause,
    finished_by_itself,
    canceled_from_outside_is_told_with_its_time,
    canceled_by_the_portal_is_told_once,
    a_run_without_keys_is_marked,
    failed_acts_pause_and_carry_on,
);

async fn create_runs(portal: TestPortal) {
    let (id, operation) = portal.create("orders").await;
    let view = portal.view(id).await;
    assert_eq!(view.row.state, State::Starting);
    assert_eq!(view.row.operation.as_ref().map(|moving| moving.step.as_str()), Some("Accepted"));
    portal.until(id, State::Running).await;

    let done = portal.operation(operation).await;
    assert_eq!(done.succeeded, Some(true));
    let steps: Vec<&str> = done.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        steps,
        [
            "Accepted",
            "Jar and configuration in place",
            "Job manager started",
            "Task managers registered",
            "Job runs on all its slots"
        ]
    );
    assert!(done.steps.iter().all(|step| step.ended.is_some() && !step.failed));

    let runs = portal.desk.runs(id).await.expect("runs");
    assert_eq!(runs.len(), 1);
    assert_eq!((runs[0].run, runs[0].revision, &runs[0].from), (1, 1, &None));
    assert_eq!(runs[0].job_id, id.job_id(1));
    assert!(runs[0].running.is_some() && runs[0].ended.is_none());
    assert_eq!(
        portal.history(id).await,
        ["Create asked", "Run 1 launched", "The job runs", "Create succeeded"]
    );
}

async fn stop_then_start_keeps_state(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("stop is asked");
    portal.until(id, State::Stopped).await;
    let snapshots = portal.desk.snapshots(id).await.expect("snapshots");
    assert_eq!(snapshots.len(), 1);
    assert_eq!((snapshots[0].origin, snapshots[0].actor.as_str()), (SnapshotOrigin::Stop, "Ada"));
    assert_eq!(portal.fake.with(id, |world| world.alive), None);

    let start = portal.act(id, Action::Start).await.expect("start is asked");
    portal.until(id, State::Running).await;
    let runs = portal.desk.runs(id).await.expect("runs");
    assert_eq!(runs[0].from.as_deref(), Some(snapshots[0].path.as_str()));
    assert_eq!(runs[1].why, "stopped with savepoint");
    assert_eq!(portal.operation(start).await.arguments["From"], snapshots[0].path);
    let row = portal.view(id).await.row;
    assert_eq!(row.savepoint_origin, Some(SnapshotOrigin::Stop));
    assert!(row.savepoint_at.is_some());
}

async fn update_measures_its_downtime(portal: TestPortal) {
    let id = portal.running("orders").await;
    let update = portal.act(id, Action::Update).await.expect("update is asked");
    portal.pass().await;
    assert_eq!(portal.view(id).await.row.state, State::Updating);
    portal.until(id, State::Running).await;
    let done = portal.operation(update).await;
    assert_eq!(done.succeeded, Some(true));
    let downtime = done.downtime_ms.expect("measured");
    assert!((250..5000).contains(&downtime), "{downtime}");
    assert!(done.message.ends_with("s without a running job"), "{}", done.message);
    let happened: Vec<&str> = done.happened.iter().map(|event| event.title.as_str()).collect();
    let meanwhile = ["Update asked", "Savepoint taken", "Run 2 launched", "The job runs", "Update succeeded"];
    assert!(happened.ends_with(&meanwhile) && !happened.contains(&"Create asked"), "{happened:?}");
    let view = portal.view(id).await;
    assert_eq!(view.downtimes, [downtime]);
    assert_eq!(view.row.run, Some(2));
    let snapshots = portal.desk.snapshots(id).await.expect("snapshots");
    assert_eq!(snapshots[0].origin, SnapshotOrigin::Update);
    assert_eq!(view.headline, {
        let name = snapshots[0].path.rsplit('/').next().unwrap_or_default();
        format!("Run 2 of revision 1, started by Update from {name}.")
    });
}

async fn stateless_update_starts_fresh(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::StatelessUpdate).await.expect("asked");
    portal.until(id, State::Running).await;
    let runs = portal.desk.runs(id).await.expect("runs");
    assert_eq!((runs[0].run, runs[0].from.clone()), (2, None));
    assert!(portal.desk.snapshots(id).await.expect("snapshots").is_empty());
}

/// The portal may die before Flink was asked: what is asked then is still what was asked for.
async fn a_savepoint_has_the_format_that_was_asked_for(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.savepoint_hangs = true);
    let native = Arguments { format: SavepointFormat::Native, ..Arguments::default() };
    let operation = portal.desk.act(id, Action::Savepoint, native).await.expect("asked");
    for _ in 0..3 {
        portal.pass().await;
    }
    let asked = |world: &mut FakeCluster| {
        let format = |act: &Act| match act {
            Act::Savepoint { format, .. } => Some(*format),
            _ => None,
        };
        world.acts.iter().filter_map(format).collect::<Vec<_>>()
    };
    let formats = portal.fake.with(id, asked);
    assert!(!formats.is_empty() && formats.iter().all(|format| *format == SavepointFormat::Native));
    assert_eq!(portal.operation(operation).await.arguments["Format"], "native");
    portal.fake.with(id, |world| {
        world.savepoint_hangs = false;
        let path = "abfs://flink@lake.dfs.core.windows.net/orders/savepoints/a/savepoint-a".to_owned();
        let (trigger, _) = world.savepoints.iter().next().expect("asked");
        world.savepoints.insert(*trigger, ObservedSavepoint::Completed { path });
    });
    portal.until(id, State::Running).await;
    assert!(portal.desk.snapshots(id).await.expect("snapshots")[0].native);
}

async fn savepoint_goes_on(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Savepoint).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(portal.view(id).await.savepoints, 1);
    assert_eq!(portal.desk.runs(id).await.expect("runs").len(), 1);
    let history = portal.history(id).await;
    assert!(history.contains(&"Savepoint taken".to_owned()), "{history:?}");
    assert_eq!(history.last().map(String::as_str), Some("Savepoint succeeded"));
}

async fn cancel_ends(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
    assert_eq!(portal.fake.with(id, |world| world.alive), None);
    assert_eq!(portal.desk.runs(id).await.expect("runs")[0].why, "canceled");
}

async fn delete_frees_name_and_address(portal: TestPortal) {
    let id = portal.running("orders").await;
    let delete = portal.act(id, Action::Delete).await.expect("asked");
    for _ in 0..10 {
        portal.pass().await;
    }
    assert!(matches!(portal.desk.cluster(id).await, Err(Refusal::NotFound(_))));
    let removed = portal.fake.with(id, |world| world.acts.contains(&Act::Remove { keep_savepoints: true }));
    assert!(removed, "processes and files are removed, savepoints stay");
    // Its history stays, and what it held is free again.
    assert_eq!(portal.operation(delete).await.succeeded, Some(true));
    assert_eq!(portal.history(id).await.last().map(String::as_str), Some("Delete succeeded"));
    let (again, _) = portal.create("orders").await;
    assert_ne!(again, id);
    assert_eq!(portal.desk.jobs(&Default::default()).await.expect("a page").total, 1);
}

async fn failed_launch_says_why(portal: TestPortal) {
    let (id, operation) = portal.create("orders").await;
    portal.fake.with(id, |world| world.never_runs = true);
    portal.pass().await;
    portal.fake.with(id, |world| {
        world.job = Some(JobStatus::Failed);
        world.failure = Some(Reason {
            code: "MAIN_THREW".to_owned(),
            message: "The main method threw.".to_owned(),
            exception: "java.lang.IllegalStateException: no".to_owned(),
        });
    });
    portal.until(id, State::JobLaunchFailed).await;
    let done = portal.operation(operation).await;
    assert_eq!(done.succeeded, Some(false));
    assert!(done.reason.expect("a reason").exception.contains("IllegalStateException"));
    assert!(done.steps.last().is_some_and(|step| step.failed));
    let view = portal.view(id).await;
    assert!(view.row.note.contains("main"), "{}", view.row.note);
    assert!(view.reason.is_some());
    assert_eq!(portal.fake.with(id, |world| world.alive), None);
}

async fn refused_launch_is_final(portal: TestPortal) {
    let (id, operation) = portal.create("orders").await;
    portal.fake.with(id, |world| world.refuses = Some(("The jar is gone.".to_owned(), false)));
    portal.pass().await;
    portal.fake.with(id, |world| world.refuses = None);
    portal.until(id, State::JobLaunchFailed).await;
    assert!(portal.operation(operation).await.message.contains("The jar is gone."));
}

async fn failed_savepoint_is_an_exception(portal: TestPortal) {
    let id = portal.running("orders").await;
    let why = Reason::new("SAVEPOINT_FAILED", "The storage account is full.");
    portal.fake.with(id, |world| world.savepoint_fails = Some(why));
    let stop = portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Running).await;
    let done = portal.operation(stop).await;
    assert_eq!(done.succeeded, Some(false));
    assert!(done.message.contains("The storage account is full."), "{}", done.message);
    assert_eq!(portal.view(id).await.row.result.map(|result| result.succeeded), Some(false));
}

async fn unreachable_is_not_failed(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.unreachable = true);
    portal.second().await;
    assert_eq!(portal.view(id).await.row.state, State::Running, "once is a busy machine");
    portal.second().await;
    assert_eq!(portal.view(id).await.row.state, State::Unreachable, "twice is none that answers");
    let acts = portal.fake.with(id, |world| world.acts.len());
    for _ in 0..5 {
        portal.second().await;
    }
    let row = portal.view(id).await.row;
    assert_eq!(row.state, State::Unreachable);
    assert!(row.note.contains("Nothing is done until it answers"), "{}", row.note);
    assert_eq!(portal.fake.with(id, |world| world.acts.len()), acts, "nothing was done");
    portal.fake.with(id, |world| world.unreachable = false);
    portal.until(id, State::Running).await;
    let history = portal.history(id).await;
    assert_eq!(history.iter().filter(|title| *title == "The cluster does not answer").count(), 1);
    assert_eq!(history.last().map(String::as_str), Some("The job runs again"));
}

async fn a_restart_says_its_cause(portal: TestPortal) {
    let id = portal.running("orders").await;
    let threw = Reason::new("JOB", "The code of the job threw.");
    let causes = [
        (1, None, "A task manager was lost; it is started again."),
        (0, Some(threw), "The code of the job threw."),
    ];
    for (lost, failure, cause) in causes {
        portal.fake.with(id, |world| {
            (world.lost, world.failure, world.job) = (lost, failure, Some(JobStatus::Restarting));
        });
        portal.until(id, State::Restarting).await;
        let events = portal.desk.activity_of(id).await.expect("a history").events;
        let told = events.iter().find(|event| event.title == "The job is restarting");
        assert_eq!(told.map(|event| event.detail.as_str()), Some(cause));
        portal.fake.with(id, |world| world.job = Some(JobStatus::Running));
        portal.until(id, State::Running).await;
    }
}

async fn canceled_from_outside_is_told_with_its_time(portal: TestPortal) {
    let id = portal.running("orders").await;
    let ended_at: jiff::Timestamp = "2026-11-26T12:03:04Z".parse().expect("a time");
    portal.fake.with(id, |world| {
        world.job = Some(JobStatus::Canceled);
        world.ended_at = Some(ended_at);
    });
    portal.until(id, State::Canceled).await;
    let events = portal.desk.activity_of(id).await.expect("a history").events;
    let told: Vec<_> = events.iter().filter(|event| event.title.contains("from outside")).collect();
    assert_eq!(told.len(), 1, "{events:?}");
    assert!(told[0].detail.contains("12:03:04 UTC, not through the portal"), "{}", told[0].detail);
    let runs = portal.desk.runs(id).await.expect("runs");
    assert_eq!(runs[0].why, "canceled from outside, not through the portal");
}

async fn canceled_by_the_portal_is_told_once(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Cancel).await.expect("cancel is asked");
    portal.until(id, State::Canceled).await;
    let history = portal.history(id).await;
    assert!(!history.iter().any(|title| title.contains("outside")), "{history:?}");
}

async fn a_run_without_keys_is_marked(portal: TestPortal) {
    let id = portal.running("orders").await;
    assert!(!portal.view(id).await.headline.contains("in clear"));
    portal.fake.with(id, |world| world.in_clear = true);
    portal.second().await;
    let view = portal.view(id).await;
    assert!(
        view.headline.ends_with("answers in clear, without keys, until its next start."),
        "{}",
        view.headline
    );
    assert!(
        view.places.iter().any(|(_, value)| value == "http://127.99.0.2:8081, in clear"),
        "{:?}",
        view.places
    );
    // What is over answers nobody.
    portal.act(id, Action::Cancel).await.expect("cancel is asked");
    portal.until(id, State::Canceled).await;
    assert!(!portal.view(id).await.headline.contains("in clear"));
}

async fn finished_by_itself(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.job = Some(JobStatus::Finished));
    portal.until(id, State::Finished).await;
    assert_eq!(portal.desk.runs(id).await.expect("runs")[0].why, "finished");
    let arguments = Arguments { from: Some(Restore::Fresh), ..Arguments::default() };
    portal.desk.act(id, Action::Start, arguments).await.expect("asked");
    portal.until(id, State::Running).await;
}

async fn failed_acts_pause_and_carry_on(portal: TestPortal) {
    let (id, _) = portal.create("orders").await;
    portal.fake.with(id, |world| world.refuses = Some(("The disk is full.".to_owned(), true)));
    for _ in 0..12 {
        portal.pass().await;
    }
    let tries = portal.fake.with(id, |world| world.acts.len());
    assert!((2..6).contains(&tries), "the pause grows: {tries} tries in three seconds");
    let row = portal.view(id).await.row;
    assert!(row.note.contains("The disk is full."), "{}", row.note);
    let history = portal.history(id).await;
    assert_eq!(history.iter().filter(|title| *title == "The portal could not act").count(), 1, "told once");
    // However long it lasts, the launch is not given up.
    for _ in 0..20 {
        portal.clock.advance(SignedDuration::from_secs(30));
        portal.pass().await;
    }
    assert_eq!(portal.view(id).await.row.state, State::Starting);
    portal.fake.with(id, |world| world.refuses = None);
    portal.clock.advance(SignedDuration::from_secs(30));
    portal.until(id, State::Running).await;
}
