//! Savepoints and retained checkpoints: take, start from, delete, copy the path.

use domain::action::Action;
use domain::id::ClusterId;
use domain::view::{ClusterView, SnapshotView};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{ClusterHead, changed, cluster_here, id_here, no_id};
use crate::api;
use crate::live::Live;
use crate::part::{Copy, Dialog, Empty, Icon, Moment, Say, Trouble, Waiting};
use crate::place;
use crate::words::bytes;

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
    let id = view.row.cluster;
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
        view! { <Snapshot id=id snapshot=snapshot may_start=may_start doomed=doomed/> }
    });
    let rows = rows.collect_view();
    view! {
        <div class="grid-frame">
            <table class="grid plain" role="table" aria-label="Savepoints and retained checkpoints">
                <thead>
                    <tr role="row">
                        <th role="columnheader" scope="col">"Taken"</th>
                        <th role="columnheader" scope="col">"Kind"</th>
                        <th role="columnheader" scope="col">"Path"</th>
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
    id: ClusterId,
    snapshot: SnapshotView,
    may_start: bool,
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let kept = snapshot.clone();
    let kind = if snapshot.kind == "checkpoint" { "Checkpoint" } else { "Savepoint" };
    let by = if snapshot.actor.is_empty() {
        snapshot.why.clone()
    } else {
        format!("{}, {}", snapshot.actor, snapshot.why)
    };
    let start = may_start.then(|| {
        let href = place::ask(Action::Start, &[id], &place::cluster(id, ""));
        view! { <a class="icon-button" href=href aria-label="Start the job from a savepoint" title="Start from it"><Icon name="play"/></a> }
    });
    view! {
        <tr role="row">
            <td role="cell" data-phone="name"><Moment at=snapshot.at/></td>
            <td role="cell" data-phone="state">{kind}</td>
            <td role="cell" class="code"><span class="truncate" title=snapshot.path.clone()>{snapshot.path.clone()}</span></td>
            <td role="cell" class="num" data-phone="plot">{snapshot.size.map_or_else(|| "–".to_owned(), bytes)}</td>
            <td role="cell" class="num">{snapshot.run}</td>
            <td role="cell" data-phone="note">{by}</td>
            <td role="cell" class="actions">
                <Copy text=snapshot.path what="the path"/>
                {start}
                <form method="post" action="/api/ui/delete-snapshot"
                    on:submit=move |event| { event.prevent_default(); doomed.set(Some(kept.clone())); }>
                    <input type="hidden" name="cluster" value=id.to_string()/>
                    <input type="hidden" name="snapshot" value=snapshot.id.to_string()/>
                    <input type="hidden" name="back" value=place::cluster(id, "savepoints")/>
                    <button class="icon-button" type="submit" aria-label=format!("Delete this {}", kind.to_lowercase())>
                        <Icon name="trash"/>
                    </button>
                </form>
            </td>
        </tr>
    }
}

/// Names what it destroys.
#[component]
fn DeleteDialog(id: ClusterId, doomed: RwSignal<Option<SnapshotView>>) -> impl IntoView {
    let (live, say) = (Live::here(), Say::here());
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(doomed.with(Option::is_some)));
    let close = move || {
        open.set(false);
        doomed.set(None);
    };
    let delete = move |_| {
        let Some(snapshot) = doomed.get_untracked() else { return };
        spawn_local(async move {
            match api::delete_snapshot(id, snapshot.id, String::new()).await {
                Ok(()) => say.say(true, "Deleted", snapshot.path),
                Err(error) => say.say(false, "Nothing was deleted.", error.to_string()),
            }
            live.nudge();
            doomed.try_set(None);
        });
    };
    view! {
        <Dialog open=open title="Delete this state">
            <div class="dialog-body">
                <p>"Its files are removed from the storage account. No job can start from it any more. This cannot be undone."</p>
                <p class="code">{move || doomed.with(|one| one.as_ref().map(|one| one.path.clone()))}</p>
            </div>
            <footer>
                <button class="button quiet end" type="button" on:click=move |_| close()>"Back"</button>
                <button class="button primary danger" type="button" on:click=delete>"Delete"</button>
            </footer>
        </Dialog>
    }
}
