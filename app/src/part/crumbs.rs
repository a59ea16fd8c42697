//! Where a page is, and its head.

use leptos::prelude::*;
use leptos_meta::Title;

/// Breadcrumbs: places with their addresses, then the page itself.
#[component]
pub(crate) fn Crumbs(
    /// Word and address of each place above.
    above: Vec<(String, String)>,
    /// The page.
    #[prop(into)]
    here: String,
) -> impl IntoView {
    view! {
        <nav class="breadcrumbs" aria-label="Breadcrumbs">
            {above.into_iter().map(|(word, href)| view! { <a href=href>{word}</a> }).collect_view()}
            <span aria-current="page">{here}</span>
        </nav>
    }
}

/// The page's heading, its tab title, and what stands beside.
#[component]
pub(crate) fn PageHead(
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// The browser's title, if it says more.
    #[prop(optional, into)]
    tab: Option<Signal<String>>,
    /// Status, sentence, the one action of a phone.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let tab = tab.unwrap_or(title);
    // The server writes the head when the content may be gone already, and its signals with it.
    let text: TextProp =
        if cfg!(feature = "ssr") { tab.get_untracked().into() } else { (move || tab.get()).into() };
    view! {
        <Title text=text/>
        <header class="page-head">
            <h1>{move || title.get()}</h1>
            {children.map(|children| children())}
        </header>
    }
}
