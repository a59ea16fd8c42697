//! What was asked for is done, also when whoever asked does not wait for the answer: a person presses Start and opens
//! another page while the jar is still looked at; a program's connection breaks.

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::Response;

use crate::mishap;

/// Lets a request that changes something come to its end. One whose body stops coming ends by that, as before.
pub(crate) async fn on(request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    tokio::spawn(next.run(request)).await.unwrap_or_else(|_| {
        mishap::declined(
            StatusCode::SERVICE_UNAVAILABLE,
            "The portal is ending; look again whether it was done.",
        )
    })
}
