//! One job of the grid.

use domain::id::ClusterId;
use domain::snapshot::SnapshotOrigin;
use domain::state::{Group, State};
use domain::view::JobRow;
use leptos::prelude::*;

use super::address::JobsAddress;
use super::selection::Selection;
use crate::part::{Ago, Icon, Moment, Spark, StatusSize, job_status};
use crate::words::tone;

/// Tags that are written out.
const TAGS: usize = 2;

/// The row. Arrow keys move, Space selects, Enter opens.
#[component]
pub(super) fn Row(
    /// The job.
    row: Signal<JobRow>,
    /// Which row of the page is the first.
    first: Memo<Option<ClusterId>>,
    /// The address, which says whose details are open.
    asked: JobsAddress,
    /// What is selected.
    selection: Selection,
) -> impl IntoView {
    let id = row.with_untracked(|row| row.cluster);
    let chosen = move || selection.has(id);
    let mark = move || {
        row.with(|row| match (row.group, row.state) {
            (Group::Failing, State::Unreachable | State::Waiting) => Some("warn"),
            (Group::Failing, _) => Some("bad"),
            _ => None,
        })
    };
    let place = move || if first.get() == Some(id) { "0" } else { "-1" };
    let open = move || (asked.open.get() == Some(id)).then_some("true");
    let status = move || row.with(|row| job_status(row, StatusSize::Cell));
    let spark = move || {
        row.with(|row| {
            let values = row.throughput.clone();
            view! { <Spark values=values label="Records per second, last 30 minutes" tone=tone(row)/> }
        })
    };
    let parallelism = move || match row.with(|row| row.parallelism) {
        0 => "–".to_owned(),
        number => number.to_string(),
    };
    view! {
        <tr role="row" tabindex=place data-id=id.to_string() aria-selected=move || chosen().to_string()
            data-attention=mark aria-current=open>
            <td role="gridcell" class="pick">
                <input type="checkbox" name="cluster" value=id.to_string() form=super::FORM
                    aria-label=move || row.with(|row| format!("Select {}", row.name))
                    prop:checked=chosen on:click=move |event| selection.pick(id, event.shift_key())/>
            </td>
            <td role="gridcell" data-phone="name">
                <a class="name" href=move || asked.opened(Some(id))>{move || row.with(|row| row.name.clone())}</a>
                <small>{move || row.with(|row| format!("{} · Flink {}", row.pool_path.name(), row.flink))}</small>
            </td>
            <td role="gridcell" data-phone="state">{status}</td>
            <Operation row=row/>
            <td role="gridcell" data-phone="plot">{spark}</td>
            <ActionResult row=row/>
            <td role="gridcell" class="num">{parallelism}</td>
            <SavepointCell row=row/>
            <CheckpointCell row=row/>
            <td role="gridcell" class="num" data-tone=move || row.with(|row| (row.restarts > 3).then_some("bad"))>
                {move || row.with(|row| row.restarts)}
            </td>
            <TagsCell row=row/>
        </tr>
    }
}

/// The operation in progress, or the last thing known.
#[component]
fn Operation(row: Signal<JobRow>) -> impl IntoView {
    let blank = move || row.with(|row| row.operation.is_none() && row.note.is_empty());
    let tone = move || {
        row.with(|row| match (&row.operation, row.note.is_empty()) {
            (Some(_), _) => Some("move"),
            (None, true) => None,
            (None, false) => {
                Some(if matches!(row.state, State::Unreachable | State::Waiting) { "warn" } else { "bad" })
            }
        })
    };
    let said = move || {
        row.with(|row| match &row.operation {
            // What is in its way is worth more than its own words.
            Some(moving) if row.note.is_empty() => (moving.step.clone(), Some(moving.detail.clone())),
            Some(moving) => (moving.step.clone(), Some(row.note.clone())),
            None => (row.note.clone(), None),
        })
    };
    let content = move || {
        if blank() {
            return "–".into_any();
        }
        let (what, detail) = said();
        let detail = detail.map(|detail| {
            let whole = detail.clone();
            view! { <small class="truncate" title=whole>{detail}</small> }
        });
        let whole = what.clone();
        view! { <span class="truncate" title=whole>{what}</span>{detail} }.into_any()
    };
    view! {
        <td role="gridcell" class=move || if blank() { "blank" } else { "note" } data-tone=tone>{content}</td>
    }
}

