//! What went wrong: what, why, what now; the whole exception one click away.

use domain::reason::Reason;
use leptos::prelude::*;

use super::{Copy, Notice};

/// A job's or an operation's failure.
#[component]
pub(crate) fn Failure(
    /// What went wrong: "Update failed".
    #[prop(into)]
    what: String,
    /// Why, and what now.
    reason: Reason,
    /// What failed was made good by itself.
    #[prop(optional)]
    made_good: bool,
    /// Ways out: links.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <Notice tone=if made_good { "warn" } else { "bad" } title=what>
            <p>{reason.message}</p>
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
    /// What unfolds it.
    #[prop(default = "Exception")]
    word: &'static str,
) -> impl IntoView {
    if text.is_empty() {
        return ().into_any();
    }
    let lines = crate::words::count(text.lines().count(), "line", "lines");
    view! {
        <details class="exception" open=open>
            <summary>{word}" "<small>"as it was given, "{lines}</small></summary>
            <div class="code-frame">
                <header><span>"Exception"</span><Copy text=text.clone() what="the exception"/></header>
                <pre class="code-block" tabindex="0"><code>{text}</code></pre>
            </div>
        </details>
    }
    .into_any()
}
