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
    href: Signal<String>,
    /// It is the one that is shown.
    #[prop(into)]
    here: Signal<bool>,
    /// Its words and marks.
    children: Children,
) -> impl IntoView {
    view! { <a href=move || href.get() aria-current=move || here.get().then_some("page")>{children()}</a> }
}
