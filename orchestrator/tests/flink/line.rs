//! The whole line without a browser: desk, store, reconciler and local provider on real Flink, as `penstock serve` runs
//! them.

use std::time::{Duration, Instant};

use bytes::Bytes;
use domain::action::Action;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId};
use domain::refusal::Refusal;
use domain::snapshot::SavepointFormat;
use domain::state::State;
use domain::view::{Check, CheckResult, OperationView};
use futures::StreamExt;
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;
use orchestrator::flink::JobManager;
use orchestrator::provider::local::LocalProvider;
use orchestrator::{ControlPlane, Desk, PlaneConfig};

use crate::world::test;

#[test]
fn a_cluster_lives_its_whole_life_through_the_desk() {
    test(async |world| {
        let config = world.config.clone();
        let plane = ControlPlane::open(config.clone()).await.unwrap();
        let desk = sit(&plane);
        let jar = std::fs::read(config.jars.join("penstock-samples.jar")).unwrap();
        let stream = futures::stream::once(async move { Ok(Bytes::from(jar)) }).boxed();
        let jar = desk.upload("lake", "flink", "jars/samples.jar", false, stream).await.unwrap().address;

        let defaults = desk.create_context(&lab()).await.unwrap().defaults;
        let form = ClusterForm { name: "orders".to_owned(), jar, args: "--rate 200".to_owned(), ..defaults };
        let (id, create) = desk.create(&lab(), &form, None, None).await.unwrap();
        let create = ended(&desk, create).await;
        assert_eq!(create.succeeded, Some(true), "{}", create.message);
        assert!(create.steps.iter().all(|step| step.ended.is_some()), "{:?}", create.steps);
        assert_eq!(desk.cluster(id).await.unwrap().row.state, State::Running);

        let native = Arguments { format: SavepointFormat::Native, ..Arguments::default() };
        let taken = desk.act(id, Action::Savepoint, native).await.unwrap();
        assert_eq!(ended(&desk, taken).await.succeeded, Some(true));
        let savepoint = desk.snapshots(id).await.unwrap().remove(0);
        assert!(savepoint.native);
        let log = desk.log(id, 1, "jobmanager.log", Some(0)).await.unwrap().text;
        assert!(log.contains("formatType=NATIVE"), "{log}");
        assert!(savepoint.path.starts_with("abfs://flink@lake."), "{}", savepoint.path);
        assert!(savepoint.size.is_some_and(|size| size > 0));

        // Whether its state fits a jar is known before anything is stopped.
        for (class, fits) in [("Counter", true), ("OtherJob", false)] {
            let entry_class = format!("penstock.samples.{class}");
            let form = ClusterForm { entry_class, savepoint: savepoint.path.clone(), ..form.clone() };
            let checks = desk.preflight(&lab(), &form, None, false).await.unwrap().checks;
            let fit = |check: &Check| {
                check.title.contains("its state fits the jar") && check.result == CheckResult::Passed
            };
            assert_eq!(checks.iter().any(fit), fits, "{class}: {checks:#?}");
            let left = checks.iter().any(|check| check.detail.contains("finds no place in this jar"));
            assert!(fits || left, "{checks:#?}");
        }

        // The portal dies in the middle of a stop; another one goes on.
        let stop = desk.act(id, Action::Stop, Arguments::default()).await.unwrap();
        plane.close().await;
        let plane = ControlPlane::open(config.clone()).await.unwrap();
        let desk = sit(&plane);
        assert_eq!(ended(&desk, stop).await.succeeded, Some(true));
        assert_eq!(desk.cluster(id).await.unwrap().row.state, State::Stopped);

        let from = Arguments { from: Some(savepoint.restore()), ..Arguments::default() };
        let start = desk.act(id, Action::Start, from).await.unwrap();
        let start = ended(&desk, start).await;
        assert_eq!(start.succeeded, Some(true), "{}", start.message);
        let arguments = Arguments {
            form: Some(ClusterForm { args: "--rate 300".to_owned(), ..form.clone() }),
            ..Arguments::default()
        };
        let update = desk.act(id, Action::Update, arguments).await.unwrap();
        let update = ended(&desk, update).await;
        assert_eq!(update.succeeded, Some(true), "{}", update.message);
        assert!(update.downtime_ms.is_some_and(|downtime| downtime > 0), "{}", update.message);

        let view = desk.cluster(id).await.unwrap();
        assert_eq!(
            (view.row.revision, view.row.run, view.spec.job.args.as_str()),
            (2, Some(3), "--rate 300")
        );
        assert!(
            view.headline.starts_with("Run 3 of revision 2, started by Update from savepoint-"),
            "{}",
            view.headline
        );
        let runs = desk.runs(id).await.unwrap();
        assert!(runs.iter().all(|run| !run.configuration.is_empty()), "what each run was given is kept");
        let logs = desk.logs(id).await.unwrap();
        assert!(logs.iter().any(|log| log.run == 1) && logs.iter().any(|log| log.run == 3), "of every run");
        let log = desk.log(id, logs[0].run, &logs[0].name, None).await.unwrap();
        assert!(!log.text.is_empty() || logs[0].size == 0);
        measured(&desk, id).await;

        past_the_portal(&config, &desk, id).await;

        assert_eq!(act(&desk, id, Action::Delete).await.succeeded, Some(true));
        assert!(matches!(desk.cluster(id).await, Err(Refusal::NotFound(_))));
        let history = desk.activity_of(id).await.unwrap().events;
        assert_eq!(history.first().map(|event| event.title.as_str()), Some("Delete succeeded"));
        plane.close().await;
        assert_eq!(orchestrator::end_all(&config.data).await.unwrap(), 0, "nothing is left running");
    });
}

