//! `/operations/{id}`: an operation while it goes on and when it has ended: its steps, the job manager's log beside
//! them, and the ways on.

mod back;
mod tail;

use domain::action::Action;
use domain::id::OperationId;
use domain::reason::Reason;
use domain::view::OperationView;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api;
use crate::clock::Clock;
use crate::live::Live;
use crate::page::WaysOn;
use crate::part::{
    Crumbs, Events, Exception, Fact, Facts, Failure, Follow, Moment, Notice, PageHead, Status, Steps,
};
use crate::{paths, words};
use back::{Apart, Back, Lead, Verbs, Why};
use tail::{Log, Tail};

/// The page.
#[component]
pub(crate) fn Deployment() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("operation").unwrap_or_default());
    let changed = Live::here().any();
    let operation = Resource::new(
        move || (id.get(), changed.get()),
        |(id, _)| async move {
            match id.parse::<OperationId>() {
                Ok(id) => api::operation(id).await,
                Err(_) => {
                    Err(domain::refusal::Refusal::NotFound("There is no such operation.".to_owned()).into())
                }
            }
        },
    );
    let clock = Clock::here();
    let going = RwSignal::new(true);
    let log = Resource::new(
        // While it goes on, every second.
        move || (id.get(), if going.get() { clock.now().as_second() } else { 0 }),
        move |_| async move {
            let operation = operation.await?;
            going.try_set(operation.succeeded.is_none());
            if gone(&operation) { Ok(None) } else { api::job_manager_log(operation.cluster).await }
        },
    );
    view! { <Follow answer=operation let:operation><Operation operation=operation log=log/></Follow> }
        .into_any()
}

#[component]
fn Operation(operation: Signal<OperationView>, log: Log) -> impl IntoView {
    let first = operation.get_untracked();
    let (cluster, name, word) = (first.cluster, first.cluster_name, first.action.word());
    let above =
        vec![("Flink Jobs".to_owned(), "/jobs".to_owned()), (name.clone(), paths::cluster(cluster, ""))];
    let going = Memo::new(move |_| operation.with(|operation| operation.succeeded.is_none()));
    let gone = Memo::new(move |_| operation.with(gone));
    let arguments = first.arguments.into_iter();
    let arguments = arguments.map(|(name, value)| view! { <Fact name=name>{value}</Fact> }).collect_view();
    let steps = Signal::derive(move || operation.with(|operation| operation.steps.clone()));
    let status = move || {
        operation
            .with(OperationView::went_back)
            .then(|| view! { <Status shape="attention" word="Rolled back"/> })
    };
    let back = Memo::new(move |_| {
        operation.with(|operation| Back::of(operation).map(|back| (operation.clone(), back)))
    });
    let lead = move || match back.get() {
        Some((operation, back)) => view! { <Lead operation=operation back=back/> }.into_any(),
        None if going.get() => {
            view! { <p>"You may leave this page; the bell keeps you informed."</p> }.into_any()
        }
        None => ().into_any(),
    };
    let verbs = move || back.get().map(|(operation, back)| view! { <Verbs operation=operation back=back/> });
    let apart = move || back.get().map(|(_, back)| view! { <Apart back=back/> });
    let downtime = move || {
        let ms = operation.with(|operation| operation.downtime_ms).filter(|_| back.with(Option::is_none));
        ms.map(|ms| view! { <Fact name="Time without a running job">{words::millis(ms)}</Fact> })
    };
    let savepoint = move || {
        let path = operation.with(|operation| operation.savepoint.clone());
        path.map(|path| view! { <Fact name="Savepoint" copy=path/> })
    };
    let events = Memo::new(move |_| operation.with(|operation| operation.happened.clone()));
    let some = Memo::new(move |_| events.with(|events| !events.is_empty()));
    let happened = move || {
        some.get().then(|| {
            view! {
                <section class="card">
                    <header><h2>"What happened"</h2></header>
                    <Events events=events brief=true/>
                </section>
            }
        })
    };
    let log = move || {
        (!gone.get() && back.with(Option::is_none)).then(|| {
            view! {
                <h2>"Job manager log "<small>{move || if going.get() { "live" } else { "its end" }}</small></h2>
                <Tail cluster=cluster log=log/>
            }
        })
    };
    view! {
        <Crumbs above=above here=word/>
        <PageHead title=Signal::derive(move || operation.with(title)) tab=format!("{word} {name}")>
            {status}
            <span class="quiet"><Took operation=operation/></span>
            {lead}
        </PageHead>
        {verbs}
        <div class="columns deploy">
            <div class="stack">
                <Ended operation=operation/>
                <section class="card" aria-label="Steps"><Steps steps=steps/></section>
            </div>
            <div class="stack">
                {apart}
                {happened}
                <section class="card">
                <header><h2>{word}</h2></header>
                <Facts>
                    <Fact name="Cluster"><a href=paths::cluster(cluster, "")>{name}</a></Fact>
                    {arguments}
                    {downtime}
                    {savepoint}
                    <Fact name="Started"><Moment at=first.asked seconds=true/>" by "{first.actor}</Fact>
                    <Fact name="Operation" copy=first.id.to_string()/>
                </Facts>
                </section>
                {log}
            </div>
        </div>
    }
}

