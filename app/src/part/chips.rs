//! Filters as chips: each is a link, so that it works anywhere and can be shared.

use leptos::prelude::*;

use super::Icon;

/// A chip that leads to the page with this filter on or off.
#[component]
pub(crate) fn Chip(
    /// Where it leads.
    #[prop(into)]
    href: String,
    /// It is the present choice.
    #[prop(optional)]
    chosen: bool,
    /// It takes the filter off.
    #[prop(optional)]
    removes: bool,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="chip" href=href aria-current=chosen.then_some("true")>
            {children()}
            {removes.then(|| view! { " "<Icon name="cross"/><span class="sr-only">"remove this filter"</span> })}
        </a>
    }
}

/// A search field that filters as one types; without script, with Enter.
#[component]
pub(crate) fn TextFilter(
    /// The name in the address.
    name: &'static str,
    /// "Filter by name".
    label: &'static str,
    /// What it holds.
    #[prop(into)]
    value: String,
    /// For a longer label.
    #[prop(optional)]
    wide: bool,
    /// Called with the text when typing pauses.
    on_text: Callback<String>,
) -> impl IntoView {
    let typed = StoredValue::new(0_u32);
    let type_in = move |event: leptos::ev::Event| {
        let text = event_target_value(&event);
        typed.update_value(|count| *count += 1);
        let count = typed.get_value();
        set_timeout(
            move || {
                if typed.try_get_value() == Some(count) {
                    on_text.run(text.clone());
                }
            },
            std::time::Duration::from_millis(250),
        );
    };
    view! {
        <div class="control filter" class:wide=wide>
            <Icon name="search"/>
            <input class="input" type="search" name=name value=value placeholder=label aria-label=label
                autocomplete="off" on:input=type_in/>
        </div>
    }
}