#[component]
fn ActionResult(row: Signal<JobRow>) -> impl IntoView {
    let content = move || {
        let Some(result) = row.with(|row| row.result.clone()) else { return "–".into_any() };
        let (icon, tone, word) =
            if result.succeeded { ("check", "good", "succeeded") } else { ("cross", "bad", "failed") };
        view! {
            <span class="result" title=result.message>
                <Icon name=icon tone=tone/>
                {result.action.word()}<span class="sr-only">" "{word}</span>" "<small><Ago at=result.at/></small>
            </span>
        }
        .into_any()
    };
    let class = move || row.with(|row| row.result.is_none().then_some("blank"));
    view! { <td role="gridcell" class=class>{content}</td> }
}

#[component]
fn SavepointCell(row: Signal<JobRow>) -> impl IntoView {
    let content = move || match row.with(|row| (row.savepoint_at, row.savepoint_origin)) {
        (Some(at), origin) => {
            view! { <Moment at=at/><small>{origin.map(SnapshotOrigin::name)}</small> }.into_any()
        }
        (None, _) => "–".into_any(),
    };
    let class = move || row.with(|row| row.savepoint_at.is_none().then_some("blank"));
    view! { <td role="gridcell" class=class>{content}</td> }
}

/// Age of the last checkpoint of a job that runs; on a phone, what matters most in a few words.
#[component]
fn CheckpointCell(row: Signal<JobRow>) -> impl IntoView {
    let content = move || {
        row.with(|row| match (&row.operation, row.checkpoint_at, row.savepoint_at) {
            (Some(moving), at, _) => {
                let age = at.map(|at| view! { <span class="wide-only"><Ago at=at/></span> });
                view! { {age}<span class="phone-only">{moving.step.clone()}</span> }.into_any()
            }
            (None, Some(at), _) if !row.state.at_rest() || row.state == State::Failed => {
                view! { <span class="phone-only">"checkpoint "</span><Ago at=at/> }.into_any()
            }
            (None, _, Some(at)) => view! {
                <span class="wide-only">"–"</span><span class="phone-only">"savepoint "<Moment at=at/></span>
            }
            .into_any(),
            _ => view! { <span class="wide-only">"–"</span> }.into_any(),
        })
    };
    view! { <td role="gridcell" class="num" data-phone="note">{content}</td> }
}

/// The first tags; how many more there are, with all of them on hover.
#[component]
fn TagsCell(row: Signal<JobRow>) -> impl IntoView {
    let tags = Memo::new(move |_| {
        row.with(|row| {
            let tags = row.tags.iter().map(|(name, value)| match value.as_str() {
                "" => name.clone(),
                value => format!("{name}:{value}"),
            });
            tags.collect::<Vec<_>>()
        })
    });
    let content = move || {
        let tags = tags.get();
        if tags.is_empty() {
            return "–".into_any();
        }
        let more = tags.len().saturating_sub(TAGS);
        let all = tags.join(", ");
        let first = tags.into_iter().take(TAGS).map(|tag| {
            let whole = tag.clone();
            view! { <span class="tag" title=whole>{tag}</span> }
        });
        let first = first.collect_view();
        let more = (more > 0).then(|| view! { <span class="tag" title=all>{format!("+{more}")}</span> });
        view! { <span class="tags">{first}{more}</span> }.into_any()
    };
    view! { <td role="gridcell" class=move || tags.with(Vec::is_empty).then_some("blank")>{content}</td> }
}

/// The row's cluster, from the element that has the focus.
pub(super) fn cluster_of(row: &web_sys::Element) -> Option<ClusterId> {
    row.get_attribute("data-id")?.parse().ok()
}
