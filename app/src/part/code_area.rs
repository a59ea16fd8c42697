//! Several lines of text for machines, to be written: a script, addresses.

use leptos::prelude::*;

/// A field of several lines. Its label and what is wrong with it stand in a [`Field`](super::Field) of the same id.
#[component]
pub(crate) fn CodeArea(
    /// Its id in the page.
    #[prop(into)]
    id: String,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// The text.
    #[prop(into)]
    text: Signal<String>,
    /// It is not smaller.
    rows: usize,
    /// Each line has its number beside it.
    #[prop(optional)]
    numbered: bool,
    /// Something is wrong with it.
    #[prop(into)]
    wrong: Signal<bool>,
    /// What is typed.
    on_text: Callback<String>,
) -> impl IntoView {
    let lines = Memo::new(move |_| text.with(|text| text.split('\n').count()).max(rows));
    let numbers = move || (1..=lines.get()).map(|number| number.to_string()).collect::<Vec<_>>().join("\n");
    let described = format!("{id}-hint {id}-error");
    view! {
        <div class="code-area" class:numbered=numbered>
            {numbered.then(|| view! { <pre aria-hidden="true">{numbers}</pre> })}
            <textarea class="input code" id=id name=name rows=move || lines.get() wrap="off" autocomplete="off"
                autocapitalize="off" spellcheck="false" aria-describedby=described
                aria-invalid=move || wrong.get().then_some("true")
                prop:value=move || text.get()
                on:input=move |event| on_text.run(event_target_value(&event))
                inner_html=text.with_untracked(|text| written(text))></textarea>
        </div>
    }
}

/// As it stands within the element: nothing in it ends the element, and the line end that browsers leave out comes first.
fn written(text: &str) -> String {
    format!("\n{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_its_element() {
        assert_eq!(written("\na </textarea><b>&lt;"), "\n\na &lt;/textarea&gt;&lt;b&gt;&amp;lt;");
    }
}
