//! What runs: a jar with its class and arguments, or a script of Flink SQL; and more jars for either.
//!
//! Which of them is shown, the style sheet decides by the choice, so that it follows it without script too.

use domain::form::ClusterForm;
use leptos::prelude::*;

use super::browse::JarField;
use super::configuration::references;
use super::input::{Lines, Text};
use super::script::ScriptLook;
use super::{FormState, JarLook};
use crate::fields;

/// The choice, and the fields of what is chosen.
#[component]
pub(super) fn Program(
    /// The form.
    filling: FormState,
    /// The jar that it names.
    look: JarLook,
) -> impl IntoView {
    let script = ScriptLook::new(filling);
    let choice = |value: &'static str, word: &'static str| {
        let chosen = move || filling.form.with(|form| form.is_script() == (value == "sql"));
        view! {
            <label class="chip">
                <input class="sr-only" type="radio" name=fields::input_name("program") value=value
                    checked=filling.form.with_untracked(|form| form.is_script() == (value == "sql"))
                    prop:checked=chosen on:change=move |_| filling.set("program", value.to_owned())/>
                {word}
            </label>
        }
    };
    view! {
        <div class="chips" role="radiogroup" aria-label="What runs">
            {choice("jar", "Jar")}
            {choice("sql", "Flink SQL")}
        </div>
        <div class="form-section of-jar">
            <JarField filling=filling look=look/>
            <Text filling=filling field="entry_class" label="Entry class" optional=true code=true list="mains"
                hint=Signal::derive(move || look.entry_hint())/>
            <datalist id="mains">
                {move || look.mains().into_iter().map(|main| view! { <option value=main></option> }).collect_view()}
            </datalist>
            <Text filling=filling field="args" label="Args" optional=true code=true
                hint=Signal::derive(move || Some(args_hint(filling)))/>
        </div>
        <div class="form-section of-script">
            <Lines filling=filling field="sql" label="Script" rows=14 numbered=true
                hint="SET, CREATE and INSERT; all INSERTs run as one job. What stands behind a key such as 'password' is kept sealed."/>
            {move || script.line()}
        </div>
        <Lines filling=filling field="more_jars" label="More jars" rows=2 optional=true
            hint="An address a line: a jar, or a folder whose jars are all taken. Connectors and functions come from here; their bytes are kept with the revision."/>
    }
}

/// How arguments are written, and the better way for a secret that stands in them.
fn args_hint(filling: FormState) -> String {
    let literal = filling.form.with(|form| {
        let alone = ClusterForm { args: form.args.clone(), ..ClusterForm::default() };
        alone.has_secrets()
    });
    let better = references(filling);
    if literal {
        format!("A secret stands in it: it is kept sealed and shown to nobody. {better}")
    } else {
        format!("One line, quoted as in a shell. {better}")
    }
}