/// How long it has taken, and how long it usually does.
#[component]
fn Took(operation: Signal<OperationView>) -> impl IntoView {
    let clock = Clock::here();
    move || {
        operation.with(|operation| match operation.ended {
            Some(ended) => words::millis(
                u64::try_from(ended.duration_since(operation.asked).as_millis()).unwrap_or_default(),
            ),
            None => {
                let usually = operation.usually_ms.map(|ms| format!(", usually {}", words::millis(ms)));
                let taken = words::span(clock.now().duration_since(operation.asked).as_secs());
                format!("{taken}{}", usually.unwrap_or_default())
            }
        })
    }
}

/// How it ended, with the ways on.
#[component]
fn Ended(operation: Signal<OperationView>) -> impl IntoView {
    let ended =
        Memo::new(move |_| operation.with(|operation| operation.succeeded.map(|_| operation.clone())));
    move || ended.get().map(ways)
}

fn ways(operation: OperationView) -> AnyView {
    let cluster = operation.cluster;
    let create = operation.action == Action::Create;
    if let Some(back) = Back::of(&operation) {
        return view! { <Why operation=operation back=back/> }.into_any();
    }
    if operation.succeeded == Some(false) {
        let went_back = operation.went_back();
        let reason = operation.reason.clone().unwrap_or_else(|| Reason::new("", operation.message.clone()));
        let exception = reason.exception.clone();
        return view! {
            <Failure what=title(&operation) reason=reason made_good=went_back>
                <WaysOn operation=operation.clone() back=paths::operation(operation.id)/>
                {create.then(|| view! { <a href=paths::again(cluster)>"Change and create again"</a> })}
                <a href=paths::cluster(cluster, "logs")>"Read the logs"</a>
                <a href=paths::cluster(cluster, "")>"Go to the cluster"</a>
            </Failure>
            <Exception text=exception open=!went_back/>
        }
        .into_any();
    }
    if operation.action == Action::Delete {
        return view! {
            <Notice tone="good" title=operation.message>
                <p class="ways"><a href="/jobs">"Go to the jobs"</a></p>
            </Notice>
        }
        .into_any();
    }
    let (title, more) = match create {
        true => ("Your deployment is complete".to_owned(), operation.more()),
        false => (operation.message.clone(), None),
    };
    view! {
        <Notice tone="good" title=title>
            {more.map(|more| view! { <p>{more}</p> })}
            <p class="ways">
                <a href=paths::cluster(cluster, "")>{format!("Go to {}", operation.cluster_name)}</a>
                <a href="/jobs">"All jobs"</a>
            </p>
        </Notice>
    }
    .into_any()
}

/// The cluster is no more, and its logs with it.
fn gone(operation: &OperationView) -> bool {
    operation.action == Action::Delete && operation.succeeded == Some(true)
}

fn title(operation: &OperationView) -> String {
    let word = if operation.action == Action::Create { "Deployment" } else { operation.action.word() };
    match operation.succeeded {
        None => format!("{word} is in progress"),
        Some(true) if operation.action == Action::Create => "Deployment is complete".to_owned(),
        Some(true) => format!("{word} succeeded"),
        Some(false) if operation.went_back() => format!("{word} went back"),
        Some(false) => format!("{word} failed"),
    }
}
