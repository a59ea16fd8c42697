//! Words that an address carries into a page, such as what a form without script was refused for. Anybody can write an
//! address, so the portal seals its own for the session that they are for, and shows no others. Every redirect passes
//! here too: it leads to a place of the portal or it is none of ours.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::inside::{Inside, SEAL, notice_of};
use ring::hmac;

use crate::state::AppState;

/// What makes seals. It is new with each start of the portal: a notice is about what was just done.
pub(crate) struct Sealer(hmac::Key);

impl Sealer {
    /// A new one.
    ///
    /// # Errors
    /// The system has no random bytes.
    pub(crate) fn new() -> anyhow::Result<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &ring::rand::SystemRandom::new());
        Ok(Self(key.map_err(|_| anyhow::anyhow!("The system gives no random bytes."))?))
    }

    /// An address with notices, sealed for a session.
    fn sealed(&self, told: &Told, session: &str) -> String {
        let seal = hex::encode(hmac::sign(&self.0, &told.message(session)));
        let joint = if told.place.as_str().contains('?') { '&' } else { '?' };
        format!("{}{joint}{}&{SEAL}={seal}", told.place, told.notices.join("&"))
    }

    fn holds(&self, told: &Told, session: &str) -> bool {
        let seal = told.seal.as_deref().and_then(|seal| hex::decode(seal).ok()).unwrap_or_default();
        hmac::verify(&self.0, &told.message(session), &seal).is_ok()
    }
}

/// An address taken apart: the place, the words for it, and the seal on them.
struct Told {
    place: Inside,
    notices: Vec<String>,
    seal: Option<String>,
}

impl Told {
    /// None if it leads elsewhere. Of a notice that stands twice, the last one counts.
    fn read(address: &str) -> Option<Self> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let (mut others, mut notices, mut seal) = (Vec::new(), Vec::<(&str, &str)>::new(), None);
        for field in query.split('&').filter(|field| !field.is_empty()) {
            match notice_of(field) {
                None => others.push(field),
                Some(SEAL) => seal = field.split_once('=').map(|(_, seal)| seal.to_owned()),
                Some(name) => {
                    notices.retain(|(other, _)| *other != name);
                    notices.push((name, field.split_once('=').map_or("", |(_, words)| words)));
                }
            }
        }
        let joint = if others.is_empty() { "" } else { "?" };
        let place = Inside::parse(&format!("{path}{joint}{}", others.join("&")))?;
        let notices = notices.into_iter().map(|(name, words)| format!("{name}={words}")).collect();
        Some(Self { place, notices, seal })
    }

    /// What is sealed: for whom, where, what. The first two hold no line break.
    fn message(&self, session: &str) -> Vec<u8> {
        let path = self.place.as_str().split('?').next().unwrap_or_default();
        format!("{session}\n{path}\n{}", self.notices.join("&")).into_bytes()
    }
}

/// Takes from an address the words that this portal did not seal, and lets a response send to places of the portal
/// alone.
pub(crate) async fn sealed(State(portal): State<AppState>, request: Request, next: Next) -> Response {
    let session = portal.cookie.secret(request.headers()).unwrap_or_default();
    let address = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && address
            .split_once('?')
            .is_some_and(|(_, query)| query.split('&').any(|field| notice_of(field).is_some()))
    {
        match Told::read(&address) {
            Some(told) if portal.sealer.holds(&told, &session) => {}
            Some(told) => return Redirect::to(told.place.as_str()).into_response(),
            None => return Redirect::to("/").into_response(),
        }
    }
    let host = host(request.headers());
    let mut response = next.run(request).await;
    if let Some(leads) = response.headers().get(header::LOCATION) {
        let leads = leads.to_str().ok().and_then(|leads| Told::read(path_of(leads, &host)));
        let place = match leads {
            Some(told) if told.notices.is_empty() => told.place.to_string(),
            Some(told) => portal.sealer.sealed(&told, &session),
            None => Inside::or_jobs("").to_string(),
        };
        if let Ok(place) = HeaderValue::from_str(&place) {
            response.headers_mut().insert(header::LOCATION, place);
        }
    }
    response
}

fn host(headers: &HeaderMap) -> String {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned()
}

/// The path of an address that a browser said it came from: the portal answers under this host.
fn path_of<'a>(address: &'a str, host: &str) -> &'a str {
    let after = ["http://", "https://"].into_iter().find_map(|scheme| address.strip_prefix(scheme));
    after.and_then(|rest| rest.strip_prefix(host)).unwrap_or(address)
}
