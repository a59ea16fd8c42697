//! The grid itself: columns, sorting, keyboard, foot.

use domain::view::{JobPage, JobRow, Sort};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::address::JobsAddress;
use super::row::{Row, cluster_of};
use super::selection::Selection;
use super::{FORM, ROWS};
use crate::page::new_cluster;
use crate::part::{Each, Empty, Pager, Range};
use crate::paths;

/// Word, sorting, and whether it holds numbers.
const COLUMNS: [(&str, Option<Sort>, bool); 10] = [
    ("Name", Some(Sort::Name), false),
    ("Status", Some(Sort::Since), false),
    ("Operation", None, false),
    ("Records / s, 30 min", None, false),
    ("Action result", None, false),
    ("Parallelism", Some(Sort::Parallelism), true),
    ("Last savepoint", None, false),
    ("Checkpoint age", Some(Sort::Checkpoint), true),
    ("Restarts", Some(Sort::Restarts), true),
    ("Tags", None, false),
];

/// The rows of one page.
#[component]
pub(super) fn Grid(
    /// The address.
    asked: JobsAddress,
    /// The rows.
    page: Signal<JobPage>,
    /// Which are selected.
    selection: Selection,
    /// Goes to an address, in place of the present one or not.
    go: Callback<(String, bool)>,
) -> impl IntoView {
    let range = Memo::new(move |_| {
        let (page_number, size) = asked.query.with(|query| (query.page, query.size));
        let size = if size == 0 { ROWS } else { size };
        Range { page: page_number, size, total: page.with(|page| page.total) }
    });
    let address = Callback::new(move |(page, rows): (u32, u32)| {
        asked.with(|query| {
            query.page = page;
            query.size = if rows == ROWS { 0 } else { rows };
        })
    });
    // A row that the pointer is on its way to stays where it is.
    let pointed = RwSignal::new(false);
    let rows = Memo::new(move |before: Option<&Vec<JobRow>>| {
        let rows = page.with(|page| page.rows.clone());
        match before.filter(|_| pointed.get()) {
            Some(before) => in_order_of(before, rows),
            None => rows,
        }
    });
    Effect::new(move |_| {
        asked.query.track(); // whoever asks for another order gets it
        pointed.set(false);
    });
    selection.on_page(rows.get_untracked());
    Effect::new(move |_| selection.on_page(rows.get()));
    let first = Memo::new(move |_| rows.with(|rows| rows.first().map(|row| row.cluster)));
    let face = Memo::new(move |_| {
        let none_at_all = page.with(|page| page.counts.all == 0);
        (rows.with(Vec::is_empty), none_at_all)
    });
    move || {
        if let (true, none_at_all) = face.get() {
            return view! { <Nothing asked=asked none_at_all=none_at_all/> }.into_any();
        }
        let every = move || selection.count() == rows.with(Vec::len);
        view! {
            <div class="grid-frame">
                <table class="grid jobs" role="grid" aria-label="Flink Jobs" aria-multiselectable="true"
                    aria-rowcount=move || range.get().total.to_string() on:keydown=keys(asked, selection, go)>
                    <thead>
                        <tr role="row">
                            <th role="columnheader" class="pick">
                                <input type="checkbox" aria-label="Select all on this page" form=FORM prop:checked=every
                                    on:change=move |event| selection.all(event_target_checked(&event))/>
                            </th>
                            {COLUMNS.map(|(word, sort, number)| view! {
                                <Column asked=asked word=word sort=sort number=number/>
                            })}
                        </tr>
                    </thead>
                    <tbody on:pointerenter=move |_| pointed.set(true) on:pointerleave=move |_| pointed.set(false)>
                        <Each of=rows key=|row: &JobRow| row.cluster.to_string() let:row>
                            <Row row=row first=first asked=asked selection=selection/>
                        </Each>
                    </tbody>
                </table>
            </div>
            <Pager range=range address=address as_of=Signal::derive(move || page.with(|page| page.as_of))/>
        }
        .into_any()
    }
}

