//! Access tokens in requests: `Authorization: Bearer`, which programs send and browsers never do by themselves.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use crate::mishap::declined;

/// The token that a request brings. Another scheme is a proxy's business and none of the portal's.
pub(crate) fn secret(headers: &HeaderMap) -> Option<&str> {
    let said = headers.get(header::AUTHORIZATION)?.to_str().ok()?.trim();
    let (scheme, secret) = said.split_once(' ').unwrap_or((said, ""));
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
}

/// The answer to a token that does not hold. It does not say why: whoever has found one must not learn that it was good.
pub(crate) fn refused() -> Response {
    let sentence = "This token is not accepted: it is wrong, or does not hold any more. Make a new one in Settings, or with \
                    `penstock token create`.";
    let mut response = declined(StatusCode::UNAUTHORIZED, sentence);
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}
