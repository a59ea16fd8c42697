//! The question before a savepoint or checkpoint is deleted: a dialog over the page, a page of its own without script.

use domain::id::{ClusterId, SnapshotId};
use domain::refusal::Refusal;
use domain::view::SnapshotView;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

use crate::api::{self, ApiError};
use crate::live::Live;
use crate::page::cluster::{id_here, no_id};
use crate::part::{Crumbs, Declined, Dialog, Icon, Moment, PageHead, Say, Trouble, Waiting};
use crate::paths;

const WARNING: &str = "Its files are removed from the storage account. No job can start from it any more. This cannot be undone.";

/// Names what it destroys.
#[component]
pub(super) fn DeleteDialog(id: ClusterId, doomed: RwSignal<Option<SnapshotView>>) -> impl IntoView {
    let (live, say) = (Live::here(), Say::here());
    let open = RwSignal::new(false);
    let refused = RwSignal::new(None::<ApiError>);
    Effect::new(move |_| {
        open.set(doomed.with(Option::is_some));
        refused.set(None);
    });
    Effect::new(move |shown: Option<bool>| {
        if shown == Some(true) && !open.get() {
            doomed.set(None);
        }
        open.get()
    });
    let delete = move |_| {
        let Some(snapshot) = doomed.get_untracked() else { return };
        spawn_local(async move {
            match api::delete_snapshot(id, snapshot.id, String::new()).await {
                Ok(()) => {
                    say.say(true, format!("{} is being deleted", snapshot.kind.word()), snapshot.path);
                    doomed.try_set(None);
                }
                Err(error) => {
                    refused.try_set(Some(error));
                }
            }
            live.nudge();
        });
    };
    let heading = Signal::derive(move || {
        let kind = doomed.with(|one| one.as_ref().map(|one| one.kind.word())).unwrap_or("Savepoint");
        format!("Delete this {}?", kind.to_lowercase())
    });
    view! {
        <Dialog open=open title=heading>
            <div class="dialog-body">
                <p>{WARNING}</p>
                <Refused error=refused/>
                {move || doomed.get().map(|snapshot| view! { <What snapshot=snapshot/> })}
            </div>
            <footer>
                <button class="button quiet end" type="button" on:click=move |_| open.set(false)>"Keep it"</button>
                <button class="button primary danger" type="button" on:click=delete><Icon name="trash"/>"Delete"</button>
            </footer>
        </Dialog>
    }
}

/// `/clusters/{id}/savepoints/delete?snapshot=…`.
#[component]
pub(crate) fn DeleteSnapshot() -> impl IntoView {
    let (id, query) = (id_here(), use_query_map());
    let asked = Memo::new(move |_| {
        let query = query.read();
        // By its id, or, as the list's form has it, by its path.
        let snapshot = query.get("snapshot").and_then(|id| id.parse::<SnapshotId>().ok());
        (id.get(), snapshot, query.get("from"))
    });
    let found = Resource::new(
        move || asked.get(),
        |(id, snapshot, path)| async move {
            let id = id.ok_or_else(no_id)?;
            let all = api::states(id).await?.states;
            let is_it = |one: &SnapshotView| Some(one.id) == snapshot || Some(&one.path) == path.as_ref();
            let one = all.into_iter().filter(|one| !one.id.0.is_nil()).find(is_it);
            one.map(|one| (id, one)).ok_or_else(|| {
                ApiError::from(Refusal::NotFound(
                    "There is no such savepoint; it may have been deleted already.".to_owned(),
                ))
            })
        },
    );
    let deleting = ServerAction::<api::DeleteSnapshot>::new();
    let refused = Signal::derive(move || deleting.value().get().and_then(Result::err));
    let content = move || {
        Suspend::new(async move {
            match found.await {
                Ok((id, snapshot)) => view! { <Question id=id snapshot=snapshot/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    let above = move || {
        let page = id.get().map(|id| paths::cluster(id, "savepoints")).unwrap_or_default();
        view! { <Crumbs above=vec![("Savepoints".to_owned(), page)] here="Delete"/> }
    };
    view! {
        {above}
        <PageHead title="Delete from storage"/>
        <Refused error=refused/>
        <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
    }
    .into_any()
}

#[component]
fn Question(id: ClusterId, snapshot: SnapshotView) -> impl IntoView {
    let action = <api::DeleteSnapshot as leptos::server_fn::ServerFn>::url();
    let back = paths::cluster(id, "savepoints");
    view! {
        <section class="dialog">
            <form method="post" action=action>
                <header><h2>{format!("Delete this {}?", snapshot.kind.word().to_lowercase())}</h2></header>
                <input type="hidden" name="cluster" value=id.to_string()/>
                <input type="hidden" name="snapshot" value=snapshot.id.to_string()/>
                <input type="hidden" name="back" value=back.clone()/>
                <div class="dialog-body"><p>{WARNING}</p><What snapshot=snapshot/></div>
                <footer>
                    <a class="button quiet end" href=back>"Keep it"</a>
                    <button class="button primary danger"><Icon name="trash"/>"Delete"</button>
                </footer>
            </form>
        </section>
    }
}

/// When it was taken, of which run, and where it lies.
#[component]
fn What(snapshot: SnapshotView) -> impl IntoView {
    view! {
        <p>{snapshot.kind.word()}" of run "{snapshot.run}", "<Moment at=snapshot.at/></p>
        <p class="code">{snapshot.path}</p>
    }
}

#[component]
fn Refused(#[prop(into)] error: Signal<Option<ApiError>>) -> impl IntoView {
    move || {
        error.get().map(|error| {
            view! {
                <Declined what="it" done="deleted" error=error/>
            }
        })
    }
}
