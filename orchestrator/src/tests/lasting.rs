//! Nothing is lost: over a restart, over a full disk; and one portal at a time.

use std::sync::Arc;

use domain::action::Action;
use domain::refusal::Refusal;
use domain::state::State;
use jiff::SignedDuration;

use super::database::{Database, on_both};
use super::{TestPortal, config};
use crate::ControlPlane;
use crate::clock::SystemClock;
use crate::provider::fake::FakeProvider;

on_both!(a_restart_in_every_step_loses_nothing, what_happens_is_told_and_numbered,);

/// The portal dies after every single pass of every action; nothing is lost and nothing done twice.
async fn a_restart_in_every_step_loses_nothing(portal: TestPortal) {
    let (id, _) = portal.create("orders").await;
    let mut portal = restarting_until(portal, id, State::Running).await;
    for (action, state) in [
        (Action::Savepoint, State::Running),
        (Action::Update, State::Running),
        (Action::Stop, State::Stopped),
        (Action::Start, State::Running),
        (Action::StatelessUpdate, State::Running),
        (Action::Cancel, State::Canceled),
    ] {
        let operation = portal.act(id, action).await.expect("asked");
        portal = restarting_until(portal, id, state).await;
        assert_eq!(portal.operation(operation).await.succeeded, Some(true), "{action:?}");
    }
    let runs = portal.desk.runs(id).await.expect("runs");
    let started: Vec<(u32, bool)> = runs.iter().map(|run| (run.run, run.from.is_some())).collect();
    assert_eq!(started, [(4, false), (3, true), (2, true), (1, false)]);
    assert!(runs.iter().all(|run| run.ended.is_some()));
    assert_eq!(portal.desk.snapshots(id).await.expect("snapshots").len(), 3);
}

async fn restarting_until(mut portal: TestPortal, id: domain::id::ClusterId, state: State) -> TestPortal {
    for _ in 0..40 {
        let row = portal.view(id).await.row;
        if row.state == state && row.operation.is_none() {
            return portal;
        }
        portal.pass().await;
        portal = portal.reopened().await;
    }
    panic!("never {state:?}");
}

/// Browsers are told of what happens, and what happened has numbers in that order, over a restart too.
async fn what_happens_is_told_and_numbered(portal: TestPortal) {
    let mut hints = portal.plane.changes();
    let id = portal.running("orders").await;
    let hinted = hints.recv().await.expect("a hint");
    assert_eq!(hinted.cluster, Some(id));
    portal.act(id, Action::Savepoint).await.expect("asked");
    let portal = portal.reopened().await;
    portal.until(id, State::Running).await;
    let mut events = portal.desk.activity_of(id).await.expect("a history").events;
    events.reverse();
    let numbers: Vec<i64> = events.iter().map(|event| event.id.0).collect();
    assert_eq!(numbers, (1..=7).collect::<Vec<_>>(), "{events:?}");
    let titles: Vec<&str> = events.iter().skip(4).map(|event| event.title.as_str()).collect();
    assert_eq!(titles, ["Savepoint asked", "Savepoint taken", "Savepoint succeeded"]);
}

#[tokio::test]
async fn a_second_portal_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(folder.path(), &Database::Sqlite);
    let open = || {
        ControlPlane::with_provider(config.clone(), Arc::new(FakeProvider::default()), Arc::new(SystemClock))
    };
    let first = open().await.expect("the first one");
    let refused = open().await.err().expect("the second is refused").to_string();
    let pid = std::process::id();
    assert!(
        refused.starts_with(&format!("Another portal (process {pid}) uses the data folder")),
        "{refused}"
    );
    let link = crate::new_link(&config.data, None).await.expect("a link can be made beside it");
    first.redeem_link(&link, &crate::Origin::default()).await.expect("and used");
    first.close().await;
    open().await.expect("the folder is free again").close().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    // A file where the folder should be: refused for root too, whom no permission stops.
    let config = config(folder.path(), &Database::Sqlite);
    std::fs::write(&config.data, "in the way").expect("a file");
    let fake = Arc::new(FakeProvider::default());
    let refused = ControlPlane::with_provider(config, fake, Arc::new(SystemClock)).await.err();
    let refused = refused.expect("refused").to_string();
    assert!(refused.contains("cannot be written"), "{refused}");
}

/// `max_page_count` is SQLite's own full disk.
#[tokio::test]
async fn a_full_disk_is_said_and_got_over() {
    let portal = TestPortal::open(Database::Sqlite).await;
    let id = portal.running("orders").await;
    write_under(&portal, "pragma max_page_count = 1").await;
    let refused = loop {
        if let Err(refusal) = portal.plane.new_link().await {
            break refusal;
        }
    };
    let Refusal::Unavailable(sentence) = refused else { panic!("{refused:?}") };
    assert!(sentence.contains("The disk of the portal's database is full. Free some room"), "{sentence}");
    portal.pass().await;
    assert_eq!(portal.view(id).await.row.state, State::Running, "looking goes on");
    portal.act(id, Action::Stop).await.expect("that connection is gone, and with it the limit");
    portal.until(id, State::Stopped).await;
}

/// `query_only` is what SQLite is on a disk that has become read-only.
#[tokio::test]
async fn a_read_only_disk_is_said_and_got_over() {
    let portal = TestPortal::open(Database::Sqlite).await;
    let id = portal.running("orders").await;
    write_under(&portal, "pragma query_only = on").await;
    match portal.act(id, Action::Stop).await.expect_err("nothing can be written") {
        Refusal::Unavailable(sentence) => {
            assert!(sentence.contains("is read-only. Make it writable"), "{sentence}")
        }
        other => panic!("{other:?}"),
    }
    portal.pass().await;
    assert_eq!(portal.view(id).await.row.state, State::Running, "looking goes on");
    portal.act(id, Action::Stop).await.expect("that connection is gone");
    portal.until(id, State::Stopped).await;
}

/// Runs a pragma on the one connection that writes.
async fn write_under(portal: &TestPortal, pragma: &'static str) {
    portal.plane.store().write(sqlx::query(pragma)).await.expect("set");
}

/// Thousands of clusters at rest must cost nothing: once an hour each is looked at.
#[tokio::test]
async fn what_rests_is_left_alone() {
    let portal = TestPortal::open(Database::Sqlite).await;
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    portal.pass().await;
    let looks = || portal.fake.with(id, |world| world.looks);
    let before = looks();
    portal.clock.advance(SignedDuration::from_mins(58));
    portal.pass().await;
    assert_eq!(looks(), before);
    portal.clock.advance(SignedDuration::from_mins(3));
    portal.pass().await;
    assert_eq!(looks(), before + 1);
    portal.pass().await;
    assert_eq!(looks(), before + 1);
    portal.act(id, Action::Start).await.expect("asked");
    portal.plane.settle().await;
    assert!(looks() > before + 1, "a command makes it due at once");
}
