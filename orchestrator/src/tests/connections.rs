//! Connections: what was answered is committed, one that failed is not used again, and nobody is refused by a database
//! that has time.

use std::time::{Duration, Instant};

use domain::action::Action;
use domain::state::State;
use sqlx::{AnyConnection, Connection, Executor, Row};

use super::TestPortal;
use super::database::{Database, on_both};
use crate::store::{StoreError, Trouble};

on_both!(
    a_commit_that_fails_takes_its_connection_with_it,
    what_is_not_committed_takes_its_connection_with_it,
    what_is_answered_is_seen_by_others,
    two_hundred_writers_wait_their_turn,
    five_hundred_readers_wait_their_turn,
    who_reads_cannot_write,
);

/// Another connection, as another program has one.
async fn other(portal: &TestPortal) -> AnyConnection {
    let url = match portal.database.url() {
        Some(url) => url.to_owned(),
        None => format!("sqlite://{}", portal.folder.path().join("data/penstock.db").display()),
    };
    AnyConnection::connect(&url).await.expect("it is there")
}

/// Rows of a table as another program sees them.
async fn count(portal: &TestPortal, sql: &'static str) -> i64 {
    sqlx::query(sql).fetch_one(&mut other(portal).await).await.expect("a count").get(0)
}

/// Gives SQLite's one connection a number of its own; PostgreSQL's have one.
async fn number(portal: &TestPortal) {
    if portal.database.url().is_none() {
        let made = sqlx::query("create temporary table number as select abs(random()) as n");
        portal.plane.store().write(made).await.expect("made");
    }
}

async fn number_of(portal: &TestPortal, tx: &mut AnyConnection) -> Option<i64> {
    let sqlite = portal.database.url().is_none();
    let sql = if sqlite { "select n from number" } else { "select cast(pg_backend_pid() as bigint)" };
    sqlx::query(sql).fetch_one(tx).await.ok().map(|row| row.get(0))
}

/// Whether the connection with this number is among those that write.
async fn is_used(portal: &TestPortal, number: Option<i64>) -> bool {
    let connections = if portal.database.url().is_none() { 1 } else { 8 };
    let mut all = Vec::new();
    for _ in 0..connections {
        let mut tx = portal.plane.store().begin().await.expect("begun");
        let found = number_of(portal, &mut tx).await;
        all.push((tx, found));
    }
    let used = all.iter().any(|(_, found)| *found == number);
    for (tx, found) in all {
        if found.is_some() {
            tx.roll_back().await.expect("taken back");
        }
    }
    used
}

/// A reference to nothing that is looked at only when the transaction ends: the commit itself fails, and on SQLite the
/// transaction stays open. The library's own count of it would be wrong from then on.
async fn a_commit_that_fails_takes_its_connection_with_it(portal: TestPortal) {
    let store = portal.plane.store();
    let mut tx = store.begin().await.expect("begun");
    tx.execute("create table parent (id bigint not null primary key)").await.expect("made");
    tx.execute("create table child (p bigint not null references parent (id) deferrable initially deferred)")
        .await
        .expect("made");
    tx.commit().await.expect("committed");
    for _ in 0..3 {
        number(&portal).await;
        let mut tx = store.begin().await.expect("begun");
        let number = number_of(&portal, &mut tx).await;
        assert!(number.is_some());
        tx.execute("insert into child (p) values (7)").await.expect("not looked at yet");
        let failed = tx.commit().await.expect_err("there is no such parent");
        assert!(matches!(failed, StoreError::Db(_)), "{failed}");
        assert!(!is_used(&portal, number).await, "its connection is closed");
        store.write(sqlx::query("insert into parent (id) values (1)")).await.expect("it goes on at once");
        assert_eq!(count(&portal, "select cast(count(*) as bigint) from parent").await, 1, "and is on disk");
        store.write(sqlx::query("delete from parent")).await.expect("cleared");
    }
}

async fn what_is_not_committed_takes_its_connection_with_it(portal: TestPortal) {
    let store = portal.plane.store();
    number(&portal).await;
    let mut tx = store.begin().await.expect("begun");
    let dropped = number_of(&portal, &mut tx).await;
    tx.execute("update event_order set n = 1000").await.expect("written");
    drop(tx);
    assert!(!is_used(&portal, dropped).await);
    assert_eq!(count(&portal, "select n from event_order").await, 0);

    number(&portal).await;
    let mut tx = store.begin().await.expect("begun");
    let ended = number_of(&portal, &mut tx).await;
    tx.execute("update event_order set n = 1000").await.expect("written");
    tx.roll_back().await.expect("taken back");
    assert!(is_used(&portal, ended).await, "one that ended well is used again");
    assert_eq!(count(&portal, "select n from event_order").await, 0);
}