/// Somebody who has the run's keys cancels the job, as only the portal and those who read its folder can.
async fn past_the_portal(config: &PlaneConfig, desk: &Desk, id: ClusterId) {
    let run = desk.cluster(id).await.unwrap().row.run.unwrap();
    let endpoint = LocalProvider::open(config).unwrap().endpoint(id, run).await.unwrap();
    JobManager::at(&endpoint).unwrap().cancel(&id.job_id(run)).await.unwrap();
    let began = Instant::now();
    while desk.cluster(id).await.unwrap().row.state != State::Canceled {
        assert!(began.elapsed() < Duration::from_secs(60), "it is not seen");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let events = desk.activity_of(id).await.unwrap().events;
    let event = events.iter().find(|event| event.title == "The job was cancelled from outside").unwrap();
    let time = event.detail.strip_prefix("It ended at ").and_then(|rest| rest.split_once(' ')).unwrap().0;
    let said: jiff::civil::Time = time.parse().unwrap();
    let told = event.at.to_zoned(jiff::tz::TimeZone::UTC).time();
    assert!(said.until(told).unwrap().total(jiff::Unit::Second).unwrap().abs() < 60.0, "{said}, {told}");
}

fn sit(plane: &ControlPlane) -> Desk {
    plane.own_desk("Ada")
}

pub(crate) async fn act(desk: &Desk, id: ClusterId, action: Action) -> OperationView {
    let operation = desk.act(id, action, Arguments::default()).await.unwrap();
    ended(desk, operation).await
}

/// Waits for the operation's end.
pub(crate) async fn ended(desk: &Desk, operation: OperationId) -> OperationView {
    let began = Instant::now();
    loop {
        let view = desk.operation(operation).await.unwrap();
        if view.ended.is_some() {
            return view;
        }
        assert!(began.elapsed() < Duration::from_secs(180), "{:?}", view.steps);
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until this run is in that state and nothing is in progress.
pub(crate) async fn until(desk: &Desk, id: ClusterId, state: State, run: u32) {
    let began = Instant::now();
    loop {
        let row = desk.cluster(id).await.unwrap().row;
        if row.state == state && row.run == Some(run) && row.operation.is_none() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(120), "run {run} is not {state:?}: {row:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Waits for the first figures.
async fn measured(desk: &Desk, id: ClusterId) {
    let began = Instant::now();
    loop {
        let row = desk.cluster(id).await.unwrap().row;
        if row.parallelism > 0 && row.checkpoint_at.is_some() && !row.throughput.is_empty() {
            return;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{row:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
