//! What went wrong: what, why, what now; the whole exception one click away.

use domain::reason::Reason;
use leptos::prelude::*;

use super::{Copy, Notice};

/// A job's or an operation's failure.
#[component]
pub(crate) fn Failure(
    /// Why.
    reason: Reason,
    /// What failed was made good by itself.
    #[prop(optional)]
    made_good: bool,
    /// Ways out: links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (what, rest) = split(&reason.message);
    view! {
        <Notice tone=if made_good { "warn" } else { "bad" } title=what>
            {(!rest.is_empty()).then(|| view! { <p>{rest}</p> })}
            {children.map(|children| view! { <p class="ways">{children()}</p> })}
        </Notice>
    }
}

/// The exception as it was given, folded.
#[component]
pub(crate) fn Exception(
    /// The whole text.
    text: String,
    /// Unfolded from the beginning.
    #[prop(optional)]
    open: bool,
) -> impl IntoView {
    if text.is_empty() {
        return ().into_any();
    }
    let lines = crate::words::count(text.lines().count(), "line", "lines");
    view! {
        <details class="exception" open=open>
            <summary>"Exception "<small>"as it was given, "{lines}</small></summary>
            <div class="code-frame">
                <header><span>"Exception"</span><Copy text=text.clone() what="the exception"/></header>
                <pre class="code-block" tabindex="0"><code>{text}</code></pre>
            </div>
        </details>
    }
    .into_any()
}

/// The first sentence, and the rest.
fn split(message: &str) -> (String, String) {
    match message.split_once(". ") {
        Some((first, rest)) => (format!("{first}."), rest.to_owned()),
        None => (message.to_owned(), String::new()),
    }
}
