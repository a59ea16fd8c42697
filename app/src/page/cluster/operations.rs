//! A cluster's operations, each with its steps and, if it failed, why.

use domain::id::ClusterId;
use domain::view::OperationView;
use leptos::prelude::*;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::live::Live;
use crate::page::WaysOn;
use crate::part::{Each, Empty, Exception, Failure, Follow, Moment, Status, Steps};
use crate::paths;
use crate::words::millis;

/// The page.
#[component]
pub(crate) fn Operations() -> impl IntoView {
    page_of(|id| {
        view! {
            <Follow answer=cluster_of(id) let:cluster>
                <ClusterHead view=cluster page="Operations"/>
                <OperationList id=id/>
            </Follow>
        }
        .into_any()
    })
}

/// Every operation, newest first.
#[component]
pub(crate) fn OperationList(
    /// The cluster.
    id: ClusterId,
) -> impl IntoView {
    let changed = Live::here().of(id);
    let operations = Resource::new(move || changed.get(), move |_| api::operations(id));
    view! { <Follow answer=operations let:list><Cards list=list/></Follow> }
}

#[component]
fn Cards(list: Signal<Vec<OperationView>>) -> impl IntoView {
    let none = Memo::new(move |_| list.with(Vec::is_empty));
    move || {
        if none.get() {
            return view! {
                <Empty icon="activity" title="No operation yet" text="What is asked of the job appears here."/>
            }
            .into_any();
        }
        view! {
            <div class="stack">
                <Each of=list key=|operation: &OperationView| operation.id.to_string() let:operation>
                    <OperationCard operation=operation list=list/>
                </Each>
            </div>
        }
        .into_any()
    }
}

/// One operation; the newest comes unfolded.
#[component]
fn OperationCard(operation: Signal<OperationView>, list: Signal<Vec<OperationView>>) -> impl IntoView {
    let first = operation.get_untracked();
    let open = list.with_untracked(|list| list.first().is_some_and(|newest| newest.id == first.id));
    let status = move || {
        let (shape, word) = operation.with(|operation| match operation.succeeded {
            None => ("moving", "In progress"),
            Some(true) => ("running", "Succeeded"),
            Some(false) if operation.went_back() => ("attention", "Rolled back"),
            Some(false) => ("failed", "Failed"),
        });
        view! { <Status shape=shape word=word/> }
    };
    let took = move || {
        operation.with(|operation| {
            let ms = operation.ended?.duration_since(operation.asked).as_millis();
            Some(format!(", took {}", millis(u64::try_from(ms).unwrap_or_default())))
        })
    };
    let usually = move || {
        let ms = operation.with(|operation| operation.usually_ms.filter(|_| operation.succeeded.is_none()));
        ms.map(|ms| view! { <p class="quiet">"Last time this took "{millis(ms)}"."</p> })
    };
    let arguments = first.arguments.into_iter().map(|(name, value)| format!("{name} {value}"));
    let arguments = arguments.collect::<Vec<_>>().join(", ");
    let message = move || {
        let message = operation.with(|operation| {
            Some(operation.message.clone()).filter(|text| !text.is_empty() && operation.reason.is_none())
        });
        message.map(|message| view! { <p>{message}</p> })
    };
    let failed = Memo::new(move |_| {
        operation.with(|operation| operation.reason.clone().map(|reason| (reason, operation.clone())))
    });
    let failure = move || {
        failed.get().map(|(reason, failed)| {
            let back = paths::cluster(failed.cluster, "operations");
            let what = failed.ended().unwrap_or_default();
            view! {
                <Failure what=what reason=reason.clone() made_good=failed.went_back()>
                    <WaysOn operation=failed back=back past=!open/>
                </Failure>
                <Exception text=reason.exception/>
            }
        })
    };
    let steps = Signal::derive(move || operation.with(|operation| operation.steps.clone()));
    view! {
        <section class="card">
            <header>
                <h2>{first.action.word()}</h2>
                {status}
                <small><Moment at=first.asked seconds=true/>" by "{first.actor}{took}</small>
            </header>
            {(!arguments.is_empty()).then(|| view! { <p class="quiet">{arguments}</p> })}
            {message}
            {failure}
            {usually}
            <details open=open>
                <summary>"Steps"</summary>
                <Steps steps=steps/>
            </details>
        </section>
    }
}
