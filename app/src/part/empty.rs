//! Nothing here yet: what belongs here, and the one next action.

use leptos::prelude::*;

use super::Icon;

/// An empty place.
#[component]
pub(crate) fn Empty(
    /// The icon of what belongs here.
    icon: &'static str,
    /// "No cluster yet".
    #[prop(into)]
    title: String,
    /// What belongs here.
    #[prop(into)]
    text: String,
    /// The one next action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon/>
            <h2>{title}</h2>
            <p>{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
