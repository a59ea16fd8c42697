//! Text for machines, to be read and copied; and the one safe text area.

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

/// A text area whose content is escaped: the raw tag writes its children as they are in this version of Leptos.
#[component]
pub(crate) fn CodeArea(
    /// The name in the form.
    #[prop(into)]
    name: String,
    /// The id for a label.
    #[prop(into)]
    id: String,
    /// What it holds at first.
    #[prop(into)]
    value: String,
    /// Called with what was typed.
    on_text: Callback<String>,
) -> impl IntoView {
    view! {
        <textarea class="input code" name=name id=id inner_html=escaped(&value) spellcheck="false"
            on:input=move |event| on_text.run(event_target_value(&event))></textarea>
    }
}

/// Text as HTML that shows it.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_tag_leaves_a_text_area() {
        let hostile = "</textarea><script>alert(1)</script>&amp;";
        assert!(!super::escaped(hostile).contains('<'));
        assert_eq!(super::escaped("&amp;"), "&amp;amp;");
    }
}
