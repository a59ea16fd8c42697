//! What stands where something is being read.

use leptos::prelude::*;

/// Lines that stand in for content.
#[component]
pub(crate) fn Waiting(
    /// How many.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView {
    view! {
        <div class="stack" aria-busy="true">
            <span class="spinner" role="status"><span class="sr-only">"Loading"</span></span>
            {(0..lines).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
        </div>
    }
}
