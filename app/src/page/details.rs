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

use crate::api;
use crate::live::Live;
use crate::page::ask::Begin;
use crate::page::cluster::{ClusterHead, OperationList, cluster_of, page_of};
use crate::part::{
    Code, Each, Exception, Failure, Follow, Icon, Since, StatusSize, Tab, Tabs, icon_of, job_status,
};
use crate::paths;
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
    here: Signal<String>,
    /// The address without it.
    back: Signal<String>,
) -> impl IntoView {
    let changed = Live::here().of(id);
    let cluster = Resource::new(move || changed.get(), move |_| api::cluster(id));
    let navigate = use_navigate();
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let dialog_open =
            document().query_selector("dialog[open], [popover]:popover-open").ok().flatten().is_some();
        if event.key() == "Escape"
            && !dialog_open
            && let Some(away) = back.try_get_untracked()
        {
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
    view! {
        <aside class="panel" aria-label="Details" node_ref=node tabindex="-1">
            <Follow answer=cluster lines=8 refused=move || view! { <Close back=back/> } let:cluster>
                <PanelHead view=cluster back=back/>
                <Ways view=cluster/>
                <Body view=cluster tab=tab here=here/>
            </Follow>
        </aside>
    }
}

#[component]
fn Close(back: Signal<String>) -> impl IntoView {
    view! { <a class="icon-button end" href=move || back.get() aria-label="Close"><Icon name="cross"/></a> }
}

#[component]
fn PanelHead(view: Signal<ClusterView>, back: Signal<String>) -> impl IntoView {
    let (id, name) = view.with_untracked(|view| (view.row.cluster, view.row.name.clone()));
    let status = move || {
        view.with(|view| {
            let since = view.row.since;
            view! { {job_status(&view.row, StatusSize::Brief)}" "<small><Since at=since/></small> }
        })
    };
    view! {
        <header class="panel-head">
            <div>
                <h2>{name}</h2>
                <p>{status}</p>
            </div>
            <a class="icon-button" href=paths::cluster(id, "details") aria-label="Open as page">
                <Icon name="external"/>
            </a>
            <Close back=back/>
        </header>
    }
}

/// What may be done now, the likeliest first.
#[component]
fn Ways(view: Signal<ClusterView>) -> impl IntoView {
    let begin = Begin::here();
    let id = view.with_untracked(|view| view.row.cluster);
    let offered = Memo::new(move |_| {
        view.with(|view| {
            let free = view.row.actions.iter().filter(|offer| offer.refused.is_none());
            free.map(|offer| offer.action)
                .filter(|action| *action != Action::Delete)
                .take(3)
                .collect::<Vec<_>>()
        })
    });
    let failing = Memo::new(move |_| view.with(|view| view.row.group == Group::Failing));
    view! {
        <div class="button-row">
            <Each of=offered key=|action: &Action| action.name().to_owned() let:action>
                {
                    let action = action.get_untracked();
                    let first = move || failing.get() && offered.with(|offered| offered.first() == Some(&action));
                    view! {
                        <a class=move || if first() { "button primary" } else { "button" } href=paths::of_action(action, id)
                            on:click=move |event| {
                                event.prevent_default();
                                begin.begin(action, vec![view.with_untracked(|view| view.row.clone())]);
                            }>
                            <Icon name=icon_of(action)/>{action.word()}
                        </a>
                    }
                }
            </Each>
        </div>
    }
}

/// The tabs with the one that is shown.
#[component]
fn Body(view: Signal<ClusterView>, tab: Memo<String>, #[prop(into)] here: Signal<String>) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.cluster);
    let tabs = TABS.map(|(name, word)| {
        let href = Signal::derive(move || {
            let here = here.get();
            let join = if here.contains('?') { '&' } else { '?' };
            if name.is_empty() { here } else { format!("{here}{join}tab={name}") }
        });
        let shown = Signal::derive(move || tab.with(|tab| tab == name));
        view! { <Tab href=href here=shown>{word}</Tab> }
    });
    let content = move || match tab.get().as_str() {
        "operations" => view! { <OperationList id=id/> }.into_any(),
        "json" => view! { <Json id=id/> }.into_any(),
        "logs" => view! { <LogTails id=id/> }.into_any(),
        _ => view! { <Plain view=view/> }.into_any(),
    };
    view! {
        <Tabs label="Details">{tabs}</Tabs>
        {content}
    }
}

/// The plain reason first, then the facts, then the exception.
#[component]
fn Plain(view: Signal<ClusterView>) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.cluster);
    let reason = Memo::new(move |_| {
        view.with(|view| {
            let last = || {
                let last = view.last_operation.as_ref()?;
                Some((last.ended()?, last.reason.clone()?))
            };
            let now =
                view.reason.clone().map(|reason| (crate::words::headline(&view.row).to_owned(), reason));
            now.or_else(last)
        })
    });
    let can_start = Memo::new(move |_| {
        view.with(|view| {
            view.row.actions.iter().any(|offer| offer.action == Action::Start && offer.refused.is_none())
        })
    });
    let failure = move || {
        reason.get().map(|(what, reason)| {
            let start = move || {
                can_start.get().then(|| {
                    let href = paths::ask(Action::Start, &[id], &paths::cluster(id, ""));
                    view! { <a href=href>"Start from another state"</a> }
                })
            };
            view! {
                <Failure what=what reason=reason>
                    {start}<a href=paths::cluster(id, "logs")>"Read the logs"</a>
                </Failure>
            }
        })
    };
    view! {
        {failure}
        <DetailFacts view=view/>
        {move || reason.get().map(|(_, reason)| view! { <Exception text=reason.exception open=true/> })}
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
    view! {
        <Follow answer=json lines=8 let:text>
            <Code name="cluster.json" text=text>
                <a class="end" rel="external" download="cluster.json" href=paths::cluster(id, "json")>"Download"</a>
            </Code>
        </Follow>
    }
}

/// The details as a page of their own.
#[component]
pub(crate) fn Details() -> impl IntoView {
    let map = use_query_map();
    let tab = Memo::new(move |_| map.with(|map| map.get("tab").unwrap_or_default()));
    page_of(move |id| {
        view! {
            <Follow answer=cluster_of(id) let:cluster>
                <ClusterHead view=cluster page="Details" commands=true/>
                <Body view=cluster tab=tab here=paths::cluster(id, "details")/>
            </Follow>
        }
        .into_any()
    })
}
