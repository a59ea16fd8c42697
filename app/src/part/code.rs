//! Text for machines, to be read and copied.

use leptos::prelude::*;

use super::Copy;

/// A block of code with its name and a copy button.
#[component]
pub(crate) fn Code(
    /// "cluster.json".
    #[prop(into)]
    name: String,
    /// The text.
    #[prop(into)]
    text: String,
    /// More in the head: a download link.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="code-frame">
            <header>
                <span>{name}</span>
                {children.map(|children| children())}
                <Copy text=text.clone() what="the text"/>
            </header>
            <pre class="code-block" tabindex="0"><code>{text}</code></pre>
        </div>
    }
}
