//! Light, dark, or the system's: a cookie, so that the server writes the first page right.

use leptos::prelude::*;

use crate::clock::{cookie, set_cookie};
use crate::part::Icon;

/// What is chosen: `light`, `dark`, or empty for the system's.
pub(crate) fn chosen() -> String {
    cookie("theme").filter(|theme| theme == "light" || theme == "dark").unwrap_or_default()
}

/// Takes effect at once and stays for later pages.
pub(crate) fn choose(theme: &str) {
    set_cookie("theme", theme);
    if let Some(root) = document().document_element() {
        // Only a name that is no attribute's could fail.
        let _ = if theme.is_empty() {
            root.remove_attribute("data-theme")
        } else {
            root.set_attribute("data-theme", theme)
        };
    }
}

/// The button in the bar: turns the present theme over.
#[component]
pub(crate) fn ThemeSwitch() -> impl IntoView {
    let theme = RwSignal::new(chosen());
    let turn = move |_| {
        let dark = match theme.get_untracked().as_str() {
            "" => system_is_dark(),
            chosen => chosen == "dark",
        };
        let next = if dark { "light" } else { "dark" };
        choose(next);
        theme.set(next.to_owned());
    };
    let label = move || match theme.get().as_str() {
        "" => "Theme: the system's".to_owned(),
        chosen => format!("Theme: {chosen}"),
    };
    view! {
        <button class="icon-button" type="button" aria-label=label on:click=turn>
            {move || if theme.get() == "dark" { view! { <Icon name="moon"/> } } else { view! { <Icon name="sun"/> } }}
        </button>
    }
}

fn system_is_dark() -> bool {
    window().match_media("(prefers-color-scheme: dark)").ok().flatten().is_some_and(|query| query.matches())
}
