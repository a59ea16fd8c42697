//! The loop itself: who hangs holds up no other, starts stand in line, no lost wake is lost for long, and what did not
//! change is not read.

use std::sync::atomic::Ordering;

use domain::action::Action;
use domain::id::ClusterId;
use domain::lifecycle::{Act, JobStatus};
use domain::state::State;
use jiff::SignedDuration;

use super::TestPortal;
use super::database::{Database, on_both};

on_both!(
    whoever_hangs_holds_up_no_other,
    starts_stand_in_line,
    a_lost_wake_costs_seconds,
    another_writer_is_noticed,
    a_mistake_is_not_the_last_look,
    it_tells_of_itself,
);

/// Makes room for as many clusters as a test wants.
async fn widen(portal: &TestPortal) {
    let sql = "update pool set cpu_milli = 1000000000, memory_mb = 1000000000";
    portal.plane.store().write(sqlx::query(sql)).await.expect("widened");
}

fn hang(portal: &TestPortal, ids: &[ClusterId], hangs: bool) {
    for id in ids {
        portal.fake.with(*id, |world| world.hangs = hangs);
    }
}

async fn whoever_hangs_holds_up_no_other(portal: TestPortal) {
    widen(&portal).await;
    let mut silent = Vec::new();
    // More than are looked at together.
    for n in 0..40 {
        let (id, _) = portal.create(&format!("silent-{n}")).await;
        silent.push(id);
    }
    hang(&portal, &silent, true);
    let (id, _) = portal.create("orders").await;
    let seen = async {
        while portal.view(id).await.row.state != State::Running {
            portal.clock.advance(SignedDuration::from_millis(250));
        }
    };
    tokio::select! {
        () = portal.plane.settle() => panic!("those who hang are looked at"),
        () = seen => {}
    }
    assert!(silent.iter().any(|id| portal.fake.with(*id, |world| world.looks) > 0));
}

async fn starts_stand_in_line(portal: TestPortal) {
    widen(&portal).await;
    portal.fake.starts_at_once.store(2, Ordering::Relaxed);
    let mut ids = Vec::new();
    for n in 0..5 {
        let (id, _) = portal.create(&format!("orders-{n}")).await;
        portal.fake.with(id, |world| world.never_runs = true);
        ids.push(id);
    }
    let launched = || {
        let launches = |id: &&ClusterId| portal.fake.with(**id, |world| world.alive.is_some());
        ids.iter().filter(launches).count()
    };
    for _ in 0..4 {
        portal.pass().await;
    }
    assert_eq!(launched(), 2, "the others wait");
    let first = ids.iter().find(|id| portal.fake.with(**id, |world| world.alive.is_some()));
    portal.fake.with(*first.expect("somebody starts"), |world| world.job = Some(JobStatus::Running));
    for _ in 0..2 {
        portal.pass().await;
    }
    assert_eq!(launched(), 3, "who is up gives its place to the next one, at once");
    let waits = ids.iter().find(|id| portal.fake.with(**id, |world| world.alive.is_none()));
    let waits = *waits.expect("somebody waits");
    assert_eq!(portal.view(waits).await.row.state, State::Starting);
    portal.act(waits, Action::Delete).await.expect("who waits can be deleted");
    portal.clock.advance(SignedDuration::from_secs(61));
    for _ in 0..4 {
        portal.pass().await;
    }
    assert_eq!(launched(), 4, "and a start that takes long holds up nobody for ever");
    let held = portal.fake.with(waits, |world| world.acts.iter().any(|act| matches!(act, Act::Launch(_))));
    assert!(!held);
}

/// Whoever asked was gone before the wake: only the row tells.
async fn a_lost_wake_costs_seconds(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    portal.pass().await;
    let outline = portal.plane.store().outline().await.expect("rows")[0];
    let due =
        "update status set due_at = 0, observed_generation = observed_generation - 1 where cluster = $1";
    portal.plane.store().write(sqlx::query(due).bind(id.to_string())).await.expect("written");
    for _ in 0..(4 * 11) {
        portal.pass().await;
    }
    let after = portal.plane.store().outline().await.expect("rows")[0];
    assert_eq!(after.observed_generation, outline.observed_generation, "a pass has read it");
}

async fn another_writer_is_noticed(portal: TestPortal) {
    let id = portal.running("orders").await;
    let bump = "update status set version = version + 1, note = 'by hand' where cluster = $1";
    portal.plane.store().write(sqlx::query(bump).bind(id.to_string())).await.expect("written");
    portal.act(id, Action::Savepoint).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(
        portal.view(id).await.savepoints,
        1,
        "what was remembered is read again, and nothing done twice"
    );
    assert_eq!(portal.fake.with(id, |world| world.savepoints.len()), 1);
}

async fn a_mistake_is_not_the_last_look(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.dies_at = Some(|_| panic!("a mistake")));
    portal.act(id, Action::Savepoint).await.expect("asked");
    portal.pass().await;
    let told = portal.plane.reconciler();
    assert_eq!(told.failures, 1);
    assert!(told.mishap.is_some_and(|mishap| mishap.why.contains("made a mistake")));
    portal.fake.with(id, |world| world.dies_at = None);
    portal.clock.advance(SignedDuration::from_secs(10));
    portal.until(id, State::Running).await;
    assert_eq!(portal.view(id).await.savepoints, 1);
}

async fn it_tells_of_itself(portal: TestPortal) {
    let told = portal.desk.reconciler().await.expect("told");
    assert_eq!((told.last_pass, told.passes, told.queued), (None, 0, 0));
    let id = portal.running("orders").await;
    portal.running("others").await;
    let told = portal.desk.reconciler().await.expect("told");
    assert_eq!(told.last_pass, Some(portal.plane.now()));
    assert_eq!((told.queued, told.under_way, told.lag_ms, told.failures), (2, 0, 0, 0));
    assert!(told.passes >= 4, "{told:?}");
    portal.clock.advance(SignedDuration::from_secs(7));
    let late = portal.desk.reconciler().await.expect("told").lag_ms;
    assert!((6_000..=7_000).contains(&late), "{late}");
    let spoil = "update status set phase_data = '?', version = version + 1 where cluster = $1";
    portal.plane.store().write(sqlx::query(spoil).bind(id.to_string())).await.expect("written");
    portal.clock.advance(SignedDuration::from_secs(10));
    portal.pass().await;
    let told = portal.desk.reconciler().await.expect("told");
    assert!(told.failures > 0 && told.mishap.is_some_and(|mishap| mishap.why.contains("status.phase_data")));
}

/// A pass in which nothing changes reads no row: not even a database that is gone keeps it from looking.
#[tokio::test]
async fn what_did_not_change_is_not_read() {
    let portal = TestPortal::open(Database::Sqlite).await;
    let id = portal.running("orders").await;
    portal.pass().await;
    portal.plane.store().close().await;
    let before = portal.fake.with(id, |world| world.looks);
    for _ in 0..8 {
        portal.pass().await;
    }
    assert!(portal.fake.with(id, |world| world.looks) >= before + 2);
}
