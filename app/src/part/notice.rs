//! A message on a page.

use leptos::prelude::*;

use super::Icon;

/// A box with a tone.
#[component]
pub(crate) fn Notice(
    /// `good`, `warn`, `bad`, `move`.
    tone: &'static str,
    /// The sentence that matters.
    #[prop(into)]
    title: String,
    /// The rest.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let icon = match tone {
        "good" => "check",
        "move" => "info",
        _ => "warn",
    };
    view! {
        <div class=format!("notice {tone}") role=if tone == "bad" { "alert" } else { "status" }>
            <Icon name=icon/>
            <div>
                <b>{title}</b>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
