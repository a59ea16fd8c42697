//! Tabs that are links: every one has its address.

use leptos::prelude::*;

/// A row of tabs.
#[component]
pub(crate) fn Tabs(
    /// What they are tabs of.
    label: &'static str,
    /// [`Tab`]s.
    children: Children,
) -> impl IntoView {
    view! { <nav class="tabs" aria-label=label>{children()}</nav> }
}

/// One tab.
#[component]
pub(crate) fn Tab(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// It is the one that is shown.
    here: bool,
    /// Its words and marks.
    children: Children,
) -> impl IntoView {
    view! { <a href=href aria-current=here.then_some("page")>{children()}</a> }
}
