//! A job's details: as a panel over the grid where one compares, as a page where one works.

mod facts;
mod tail;

use domain::action::Action;
use domain::id::ClusterId;
use domain::state::Group;
use domain::view::ClusterView;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use wasm_bindgen::JsCast;

use crate::api::{self, ApiError};
use crate::frame::icon_of;
use crate::live::Live;
use crate::page::ask::Begin;
use crate::page::cluster::{ClusterHead, OperationList, cluster_here, id_here};
use crate::part::{Code, Exception, Failure, Icon, Since, Status, Tab, Tabs, Trouble, Waiting};
use crate::{place, words};
use facts::DetailFacts;
use tail::LogTails;

/// Word and name of each tab.
const TABS: [(&str, &str); 4] =
    [("", "Details"), ("operations", "Operations"), ("json", "JSON view"), ("logs", "Logs")];

/// The panel.
#[component]
pub(crate) fn Panel(
    /// The cluster.
    id: ClusterId,
    /// Which tab.
    tab: Memo<String>,
    /// The address of the open panel.
    here: String,
    /// The address without it.
    back: String,
) -> impl IntoView {
    let changed = Live::here().of(id);
    let cluster = Resource::new(move || changed.get(), move |_| api::cluster(id));
    let navigate = use_navigate();
    let away = back.clone();
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let dialog_open =
            document().query_selector("dialog[open], [popover]:popover-open").ok().flatten().is_some();
        if event.key() == "Escape" && !dialog_open {
            navigate(&away, NavigateOptions { scroll: false, ..NavigateOptions::default() });
        }
    });
    on_cleanup(move || handle.remove());
    let node = NodeRef::<leptos::html::Aside>::new();
    Effect::new(move |_| {
        if let Some(panel) = node.get() {
            // It takes the focus, so that reading goes on inside, and gives it back to the row when it closes. Inside
            // the effect, which no server runs: there the element would be dropped by another thread than its maker.
            let row = document()
                .active_element()
                .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
            let row = StoredValue::new_local(row);
            let _ = panel.focus();
            on_cleanup(move || {
                if let Some(row) = row.try_get_value().flatten() {
                    let _ = row.focus();
                }
            });
        }
    });
    let head = move || {
        let back = back.clone();
        Suspend::new(async move {
            match cluster.await {
                Ok(view) => view! { <PanelHead view=view.clone() back=back/><Ways view=view/> }.into_any(),
                Err(_) => view! {
                    <a class="icon-button end" href=back aria-label="Close"><Icon name="cross"/></a>
                }
                .into_any(),
            }
        })
    };
    view! {
        <aside class="panel" aria-label="Details" node_ref=node tabindex="-1">
            <Transition fallback=|| view! { <Waiting lines=8/> }>{head}</Transition>
            <Body id=id cluster=cluster tab=tab here=here/>
        </aside>
    }
}

#[component]
fn PanelHead(view: ClusterView, back: String) -> impl IntoView {
    let row = view.row;
    view! {
        <header class="panel-head">
            <div>
                <h2>{row.name}</h2>
                <p>
                    <Status shape=words::shape(row.state) word=row.state.word()><Since at=row.since/></Status>
                </p>
            </div>
            <a class="icon-button" href=place::cluster(row.cluster, "details") aria-label="Open as page">
                <Icon name="external"/>
            </a>
            <a class="icon-button" href=back aria-label="Close"><Icon name="cross"/></a>
        </header>
    }
}

