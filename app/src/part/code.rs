//! Text for machines, to be read and copied.

use leptos::html;
use leptos::prelude::*;

use super::Copy;
use crate::live::Hand;

/// A block of code with its name and a copy button.
#[component]
pub(crate) fn Code(
    /// "cluster.json".
    #[prop(into)]
    name: String,
    /// The text. It waits while a part of it is selected.
    #[prop(into)]
    text: Signal<String>,
    /// More in the head: a download link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let (node, hand) = (NodeRef::<html::Pre>::new(), Hand::here());
    let shown = Memo::new(move |before: Option<&String>| {
        let node = node.get_untracked();
        match before.filter(|_| node.is_some_and(|node| hand.selects(&node))) {
            Some(before) => before.clone(),
            None => text.get(),
        }
    });
    view! {
        <div class="code-frame">
            <header>
                <span>{name}</span>
                {children.map(|children| children())}
                <Copy text=text what="the text"/>
            </header>
            <pre class="code-block" tabindex="0" node_ref=node><code>{move || shown.get()}</code></pre>
        </div>
    }
}