async fn what_is_answered_is_seen_by_others(portal: TestPortal) {
    let id = portal.running("orders").await;
    let operation = portal.act(id, Action::Savepoint).await.expect("asked");
    let mut other = other(&portal).await;
    let found = sqlx::query("select action from operation where id = $1")
        .bind(operation.to_string())
        .fetch_one(&mut other)
        .await
        .expect("it is there");
    assert_eq!(found.get::<String, _>(0), "SAVEPOINT");
}

async fn two_hundred_writers_wait_their_turn(portal: TestPortal) {
    let links = (0..200).map(|_| portal.plane.new_link());
    for link in futures::future::join_all(links).await {
        link.expect("none is refused");
    }
    assert_eq!(count(&portal, "select cast(count(*) as bigint) from sign_in_link").await, 200);
}

async fn five_hundred_readers_wait_their_turn(portal: TestPortal) {
    portal.running("orders").await;
    let query = domain::view::JobQuery::default();
    let pages = (0..500).map(|_| portal.desk.jobs(&query));
    for page in futures::future::join_all(pages).await {
        assert_eq!(page.expect("none is refused").rows.len(), 1);
    }
}

async fn who_reads_cannot_write(portal: TestPortal) {
    let mut reading = portal.plane.store().reading().await.expect("a connection");
    let refused = reading.execute("update event_order set n = 1000").await.expect_err("it only reads");
    assert_eq!(StoreError::Db(refused).trouble(), Some(Trouble::ReadOnly));
}

/// Another program holds SQLite's lock; what it refused meanwhile goes through when it is given back.
#[tokio::test]
async fn a_lock_of_another_program_is_said_and_got_over() {
    let portal = TestPortal::open(Database::Sqlite).await;
    let id = portal.running("orders").await;
    let mut other = other(&portal).await;
    other.execute("begin immediate").await.expect("locked");
    let refused = portal.act(id, Action::Stop).await.expect_err("it is locked").to_string();
    assert!(refused.contains("Another program holds the lock of the portal's database"), "{refused}");
    assert_eq!(portal.view(id).await.row.state, State::Running, "who reads is not held up");
    other.execute("commit").await.expect("given back");
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
}

/// What pages show is old while nothing can be written, and is not five seconds after that is over.
#[tokio::test]
async fn pages_are_old_while_the_database_is_locked_and_soon_no_more() {
    let portal = TestPortal::open(Database::Sqlite).await;
    let id = portal.running("orders").await;
    let before = portal.plane.now();
    let mut health = portal.plane.health();
    portal.plane.start();
    let mut other = other(&portal).await;
    other.execute("begin immediate").await.expect("locked");
    portal.act(id, Action::Stop).await.expect_err("it is locked");
    let old = health.wait_for(Option::is_some).await.expect("it is told").clone().expect("old");
    assert_eq!(old.since, before);
    assert!(old.why.contains("Another program holds the lock"), "{}", old.why);
    other.execute("commit").await.expect("given back");
    let over = Instant::now();
    health.wait_for(Option::is_none).await.expect("it is told");
    assert!(over.elapsed() < Duration::from_secs(5), "{:?}", over.elapsed());
    portal.plane.close().await;
}

/// PostgreSQL drops every connection, in the middle of a transaction too.
#[tokio::test]
async fn connections_that_the_server_drops_are_replaced() {
    let Some(database) = Database::postgres().await else { return };
    let portal = TestPortal::open(database).await;
    let id = portal.running("orders").await;
    let store = portal.plane.store();
    let mut tx = store.begin().await.expect("begun");
    tx.execute("update event_order set n = 1000").await.expect("written");
    let mut other = other(&portal).await;
    // Those of this test alone: each has asked for something within its schema.
    let dropped = sqlx::query(
        "select cast(count(pg_terminate_backend(l.pid)) as bigint) from pg_locks l join pg_class c on c.oid = l.relation \
         join pg_namespace n on n.oid = c.relnamespace \
         where n.nspname = current_schema() and l.pid <> pg_backend_pid()",
    );
    let dropped: i64 = dropped.fetch_one(&mut other).await.expect("dropped").get(0);
    assert!(dropped > 0);
    tx.commit().await.expect_err("it is not committed");
    assert_eq!(
        count(&portal, "select n from event_order where n = 1000 union select 0 order by 1 desc").await,
        0
    );
    portal.act(id, Action::Stop).await.expect("another connection is there");
    portal.until(id, State::Stopped).await;
}
