//! What happened, line by line.

use domain::view::{EventView, OperationView};
use leptos::prelude::*;

use super::{Moment, Status};
use crate::{place, words};

/// A list of events, newest first.
#[component]
pub(crate) fn Events(
    /// The events.
    events: Vec<EventView>,
    /// With the cluster's name, where the list is of several.
    #[prop(optional)]
    named: bool,
) -> impl IntoView {
    let items = events.into_iter().map(|event| {
        let cluster = event.cluster.filter(|_| named).map(|id| {
            view! { <a href=place::cluster(id, "")>{event.cluster_name}</a>" " }
        });
        view! {
            <li>
                <Moment at=event.at seconds=true/>
                <Status shape=words::tone_shape(&event.tone) word=event.tone.clone() silent=true/>
                <p>{cluster}<b>{event.title}</b>" "{event.detail}</p>
            </li>
        }
    });
    let items = items.collect_view();
    view! { <ol class="events past">{items}</ol> }
}

/// An operation as one line of such a list.
#[component]
pub(crate) fn OperationLine(
    /// The operation.
    operation: OperationView,
) -> impl IntoView {
    let (shape, ended) = match operation.succeeded {
        None => ("moving", "in progress"),
        Some(true) => ("running", "succeeded"),
        Some(false) => ("failed", "failed"),
    };
    let title = match operation.succeeded {
        Some(false) => format!("{} failed", operation.action.word()),
        _ => operation.action.word().to_owned(),
    };
    // "Update succeeded, 2.8 s without a running job": its first words stand here already.
    let said = format!("{} {ended}", operation.action.word());
    let more = operation.message.strip_prefix(&said).unwrap_or(&operation.message);
    let more = more.trim_start_matches([',', ':', ' ']).to_owned();
    let more = (!more.is_empty()).then(|| format!(", {more}"));
    view! {
        <li>
            <Moment at=operation.ended.unwrap_or(operation.asked) seconds=true/>
            <Status shape=shape word=ended silent=true/>
            <p>
                <b>{title}</b>" "
                <a href=place::cluster(operation.cluster, "operations")>{operation.cluster_name}</a>
                {more}
            </p>
        </li>
    }
}
