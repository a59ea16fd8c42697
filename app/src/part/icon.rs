//! An icon of the sprite, and which one an action has. It never carries meaning alone.

use domain::action::Action;
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

/// The icon of an action, the same on every button.
pub(crate) fn icon_of(action: Action) -> &'static str {
    match action {
        Action::Create => "plus",
        Action::Stop => "stop",
        Action::Start => "play",
        Action::Update => "update",
        Action::StatelessUpdate => "refresh",
        Action::LastStateUpdate => "clock",
        Action::Rollback => "chevron-left",
        Action::Relaunch => "play",
        Action::Savepoint => "savepoint",
        Action::Cancel => "cancel",
        Action::Delete => "trash",
    }
}
