//! An icon of the sprite. It never carries meaning alone.

use leptos::prelude::*;

/// An icon by its name in `icons.svg`.
#[component]
pub(crate) fn Icon(
    /// `stop`, `play`, `copy`, ...
    name: &'static str,
    /// A tone: `good`, `warn`, `bad`, ...
    #[prop(optional)]
    tone: &'static str,
) -> impl IntoView {
    let class = if tone.is_empty() { "icon".to_owned() } else { format!("icon {tone}") };
    view! {
        <svg class=class aria-hidden="true">
            <use href=format!("/icons.svg#{name}")></use>
        </svg>
    }
}
