//! An error instead of an answer: where content should be, and where something was asked for.

use domain::refusal::Refusal;
use leptos::prelude::*;

use super::Notice;
use crate::api::ApiError;

/// Where content should be and an error came instead.
#[component]
pub(crate) fn Trouble(
    /// The error.
    error: ApiError,
) -> impl IntoView {
    if matches!(error, ApiError::Refused(Refusal::SignedOut)) {
        crate::navigation::go("/sign-in");
    }
    let title = match &error {
        ApiError::Refused(Refusal::NotFound(_)) => "This is not here",
        ApiError::Refused(Refusal::Forbidden(_)) => "You may not see this",
        ApiError::Refused(Refusal::SignedOut) => "You are signed out",
        ApiError::Refused(_) => "The portal declined",
        ApiError::Internal { .. } => "Something went wrong",
        ApiError::Unanswered | ApiError::Misread(_) => "This could not be read",
    };
    let tone = if matches!(error, ApiError::Refused(Refusal::NotFound(_))) { "warn" } else { "bad" };
    view! {
        <Notice tone=tone title=title>
            <p>{error.to_string()}</p>
            <p class="ways"><a href="/jobs">"Go to the jobs"</a></p>
        </Notice>
    }
}

/// Where something was asked for and an error came instead.
#[component]
pub(crate) fn Declined(
    /// What it was about: `the cluster`.
    what: &'static str,
    /// What should have become of it: `created`.
    done: &'static str,
    /// The error.
    error: ApiError,
    /// Ways out: links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Notice tone="bad" title=not_done(what, done, &error)>
            <p>{error.to_string()}</p>
            {children.map(|children| view! { <p class="ways">{children()}</p> })}
        </Notice>
    }
}

/// The headline: only after a refusal it is certain that nothing was done.
pub(crate) fn not_done(what: &str, done: &str, error: &ApiError) -> String {
    match error {
        ApiError::Refused(_) => {
            let (first, rest) = what.split_at(what.chars().next().map_or(0, char::len_utf8));
            format!("{}{rest} was not {done}", first.to_uppercase())
        }
        ApiError::Internal { .. } | ApiError::Unanswered | ApiError::Misread(_) => {
            format!("It is not known whether {what} was {done}")
        }
    }
}
