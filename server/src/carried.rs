//! What was asked for is done, also when whoever asked does not wait for the answer: a person presses Start and opens
//! another page while the jar is still looked at; a program's connection breaks.

use std::future::Future;

use axum::http::{Method, StatusCode};
use axum::response::Response;
use futures::future::Either;

use crate::mishap;

/// The answer to a request. One that changes something is begun at once and comes to its end, whatever becomes of its
/// connection: that is what is called here, and not only what is waited for. One whose body stops coming ends by that.
pub(crate) fn on<A>(method: &Method, answer: A) -> impl Future<Output = Response> + use<A>
where
    A: Future<Output = Response> + Send + 'static,
{
    if method.is_safe() {
        return Either::Left(answer);
    }
    let answer = tokio::spawn(answer);
    Either::Right(async {
        answer.await.unwrap_or_else(|_| {
            mishap::declined(
                StatusCode::SERVICE_UNAVAILABLE,
                "The portal is ending; look again whether it was done.",
            )
        })
    })
}
