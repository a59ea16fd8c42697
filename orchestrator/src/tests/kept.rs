//! The data folder of an earlier version opens, its clusters are what they were, and the reconciler goes on with them.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use domain::action::Action;
use domain::id::ClusterId;
use domain::lifecycle::JobStatus;
use domain::policy::Role;
use domain::scope::Scope;
use domain::state::State;
use domain::view::JobQuery;
use flate2::read::GzDecoder;
use jiff::Timestamp;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};

use super::database::Database;
use super::{TestPortal, lab};
use crate::clock::ManualClock;
use crate::provider::fake::FakeProvider;

const FOLDER: &[u8] = include_bytes!("../../tests/kept/96f80f1.tar.gz");
const ROWS: &[u8] = include_bytes!("../../tests/kept/96f80f1.sql.gz");

/// A moment after that portal was killed.
const AFTER: &str = "2026-11-26T23:51:20Z";

/// What each cluster was.
const WERE: [(&str, State); 10] = [
    ("stopped", State::Stopped),
    ("canceled", State::Canceled),
    ("canceling", State::Canceled),
    ("finished", State::Finished),
    ("failed", State::Failed),
    ("launch-failed", State::JobLaunchFailed),
    ("running", State::Running),
    ("starting", State::Starting),
    ("stopping", State::Stopping),
    ("saving", State::Unreachable),
];

fn unpack(data: &Path) {
    tar::Archive::new(GzDecoder::new(FOLDER)).unpack(data).expect("the folder is whole");
}

/// Opens the kept folder, on the database of that kind, at its owner's desk.
async fn open(database: Database) -> TestPortal {
    let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
    unpack(&folder.path().join("data"));
    if let Some(url) = database.url() {
        let mut rows = String::new();
        GzDecoder::new(ROWS).read_to_string(&mut rows).expect("the rows are whole");
        let mut connection = AnyConnection::connect(url).await.expect("the server answers");
        connection.execute(sqlx::raw_sql(AssertSqlSafe(rows))).await.expect("the rows of then");
        connection.close().await.expect("closed");
    }
    let after: Timestamp = AFTER.parse().expect("a time");
    let clock = Arc::new(ManualClock::new(after));
    let mut portal = TestPortal::on(database, folder, Arc::new(FakeProvider::default()), clock).await;
    let owner = portal.plane.store().first_owner().await.expect("the rows").expect("somebody signed in");
    // Who was the owner then has that role for everything.
    portal.desk = portal.plane.desk(owner);
    let rights = portal.desk.rights().await.expect("its rights");
    assert_eq!(rights.role_at(&Scope::root()), Some(Role::Owner));
    assert_eq!(rights.own.len(), 1);
    let mut reading = portal.plane.store().reading().await.expect("a connection");
    let (events, newest): (i64, i64) =
        sqlx::query_as("select count(*), max(id) from event").fetch_one(&mut *reading).await.expect("events");
    assert!(
        events > 50 && newest == portal.plane.store().newest().await.expect("read"),
        "{events} are numbered"
    );
    let (ordered,): (i64,) =
        sqlx::query_as("select count(*) from event a join event b on b.id = a.id + 1 where b.at < a.at")
            .fetch_one(&mut *reading)
            .await
            .expect("events");
    assert_eq!(ordered, 0, "as they happened");
    drop(reading);
    // However small the machine is that the tests run on.
    let room = sqlx::query("update pool set memory_mb = 1000000, cpu_milli = 1000000");
    portal.plane.store().write(room).await.expect("room");
    portal
}

async fn on_both<F: Future<Output = ()>>(test: impl Fn(TestPortal) -> F) {
    test(open(Database::Sqlite).await).await;
    if let Some(database) = Database::postgres().await {
        test(open(database).await).await;
    }
}

async fn states(portal: &TestPortal) -> BTreeMap<String, State> {
    let page = portal.desk.jobs(&JobQuery::default()).await.expect("the grid");
    page.rows.into_iter().map(|row| (row.name, row.state)).collect()
}

async fn named(portal: &TestPortal, name: &str) -> ClusterId {
    portal.desk.cluster_named(&lab(), name).await.expect("it is there")
}

