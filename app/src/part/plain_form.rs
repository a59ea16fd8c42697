//! A form that is drawn from data and sent as it is: it works without script.

use leptos::prelude::*;

use super::Field;

/// A field.
pub(crate) struct Input {
    /// Its name in the form.
    name: &'static str,
    /// Its label.
    label: &'static str,
    /// What it does; may be empty.
    hint: String,
    /// What it takes.
    kind: Kind,
    /// What stands in it.
    value: String,
}

impl Input {
    /// An empty one.
    pub(crate) fn new(name: &'static str, label: &'static str, hint: &str, kind: Kind) -> Self {
        Self { name, label, hint: hint.to_owned(), kind, value: String::new() }
    }

    /// The same, and something stands in it.
    pub(crate) fn holding(self, value: &str) -> Self {
        Self { value: value.to_owned(), ..self }
    }
}

/// What a field takes.
pub(crate) enum Kind {
    /// Words for machines that must be there.
    Needed,
    /// The same, and it may stay empty.
    Optional,
    /// What nobody may read over a shoulder, and no browser keeps.
    Secret {
        /// It must be there.
        needed: bool,
    },
    /// One of these: value and words.
    Choice(Vec<(String, String)>),
}

/// The form, as a card.
#[component]
pub(crate) fn PlainForm(
    /// What begins the ids of its controls.
    #[prop(into)]
    id: String,
    /// Its headline.
    title: &'static str,
    /// Beside the headline.
    #[prop(optional, into)]
    about: String,
    /// Where it is sent.
    action: &'static str,
    /// What is sent beside the fields.
    hidden: Vec<(&'static str, String)>,
    /// Its fields.
    inputs: Vec<Input>,
    /// The word on its button.
    button: &'static str,
) -> impl IntoView {
    let controls = controls(&id, hidden, inputs, "button primary", button.to_owned());
    view! {
        <form class="card" method="post" action=action>
            <header><h2>{title}</h2><small>{about}</small></header>
            {controls}
        </form>
    }
    .into_any()
}

/// The form within a card of its page, for who asks for it.
#[component]
pub(crate) fn FoldedForm(
    /// What begins the ids of its controls.
    id: String,
    /// What asks for it.
    title: &'static str,
    /// Where it is sent.
    action: &'static str,
    /// What is sent beside the fields.
    hidden: Vec<(&'static str, String)>,
    /// Its fields.
    inputs: Vec<Input>,
    /// The words on its button, which say of what it is.
    button: String,
) -> impl IntoView {
    let controls = controls(&id, hidden, inputs, "button", button);
    view! {
        <details>
            <summary>{title}</summary>
            <form method="post" action=action>{controls}</form>
        </details>
    }
    .into_any()
}

fn controls(
    id: &str,
    hidden: Vec<(&'static str, String)>,
    inputs: Vec<Input>,
    class: &'static str,
    button: String,
) -> AnyView {
    let hidden =
        hidden.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value/> });
    let fields = inputs.into_iter().map(|input| field(id, input));
    view! {
        {hidden.collect_view()}
        <div class="stack">
            {fields.collect_view()}
            <div class="button-row"><button class=class>{button}</button></div>
        </div>
    }
    .into_any()
}

fn field(form: &str, Input { name, label, hint, kind, value }: Input) -> AnyView {
    let id = format!("{form}-{name}");
    let described = format!("{id}-hint {id}-error");
    let optional = matches!(kind, Kind::Optional | Kind::Secret { needed: false });
    let control = match kind {
        Kind::Choice(choices) => {
            let options = choices.into_iter().map(|(choice, words)| {
                let selected = choice == value;
                view! { <option value=choice selected=selected>{words}</option> }
            });
            view! {
                <span class="select">
                    <select class="input" id=id.clone() name=name aria-describedby=described>{options.collect_view()}</select>
                </span>
            }
            .into_any()
        }
        Kind::Needed | Kind::Optional | Kind::Secret { .. } => {
            let secret = matches!(kind, Kind::Secret { .. });
            let (kind, fill) = if secret { ("password", "new-password") } else { ("text", "off") };
            view! {
                <input class="input code" type=kind id=id.clone() name=name value=value required=!optional
                    autocomplete=fill autocapitalize="off" spellcheck="false" aria-describedby=described/>
            }
            .into_any()
        }
    };
    view! { <Field id=id label=label optional=optional hint=hint>{control}</Field> }.into_any()
}
