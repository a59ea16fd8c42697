//! The form's controls: each knows its field by name and shows what is wrong with it.

use leptos::prelude::*;

use super::FormState;
use crate::fields;
use crate::part::{CodeArea, Field};

/// A text input with its label.
#[component]
pub(crate) fn Text(
    /// The form.
    filling: FormState,
    /// The field's name.
    field: &'static str,
    /// The label.
    label: &'static str,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// What it does or gives.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// For machines: in the fixed-width face.
    #[prop(optional)]
    code: bool,
    /// A number: the phone's number keys.
    #[prop(optional)]
    number: bool,
    /// The unit at its right.
    #[prop(optional)]
    unit: &'static str,
    /// The id of a `datalist` with what may be chosen.
    #[prop(optional)]
    list: Option<&'static str>,
) -> impl IntoView {
    let input = view! {
        <input class="input" class:code=code id=fields::id(field) name=fields::input_name(field)
            autocomplete="off" autocapitalize="off" spellcheck="false" list=list
            inputmode=number.then_some("decimal")
            value=filling.form.with_untracked(|form| fields::get(form, field))
            prop:value=move || filling.get(field)
            aria-invalid=move || filling.error(field).map(|_| "true")
            aria-describedby=format!("{0}-hint {0}-error", fields::id(field))
            on:input=move |event| filling.set(field, event_target_value(&event))/>
    };
    let control = if unit.is_empty() {
        input.into_any()
    } else {
        view! { <div class="control">{input}<span class="affix">{unit}</span></div> }.into_any()
    };
    let error = Signal::derive(move || filling.error(field));
    view! {
        <Field id=fields::id(field) label=label optional=optional hint=hint error=error>
            {control}
        </Field>
    }
}

/// Several lines for machines, with their label.
#[component]
pub(crate) fn Lines(
    /// The form.
    filling: FormState,
    /// The field's name.
    field: &'static str,
    /// The label.
    label: &'static str,
    /// It is not smaller.
    rows: usize,
    /// Each line has its number beside it.
    #[prop(optional)]
    numbered: bool,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
    /// What it does or gives.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
) -> impl IntoView {
    let error = Signal::derive(move || filling.error(field));
    view! {
        <Field id=fields::id(field) label=label optional=optional hint=hint error=error>
            <CodeArea id=fields::id(field) name=fields::input_name(field) rows=rows numbered=numbered
                text=Signal::derive(move || filling.get(field))
                wrong=Signal::derive(move || filling.error(field).is_some())
                on_text=Callback::new(move |text| filling.set(field, text))/>
        </Field>
    }
}

/// A choice with its label.
#[component]
pub(crate) fn Choice(
    /// The form.
    filling: FormState,
    /// The field's name.
    field: &'static str,
    /// The label.
    label: &'static str,
    /// What the choice means.
    #[prop(optional, into)]
    hint: MaybeProp<String>,
    /// Value and words of each choice.
    #[prop(into)]
    choices: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let options = move || {
        let chosen = filling.get(field);
        let mut choices = choices.get();
        if !choices.iter().any(|(value, _)| *value == chosen) {
            choices.insert(0, (chosen.clone(), chosen.clone()));
        }
        let options = choices.into_iter().map(|(value, words)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{words}</option> }
        });
        options.collect_view()
    };
    let error = Signal::derive(move || filling.error(field));
    view! {
        <Field id=fields::id(field) label=label hint=hint error=error>
            <span class="select">
                <select class="input" id=fields::id(field) name=fields::input_name(field)
                    aria-invalid=move || filling.error(field).map(|_| "true")
                    aria-describedby=format!("{0}-hint {0}-error", fields::id(field))
                    on:change=move |event| filling.set(field, event_target_value(&event))>
                    {options}
                </select>
            </span>
        </Field>
    }
}

/// A value that follows from elsewhere.
#[component]
pub(crate) fn Given(
    /// The label.
    label: &'static str,
    /// The value.
    #[prop(into)]
    value: String,
) -> impl IntoView {
    let id = label.to_lowercase().replace(' ', "-");
    view! {
        <Field id=id.clone() label=label>
            <input class="input" id=id readonly=true value=value/>
        </Field>
    }
}
