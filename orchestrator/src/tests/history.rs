//! The history is data: events and ends of operations are stored with their fields and told in sentences when they are
//! read; those of earlier versions are told as they were written.

use domain::action::Action;
use domain::event::{Event, Tone};
use domain::operation::OperationEnd;
use domain::state::State;
use domain::view::ActivityQuery;

use super::TestPortal;
use super::database::on_both;

on_both!(what_happens_is_stored_as_data, what_was_written_as_sentences_is_told_so);

async fn found(portal: &TestPortal, text: &str) -> Vec<String> {
    let query = ActivityQuery { text: text.to_owned(), before: None };
    let page = portal.desk.activity(&query).await.expect("a history");
    page.events.into_iter().map(|event| format!("{}: {}", event.title, event.detail)).collect()
}

async fn what_happens_is_stored_as_data(portal: TestPortal) {
    let id = portal.running("orders").await;
    let operation = portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    let end = portal.operation(operation).await.end.expect("it has ended");
    let OperationEnd::Succeeded { savepoint: Some(path), downtime_ms: None } = &end else {
        panic!("{end:?}")
    };
    let short = path.rsplit('/').next().expect("a name").to_owned();
    assert_eq!(portal.operation(operation).await.message, format!("Stop succeeded, {short}"));

    let rows: Vec<(String, String, String, String)> = sqlx::query_as(
        "select data, tone, title, detail from event where kind = 'operation_ended' order by id",
    )
    .fetch_all(&mut *portal.plane.store().reading().await.expect("a connection"))
    .await
    .expect("rows");
    let (data, tone, title, detail) = rows.last().expect("the stop");
    let stored: Event = serde_json::from_str(data).expect("an event");
    assert_eq!(stored, Event::OperationEnded { action: Action::Stop, by: "Ada".to_owned(), end });
    assert_eq!((tone.as_str(), title.as_str(), detail.as_str()), ("good", "", ""), "no sentence is kept");
    assert_eq!(found(&portal, "stop succeeded").await, [format!("Stop succeeded: {short}; by Ada")]);
}

async fn what_was_written_as_sentences_is_told_so(portal: TestPortal) {
    let (id, operation) = portal.create("orders").await;
    portal.until(id, State::Running).await;
    let store = portal.plane.store();
    for statement in [
        "update event set data = null, words = '', kind = 'phase', tone = 'warn', title = 'The job sneezed', \
         detail = 'twice' where id = 1",
        "update operation set outcome = null, message = 'Create succeeded, as was said then'",
    ] {
        store.write(sqlx::query(statement)).await.expect("written");
    }
    assert_eq!(found(&portal, "sneezed").await, ["The job sneezed: twice"]);
    let first = portal.desk.activity_of(id).await.expect("a history").events.pop().expect("an event");
    assert_eq!((first.tone, first.title.as_str()), (Tone::Warn, "The job sneezed"));
    let told = portal.operation(operation).await;
    assert_eq!((told.end, told.message.as_str()), (None, "Create succeeded, as was said then"));
    let result = portal.view(id).await.row.result.expect("how it ended");
    assert_eq!((result.succeeded, result.message.as_str()), (true, "Create succeeded, as was said then"));
}
