//! One state of the list.

use domain::action::Action;
use domain::address::Address;
use domain::snapshot::SnapshotKind;
use domain::view::{ClusterView, SnapshotView};
use leptos::prelude::*;

use crate::page::ask::Begin;
use crate::part::{Copy, Icon, Moment};
use crate::paths;
use crate::words::{self, bytes};

/// Its row.
#[component]
pub(super) fn State(
    /// The cluster.
    view: Signal<ClusterView>,
    /// The state.
    state: Signal<SnapshotView>,
    /// The job may be started.
    may_start: Memo<bool>,
    /// The one that is to be deleted, asked in a dialog.
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.cluster);
    let first = state.get_untracked();
    let kind = first.kind.word();
    let name = first.title();
    let lies = Address::parse(&first.path).ok();
    let folder = lies.as_ref().map_or_else(
        || first.path.clone(),
        |at| {
            let above = at.path().parent().unwrap_or_default();
            let names = [at.account().as_str(), at.container().as_str()].into_iter().chain(above.segments());
            names.collect::<Vec<_>>().join(" / ")
        },
    );
    let taken = words::taken(&first);
    let how = if taken.is_empty() { kind.to_owned() } else { format!("{kind}, {taken}") };
    let begin = Begin::here();
    let from = first.path.clone();
    let missing = Memo::new(move |_| state.with(|state| state.missing.clone()));
    let usable = move || match missing.get() {
        None => "yes".to_owned(),
        Some(why) => why,
    };
    let tone = move || if missing.with(Option::is_none) { "good" } else { "warn" };
    let start = move || {
        (may_start.get() && missing.with(Option::is_none)).then(|| {
            let href = paths::ask_from(Action::Start, &[id], &from, &paths::cluster(id, "savepoints"));
            let label = format!("Start from this {}", kind.to_lowercase());
            let from = from.clone();
            let press = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                begin.start_from(view.with_untracked(|view| view.row.clone()), from.clone());
            };
            view! { <a href=href aria-label=label on:click=press>"Start from"</a> }
        })
    };
    // Whether it is there is asked anew with every reading.
    let again = move || {
        let again = || view! { <a href=paths::cluster(id, "savepoints") rel="external">"Look again"</a> };
        missing.with(Option::is_some).then(again)
    };
    let ask = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        doomed.set(Some(state.get_untracked()));
    };
    // A checkpoint refers to files by where they lie: elsewhere it would be of no use.
    let lies = lies.filter(|_| first.kind == SnapshotKind::Savepoint);
    let download = move || {
        let there = missing.with(Option::is_none);
        lies.as_ref().filter(|_| there).map(|at| {
            let href = paths::archive(at.account(), at.container(), at.path().as_str());
            view! {
                <a class="icon-button" href=href download="" rel="external" aria-label="Download this savepoint"
                    title="Download as one archive"><Icon name="download"/></a>
            }
        })
    };
    // What is only seen of a run that goes on is Flink's to delete.
    let delete = (!first.id.0.is_nil()).then(|| {
        view! {
            <form method="get" action=paths::delete_snapshot(id) on:submit=ask>
                <input type="hidden" name="snapshot" value=first.id.to_string()/>
                <button class="icon-button" type="submit" aria-label=format!("Delete this {}", kind.to_lowercase())>
                    <Icon name="trash"/>
                </button>
            </form>
        }
    });
    let size = move || state.with(|state| state.size.map_or_else(|| "–".to_owned(), bytes));
    view! {
        <tr role="row">
            <td role="cell" class="state" data-phone="name">
                <b class="truncate" title=first.path.clone()>{name}</b>
                <small class="code truncate">{folder}</small>
            </td>
            <td role="cell" data-phone="state">{how}</td>
            <td role="cell">{format!("{}, r{}", first.run, first.revision)}</td>
            <td role="cell" data-phone="plot"><Moment at=first.at/></td>
            <td role="cell" class="num">{size}</td>
            <td role="cell" data-phone="note" data-tone=tone>{usable}</td>
            <td role="cell" class="actions">
                <Copy text=first.path what="the path"/>
                {start}
                {again}
                {download}
                {delete}
            </td>
        </tr>
    }
}
