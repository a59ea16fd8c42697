//! What every request must pass and every response carries: host and origin checks, security headers.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
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

/// Says in a sentence what the limit of a request's length says in three words.
pub(crate) async fn say_too_large(response: Response) -> Response {
    if response.status() == StatusCode::PAYLOAD_TOO_LARGE {
        let sentence = "The request is larger than a form can be, which is 1 MB. Nothing was done.";
        return (StatusCode::PAYLOAD_TOO_LARGE, sentence).into_response();
    }
    response
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
