//! The choice to go on without the state that no operator takes: a check box that sets Flink's option for it.

use domain::form::ClusterForm;
use leptos::prelude::*;

use crate::fields::{self, IGNORE_UNCLAIMED_STATE};
use crate::page::create::FormState;

/// The check box. Without script what it was is posted beside what it is.
#[component]
pub(super) fn Unclaimed(
    /// The form whose option it sets.
    filling: FormState,
) -> impl IntoView {
    let ticked = Memo::new(move |_| filling.form.with(ClusterForm::ignores_unclaimed_state));
    view! {
        <input type="hidden" name="start[was]" value=ticked.get_untracked().to_string()/>
        <label class="check">
            <input type="checkbox" name="start[is]" value="true" id=fields::id(IGNORE_UNCLAIMED_STATE)
                checked=ticked.get_untracked() prop:checked=move || ticked.get()
                on:change=move |event| {
                    let ignores = event_target_checked(&event);
                    filling.form.update(|form| form.set_ignores_unclaimed_state(ignores));
                }/>
            <span>
                "Go on without the state that no operator takes"
                <small>"For an operator that was removed on purpose. What it had counted or kept is left behind."</small>
            </span>
        </label>
    }
}
