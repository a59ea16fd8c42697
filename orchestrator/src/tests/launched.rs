//! What is shown of a cluster and counted in its pool is what was launched; what is asked for is only reserved.

use domain::action::Action;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::JobStatus;
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::state::State;
use domain::view::JobQuery;
use jiff::SignedDuration;

use super::database::{Database, on_both};
use super::{Arguments, TestPortal, spec};

on_both!(
    an_update_that_is_not_launched_leaves_what_runs,
    an_update_reserves_until_it_runs,
    what_a_launch_needs_is_not_given_to_others_meanwhile,
    what_runs_is_told_by_its_launch,
    whatever_may_run_is_counted,
);

/// Cores and memory of a cluster as it is created, and as it is once updated.
const SMALL: (f64, u64) = (3.0, 3_848);
const LARGE: (f64, u64) = (3.0, 5_896);

async fn update(
    portal: &TestPortal,
    id: ClusterId,
    memory: &str,
    team: &str,
) -> Result<OperationId, Refusal> {
    let current = ClusterForm::from(&spec("orders"));
    let form = ClusterForm {
        task_manager_memory: memory.to_owned(),
        tags: vec![Pair { key: "team".to_owned(), value: team.to_owned() }],
        ..current
    };
    portal.desk.act(id, Action::Update, Arguments { form: Some(form), ..Arguments::default() }).await
}

async fn held(portal: &TestPortal) -> (f64, u64) {
    let pool = portal.desk.pools().await.expect("pools").remove(0);
    (pool.cpu_used, pool.memory_used_mb)
}

/// Revision, Flink and tag as grid, search and the cluster's page say, once they agree; and that the filters find it.
async fn shown(portal: &TestPortal, id: ClusterId) -> (u32, String, String) {
    let page = portal.desk.jobs(&JobQuery::default()).await.expect("the grid");
    let row = page.rows.into_iter().find(|row| row.cluster == id).expect("it is there");
    let found = portal.desk.search(&row.name).await.expect("found").remove(0);
    let view = portal.view(id).await;
    for other in [&found, &view.row] {
        assert_eq!((other.revision, &other.flink, &other.tags), (row.revision, &row.flink, &row.tags));
    }
    assert_eq!(view.spec.tags, row.tags, "the specification is that revision's");
    let tag = format!("team:{}", row.tags["team"]);
    assert_eq!((page.tags, page.flink_versions), (vec![tag.clone()], vec![row.flink.clone()]));
    let query = JobQuery { tag: tag.clone(), flink: row.flink.clone(), ..JobQuery::default() };
    assert_eq!(portal.desk.jobs(&query).await.expect("filtered").total, 1);
    (row.revision, row.flink, tag)
}

fn says(revision: u32, flink: &str, tag: &str) -> (u32, String, String) {
    (revision, flink.to_owned(), tag.to_owned())
}

async fn an_update_that_is_not_launched_leaves_what_runs(portal: TestPortal) {
    let id = portal.running("orders").await;
    assert_eq!(held(&portal).await, SMALL);
    portal.fake.with(id, |world| world.savepoint_fails = Some(Reason::new("FULL", "No room.")));
    let asked = update(&portal, id, "4096", "returns").await.expect("asked");
    assert_eq!(held(&portal).await, LARGE, "room is kept for what is asked, and for nothing twice");
    assert_eq!(shown(&portal, id).await, says(1, "1.20.5", "team:orders"));
    portal.until(id, State::Running).await;
    assert_eq!(portal.operation(asked).await.succeeded, Some(false));
    assert_eq!(held(&portal).await, SMALL);
    assert_eq!(shown(&portal, id).await, says(1, "1.20.5", "team:orders"));
    // Nor does a portal that starts again know it otherwise.
    let portal = portal.reopened().await;
    portal.second().await;
    assert_eq!((held(&portal).await, shown(&portal, id).await.0), (SMALL, 1));
}

