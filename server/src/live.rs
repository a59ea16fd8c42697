//! `/live`: hints of changes as server-sent events, of what the caller may see. A hint names a cluster, or none if
//! everything may have changed, and the browser fetches what it shows again. It does so too whenever the stream begins: nothing is replayed, for not every
//! change is an event. Another kind of message, `old`, says since when what is shown is old, and why, or that it is not
//! any more.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse::{Event, KeepAlive, Sse};
use domain::id::{ClusterId, EventId};
use futures::stream::{self, StreamExt};
use orchestrator::Session;

use crate::state::AppState;

/// The stream of one browser.
pub(crate) async fn stream(
    State(portal): State<AppState>,
    Extension(session): Extension<Session>,
) -> Response {
    let coming = stream::unfold(session.desk.changes(), |mut changes| async move {
        let change = changes.next().await?;
        Some((hint(change.event, change.cluster), changes))
    });
    // What the page was written with may have passed until now, so the present word comes first.
    let old = stream::unfold((portal.plane.health(), true), |(mut health, first)| async move {
        if !first {
            health.changed().await.ok()?;
        }
        let old = health.borrow_and_update().clone();
        Some((Ok(Event::default().event("old").data(serde_json::json!(old).to_string())), (health, false)))
    });
    let (plane, ending) = (portal.plane, portal.ending);
    let over = async move { plane.over(&session).await };
    let told = stream::select(coming, old);
    let told = told.take_until(over).take_until(ending.cancelled_owned());
    Sse::new(told).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response()
}

fn hint(event: Option<EventId>, cluster: Option<ClusterId>) -> Result<Event, Infallible> {
    let data = serde_json::json!({ "event": event, "cluster": cluster }).to_string();
    Ok(Event::default().data(data))
}
