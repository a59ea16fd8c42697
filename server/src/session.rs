//! Sign-in: a one-time link becomes a cookie, a cookie becomes an [`Actor`].

use axum::Json;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::refusal::Refusal;
use orchestrator::Desk;

use crate::boot::Portal;

const COOKIE: &str = "penstock";

/// Finds the person behind the cookie and lets only known people past the sign-in page and the site's own files.
pub(crate) async fn known(State(portal): State<Portal>, mut request: Request, next: Next) -> Response {
    if let Some(secret) = secret(request.headers()) {
        match portal.plane.session(&secret).await {
            Ok(Some(actor)) => {
                request.extensions_mut().insert(portal.plane.desk(actor.clone()));
                request.extensions_mut().insert(actor);
                return next.run(request).await;
            }
            Ok(None) => {}
            Err(refusal) => return refused(&refusal),
        }
    }
    if open_to_all(request.uri().path()) {
        return next.run(request).await;
    }
    let page = request.method() == Method::GET
        && request
            .headers()
            .get(header::ACCEPT)
            .and_then(|accept| accept.to_str().ok())
            .is_some_and(|accept| accept.contains("text/html"));
    if page { Redirect::to("/sign-in").into_response() } else { refused(&Refusal::SignedOut) }
}

/// Turns a one-time link into a session.
pub(crate) async fn redeem(State(portal): State<Portal>, Path(token): Path<String>) -> Response {
    match portal.plane.redeem_link(&token).await {
        Ok(secret) => {
            let cookie = format!("{COOKIE}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000");
            ([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response()
        }
        Err(_) => Redirect::to("/sign-in?refused=1").into_response(),
    }
}

/// Ends the session.
pub(crate) async fn sign_out(State(portal): State<Portal>, headers: HeaderMap) -> Response {
    if let Some(secret) = secret(&headers)
        && let Err(refusal) = portal.plane.sign_out(&secret).await
    {
        return refused(&refusal);
    }
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response()
}

/// A refusal as a response, for routes that are no pages.
pub(crate) fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    (status, Json(serde_json::json!({ "error": refusal.to_string() }))).into_response()
}

/// The desk of a request that [`known`] let through.
pub(crate) type Seat = axum::Extension<Desk>;

fn secret(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(str::to_owned))
}

fn open_to_all(path: &str) -> bool {
    path == "/sign-in" || path.starts_with("/sign-in/") || crate::site::has(path)
}
