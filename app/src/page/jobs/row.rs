//! One job of the grid.

use domain::id::ClusterId;
use domain::state::{Group, State};
use domain::view::JobRow;
use leptos::prelude::*;

use super::selection::Selection;
use crate::part::{Ago, Icon, JobStatus, Moment, Spark};
use crate::words::tone;

/// The row. Arrow keys move, Space selects, Enter opens.
#[component]
pub(super) fn Row(
    /// The job.
    row: JobRow,
    /// Its place on this page.
    place: usize,
    /// What is selected.
    selection: Selection,
    /// Its details' address.
    href: String,
    /// Its details are open.
    open: Signal<bool>,
) -> impl IntoView {
    let id = row.cluster;
    let mark = match (row.state.group(), row.state) {
        (Group::Failing, State::Unreachable) => Some("warn"),
        (Group::Failing, _) => Some("bad"),
        _ => None,
    };
    let chosen = move || selection.has(id);
    let tags: Vec<String> = row
        .tags
        .iter()
        .map(|(name, value)| match value.as_str() {
            "" => name.clone(),
            value => format!("{name}:{value}"),
        })
        .collect();
    let sub = format!("{} · Flink {}", row.pool_name, row.flink);
    let label = format!("Select {}", row.name);
    let restarts = (row.restarts > 3).then_some("bad");
    view! {
        <tr role="row" tabindex=if place == 0 { "0" } else { "-1" } data-id=id.to_string()
            aria-selected=move || chosen().to_string() data-attention=mark aria-current=move || open.get().then_some("true")>
            <td role="gridcell" class="pick">
                <input type="checkbox" name="cluster" value=id.to_string() form=super::FORM aria-label=label
                    prop:checked=chosen on:click=move |event| selection.pick(id, event.shift_key())/>
            </td>
            <td role="gridcell" data-phone="name"><a class="name" href=href>{row.name.clone()}</a><small>{sub}</small></td>
            <td role="gridcell" data-phone="state"><JobStatus state=row.state since=row.since/></td>
            <Operation row=row.clone()/>
            <td role="gridcell" data-phone="plot">
                <Spark values=row.throughput.clone() label="Records per second, last 30 minutes" tone=tone(row.state)/>
            </td>
            <ActionResult row=row.clone()/>
            {number_cell((row.parallelism > 0).then_some(row.parallelism))}
            <SavepointCell row=row.clone()/>
            <CheckpointCell row=row.clone()/>
            <td role="gridcell" class="num" data-tone=restarts>{row.restarts}</td>
            <TagsCell tags=tags/>
        </tr>
    }
}

/// The operation in progress, or the last thing known.
#[component]
fn Operation(row: JobRow) -> impl IntoView {
    match row.operation {
        Some(moving) => view! {
            <td role="gridcell" class="note" data-tone="move">
                <span class="truncate" title=moving.step.clone()>{moving.step.clone()}</span><small>{moving.detail}</small>
            </td>
        }
        .into_any(),
        None if row.note.is_empty() => blank(),
        None => {
            let tone = if row.state == State::Unreachable { "warn" } else { "bad" };
            view! { <td role="gridcell" class="note" data-tone=tone><span class="truncate" title=row.note.clone()>{row.note.clone()}</span></td> }
                .into_any()
        }
    }
}

#[component]
fn ActionResult(row: JobRow) -> impl IntoView {
    let Some(result) = row.result else { return blank() };
    let (icon, tone, word) =
        if result.succeeded { ("check", "good", "succeeded") } else { ("cross", "bad", "failed") };
    view! {
        <td role="gridcell">
            <span class="result" title=result.message>
                <Icon name=icon tone=tone/>
                {result.action.word()}<span class="sr-only">" "{word}</span>" "<small><Ago at=result.at/></small>
            </span>
        </td>
    }
    .into_any()
}

#[component]
fn SavepointCell(row: JobRow) -> impl IntoView {
    match row.savepoint_at {
        Some(at) => {
            view! { <td role="gridcell"><Moment at=at/><small>{row.savepoint_why}</small></td> }.into_any()
        }
        None => blank(),
    }
}

/// Age of the last checkpoint of a job that runs; on a phone, what matters most in a few words.
#[component]
fn CheckpointCell(row: JobRow) -> impl IntoView {
    if let Some(moving) = &row.operation {
        let step = moving.step.clone();
        let age = row.checkpoint_at.map(|at| view! { <span class="wide-only"><Ago at=at/></span> });
        return view! {
            <td role="gridcell" class="num" data-phone="note">{age}<span class="phone-only">{step}</span></td>
        }
        .into_any();
    }
    match (row.checkpoint_at, row.savepoint_at) {
        (Some(at), _) if !row.state.at_rest() || row.state == State::Failed => view! {
            <td role="gridcell" class="num" data-phone="note"><span class="phone-only">"checkpoint "</span><Ago at=at/></td>
        }
        .into_any(),
        (_, Some(at)) => view! {
            <td role="gridcell" class="num" data-phone="note">
                <span class="wide-only">"–"</span><span class="phone-only">"savepoint "<Moment at=at/></span>
            </td>
        }
        .into_any(),
        _ => view! { <td role="gridcell" class="num" data-phone="note"><span class="wide-only">"–"</span></td> }.into_any(),
    }
}

fn number_cell(value: Option<u32>) -> impl IntoView {
    let text = value.map_or_else(|| "–".to_owned(), |value| value.to_string());
    view! { <td role="gridcell" class="num">{text}</td> }
}

fn blank() -> AnyView {
    view! { <td role="gridcell" class="blank">"–"</td> }.into_any()
}

/// The first tags; how many more there are, with all of them on hover.
#[component]
fn TagsCell(tags: Vec<String>) -> impl IntoView {
    const SHOWN: usize = 2;
    if tags.is_empty() {
        return blank();
    }
    let more = tags.len().saturating_sub(SHOWN);
    let all = tags.join(", ");
    let first = tags.into_iter().take(SHOWN).map(|tag| {
        let whole = tag.clone();
        view! { <span class="tag" title=whole>{tag}</span> }
    });
    let first = first.collect_view();
    let more = (more > 0).then(|| view! { <span class="tag" title=all>{format!("+{more}")}</span> });
    view! { <td role="gridcell"><span class="tags">{first}{more}</span></td> }.into_any()
}

/// The row's cluster, from the element that has the focus.
pub(super) fn cluster_of(row: &web_sys::Element) -> Option<ClusterId> {
    row.get_attribute("data-id")?.parse().ok()
}
