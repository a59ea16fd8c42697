//! A choice among a list.

use leptos::prelude::*;

/// A select. Without script it is a control of the form around it.
#[component]
pub(crate) fn Select(
    /// The name in the form.
    name: &'static str,
    /// What it chooses, for screen readers, if no label does.
    #[prop(optional, into)]
    label: String,
    /// The id for a label.
    #[prop(optional, into)]
    id: Option<String>,
    /// Value and word of each choice.
    choices: Vec<(String, String)>,
    /// The value that is chosen.
    #[prop(into)]
    chosen: String,
    /// Called with the new value.
    #[prop(optional, into)]
    on_choose: Option<Callback<String>>,
) -> impl IntoView {
    let options = choices.into_iter().map(|(value, word)| {
        let selected = value == chosen;
        view! { <option value=value selected=selected>{word}</option> }
    });
    let options = options.collect_view();
    view! {
        <span class="select">
            <select class="input" name=name id=id aria-label=(!label.is_empty()).then_some(label)
                on:change=move |event| {
                    if let Some(on_choose) = on_choose {
                        on_choose.run(event_target_value(&event));
                    }
                }>
                {options}
            </select>
        </span>
    }
}
