//! Who is asking: a cookie becomes a [`Desk`], and only known people get past the sign-in page and the site's own files.

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::refusal::Refusal;
use orchestrator::Desk;

use crate::mishap::refused;
use crate::monitoring;
use crate::state::AppState;

/// Finds the person behind the cookie.
pub(crate) async fn known(State(portal): State<AppState>, mut request: Request, next: Next) -> Response {
    // Also while the database is away: what a person is told then needs its styles, and who watches wants to know.
    if crate::site::has(request.uri().path()) || monitoring::is_one(request.uri().path()) {
        return next.run(request).await;
    }
    if let Some(secret) = portal.cookie.secret(request.headers()) {
        match portal.plane.session(&secret).await {
            Ok(Some(session)) => {
                let extensions = request.extensions_mut();
                extensions.insert(session.desk.clone());
                extensions.insert(session.desk.actor().clone());
                extensions.insert(session);
                return next.run(request).await;
            }
            Ok(None) => {}
            Err(refusal) => return refused(&refusal),
        }
    }
    let path = request.uri().path();
    if path == "/sign-in" || path.starts_with("/sign-in/") {
        return next.run(request).await;
    }
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let page = request.method() == Method::GET && accept.is_some_and(|accept| accept.contains("text/html"));
    if page { Redirect::to("/sign-in").into_response() } else { refused(&Refusal::SignedOut) }
}

/// The desk of a request that [`known`] let through.
pub(crate) type CurrentUser = axum::Extension<Desk>;
