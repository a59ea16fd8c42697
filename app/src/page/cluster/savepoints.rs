//! Savepoints and retained checkpoints: take, start from, delete, copy the path.

mod delete;

use domain::action::Action;
use domain::view::{ClusterView, JobRow, SnapshotView};
use leptos::prelude::*;

use super::{ClusterHead, changed, cluster_here, id_here, no_id};
use crate::api;
use crate::page::ask::{Begin, state_of};
use crate::part::{Copy, Empty, Icon, Moment, Trouble, Waiting};
use crate::place;
use crate::words::bytes;
use delete::DeleteDialog;

pub(crate) use delete::DeleteSnapshot;

/// The page.
#[component]
pub(crate) fn Savepoints() -> impl IntoView {
    let id = id_here();
    let changed = changed(id);
    let cluster = cluster_here();
    let snapshots = Resource::new(
        move || (id.get(), changed.get()),
        |(id, _)| async move { api::snapshots(id.ok_or_else(no_id)?).await },
    );
    let doomed = RwSignal::new(None::<SnapshotView>);
    let content = move || {
        // Taken before anything is waited for: a page that is left takes its resources along.
        let (cluster, snapshots) = (cluster.into_future(), snapshots.into_future());
        Suspend::new(async move {
            match (cluster.await, snapshots.await) {
                (Ok(view), Ok(snapshots)) => view! {
                    <ClusterHead view=view.clone() page="Savepoints" commands=true/>
                    <List view=view snapshots=snapshots doomed=doomed/>
                }
                .into_any(),
                (Err(error), _) | (_, Err(error)) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! {
        <Transition fallback=|| view! { <Waiting/> }>{content}</Transition>
        {move || id.get().map(|id| view! { <DeleteDialog id=id doomed=doomed/> })}
    }
    .into_any()
}

#[component]
fn List(
    view: ClusterView,
    snapshots: Vec<SnapshotView>,
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    if snapshots.is_empty() {
        return view! {
            <Empty icon="savepoint" title="No savepoint yet"
                text="Stop and Update take one by themselves; Savepoint takes one while the job runs on."/>
        }
        .into_any();
    }
    let may_start =
        view.row.actions.iter().any(|offer| offer.action == Action::Start && offer.refused.is_none());
    let rows = snapshots.into_iter().map(|snapshot| {
        view! { <Snapshot row=view.row.clone() snapshot=snapshot may_start=may_start doomed=doomed/> }
    });
    let rows = rows.collect_view();
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
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Snapshot(
    row: JobRow,
    snapshot: SnapshotView,
    may_start: bool,
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let (id, kept) = (row.cluster, snapshot.clone());
    let kind = kind(&snapshot);
    let why = snapshot.why.clone();
    let name = snapshot.path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned();
    let by = if snapshot.actor.is_empty() {
        snapshot.why.clone()
    } else {
        format!("{}, {}", snapshot.actor, snapshot.why)
    };
    let begin = Begin::here();
    let start = may_start.then(|| {
        let from = state_of(&snapshot);
        let href = place::ask_from(Action::Start, &[id], &from, &place::cluster(id, "savepoints"));
        let label = format!("Start the job from this {}", kind.to_lowercase());
        let press = move |event: leptos::ev::MouseEvent| {
            event.prevent_default();
            begin.start_from(row.clone(), from.clone());
        };
        view! { <a class="icon-button" href=href aria-label=label title="Start from it" on:click=press><Icon name="play"/></a> }
    });
    view! {
        <tr role="row">
            <td role="cell" data-phone="name"><Moment at=snapshot.at/></td>
            <td role="cell" data-phone="state">{kind}<span class="phone-only">", "{why}</span></td>
            <td role="cell" class="code"><span class="truncate" title=snapshot.path.clone()>{name}</span></td>
            <td role="cell" class="num" data-phone="plot">{snapshot.size.map_or_else(|| "–".to_owned(), bytes)}</td>
            <td role="cell" class="num">{snapshot.run}</td>
            <td role="cell">{by}</td>
            <td role="cell" class="actions" data-phone="note">
                <Copy text=snapshot.path what="the path"/>
                {start}
                <form method="get" action=place::delete_snapshot(id)
                    on:submit=move |event| { event.prevent_default(); doomed.set(Some(kept.clone())); }>
                    <input type="hidden" name="snapshot" value=snapshot.id.to_string()/>
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
