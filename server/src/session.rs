//! Who is asking: a token or a cookie becomes a [`Desk`], and only known people and programs get past the sign-in page and
//! the site's own files.

use axum::extract::{Request, State};
use axum::http::{Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::refusal::Refusal;
use orchestrator::{Desk, Session};

use crate::bearer;
use crate::mishap::refused;
use crate::monitoring;
use crate::state::AppState;

/// Finds whoever is behind the token or the cookie. A request with a token is a program's, and its cookies mean nothing.
pub(crate) async fn known(State(portal): State<AppState>, request: Request, next: Next) -> Response {
    let token = bearer::secret(request.headers()).map(str::to_owned);
    let watches = monitoring::is_one(request.uri().path()) && token.is_none();
    // Also while the database is away: what a person is told then needs its styles, and who watches wants to know.
    if crate::site::has(request.uri().path()) || watches {
        return next.run(request).await;
    }
    let found = match (&token, portal.cookie.secret(request.headers())) {
        (Some(secret), _) => portal.plane.token(secret).await,
        (None, Some(secret)) => portal.plane.session(&secret).await,
        (None, None) => Ok(None),
    };
    match found {
        Ok(Some(session)) => return asked_by(session, request, next).await,
        Ok(None) if token.is_some() => return bearer::refused(),
        Ok(None) => {}
        Err(refusal) => return refused(&refusal),
    }
    let path = request.uri().path();
    if path == "/sign-in" || path.starts_with("/sign-in/") {
        return next.run(request).await;
    }
    let accept = request.headers().get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    let page = request.method() == Method::GET && accept.is_some_and(|accept| accept.contains("text/html"));
    if page { Redirect::to("/sign-in").into_response() } else { refused(&Refusal::SignedOut) }
}

async fn asked_by(session: Session, mut request: Request, next: Next) -> Response {
    // A page shows who asks, and what they may.
    if request.method() == Method::GET {
        match session.desk.caller().await {
            Ok(caller) => drop(request.extensions_mut().insert(caller)),
            Err(refusal) => return refused(&refusal),
        }
    }
    request.extensions_mut().insert(session.desk.clone());
    request.extensions_mut().insert(session);
    next.run(request).await
}

/// The desk of a request that [`known`] let through.
pub(crate) type CurrentUser = axum::Extension<Desk>;
