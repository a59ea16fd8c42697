//! The error of every server function, and the desk at which the caller sits.

use domain::refusal::Refusal;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use serde::{Deserialize, Serialize};

use super::codec::JsonText;

/// Why a server function did not answer. Its `Display` is a sentence for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub(crate) enum ApiError {
    /// The desk declined.
    #[error("{0}")]
    Refused(Refusal),
    /// A mistake in the portal itself; the log has the rest under this reference.
    #[error("Something went wrong in the portal. Its log says more at reference {reference}.")]
    Internal {
        /// What to look for in the log.
        reference: String,
    },
    /// The portal was not reached.
    #[error("The portal did not answer. Check the connection and try again.")]
    Unanswered,
    /// The answer was not understood.
    #[error("The portal's answer was not understood: {0}. It may be newer than this page: reload the page.")]
    Misread(String),
}

impl FromServerFnError for ApiError {
    type Encoder = JsonText;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unanswered,
            ServerFnErrorErr::Response(why) => Self::Misread(why),
            ServerFnErrorErr::Args(why) | ServerFnErrorErr::MissingArg(why) => Self::malformed(&why),
            // What the server could not read is the request; what the browser could not read is the answer.
            ServerFnErrorErr::Deserialization(why) if cfg!(feature = "ssr") => Self::malformed(&why),
            other => internal(&other.to_string()),
        }
    }
}

impl ApiError {
    fn malformed(why: &str) -> Self {
        Refusal::field("", "", format!("The request is malformed: {why}.")).into()
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        set_status(refusal.status());
        Self::Refused(refusal)
    }
}

#[cfg(feature = "ssr")]
fn internal(why: &str) -> ApiError {
    let reference = uuid::Uuid::now_v7().simple().to_string();
    tracing::error!(%reference, why, "a server function failed");
    ApiError::Internal { reference }
}

#[cfg(not(feature = "ssr"))]
fn internal(why: &str) -> ApiError {
    ApiError::Misread(why.to_owned())
}

/// The HTTP status of the page or of the call that is being answered.
#[cfg(feature = "ssr")]
pub(crate) fn set_status(status: u16) {
    if posted_by_form() {
        return;
    }
    if let Some(options) = leptos::prelude::use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = axum::http::StatusCode::from_u16(status)
    {
        options.set_status(status);
    }
}

/// A form post without script is answered with a redirect back to its page, which no status may hide.
#[cfg(feature = "ssr")]
fn posted_by_form() -> bool {
    leptos::prelude::use_context::<axum::http::request::Parts>().is_some_and(|parts| {
        let accept = parts.headers.get(axum::http::header::ACCEPT).map(|kinds| kinds.as_bytes());
        parts.method == axum::http::Method::POST
            && accept.is_some_and(|kinds| kinds.starts_with(b"text/html"))
    })
}

#[cfg(not(feature = "ssr"))]
pub(crate) fn set_status(_status: u16) {}

/// The desk of the person whose session sent this request.
///
/// # Errors
/// `SignedOut` without a session. `Unanswered` when the page that asked is gone: on the server a part of a page may be
/// built twice, and what the first one asked is still on its way then.
#[cfg(feature = "ssr")]
pub(crate) async fn desk() -> Result<orchestrator::Desk, ApiError> {
    let Some(parts) = leptos::prelude::use_context::<axum::http::request::Parts>() else {
        return Err(ApiError::Unanswered);
    };
    parts.extensions.get::<orchestrator::Desk>().cloned().ok_or_else(|| Refusal::SignedOut.into())
}