/// What may be done now, the likeliest first.
#[component]
fn Ways(view: ClusterView) -> impl IntoView {
    let begin = Begin::here();
    let row = StoredValue::new(view.row.clone());
    let offered: Vec<_> =
        view.row.actions.iter().filter(|offer| offer.refused.is_none()).map(|offer| offer.action).collect();
    let buttons = offered.into_iter().filter(|action| *action != Action::Delete).take(3).enumerate().map(
        |(i, action)| {
            let first = i == 0 && row.with_value(|row| row.state.group() == Group::Failing);
            let id = view.row.cluster;
            view! {
                <a class=if first { "button primary" } else { "button" } href=place::of_action(action, id)
                    on:click=move |event| {
                        event.prevent_default();
                        begin.begin(action, vec![row.get_value()]);
                    }>
                    <Icon name=icon_of(action)/>{action.word()}
                </a>
            }
        },
    );
    view! { <div class="button-row">{buttons.collect_view()}</div> }
}

/// The tabs with the one that is shown.
#[component]
fn Body(
    id: ClusterId,
    cluster: Resource<Result<ClusterView, ApiError>>,
    tab: Memo<String>,
    here: String,
) -> impl IntoView {
    let join = if here.contains('?') { '&' } else { '?' };
    let tabs = move || {
        TABS.map(|(name, word)| {
            let href = if name.is_empty() { here.clone() } else { format!("{here}{join}tab={name}") };
            view! { <Tab href=href here={tab.get() == name}>{word}</Tab> }
        })
    };
    let plain = move || {
        Suspend::new(async move {
            match cluster.await {
                Ok(view) => view! { <Plain view=view/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    let content = move || match tab.get().as_str() {
        "operations" => view! { <OperationList id=id/> }.into_any(),
        "json" => view! { <Json id=id/> }.into_any(),
        "logs" => view! { <LogTails id=id/> }.into_any(),
        _ => view! { <Transition fallback=|| view! { <Waiting lines=8/> }>{plain}</Transition> }.into_any(),
    };
    view! {
        <Tabs label="Details">{tabs}</Tabs>
        {content}
    }
}

/// The plain reason first, then the facts, then the exception.
#[component]
fn Plain(view: ClusterView) -> impl IntoView {
    let id = view.row.cluster;
    let reason = view
        .reason
        .clone()
        .or_else(|| view.last_operation.as_ref().and_then(|operation| operation.reason.clone()));
    let can_start =
        view.row.actions.iter().any(|offer| offer.action == Action::Start && offer.refused.is_none());
    let failure = reason.clone().map(|reason| {
        let start = can_start.then(|| {
            let href = place::ask(Action::Start, &[id], &place::cluster(id, ""));
            view! { <a href=href>"Start from another state"</a> }
        });
        view! { <Failure reason=reason>{start}<a href=place::cluster(id, "logs")>"Read the logs"</a></Failure> }
    });
    view! {
        {failure}
        <DetailFacts view=view/>
        {reason.map(|reason| view! { <Exception text=reason.exception open=true/> })}
    }
}

/// The cluster as JSON.
#[component]
pub(crate) fn Json(
    /// The cluster.
    id: ClusterId,
) -> impl IntoView {
    let changed = Live::here().of(id);
    let json = Resource::new(move || changed.get(), move |_| api::cluster_json(id));
    let content = move || {
        Suspend::new(async move {
            match json.await {
                Ok(text) => view! {
                    <Code name="cluster.json" text=text>
                        <a class="end" rel="external" download="cluster.json" href=place::cluster(id, "json")>"Download"</a>
                    </Code>
                }
                .into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting lines=8/> }>{content}</Transition> }
}

/// The details as a page of their own.
#[component]
pub(crate) fn Details() -> impl IntoView {
    let (id, cluster) = (id_here(), cluster_here());
    let map = use_query_map();
    let tab = Memo::new(move |_| map.with(|map| map.get("tab").unwrap_or_default()));
    let head = move || {
        Suspend::new(async move {
            cluster.await.ok().map(|view| view! { <ClusterHead view=view page="Details" commands=true/> })
        })
    };
    view! {
        <Transition fallback=|| view! { <Waiting/> }>{head}</Transition>
        {move || id.get().map(|id| view! {
            <Body id=id cluster=cluster tab=tab here=place::cluster(id, "details")/>
        })}
    }
    .into_any()
}