/// The rows in the order in which they stand already; what is new comes last.
fn in_order_of(before: &[JobRow], rows: Vec<JobRow>) -> Vec<JobRow> {
    let place = |row: &JobRow| before.iter().position(|one| one.cluster == row.cluster).unwrap_or(usize::MAX);
    let mut rows = rows;
    rows.sort_by_key(place);
    rows
}

/// A column's head; those that sort are links.
#[component]
fn Column(asked: JobsAddress, word: &'static str, sort: Option<Sort>, number: bool) -> impl IntoView {
    let class = number.then_some("num");
    let Some(sort) = sort else {
        return view! { <th role="columnheader" scope="col" class=class>{word}</th> }.into_any();
    };
    let order = Memo::new(move |_| {
        let (now, descending) = asked.query.with(|query| (query.sort, query.descending));
        match (now == sort, descending) {
            (false, _) => None,
            (true, false) => Some("ascending"),
            (true, true) => Some("descending"),
        }
    });
    // A third press goes back to the order of attention.
    let href = move || {
        let order = order.get();
        asked.with(|query| {
            (query.sort, query.descending) = match order {
                None => (sort, false),
                Some("ascending") => (sort, true),
                Some(_) => (Sort::Attention, false),
            };
        })
    };
    view! {
        <th role="columnheader" scope="col" class=class aria-sort=move || order.get()>
            <a class="sort" href=href>{word}</a>
        </th>
    }
    .into_any()
}

/// No row: because nothing is there, or because nothing matches.
#[component]
fn Nothing(asked: JobsAddress, none_at_all: bool) -> impl IntoView {
    let scope = asked.query.with_untracked(|query| query.scope.clone());
    if none_at_all {
        let create = match &scope {
            domain::view::Scope::Pool(pool) => paths::create(pool),
            _ => "/pools".to_owned(),
        };
        return view! {
            <Empty icon="jobs" title="No cluster yet" text="A cluster runs one Flink job, made from a jar.">
                {new_cluster(move || create.clone())}
            </Empty>
        }
        .into_any();
    }
    let clear = paths::jobs(&domain::view::JobQuery { scope, ..Default::default() }, None);
    view! {
        <Empty icon="filter" title="No job matches" text="Jobs are there, but the filters leave none.">
            <a class="button" href=clear>"Clear the filters"</a>
        </Empty>
    }
    .into_any()
}

/// Arrow keys move between rows, Shift selects on the way, Space selects, Enter opens.
fn keys(asked: JobsAddress, selection: Selection, go: Callback<(String, bool)>) -> impl Fn(KeyboardEvent) {
    move |event: KeyboardEvent| {
        let Some(target) = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        else {
            return;
        };
        let Ok(Some(row)) = target.closest("tbody tr") else { return };
        let on_row = target.tag_name() == "TR";
        match event.key().as_str() {
            key @ ("ArrowDown" | "ArrowUp" | "Home" | "End") => {
                let next = match key {
                    "ArrowDown" => row.next_element_sibling(),
                    "ArrowUp" => row.previous_element_sibling(),
                    "Home" => row.parent_element().and_then(|body| body.first_element_child()),
                    _ => row.parent_element().and_then(|body| body.last_element_child()),
                };
                if event.shift_key() {
                    for id in [Some(&row), next.as_ref()].into_iter().flatten().filter_map(cluster_of) {
                        selection.add(id);
                    }
                }
                if let Some(next) = next.and_then(|next| next.dyn_into::<web_sys::HtmlElement>().ok()) {
                    // The row is on the page, so it takes the focus.
                    let _ = next.focus();
                }
            }
            " " if on_row => {
                if let Some(id) = cluster_of(&row) {
                    selection.pick(id, event.shift_key());
                }
            }
            "Enter" if on_row => {
                go.run((untrack(|| asked.opened(cluster_of(&row))), false));
            }
            _ => return,
        }
        event.prevent_default();
    }
}
