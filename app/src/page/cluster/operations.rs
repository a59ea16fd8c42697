//! A cluster's operations, each with its steps and, if it failed, why.

use domain::id::ClusterId;
use domain::view::OperationView;
use leptos::prelude::*;

use super::{ClusterHead, cluster_here, id_here};
use crate::api;
use crate::live::Live;
use crate::part::{Empty, Exception, Failure, Moment, Status, Steps, Trouble, Waiting};
use crate::words::millis;

/// The page.
#[component]
pub(crate) fn Operations() -> impl IntoView {
    let (id, cluster) = (id_here(), cluster_here());
    let content = move || {
        Suspend::new(async move {
            match cluster.await {
                Ok(view) => view! { <ClusterHead view=view page="Operations"/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition>
        {move || id.get().map(|id| view! { <OperationList id=id/> })}
    }
    .into_any()
}

/// Every operation, newest first.
#[component]
pub(crate) fn OperationList(
    /// The cluster.
    id: ClusterId,
) -> impl IntoView {
    let changed = Live::here().of(id);
    let operations = Resource::new(move || changed.get(), move |_| api::operations(id));
    let content = move || {
        Suspend::new(async move {
            match operations.await {
                Ok(list) if list.is_empty() => view! {
                    <Empty icon="activity" title="No operation yet" text="What is asked of the job appears here."/>
                }
                .into_any(),
                Ok(list) => {
                    let cards = list.into_iter().enumerate().map(|(i, operation)| {
                        view! { <OperationCard operation=operation open={i == 0}/> }
                    });
                    view! { <div class="stack">{cards.collect_view()}</div> }.into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition> }
}

/// One operation; the newest is unfolded.
#[component]
fn OperationCard(operation: OperationView, open: bool) -> impl IntoView {
    let (shape, word) = match operation.succeeded {
        None => ("moving", "In progress"),
        Some(true) => ("running", "Succeeded"),
        Some(false) => ("failed", "Failed"),
    };
    let took = operation.ended.map(|ended| {
        let ms = ended.duration_since(operation.asked).as_millis();
        format!(", took {}", millis(u64::try_from(ms).unwrap_or_default()))
    });
    let usually = operation
        .usually_ms
        .filter(|_| operation.succeeded.is_none())
        .map(|ms| view! { <p class="quiet">"Last time this took "{millis(ms)}"."</p> });
    let arguments = operation.arguments.into_iter().map(|(name, value)| format!("{name} {value}"));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    let message = Some(operation.message).filter(|message| !message.is_empty() && operation.reason.is_none());
    let failure = operation.reason.map(|reason| {
        view! { <Failure reason=reason.clone()/><Exception text=reason.exception/> }
    });
    view! {
        <section class="card">
            <header>
                <h2>{operation.action.word()}</h2>
                <Status shape=shape word=word/>
                <small><Moment at=operation.asked seconds=true/>" by "{operation.actor}{took}</small>
            </header>
            {(!arguments.is_empty()).then(|| view! { <p class="quiet">{arguments}</p> })}
            {message.map(|message| view! { <p>{message}</p> })}
            {failure}
            {usually}
            <details open=open>
                <summary>"Steps"</summary>
                <Steps steps=operation.steps/>
            </details>
        </section>
    }
}
