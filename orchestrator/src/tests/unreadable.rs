//! Rows that cannot be read: one cluster is marked, all others go on; a history with a hole is still shown.

use domain::action::Action;
use domain::id::ClusterId;
use domain::state::State;
use domain::view::{JobQuery, JobRow};
use jiff::SignedDuration;
use sqlx::AssertSqlSafe;

use super::database::on_both;
use super::{TestPortal, conflict, lab};

on_both!(
    a_cluster_that_cannot_be_read_is_marked_and_all_others_go_on,
    a_derived_word_that_is_none_is_derived_again,
    an_operation_in_progress_that_cannot_be_read_marks_its_cluster,
    a_history_with_holes_is_shown,
    what_an_unreadable_cluster_needs_stays,
    what_rests_is_read_when_a_portal_starts,
);

/// Every column of text that a pass or the grid reads of a cluster, by table and key.
const COLUMNS: [(&str, &str, &str); 9] = [
    ("status", "cluster", "phase_data"),
    ("status", "cluster", "seen"),
    ("status", "cluster", "reason"),
    ("status", "cluster", "result_operation"),
    ("status", "cluster", "result_action"),
    ("cluster", "id", "intent"),
    ("cluster", "id", "action"),
    ("status", "cluster", "tags"),
    ("revision", "cluster", "spec"),
];

async fn set(
    portal: &TestPortal,
    (table, key, column): (&str, &str, &str),
    to: Option<&str>,
    id: impl ToString,
) {
    let sql = AssertSqlSafe(format!("update {table} set {column} = $1 where {key} = $2"));
    let statement = sqlx::query(sql).bind(to.map(str::to_owned)).bind(id.to_string());
    assert!(portal.plane.store().write(statement).await.expect("written") > 0);
    // As after a start of the portal: it remembers nothing.
    for outline in portal.plane.store().outline().await.expect("rows") {
        portal.plane.inner.reconciler.known.forget_all_of(outline.cluster);
    }
}

async fn get(portal: &TestPortal, (table, key, column): (&str, &str, &str), id: ClusterId) -> Option<String> {
    let sql = AssertSqlSafe(format!("select {column} from {table} where {key} = $1"));
    let mut reading = portal.plane.store().reading().await.expect("a connection");
    let (value,): (Option<String>,) =
        sqlx::query_as(sql).bind(id.to_string()).fetch_one(&mut *reading).await.expect("the row");
    value
}

async fn row(portal: &TestPortal, id: ClusterId) -> JobRow {
    let page = portal.desk.jobs(&JobQuery::default()).await.expect("the grid");
    page.rows.into_iter().find(|row| row.cluster == id).expect("it is in the grid")
}

async fn a_cluster_that_cannot_be_read_is_marked_and_all_others_go_on(portal: TestPortal) {
    let bad = portal.running("bad").await;
    let good = portal.running("good").await;
    for (number, place) in COLUMNS.into_iter().enumerate() {
        let was = get(&portal, place, bad).await;
        // A secret may stand there: it is not repeated.
        set(&portal, place, Some("{\"secret\": \"sesame"), bad).await;
        for _ in 0..3 {
            portal.clock.advance(SignedDuration::from_mins(1));
            portal.pass().await;
        }
        let what = format!("{}.{}", place.0, place.2);
        let marked = row(&portal, bad).await;
        assert_eq!(marked.state, State::Unreadable, "{what}");
        assert!(marked.note.contains(&what) && !marked.note.contains("sesame"), "{}", marked.note);
        assert!(marked.actions.iter().all(|offer| offer.refused.is_some()), "{what}");
        for action in [Action::Delete, Action::Cancel, Action::Stop] {
            let sentence = conflict(portal.act(bad, action).await);
            assert!(sentence.contains(&what) && sentence.contains("put a copy"), "{sentence}");
        }
        let page = conflict(portal.desk.cluster(bad).await);
        assert!(page.contains(&what) && page.contains("Start the version of Penstock"), "{page}");
        let page =
            portal.desk.jobs(&JobQuery { state: "UNREADABLE".to_owned(), ..JobQuery::default() }).await;
        let page = page.expect("a page");
        assert_eq!((page.total, page.counts.all, page.counts.failing), (1, 2, 1), "{what}");
        let told = portal.history(bad).await;
        let told = told.iter().filter(|title| *title == "The cluster cannot be read").count();
        assert_eq!(told, number + 1, "{what} is told once, however often it is met");

        // All others go on.
        portal.act(good, Action::Savepoint).await.expect("asked");
        portal.until(good, State::Running).await;
        assert_eq!(portal.desk.search("o").await.expect("found").len(), 1);
        assert_eq!(portal.desk.home().await.expect("home").attention.len(), 1);
        let pool = portal.desk.pool(&lab()).await.expect("the pool");
        assert_eq!(pool.memory_used_mb, 2 * 3848, "what runs unread still holds what it holds");

        set(&portal, place, was.as_deref(), bad).await;
        portal.clock.advance(SignedDuration::from_mins(1));
        portal.until(bad, State::Running).await;
    }
    portal.act(bad, Action::Stop).await.expect("read again it goes on");
    portal.until(bad, State::Stopped).await;
}

