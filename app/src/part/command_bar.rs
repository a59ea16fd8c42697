//! Verbs above the content: what is not allowed stays there and says why.

use domain::action::Action;
use leptos::prelude::*;

use super::{Icon, icon_of};

/// One verb of a `.command-bar`. With script, `on_press` is run; without, the form named by `form` is sent to the page
/// that asks.
#[component]
pub(crate) fn Command(
    /// The verb.
    action: Action,
    /// The id of the form that names the clusters.
    form: &'static str,
    /// Why not, if not.
    #[prop(into)]
    refused: Signal<Option<String>>,
    /// What it is called, if not by the action's word.
    #[prop(optional)]
    word: Option<&'static str>,
    /// What a page with script does.
    on_press: Callback<Action>,
) -> impl IntoView {
    let id = format!("why-{}", action.name().to_lowercase());
    let why = id.clone();
    let is_refused = move || refused.with(Option::is_some);
    let press = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        if refused.with_untracked(Option::is_none) {
            on_press.run(action);
        }
    };
    let look = if action == Action::Delete { "button quiet danger" } else { "button quiet" };
    view! {
        <span class="has-tip">
            <button class=look type="submit" form=form name="action" value=action.name() on:click=press
                aria-disabled=move || is_refused().then_some("true")
                aria-describedby=move || is_refused().then(|| why.clone())>
                <Icon name=icon_of(action)/>
                {word.unwrap_or(action.word())}
            </button>
            <span class="tip" role="tooltip" id=id hidden=move || !is_refused()>
                {move || refused.get().unwrap_or_default()}
            </span>
        </span>
    }
}
