//! What an update changes: the form against the present revision, the state that is used, the time without a job.

use domain::action::Action;
use domain::artifact::Artifact;
use domain::form::ClusterForm;
use domain::spec::{Change, changes};
use domain::state::State;
use domain::view::ClusterView;
use leptos::prelude::*;

use crate::clock::Clock;
use crate::page::create::{FormState, JarLook};
use crate::part::Diff;
use crate::words;

/// What differs from the present revision: in the form, and in the file that the jar's address leads to now.
#[component]
pub(super) fn Changes(filling: FormState, look: JarLook, view: ClusterView) -> impl IntoView {
    let clock = Clock::here();
    let (spec, ran) = (StoredValue::new(view.spec), StoredValue::new(view.jar));
    let found = Memo::new(move |_| {
        let options = filling.options.read();
        let new = filling.form.with(|form: &ClusterForm| {
            filling.context.with_value(|context| form.validate(&context.offer, &options))
        });
        new.ok().map(|new| spec.with_value(|old| changes(old, &new)))
    });
    let now = Memo::new(move |_| look.artifact());
    move || {
        let Some(changes) = found.get() else {
            return view! { <p class="quiet">"The form has errors; once they are mended, this shows what changes."</p> }
                .into_any();
        };
        let nothing = changes.is_empty();
        let lines = changes
            .into_iter()
            .map(|Change { what, from, to }| (what, from.unwrap_or_default(), to.unwrap_or_default()));
        let mut lines: Vec<_> = lines.collect();
        let script = filling.form.with(ClusterForm::is_script);
        let same = match (ran.get_value(), now.get()) {
            _ if script => String::new(),
            (_, None) => "What is at the jar's address now, the field above says.".to_owned(),
            (Some(ran), Some(now)) if ran.sha256 == now.sha256 => {
                format!("The jar at its address is the very same: {}.", about(&now, clock))
            }
            (ran, Some(now)) => {
                let ran = ran
                    .map_or_else(|| "not known, of an earlier portal".to_owned(), |ran| about(&ran, clock));
                lines.push(("jar file".to_owned(), ran, about(&now, clock)));
                String::new()
            }
        };
        let form = nothing.then_some("Nothing in the form.");
        let said = form.into_iter().chain((!same.is_empty()).then_some(&*same)).collect::<Vec<_>>().join(" ");
        view! {
            {(!lines.is_empty()).then(|| view! { <Diff changes=lines/> })}
            {(!said.is_empty()).then(|| view! { <p class="quiet">{said}</p> })}
        }
        .into_any()
    }
}

/// `3f2a90c1d4be, 48 MB, written Yesterday 23:10`.
fn about(jar: &Artifact, clock: Clock) -> String {
    let written = jar.modified.map(|at| format!(", written {}", clock.day_time(at))).unwrap_or_default();
    format!("{}, {}{written}", jar.sha256.short(), words::bytes(jar.size))
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
