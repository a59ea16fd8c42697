//! What happened, line by line.

use domain::view::{EventView, OperationView};
use leptos::prelude::*;

use super::{Each, Moment, Status};
use crate::{paths, words};

/// A list of events, in their order.
#[component]
pub(crate) fn Events(
    /// The events.
    #[prop(into)]
    events: Signal<Vec<EventView>>,
    /// With the cluster's name, where the list is of several.
    #[prop(optional)]
    named: bool,
    /// Long ones are cut.
    #[prop(optional)]
    brief: bool,
) -> impl IntoView {
    view! {
        <ol class=if brief { "events past brief" } else { "events past" }>
            <Each of=events key=|event: &EventView| event.id.to_string() let:event>
                <Event event=event.get_untracked() named=named/>
            </Each>
        </ol>
    }
}

/// One of them. What has happened does not change.
#[component]
fn Event(event: EventView, named: bool) -> impl IntoView {
    let cluster = event.cluster.filter(|_| named).map(|id| {
        view! { <a href=paths::cluster(id, "")>{event.cluster_name}</a>" " }
    });
    let whole = event.detail.clone();
    view! {
        <li>
            <Moment at=event.at seconds=true/>
            <Status shape=words::tone_shape(event.tone) word=event.tone.name() silent=true/>
            <p title=whole>{cluster}<b>{event.title}</b>" "{event.detail}</p>
        </li>
    }
}

/// Operations as such a list.
#[component]
pub(crate) fn OperationLines(
    /// The operations.
    #[prop(into)]
    of: Signal<Vec<OperationView>>,
) -> impl IntoView {
    view! {
        <ol class="events">
            <Each of=of key=|operation: &OperationView| operation.id.to_string() let:operation>
                <OperationLine operation=operation/>
            </Each>
        </ol>
    }
}

#[component]
fn OperationLine(operation: Signal<OperationView>) -> impl IntoView {
    let first = operation.get_untracked();
    let status = move || {
        let (shape, word) = ending(operation.with(|operation| operation.succeeded));
        view! { <Status shape=shape word=word silent=true/> }
    };
    let when = move || {
        let at = operation.with(|operation| operation.ended.unwrap_or(operation.asked));
        view! { <Moment at=at seconds=true/> }
    };
    view! {
        <li>
            {when}
            {status}
            <p>
                <b>{move || operation.with(title)}</b>" "
                <a href=paths::cluster(first.cluster, "operations")>{first.cluster_name}</a>
                {move || operation.with(more)}
            </p>
        </li>
    }
}

fn ending(succeeded: Option<bool>) -> (&'static str, &'static str) {
    match succeeded {
        None => ("moving", "in progress"),
        Some(true) => ("running", "succeeded"),
        Some(false) => ("failed", "failed"),
    }
}

/// "Update", "Update went back"; what ended before ends were data has one line for all of it.
fn title(operation: &OperationView) -> String {
    let word = operation.action.word();
    match (&operation.end, operation.succeeded) {
        (Some(end), Some(false)) => format!("{word} {}", end.word()),
        (None, Some(_)) => operation.message.clone(),
        (Some(_) | None, _) => word.to_owned(),
    }
}

/// ", 2.8 s without a running job".
fn more(operation: &OperationView) -> Option<String> {
    operation.more().map(|more| format!(", {more}"))
}
