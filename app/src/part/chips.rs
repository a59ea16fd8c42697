//! Filters as chips: each is a link, so that it works anywhere and can be shared.

use leptos::html;
use leptos::prelude::*;

use super::Icon;

/// A chip that leads to the page with this filter on or off.
#[component]
pub(crate) fn Chip(
    /// Where it leads.
    #[prop(into)]
    href: Signal<String>,
    /// It is the present choice.
    #[prop(optional, into)]
    chosen: Signal<bool>,
    /// It takes the filter off.
    #[prop(optional)]
    removes: bool,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <a class="chip" href=move || href.get() aria-current=move || chosen.get().then_some("true")>
            {children()}
            {removes.then(|| view! { " "<Icon name="cross"/><span class="sr-only">"remove this filter"</span> })}
        </a>
    }
}

/// What is typed into a search field, until it pauses. It is made where it outlives the field.
#[derive(Clone, Copy)]
pub(crate) struct Typing {
    keys: StoredValue<u32>,
    on_text: Callback<String>,
}

impl Typing {
    /// Calls with the text when typing pauses.
    pub(crate) fn new(on_text: impl Fn(String) + Send + Sync + 'static) -> Self {
        Self { keys: StoredValue::new(0), on_text: Callback::new(on_text) }
    }

    fn key(self, text: String) {
        self.keys.update_value(|keys| *keys += 1);
        let keys = self.keys.get_value();
        set_timeout(
            move || {
                if self.keys.try_get_value() == Some(keys) {
                    self.on_text.run(text.clone());
                }
            },
            std::time::Duration::from_millis(250),
        );
    }
}

/// A search field that filters as one types; without script, with Enter. What the address says is written into it only
/// while nobody types.
#[component]
pub(crate) fn TextFilter(
    /// The name in the address.
    name: &'static str,
    /// "Filter by name".
    label: &'static str,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// For a longer label.
    #[prop(optional)]
    wide: bool,
    /// What is typed.
    typing: Typing,
) -> impl IntoView {
    let node = NodeRef::<html::Input>::new();
    Effect::new(move |before: Option<()>| {
        let value = value.get();
        let Some(input) = node.get_untracked() else { return };
        // What was typed before the script ran stays.
        let typed = before.is_none() || input.is_same_node(document().active_element().as_deref());
        if !typed && input.value() != value {
            input.set_value(&value);
        }
    });
    view! {
        <div class="control filter" class:wide=wide>
            <Icon name="search"/>
            <input class="input" type="search" name=name value=value.get_untracked() node_ref=node placeholder=label aria-label=label
                autocomplete="off" on:input=move |event| typing.key(event_target_value(&event))/>
        </div>
    }
}
