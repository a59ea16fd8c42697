//! Signing in and out. A link is opened as often as one likes, by whoever looks at links before people do; the button
//! on its page uses it up.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use orchestrator::{Desk, Origin};

use crate::connections::Peer;
use crate::mishap::{declined, refused};
use crate::state::AppState;

/// Turns a one-time link into a session.
pub(crate) async fn redeem(
    State(portal): State<AppState>,
    Extension(Peer(peer)): Extension<Peer>,
    Path(token): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asked = asked_from(&portal, peer, &headers);
    if !portal.guesses.may_try(asked) {
        let sentence = "Too many wrong sign-in links came from your address. Wait a minute, then try again.";
        let response = declined(StatusCode::TOO_MANY_REQUESTS, sentence);
        return ([(header::RETRY_AFTER, PAUSE.as_secs().to_string())], response).into_response();
    }
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let origin = Origin { agent: agent.to_owned(), address: asked.to_string() };
    match portal.plane.redeem_link(&token, &origin).await {
        Ok(secret) => ([portal.cookie.given(&secret, portal.longest)], Redirect::to("/")).into_response(),
        Err(domain::refusal::Refusal::NotFound(_)) => {
            portal.guesses.was_wrong(asked);
            Redirect::to("/sign-in?refused=link").into_response()
        }
        Err(refusal) => refused(&refusal),
    }
}

/// Ends the session.
pub(crate) async fn sign_out(State(portal): State<AppState>, desk: Option<Extension<Desk>>) -> Response {
    if let Some(Extension(desk)) = desk
        && let Err(refusal) = desk.sign_out().await
    {
        return refused(&refusal);
    }
    ([portal.cookie.taken()], Redirect::to("/sign-in")).into_response()
}

/// The address that asks: a proxy says for whom it does, after whatever the asker said.
fn asked_from(portal: &AppState, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let said = headers.get_all("x-forwarded-for").iter().next_back().filter(|_| portal.origin.is_proxied());
    let last = said.and_then(|said| said.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}

/// Wrong links of one address within [`PAUSE`], after which it has to wait.
const WRONG: u32 = 30;
/// How long such links are remembered.
const PAUSE: Duration = Duration::from_secs(60);
/// Addresses that are remembered at most.
const ADDRESSES: usize = 4096;

/// Wrong links, by the address from which they came.
#[derive(Default)]
pub(crate) struct Guesses(Mutex<HashMap<IpAddr, (u32, Instant)>>);

impl Guesses {
    fn may_try(&self, from: IpAddr) -> bool {
        let guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        guesses.get(&from).is_none_or(|(wrong, since)| *wrong < WRONG || since.elapsed() >= PAUSE)
    }

    fn was_wrong(&self, from: IpAddr) {
        let mut guesses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if guesses.len() >= ADDRESSES {
            guesses.retain(|_, (_, since)| since.elapsed() < PAUSE);
        }
        let (wrong, since) = guesses.entry(from).or_insert((0, Instant::now()));
        if since.elapsed() >= PAUSE {
            (*wrong, *since) = (0, Instant::now());
        }
        *wrong += 1;
    }
}
