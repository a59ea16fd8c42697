//! One state of the list.

use domain::action::Action;
use domain::address::Address;
use domain::snapshot::SnapshotKind;
use domain::view::{ClusterView, FitsView, Newest, SnapshotView, StatesView};
use leptos::prelude::*;

use super::commands::FORM;
use super::fits;
use crate::clock::Clock;
use crate::page::ask::Begin;
use crate::part::{Copy, Icon, Moment};
use crate::paths;
use crate::words::{self, bytes};

/// Its row.
#[component]
pub(super) fn State(
    /// The cluster.
    view: Signal<ClusterView>,
    /// All of them.
    states: Signal<StatesView>,
    /// Which of them fit.
    fits: Signal<FitsView>,
    /// The state.
    state: Signal<SnapshotView>,
    /// The job may be started.
    may_start: Memo<bool>,
    /// The path of the one that is chosen; the newest until somebody chooses.
    chosen: RwSignal<Option<String>>,
    /// The one that is to be deleted, asked in a dialog.
    doomed: RwSignal<Option<SnapshotView>>,
) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.cluster);
    let clock = Clock::here();
    let first = state.get_untracked();
    let kind = first.kind.word();
    let name = first.title();
    let lies = Address::parse(&first.path).ok();
    let place = lies.as_ref().map_or_else(|| first.path.clone(), |at| place(at, first.kind));
    let taken = words::taken(&first);
    // Of a checkpoint it only says how its run ended.
    let by = (first.kind == SnapshotKind::Savepoint && !taken.is_empty()).then(|| format!(", {taken}"));
    let how = format!("{}{}", kind.to_lowercase(), by.unwrap_or_default());
    let begin = Begin::here();
    let from = first.path.clone();
    let missing = Memo::new(move |_| state.with(|state| state.missing.clone()));
    let (path, mine) = (first.path.clone(), first.path.clone());
    let said = Memo::new(move |_| {
        fits.with(|fits| match missing.get() {
            Some(why) => {
                let since = fits.away.get(&path).map(|at| format!(" since {}", clock.day_time(*at)));
                let line = format!("not there{}", since.unwrap_or_default());
                fits::Said { tone: "warn", line, more: why }
            }
            None => fits::said(fits.by_path.get(&path), fits.revision),
        })
    });
    let is_chosen = Memo::new(move |_| match chosen.get() {
        Some(chosen) => chosen == mine,
        None => states.with(|states| matches!(states.newest(), Newest::State(newest) if newest.path == mine)),
    });
    let pick = {
        let (value, picked) = (first.path.clone(), first.path.clone());
        view! {
            <input type="radio" form=FORM name="from" value=value aria-label=format!("Choose {name}")
                checked=is_chosen.get_untracked() prop:checked=is_chosen
                disabled=move || missing.with(Option::is_some)
                // Also of the one that is preselected: who picks it means it, whatever is newer by then.
                on:click=move |_| chosen.set(Some(picked.clone()))/>
        }
    };
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
        <tr role="row" aria-current=move || is_chosen.get().then_some("true")>
            <td role="cell" class="pick">{pick}</td>
            <td role="cell" class="state" data-phone="name">
                <b class="truncate" title=first.path.clone()>{name}</b>
                <small class="code truncate">{place}</small>
            </td>
            <td role="cell" data-phone="state" title=taken>{how}</td>
            <td role="cell">{format!("{}, r{}", first.run, first.revision)}</td>
            <td role="cell" data-phone="plot"><Moment at=first.at/></td>
            <td role="cell" class="num">{size}</td>
            <td role="cell" data-phone="note" data-tone=move || said.with(|said| said.tone)
                title=move || said.with(|said| said.more.clone())>
                <span class="truncate">{move || said.with(|said| said.line.clone())}</span>
                {move || missing.get().map(|why| view! { <small class="truncate">{why}</small> })}
            </td>
            <td role="cell" class="actions">
                <Copy text=first.path what="the path"/>
                {download}
                {delete}
                {start}
                {again}
            </td>
        </tr>
    }
}

/// Where it lies: `lake / flink / 5c1e…b635 / … / chk-6140`; the whole of it stands on hover. A savepoint's own folder
/// is its name.
fn place(at: &Address, kind: SnapshotKind) -> String {
    let above = at.path().parent().unwrap_or_default();
    let path = if kind == SnapshotKind::Checkpoint { at.path() } else { &above };
    let names = [at.account().as_str(), at.container().as_str()].into_iter().chain(path.segments());
    let mut names: Vec<String> = names.map(short).collect();
    if kind == SnapshotKind::Checkpoint && names.len() > 5 {
        names.splice(3..names.len() - 1, ["…".to_owned()]);
    }
    names.join(" / ")
}

/// An id among the folders by its ends.
fn short(name: &str) -> String {
    let id = name.len() >= 32 && name.bytes().all(|digit| digit.is_ascii_hexdigit() || digit == b'-');
    if id { format!("{}…{}", &name[..4], &name[name.len() - 4..]) } else { name.to_owned() }
}
