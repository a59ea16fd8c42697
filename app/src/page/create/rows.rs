//! Key and value rows: Flink job configuration and tags.

use domain::option::OptionInfo;
use domain::secret::{HIDDEN, Reference};
use domain::vault::OfferedVault;

use leptos::prelude::*;

use super::FormState;
use super::configuration::references;
use crate::fields::{self, Rows};
use crate::part::Icon;

/// What becomes of a secret that is typed.
const SEALED: &str = "A secret: kept sealed, given to the job alone, and shown to nobody.";

/// The rows with a button for one more. Without script every button posts the form.
#[component]
pub(crate) fn RowList(
    /// The form.
    filling: FormState,
    /// Which rows.
    rows: Rows,
    /// "Option", "Tag".
    thing: &'static str,
) -> impl IntoView {
    let count = Memo::new(move |_| filling.form.with(|form| rows.count(form)));
    let lines = move || {
        (0..count.get())
            .map(|row| view! { <Row filling=filling rows=rows row=row thing=thing/> })
            .collect_view()
    };
    let all = move || {
        filling.error(rows.name()).map(|error| view! { <p class="error"><Icon name="warn"/>{error}</p> })
    };
    view! {
        <div class="options-form">
            {lines}
            {all}
            <button class="button link" name="go" value=format!("add-{}", rows.name())>
                <Icon name="plus"/>
                {format!("Add {} {}", if thing == "Option" { "an" } else { "a" }, thing.to_lowercase())}
            </button>
        </div>
    }
}

#[component]
fn Row(filling: FormState, rows: Rows, row: usize, thing: &'static str) -> impl IntoView {
    let key = StoredValue::new(format!("{}[{row}].key", rows.name()));
    let value = StoredValue::new(format!("{}[{row}].value", rows.name()));
    let list = format!("{}-{row}-values", rows.name());
    let name = move || key.with_value(|key| filling.get(key));
    let error = move || {
        key.with_value(|key| filling.error(key)).or_else(|| value.with_value(|value| filling.error(value)))
    };
    let info = Memo::new(move |_| {
        let name = name();
        if rows == Rows::Tags || name.is_empty() {
            return None;
        }
        filling.options.with(|options| options.iter().find(|info| info.key == name.trim()).cloned())
    });
    let error_id = format!("{}-error", key.with_value(|key| fields::id(key)));
    let described = error_id.clone();
    let secret = move || {
        if rows == Rows::Tags || !domain::secret::is_secret(name().trim()) {
            return None;
        }
        let text = value.with_value(|value| filling.get(value));
        Some(if text.contains(HIDDEN) {
            "Kept, and shown to nobody. Write another value in its place to change it.".to_owned()
        } else if Reference::parse(text.trim()).is_some() {
            "A secret of a key vault: the job is given its value by each launch.".to_owned()
        } else {
            format!("{SEALED} {}", references(filling))
        })
    };
    let line = move || match (error(), info.get()) {
        (None, _) if secret().is_some() => {
            view! { <p class="hint" id=error_id.clone()>{secret()}</p> }.into_any()
        }
        (Some(error), _) => {
            view! { <p class="error" id=error_id.clone()><Icon name="warn"/>{error}</p> }.into_any()
        }
        (None, Some(info)) => view! { <p class="hint" id=error_id.clone()>{about(&info)}</p> }.into_any(),
        (None, None) => ().into_any(),
    };
    let values = move || {
        let values = info.get().map(|info| info.values).unwrap_or_default();
        let kept = if secret().is_some() { offered(filling) } else { Vec::new() };
        values.into_iter().chain(kept).map(|value| view! { <option value=value></option> }).collect_view()
    };
    let input = |field: StoredValue<String>,
                 what: &'static str,
                 label: Signal<String>,
                 list: String,
                 error_id: String| {
        let wrong = move || field.with_value(|field| filling.error(field)).map(|_| "true");
        view! {
            <input class="input code" autocomplete="off" autocapitalize="off" spellcheck="false" list=list placeholder=what
                id=field.with_value(|field| fields::id(field)) name=field.with_value(|field| fields::input_name(field))
                value=filling.form.with_untracked(|form| field.with_value(|field| fields::get(form, field)))
                prop:value=move || field.with_value(|field| filling.get(field))
                aria-label=move || label.get() aria-invalid=wrong aria-describedby=error_id
                on:input=move |event| field.with_value(|field| filling.set(field, event_target_value(&event)))/>
        }
    };
    let words = move |what: &str| {
        let name = name();
        if name.is_empty() { format!("{what} of row {}", row + 1) } else { format!("{what} of {name}") }
    };
    let key_label = Signal::derive(move || format!("{thing} {}", row + 1));
    let value_label = Signal::derive(move || words("Value"));
    let keys = if rows == Rows::Options { "option-keys" } else { "" };
    view! {
        <div class="option-row">
            {input(key, if rows == Rows::Tags { "Name" } else { "Option" }, key_label, keys.to_owned(), described.clone())}
            {input(value, "Value", value_label, list.clone(), described)}
            <button class="icon-button" name="go" value=format!("remove-{}-{row}", rows.name())
                aria-label=move || format!("Remove {}", if name().is_empty() { format!("row {}", row + 1) } else { name() })>
                <Icon name="cross"/>
            </button>
            {line}
            <datalist id=list>{values}</datalist>
        </div>
    }
}

/// Every secret of the key vaults, as it is named.
fn offered(filling: FormState) -> Vec<String> {
    filling.context.with_value(|context| {
        let of_vault = |vault: &OfferedVault| {
            let named = |(secret, _): &(String, _)| format!("${{{}/{secret}}}", vault.name);
            vault.secrets.iter().map(named).collect::<Vec<_>>()
        };
        context.offer.vaults.iter().flat_map(of_vault).collect()
    })
}

/// `Duration, default 10 s. What it does.`
fn about(info: &OptionInfo) -> String {
    let default = match &info.default {
        Some(default) if !default.is_empty() => format!("default {default}"),
        _ => "no default".to_owned(),
    };
    let deprecated = if info.deprecated { " Deprecated." } else { "" };
    format!("{}, {default}.{deprecated} {}", info.kind, info.description)
}

/// The keys that a row may hold, for completion: there once the browser has read them.
#[component]
pub(crate) fn OptionKeys(
    /// The form.
    filling: FormState,
) -> impl IntoView {
    let keys = move || {
        filling.options.with(|options| {
            let on_offer = options.iter().filter(|info| domain::option::why_owned(&info.key).is_none());
            let keys = on_offer.map(|info| {
                let default = info.default.as_deref().unwrap_or("none");
                view! { <option value=info.key.clone()>{format!("{}, default {default}", info.kind)}</option> }
            });
            keys.collect_view()
        })
    };
    view! { <datalist id="option-keys">{keys}</datalist> }
}
