//! Small forms that are sent as they are, drawn from data.

use leptos::prelude::*;

use super::Field;

/// A text field of such a form.
pub(crate) struct Typed {
    /// Its name in the form.
    pub(crate) name: &'static str,
    /// Its label.
    pub(crate) label: &'static str,
    /// What it does or takes; may be empty.
    pub(crate) hint: &'static str,
    /// What stands in it.
    pub(crate) value: String,
}

/// A form with a few fields and one button. Its page shows what is refused.
#[component]
pub(crate) fn Posted(
    /// Where it is sent.
    action: &'static str,
    /// Its part of every id: unique in the page.
    #[prop(into)]
    id: String,
    /// What is sent without being shown.
    hidden: Vec<(&'static str, String)>,
    /// What is typed.
    #[prop(optional)]
    fields: Vec<Typed>,
    /// The button's word.
    button: &'static str,
    /// What it is about, for who hears the page: `Delete the subnet b`.
    #[prop(into)]
    about: String,
) -> impl IntoView {
    let hidden =
        hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let bare = fields.is_empty();
    let fields = fields.into_iter().map(|Typed { name, label, hint, value }| {
        let id = format!("{id}-{name}");
        let hint = Some(hint.to_owned()).filter(|hint| !hint.is_empty());
        view! {
            <Field id=id.clone() label=label hint=hint>
                <input class="input" id=id.clone() name=name value=value autocomplete="off" spellcheck="false"
                    aria-describedby=format!("{id}-hint {id}-error")/>
            </Field>
        }
    });
    let fields = fields.collect_view();
    view! {
        <form class:stack=!bare method="post" action=action>
            {hidden.collect_view()}
            {fields}
            <div class="button-row"><button class="button" class:small=bare aria-label=about>{button}</button></div>
        </form>
    }
}
