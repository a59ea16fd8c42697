//! A field of a form: label, control, hint, error, tied together for everyone.

use leptos::prelude::*;

use super::Icon;

/// One field. Its control, the child, has the same `id` and `aria-describedby="<id>-hint <id>-error"`.
#[component]
pub(crate) fn Field(
    /// The control's id.
    #[prop(into)]
    id: String,
    /// The label.
    #[prop(into)]
    label: String,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// What it does or what it gives.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    /// The control.
    children: Children,
) -> impl IntoView {
    let (hint_id, error_id) = (format!("{id}-hint"), format!("{id}-error"));
    let hint_line = move || {
        let id = hint_id.clone();
        hint.get().map(|hint| view! { <p class="hint" id=id>{hint}</p> })
    };
    let error_line = move || {
        let id = error_id.clone();
        error.get().map(|error| view! { <p class="error" id=id><Icon name="warn"/>{error}</p> })
    };
    view! {
        <div class="field">
            <label for=id>
                {label}
                {optional.then(|| view! { " "<span class="optional">"optional"</span> })}
            </label>
            {children()}
            {hint_line}
            {error_line}
        </div>
    }
}

/// A check box with a sentence.
#[component]
pub(crate) fn Check(
    /// The name in the form.
    name: &'static str,
    /// The sentence.
    #[prop(into)]
    label: String,
    /// More about it.
    #[prop(optional, into)]
    hint: String,
    /// Ticked.
    ticked: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" name=name value="true" checked=ticked.get_untracked()
                prop:checked=move || ticked.get()
                on:change=move |event| ticked.set(event_target_checked(&event))/>
            <span>
                {label}
                {(!hint.is_empty()).then(|| view! { <small>{hint}</small> })}
            </span>
        </label>
    }
}
