//! What the form's numbers give, beside them and at once: task managers on nodes, memory as Flink splits it, sums.

use domain::draft::Consequences;
use domain::memory::MemoryPart;

use leptos::prelude::*;

use super::FormState;
use crate::words::{self, gigabytes};

/// As many nodes as are drawn.
const DRAWN: u32 = 6;

/// The card beside the form.
#[component]
pub(crate) fn Gives(
    /// The form.
    filling: FormState,
) -> impl IntoView {
    let gives = Memo::new(move |_| {
        filling.form.with(|form| filling.context.with_value(|context| form.consequences(&context.offer)))
    });
    let content = move || {
        match gives.get() {
        None => view! {
            <p class="quiet">"Node size, worker nodes, CPU and memory say how many task managers and slots there will be."</p>
        }
        .into_any(),
        Some(gives) => view! { <Sums filling=filling gives=gives/> }.into_any(),
    }
    };
    view! {
        <aside class="card" aria-labelledby="gives">
            <h2 id="gives">"What this gives"</h2>
            {content}
        </aside>
    }
}

#[component]
fn Sums(filling: FormState, gives: Consequences) -> impl IntoView {
    let (cpu_left, memory_left) =
        filling.context.with_value(|context| (context.offer.cpu_left, context.offer.memory_left_mb));
    let left = cpu_left - gives.cpu;
    let fits = left >= 0.0 && gives.memory_mb <= memory_left;
    // Untracked: another memory is another split, and with it another `gives`.
    let manager = untrack(|| filling.get("task_manager_memory")).trim().parse::<u32>().unwrap_or_default();
    let quota = if fits {
        format!("{} vCPU, {}", words::compact(left), gigabytes(memory_left - gives.memory_mb))
    } else {
        format!("only {} vCPU, {} are left", words::compact(cpu_left), gigabytes(memory_left))
    };
    let free = if gives.per_node == 0 {
        "A task manager does not fit on a node of this size.".to_owned()
    } else if gives.node_memory_left_mb == 0 {
        "Nothing of a node stays free.".to_owned()
    } else {
        format!(
            "{} and {} vCPU of each node stay free.",
            gigabytes(gives.node_memory_left_mb.into()),
            words::compact(gives.node_cpu_left)
        )
    };
    let room = gives.node_memory_left_mb.saturating_mul(4) > manager;
    let currency = filling.context.with_value(|context| context.offer.currency.clone());
    let cost = gives.cost.map(|cost| view! {
        <dt>"Cost"</dt>
        <dd>{format!("{cost:.2} {currency} / h ")}<small>{format!("{} {currency} / month", grouped((cost * 730.0).round()))}</small></dd>
    });
    view! {
        <p class="headline">
            <b>{gives.task_managers}</b>{plural(gives.task_managers, " task manager ", " task managers ")}
            <b>{gives.slots}</b>{plural(gives.slots, " slot", " slots")}
        </p>
        <Nodes nodes=gives.nodes per_node=gives.per_node room=room/>
        <p>{free}</p>
        <Memory title=format!("A task manager’s {} MB", grouped(manager.into())) parts=gives.task_manager_memory/>
        <hr/>
        <dl class="facts ends">
            <dt>"CPU"</dt><dd>{format!("{} vCPU", words::compact(gives.cpu))}</dd>
            <dt>"Memory"</dt><dd>{gigabytes(gives.memory_mb)}</dd>
            <dt>"Left in the pool after"</dt>
            <dd>{if fits { quota.into_any() } else { view! { <b class="status" data-state="failed">{quota}</b> }.into_any() }}</dd>
            {cost}
        </dl>
    }
}

/// Nodes with a box for each task manager.
#[component]
fn Nodes(nodes: u32, per_node: u32, room: bool) -> impl IntoView {
    let drawn = (1..=nodes.min(DRAWN)).map(|node| {
        let boxes = (0..per_node.min(12)).map(|_| view! { <i></i> }).collect_view();
        view! {
            <div class="node">
                <div>{boxes}{room.then(|| view! { <i class="free"></i> })}</div>
                <span>{format!("node {node}")}</span>
            </div>
        }
    });
    let more =
        (nodes > DRAWN).then(|| view! { <p class="quiet">{format!("and {} more nodes", nodes - DRAWN)}</p> });
    view! { <div class="nodes" aria-hidden="true">{drawn.collect_view()}</div>{more} }
}

/// A process' memory as Flink splits it.
#[component]
fn Memory(title: String, parts: Vec<MemoryPart>) -> impl IntoView {
    if parts.is_empty() {
        return view! { <p class="quiet">"Flink cannot split this memory; the field says why."</p> }
            .into_any();
    }
    let total = f64::from(parts.iter().map(|part| part.mb).sum::<u32>().max(1));
    let mut from = 0.0;
    let bars = parts.iter().enumerate().map(|(number, part)| {
        let (x, share) = (from, f64::from(part.mb) / total * 100.0);
        from += share;
        view! {
            <rect class=format!("s{}", number % 6 + 1) x=format!("{x:.2}%") width=format!("{share:.2}%") height="100%"></rect>
            {(from < 99.9).then(|| view! { <rect class="gap" x=format!("{from:.2}%") width="1" height="100%"></rect> })}
        }
    });
    let bars = bars.collect_view();
    let legend = parts.into_iter().enumerate().map(|(number, part)| {
        view! {
            <div>
                <dt><i class=format!("swatch s{}", number % 6 + 1)></i>{part.name}</dt>
                <dd>{format!("{} MB", grouped(part.mb.into()))}</dd>
            </div>
        }
    });
    view! {
        <h3>{title.clone()}</h3>
        <svg class="proportion tall" role="img" aria-label=title>{bars}</svg>
        <dl class="legend">{legend.collect_view()}</dl>
    }
    .into_any()
}

fn plural(count: u32, one: &'static str, many: &'static str) -> &'static str {
    if count == 1 { one } else { many }
}

/// `4 096`, with a space that does not break.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}