#[tokio::test]
async fn every_cluster_is_what_it_was_and_its_history_is_read() {
    on_both(async |portal: TestPortal| {
        let were: BTreeMap<_, _> = WERE.iter().map(|(name, state)| ((*name).to_owned(), *state)).collect();
        assert_eq!(states(&portal).await, were);
        for (name, _) in WERE {
            let id = named(&portal, name).await;
            let view = portal.view(id).await;
            assert_eq!(view.spec.name.as_str(), name);
            let operations = portal.desk.operations(id).await.expect("operations");
            assert_eq!(operations.last().map(|first| first.action), Some(Action::Create), "{name}");
            assert!(operations.iter().all(|operation| !operation.steps.is_empty()), "{name}");
            // What was asked then, and how a run ended, is told in the words of then.
            assert_eq!(
                operations.last().map(|first| first.arguments["Revision"].as_str()),
                Some("1"),
                "{name}"
            );
            let runs = portal.desk.runs(id).await.expect("runs");
            assert!(!runs.is_empty(), "{name}");
            if name == "stopped" {
                assert_eq!(runs[0].why, "stopped with savepoint");
            }
            assert!(portal.history(id).await.contains(&"Create asked".to_owned()), "{name}");
        }
        let running = portal.view(named(&portal, "running").await).await;
        assert_eq!((running.row.revision, running.row.run, running.savepoints), (2, Some(2), 2));
        assert_eq!(running.spec.job.args.as_str(), "--rate 80 --keys 5");
        let failed = portal.view(named(&portal, "failed").await).await;
        assert!(failed.reason.expect("why").exception.contains("as --fail-after asked"));
        let drafts = portal.desk.drafts(&lab()).await.expect("drafts");
        assert_eq!(drafts.len(), 1);
        assert_eq!((drafts[0].form.name.as_str(), drafts[0].form.args.as_str()), ("half-Typed", "--rate"));
        let all = portal.desk.activity(&Default::default()).await.expect("a history");
        assert!(all.next.is_some() && !all.events.is_empty());
        portal.desk.home().await.expect("home");
    })
    .await;
}

/// The runs that the portal was at.
const RUNS: [(&str, u32); 4] = [("running", 2), ("starting", 1), ("saving", 1), ("stopping", 1)];

/// The machine had been switched off: no process is left, only what they wrote.
#[tokio::test]
async fn after_a_reboot_all_goes_on() {
    on_both(async |portal: TestPortal| {
        // Of the one that was starting nothing was launched yet.
        for (name, run) in RUNS.into_iter().filter(|(name, _)| *name != "starting") {
            portal.fake.with(named(&portal, name).await, |world| world.last = Some(run));
        }
        for _ in 0..40 {
            portal.pass().await;
        }
        let now = states(&portal).await;
        for (name, state) in WERE {
            let expected = match name {
                "running" | "starting" | "saving" | "stopping" => State::Running,
                _ => state,
            };
            assert_eq!(now[name], expected, "{name}");
            assert!(portal.view(named(&portal, name).await).await.row.operation.is_none(), "{name}");
        }
        all_obey(&portal).await;
    })
    .await;
}

/// Only the portal had died: Flink goes on with what it was asked.
#[tokio::test]
async fn after_the_portals_death_all_goes_on() {
    on_both(async |portal: TestPortal| {
        for (name, run) in RUNS {
            portal.fake.with(named(&portal, name).await, |world| {
                (world.alive, world.last, world.job) = (Some(run), Some(run), Some(JobStatus::Running));
            });
        }
        for _ in 0..40 {
            portal.pass().await;
        }
        let now = states(&portal).await;
        for (name, run, state) in [
            ("running", 2, State::Running),
            ("starting", 1, State::Running),
            ("saving", 1, State::Running),
            ("stopping", 1, State::Stopped),
        ] {
            let view = portal.view(named(&portal, name).await).await;
            assert_eq!((now[name], view.row.run), (state, Some(run)), "{name}");
            assert_eq!(view.row.result.map(|result| result.succeeded), Some(true), "{name}");
        }
        all_obey(&portal).await;
    })
    .await;
}

/// Each can be started from what it left, stopped, and deleted.
async fn all_obey(portal: &TestPortal) {
    let from = "lake/archive/42a7bed8db174364ad5e9df1bedacca0/savepoints/01a21a40e5b8749283b815f5338c740f/savepoint-42a7be-5e67cbb673aa";
    assert!(portal.folder.path().join("data/storage").join(from).join("_metadata").exists());
    for (name, _) in WERE {
        let id = named(portal, name).await;
        if portal.view(id).await.row.state != State::Running {
            portal.act(id, Action::Start).await.expect("asked");
            portal.until(id, State::Running).await;
        }
        if name == "stopped" {
            let run = portal.desk.runs(id).await.expect("runs").remove(0);
            assert!(run.from.expect("its savepoint").ends_with("savepoint-42a7be-5e67cbb673aa"));
        }
        portal.act(id, Action::Stop).await.expect("asked");
        portal.until(id, State::Stopped).await;
        portal.act(id, Action::Delete).await.expect("asked");
        while portal.desk.cluster(id).await.is_ok() {
            portal.pass().await;
        }
    }
}
