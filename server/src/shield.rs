//! What every request must pass and every response carries: host and origin checks, the size of a form, security
//! headers.

use std::any::Any;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use futures::StreamExt;
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use crate::bearer;
use crate::mishap::{MISTAKE, Requester, declined};
use crate::monitoring;
use crate::state::AppState;

/// Refuses names that are not the portal's and writes that come from another site, and sets the headers that keep pages
/// from being framed, sniffed or leaked: on refusals too, whoever made them.
pub(crate) async fn guard(State(portal): State<AppState>, request: Request, next: Next) -> Response {
    let asked = Requester::of(request.method(), request.uri(), request.headers());
    let response = match stranger(&portal, &request) {
        Some(refused) => refused,
        None => next.run(request).await,
    };
    let mut response = asked.told(response);
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

fn stranger(portal: &AppState, request: &Request) -> Option<Response> {
    let watches =
        monitoring::is_one(request.uri().path()) && monitoring::names_the_machine(request.headers());
    if !watches && !portal.origin.answers(request.headers()) {
        let sentence =
            format!("The portal does not answer under this name. It is at {}.", portal.origin.url());
        return Some(declined(StatusCode::MISDIRECTED_REQUEST, &sentence));
    }
    // A browser sends a cookie wherever it is led to; a token somebody must have put there.
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let led = !reads && bearer::secret(request.headers()).is_none();
    if led && !portal.origin.wrote(request.headers()) {
        let sentence = "This request comes from another site; the portal takes only its own.";
        return Some(declined(StatusCode::FORBIDDEN, sentence));
    }
    None
}

/// Pages, forms and server functions: a form holds a few hundred short fields. Uploads have a route of their own.
const LARGEST_FORM: usize = 1024 * 1024;
/// How much more is read of a request that is refused: who is cut off while sending does not hear why.
pub(crate) const HEARD_OUT: usize = 32 * LARGEST_FORM;

/// Refuses a form that is larger than any, with a sentence, whether it says its length or not.
pub(crate) async fn no_larger(request: Request, next: Next) -> Response {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|length| length <= LARGEST_FORM) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let mut body = body.into_data_stream();
    let (mut form, mut heard) = (Vec::new(), 0);
    while let Some(chunk) = body.next().await {
        let Ok(chunk) = chunk else {
            return declined(StatusCode::BAD_REQUEST, "The request broke off. Nothing was done.");
        };
        heard += chunk.len();
        if length.is_none() && heard <= LARGEST_FORM {
            form.extend_from_slice(&chunk);
        } else if heard > HEARD_OUT {
            break;
        }
    }
    if heard > LARGEST_FORM || length.is_some() {
        let sentence = "The request is larger than a form can be, which is 1 MB. Nothing was done.";
        return declined(StatusCode::PAYLOAD_TOO_LARGE, sentence);
    }
    next.run(Request::from_parts(parts, Body::from(Bytes::from(form)))).await
}

/// Answers a request whose handler panicked.
pub(crate) fn panicked(_: Box<dyn Any + Send>) -> Response {
    declined(StatusCode::INTERNAL_SERVER_ERROR, MISTAKE)
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
