//! What an update changes: the form against the present revision, the state that is used, the time without a job.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::spec::{Change, changes};
use domain::state::State;
use domain::view::ClusterView;
use leptos::prelude::*;

use crate::page::create::FormState;
use crate::part::Diff;
use crate::words;

/// What differs from the present revision.
#[component]
pub(super) fn Changes(filling: FormState, view: ClusterView) -> impl IntoView {
    let spec = StoredValue::new(view.spec);
    let found = Memo::new(move |_| {
        let options = filling.options.read();
        let new = filling.form.with(|form: &ClusterForm| {
            filling.context.with_value(|context| form.validate(context, &options))
        });
        new.ok().map(|new| spec.with_value(|old| changes(old, &new)))
    });
    move || {
        match found.get() {
        None => view! { <p class="quiet">"The form has errors; once they are mended, this shows what changes."</p> }.into_any(),
        Some(changes) if changes.is_empty() => {
            view! { <p class="quiet">"Nothing in the form. The jar is read again from its address."</p> }.into_any()
        }
        Some(changes) => {
            let lines = changes.into_iter().map(|Change { what, from, to }| {
                (what, from.unwrap_or_default(), to.unwrap_or_default())
            });
            let lines: Vec<_> = lines.collect();
            view! { <Diff changes=lines/> }.into_any()
        }
    }
    }
}

/// Which state is used, and how long no job is running.
#[component]
pub(super) fn Figures(view: ClusterView, action: Action) -> impl IntoView {
    let about =
        view.checkpoint_size.map(|size| format!(", about {}", words::bytes(size))).unwrap_or_default();
    let state = match (action, view.row.state.at_rest()) {
        (Action::StatelessUpdate, _) => "None, starts fresh".to_owned(),
        (_, true) => "The one that is chosen below".to_owned(),
        (Action::LastStateUpdate, false) => format!("Newest checkpoint{about}"),
        (_, false) if view.row.state == State::Restarting => {
            "Newest checkpoint: a job that restarts takes no savepoint".to_owned()
        }
        (_, false) => format!("New savepoint{about}"),
    };
    let downtime = match (view.downtimes.iter().min(), view.downtimes.iter().max()) {
        (Some(least), Some(most)) if words::millis(*least) == words::millis(*most) => words::millis(*most),
        (Some(least), Some(most)) => format!("{} to {}", words::millis(*least), words::millis(*most)),
        _ => "Not known yet".to_owned(),
    };
    let from = match view.downtimes.len() {
        0 => "no update so far".to_owned(),
        count => format!("from {}", words::count(count, "update", "updates")),
    };
    view! {
        <div class="figures">
            <div><span>"State"</span><b>{state}</b></div>
            <div><span>"Time without a running job"</span><b>{downtime}</b>" "<small>{from}</small></div>
        </div>
    }
}
