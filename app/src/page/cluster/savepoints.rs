//! Savepoints and retained checkpoints: take, start from, delete, copy the path.

mod delete;

use domain::action::Action;
use domain::view::{ClusterView, SnapshotView};
use leptos::prelude::*;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::live::Live;
use crate::page::ask::{Begin, state_of};
use crate::part::{Copy, Each, Empty, Follow, Icon, Moment};
use crate::place;
use crate::words::bytes;
use delete::DeleteDialog;

pub(crate) use delete::DeleteSnapshot;

/// The page.
#[component]
pub(crate) fn Savepoints() -> impl IntoView {
    page_of(|id| {
        let changed = Live::here().of(id);
        let cluster = cluster_of(id);
        let snapshots = Resource::new(move || changed.get(), move |_| api::snapshots(id));
        let leaving = Resource::new(move || changed.get(), move |_| api::doomed_snapshots(id));
        let doomed = RwSignal::new(None::<SnapshotView>);
        view! {
            <Follow answer=cluster let:cluster>
                <ClusterHead view=cluster page="Savepoints" commands=true/>
                <Follow answer=snapshots let:snapshots>
                    <List view=cluster snapshots=snapshots doomed=doomed/>
                </Follow>
                <Follow answer=leaving lines=0 let:leaving><Leaving leaving=leaving/></Follow>
            </Follow>
            <DeleteDialog id=id doomed=doomed/>
        }
        .into_any()
    })
}

#[component]
fn List(
    view: Signal<ClusterView>,
    snapshots: Signal<Vec<SnapshotView>>,
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let none = Memo::new(move |_| snapshots.with(Vec::is_empty));
    let may_start = Memo::new(move |_| {
        view.with(|view| {
            view.row.actions.iter().any(|offer| offer.action == Action::Start && offer.refused.is_none())
        })
    });
    move || {
        if none.get() {
            return view! {
                <Empty icon="savepoint" title="No savepoint yet"
                    text="Stop and Update take one by themselves; Savepoint takes one while the job runs on."/>
            }
            .into_any();
        }
        view! {
            <div class="grid-frame">
                <table class="grid plain" role="table" aria-label="Savepoints and retained checkpoints">
                    <thead>
                        <tr role="row">
                            <th role="columnheader" scope="col">"Taken"</th>
                            <th role="columnheader" scope="col">"Kind"</th>
                            <th role="columnheader" scope="col">"Name"</th>
                            <th role="columnheader" scope="col" class="num">"Size"</th>
                            <th role="columnheader" scope="col" class="num">"Run"</th>
                            <th role="columnheader" scope="col">"By"</th>
                            <th role="columnheader" scope="col"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <Each of=snapshots key=|snapshot: &SnapshotView| snapshot.id.to_string() let:snapshot>
                            <Snapshot view=view snapshot=snapshot may_start=may_start doomed=doomed/>
                        </Each>
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    }
}

/// What is being deleted: nothing starts from it any more, and its files are still there.
#[component]
fn Leaving(leaving: Signal<Vec<(String, String)>>) -> impl IntoView {
    move || {
        let leaving = leaving.get();
        (!leaving.is_empty()).then(|| {
            let lines = leaving.into_iter().map(|(path, why)| {
                view! { <li><span class="code">{path}</span>{(!why.is_empty()).then(|| view! { <small>{why}</small> })}</li> }
            });
            view! {
                <section class="card">
                    <header><h2>"Being deleted"</h2></header>
                    <ul class="rows">{lines.collect_view()}</ul>
                </section>
            }
        })
    }
}

#[component]
fn Snapshot(
    view: Signal<ClusterView>,
    snapshot: Signal<SnapshotView>,
    may_start: Memo<bool>,
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.cluster);
    let first = snapshot.get_untracked();
    let kind = kind(&first);
    let name = first.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let by =
        if first.actor.is_empty() { first.why.clone() } else { format!("{}, {}", first.actor, first.why) };
    let begin = Begin::here();
    let from = state_of(&first);
    let start = move || {
        may_start.get().then(|| {
            let href = place::ask_from(Action::Start, &[id], &from, &place::cluster(id, "savepoints"));
            let label = format!("Start the job from this {}", kind.to_lowercase());
            let from = from.clone();
            let press = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                begin.start_from(view.with_untracked(|view| view.row.clone()), from.clone());
            };
            view! { <a class="icon-button" href=href aria-label=label title="Start from it" on:click=press><Icon name="play"/></a> }
        })
    };
    let ask = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        doomed.set(Some(snapshot.get_untracked()));
    };
    let size = move || snapshot.with(|snapshot| snapshot.size.map_or_else(|| "–".to_owned(), bytes));
    view! {
        <tr role="row">
            <td role="cell" data-phone="name"><Moment at=first.at/></td>
            <td role="cell" data-phone="state">{kind}<span class="phone-only">", "{first.why}</span></td>
            <td role="cell" class="code"><span class="truncate" title=first.path.clone()>{name}</span></td>
            <td role="cell" class="num" data-phone="plot">{size}</td>
            <td role="cell" class="num">{first.run}</td>
            <td role="cell">{by}</td>
            <td role="cell" class="actions" data-phone="note">
                <Copy text=first.path what="the path"/>
                {start}
                <form method="get" action=place::delete_snapshot(id) on:submit=ask>
                    <input type="hidden" name="snapshot" value=first.id.to_string()/>
                    <button class="icon-button" type="submit" aria-label=format!("Delete this {}", kind.to_lowercase())>
                        <Icon name="trash"/>
                    </button>
                </form>
            </td>
        </tr>
    }
}

fn kind(snapshot: &SnapshotView) -> &'static str {
    if snapshot.kind == "checkpoint" { "Checkpoint" } else { "Savepoint" }
}
