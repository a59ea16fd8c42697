//! What every request must pass and every response carries: host and origin checks, security headers.

use std::any::Any;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::boot::Portal;

/// Refuses names that are not the portal's (DNS rebinding) and writes that come from another site, and sets the
/// headers that keep pages from being framed, sniffed or leaked.
pub(crate) async fn guard(State(portal): State<Portal>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if let Some(hosts) = portal.hosts.as_ref()
        && !hosts.iter().any(|known| known == host)
    {
        return (StatusCode::MISDIRECTED_REQUEST, "The portal does not answer under this name.")
            .into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) && !same_origin(headers, host) {
        return (
            StatusCode::FORBIDDEN,
            "This request comes from another site; the portal takes only its own.",
        )
            .into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Pages, forms and server functions: a form holds a few hundred short fields. Uploads have a route of their own.
pub(crate) const LARGEST_FORM: usize = 1024 * 1024;
/// How much more is read of a request that is refused: who is cut off while sending does not hear why.
pub(crate) const HEARD_OUT: usize = 32 * LARGEST_FORM;

/// Refuses a form that is larger than any, with a sentence.
pub(crate) async fn no_larger(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length > LARGEST_FORM) {
        let (mut body, mut heard) = (request.into_body().into_data_stream(), 0);
        while let Some(Ok(chunk)) = body.next().await
            && heard < HEARD_OUT
        {
            heard += chunk.len();
        }
        return too_large();
    }
    // One that does not say its length is cut off by the limit behind this, which says so in three words.
    let response = next.run(request).await;
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE { too_large() } else { response }
}

fn too_large() -> Response {
    let sentence = "The request is larger than a form can be, which is 1 MB. Nothing was done.";
    (StatusCode::PAYLOAD_TOO_LARGE, sentence).into_response()
}

/// Answers a request whose handler panicked. What it said is in the portal's own log, and nobody else's business.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    let sentence = "The portal made a mistake with this request. Load the page again to see what was done.";
    (StatusCode::INTERNAL_SERVER_ERROR, sentence).into_response()
}

/// Browsers say where a write comes from; a client that is no browser sends neither header and has no cookie to
/// steal.
fn same_origin(headers: &HeaderMap, host: &str) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some("same-origin" | "none"), _) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        (None, None) => true,
    }
}

/// A page's content security policy: only the portal's own origin, and inline scripts only with this response's
/// nonce (Leptos' hydration script has it).
pub(crate) fn page_policy() {
    let (Some(nonce), Some(response)) = (leptos::nonce::use_nonce(), use_context::<ResponseOptions>()) else {
        return;
    };
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}