async fn a_derived_word_that_is_none_is_derived_again(portal: TestPortal) {
    let id = portal.running("orders").await;
    set(&portal, ("status", "cluster", "state"), Some("DANCING"), id).await;
    assert_eq!(row(&portal, id).await.state, State::Unreadable);
    portal.second().await;
    portal.clock.advance(SignedDuration::from_mins(1));
    portal.pass().await;
    assert_eq!(row(&portal, id).await.state, State::Running);
}

async fn an_operation_in_progress_that_cannot_be_read_marks_its_cluster(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.savepoint_hangs = true);
    let stop = portal.act(id, Action::Stop).await.expect("asked");
    portal.pass().await;
    for column in ["steps", "action"] {
        let place = ("operation", "id", column);
        let sql = AssertSqlSafe(format!("select {column} from operation where id = $1"));
        let mut reading = portal.plane.store().reading().await.expect("a connection");
        let (was,): (String,) =
            sqlx::query_as(sql).bind(stop.to_string()).fetch_one(&mut *reading).await.expect("the row");
        drop(reading);
        set(&portal, place, Some("[{"), stop).await;
        portal.clock.advance(SignedDuration::from_mins(1));
        portal.pass().await;
        let marked = row(&portal, id).await;
        assert_eq!(marked.state, State::Unreadable);
        assert!(marked.note.contains(&format!("operation.{column}")), "{}", marked.note);
        assert!(portal.desk.operations(id).await.is_ok());
        set(&portal, place, Some(&was), stop).await;
    }
    portal.clock.advance(SignedDuration::from_mins(1));
    portal.pass().await;
    assert_eq!(row(&portal, id).await.state, State::Stopping);
}

async fn a_history_with_holes_is_shown(portal: TestPortal) {
    let id = portal.running("orders").await;
    let operations = portal.desk.operations(id).await.expect("operations");
    let operation = operations[0].id;
    for column in ["steps", "intent", "arguments", "reason"] {
        set(&portal, ("operation", "id", column), Some("[{"), operation).await;
    }
    set(&portal, ("run", "cluster", "configuration"), Some("?"), id).await;
    let shown = portal.operation(operation).await;
    assert!(shown.steps.is_empty() && shown.arguments.is_empty() && shown.reason.is_none());
    assert!(portal.desk.runs(id).await.expect("runs")[0].configuration.is_empty());
    assert_eq!(portal.view(id).await.row.state, State::Running);
    set(&portal, ("operation", "id", "action"), Some("DANCE"), operation).await;
    assert!(portal.desk.operations(id).await.expect("operations").is_empty());
    assert!(conflict(portal.desk.operation(operation).await).contains("operation.action"));
    portal.desk.home().await.expect("home");

    let draft = portal.desk.new_draft(&lab()).await.expect("begun");
    let second = portal.desk.new_draft(&lab()).await.expect("begun");
    set(&portal, ("draft", "id", "form"), Some("?"), draft).await;
    set(&portal, ("draft", "id", "errors"), Some("?"), second).await;
    let drafts = portal.desk.drafts(&lab()).await.expect("drafts");
    assert_eq!(drafts.into_iter().map(|draft| draft.id).collect::<Vec<_>>(), [second]);
    assert!(conflict(portal.desk.draft(draft).await).contains("draft.form"));

    let events = portal.desk.activity_of(id).await.expect("a history").events;
    let spoil = AssertSqlSafe(format!("update event set cluster = 'nobody' where id = {}", events[0].id));
    portal.plane.store().write(sqlx::query(spoil)).await.expect("written");
    let all = portal.desk.activity(&Default::default()).await.expect("a history").events;
    assert!(!all.is_empty() && all.iter().all(|event| event.id != events[0].id));
}

async fn what_an_unreadable_cluster_needs_stays(portal: TestPortal) {
    let id = portal.running("orders").await;
    let own = id.0.simple().to_string();
    let state = portal.folder.path().join("data/storage/lake/flink").join(&own);
    std::fs::create_dir_all(&state).expect("made");
    set(&portal, ("status", "cluster", "phase_data"), Some("?"), id).await;
    assert!(conflict(portal.desk.delete("lake", "flink", &own).await).contains("the cluster orders"));
    portal.desk.new_container("lake", "second").await.expect("others go on");
}

async fn what_rests_is_read_when_a_portal_starts(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    set(&portal, ("status", "cluster", "phase_data"), Some("?"), id).await;
    let portal = portal.reopened().await;
    let mut changes = portal.plane.changes();
    portal.plane.start();
    while row(&portal, id).await.state != State::Unreadable {
        changes.recv().await.expect("the loops run");
    }
    portal.plane.close().await;
}