async fn an_update_reserves_until_it_runs(portal: TestPortal) {
    let id = portal.running("orders").await;
    update(&portal, id, "4096", "returns").await.expect("asked");
    assert_eq!((held(&portal).await, shown(&portal, id).await.0), (LARGE, 1));
    portal.until(id, State::Running).await;
    assert_eq!(held(&portal).await, LARGE);
    assert_eq!(shown(&portal, id).await, says(2, "1.20.5", "team:returns"));
    portal.act(id, Action::Stop).await.expect("asked");
    assert_eq!(held(&portal).await, LARGE, "it runs until it has ended");
    portal.until(id, State::Stopped).await;
    assert_eq!(held(&portal).await, (0.0, 0));
    assert_eq!(shown(&portal, id).await, says(2, "1.20.5", "team:returns"));
}

async fn what_a_launch_needs_is_not_given_to_others_meanwhile(portal: TestPortal) {
    let id = portal.running("orders").await;
    let room = sqlx::query("update pool set memory_mb = 9000, cpu_milli = 100000");
    portal.plane.store().write(room).await.expect("a smaller machine");
    update(&portal, id, "4096", "orders").await.expect("there is room");
    let refused = portal.try_create("others", None).await.expect_err("it is reserved").to_string();
    assert!(refused.contains("its clusters hold 5896 MB and this one needs 3848 MB"), "{refused}");
    portal.until(id, State::Running).await;
    let refused = update(&portal, id, "7680", "orders").await.expect_err("too large").to_string();
    assert!(refused.contains("its clusters hold 0 MB and this one needs 9480 MB"), "{refused}");
    update(&portal, id, "2048", "orders").await.expect("asked");
    assert_eq!(held(&portal).await, LARGE, "what runs still does");
    portal.until(id, State::Running).await;
    assert_eq!(held(&portal).await, SMALL);
    portal.try_create("others", None).await.expect("there is room again");
}

/// The catalogue says what a cluster was created with; what it runs on is what was here when it was launched.
async fn what_runs_is_told_by_its_launch(portal: TestPortal) {
    let id = portal.running("orders").await;
    *portal.fake.flink.lock().expect("nobody panics") = Some("1.20.6".to_owned());
    let portal = portal.reopened().await;
    portal.second().await;
    assert_eq!(shown(&portal, id).await.1, "1.20.5", "it was launched before");
    portal.act(id, Action::Update).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(shown(&portal, id).await.1, "1.20.6");
}

/// A job that is called failing or that nobody can see still has its processes.
async fn whatever_may_run_is_counted(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.unreachable = true);
    for _ in 0..8 {
        portal.second().await;
    }
    assert_eq!(portal.view(id).await.row.state, State::Unreachable);
    assert_eq!(held(&portal).await, SMALL);
}

/// A smaller revision that does not hold gives way to the one before: the room of that one is kept until then.
async fn the_way_back_has_its_room(database: Database) {
    let portal = TestPortal::with(database, |config| {
        config.limits.probation = SignedDuration::from_secs(60);
    })
    .await;
    let room = sqlx::query("update pool set memory_mb = 9000, cpu_milli = 100000");
    portal.plane.store().write(room).await.expect("a smaller machine");
    let id = portal.running("orders").await;
    update(&portal, id, "4096", "orders").await.expect("asked");
    settle(&portal, id, 2).await;
    update(&portal, id, "2048", "orders").await.expect("asked");
    settle(&portal, id, 3).await;
    assert_eq!((held(&portal).await, shown(&portal, id).await.0), (LARGE, 3), "it has still to hold");
    portal.fake.with(id, |world| {
        world.job = Some(JobStatus::Failed);
        world.failure = Some(Reason::new("JOB", "It threw."));
    });
    settle(&portal, id, 4).await;
    assert_eq!((held(&portal).await, shown(&portal, id).await.0), (LARGE, 2), "the one before runs again");
}

/// Until this run is up and seen.
async fn settle(portal: &TestPortal, id: ClusterId, run: u32) {
    for _ in 0..40 {
        let row = portal.view(id).await.row;
        if (row.run, row.state) == (Some(run), State::Running) {
            return;
        }
        portal.second().await;
    }
    panic!("{:?}", portal.view(id).await.row);
}

#[tokio::test]
async fn the_way_back_has_its_room_on_sqlite() {
    Box::pin(the_way_back_has_its_room(Database::Sqlite)).await;
}

#[tokio::test]
async fn the_way_back_has_its_room_on_postgres() {
    if let Some(database) = Database::postgres().await {
        Box::pin(the_way_back_has_its_room(database)).await;
    }
}
