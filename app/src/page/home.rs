//! Home: what needs a person first, then the pools, what was done, what was worked on last.

use domain::action::Action;
use domain::state::Group;
use domain::view::{GroupCounts, HomeView, JobRow, PoolView};
use leptos::prelude::*;

use crate::api;
use crate::live::Live;
use crate::page::ask::Begin;
use crate::part::{Ago, Empty, Icon, JobStatus, OperationLine, PageHead, Spark, Status, Trouble, Waiting};
use crate::place;
use crate::words::{compact, shape, tone};

/// The page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let live = Live::here().any();
    let home = Resource::new(move || live.get(), |_| api::home());
    let content = move || {
        Suspend::new(async move {
            match home.await {
                Ok(home) => view! { <Content home=home/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition> }.into_any()
}

#[component]
fn Content(home: HomeView) -> impl IntoView {
    let HomeView { counts, attention, pools, operations, recent } = home;
    if counts.all == 0 {
        let pool = pools.first().map(|pool| place::create(&pool.name)).unwrap_or_else(|| "/pools".to_owned());
        return view! {
            <PageHead title="No job yet" tab="Home"/>
            <Empty icon="jobs" title="No cluster yet" text="A cluster runs one Flink job, made from a jar.">
                <a class="button primary" href=pool><Icon name="plus"/>"New cluster"</a>
            </Empty>
            <Pools pools=pools/>
        }
        .into_any();
    }
    let none = operations.is_empty();
    let lines =
        operations.into_iter().map(|operation| view! { <OperationLine operation=operation/> }).collect_view();
    view! {
        <PageHead title=headline(counts) tab="Home"/>
        <Attention rows=attention/>
        <Pools pools=pools/>
        <div class="cards two">
            <section class="card">
                <header><h2>"Recent operations"</h2></header>
                {if none {
                    view! { <p class="quiet">"Nothing was done yet."</p> }.into_any()
                } else {
                    view! { <ol class="events">{lines}</ol> }.into_any()
                }}
            </section>
            <section class="card">
                <header><h2>"Worked on last"</h2></header>
                <Recent rows=recent/>
            </section>
        </div>
    }
    .into_any()
}

/// `33 of 42 jobs run, 2 need you`.
fn headline(counts: GroupCounts) -> String {
    let verb = if counts.running == 1 { "runs" } else { "run" };
    let run =
        format!("{} of {} {verb}", counts.running, crate::words::count(counts.all as usize, "job", "jobs"));
    match counts.failing {
        0 => format!("{run}, none needs you"),
        1 => format!("{run}, 1 needs you"),
        many => format!("{run}, {many} need you"),
    }
}

/// Jobs that need a person.
#[component]
fn Attention(rows: Vec<JobRow>) -> impl IntoView {
    if rows.is_empty() {
        return ().into_any();
    }
    let begin = Begin::here();
    let items = rows.into_iter().map(|row| {
        let offer =
            |action| row.actions.iter().any(|offer| offer.action == action && offer.refused.is_none());
        let kept = row.clone();
        let note = row.note.trim_end_matches('.').to_owned();
        let start = offer(Action::Start).then(|| {
            let href = place::ask(Action::Start, &[row.cluster], "/");
            let press = move |event: leptos::ev::MouseEvent| {
                event.prevent_default();
                begin.begin(Action::Start, vec![kept.clone()]);
            };
            view! { <a class="button primary" href=href on:click=press>"Start"</a> }
        });
        view! {
            <li>
                <Status shape=shape(row.state) word=row.state.word()/>
                <p>
                    <a href=place::cluster(row.cluster, "")>{row.name}</a>
                    " "{note}{"; "}<Ago at=row.since/>
                </p>
                <div class="button-row">
                    <a class="button" href=place::cluster(row.cluster, "details")>"Open"</a>
                    {start}
                </div>
            </li>
        }
    });
    view! {
        <section class="card">
            <header><h2>"Needs attention"</h2></header>
            <ul class="attention">{items.collect_view()}</ul>
        </section>
    }
    .into_any()
}

/// A card for each pool.
#[component]
pub(crate) fn Pools(pools: Vec<PoolView>) -> impl IntoView {
    let cards = pools.into_iter().map(|pool| {
        let flows = pool.throughput.last().filter(|_| pool.counts.running > 0);
        let last = flows.copied().unwrap_or_default();
        let href = place::pool(&pool.name);
        view! {
            <a class="card" href=href>
                <header><h2>{pool.name}</h2><small>{pool.region}</small></header>
                <Proportion counts=pool.counts/>
                <Spark values=pool.throughput label="Records per second, last 30 minutes" wide=true/>
                <footer>
                    <span>{compact(f64::from(last))}" records / s"</span>
                    <span class="end">{format!("{} of {} vCPU", compact(pool.cpu_used), compact(pool.cpu_total))}</span>
                </footer>
            </a>
        }
    });
    view! { <div class="cards three">{cards.collect_view()}</div> }
}

/// A bar of how many jobs are in which group, with the counts below.
#[component]
pub(crate) fn Proportion(counts: GroupCounts) -> impl IntoView {
    const GROUPS: [(Group, &str, &str, &str); 4] = [
        (Group::Running, "good", "running", "running"),
        (Group::Moving, "move", "moving", "moving"),
        (Group::Failing, "bad", "failed", "failing"),
        (Group::Stopped, "idle", "stopped", "stopped"),
    ];
    let all = f64::from(counts.all.max(1));
    let mut from = 0.0;
    let bars = GROUPS.map(|(group, class, _, _)| {
        let share = f64::from(counts.of(group)) / all * 100.0;
        let x = from;
        from += share;
        (share > 0.0).then(|| view! {
            <rect class=class x=format!("{x:.2}%") width=format!("{share:.2}%") height="100%"></rect>
            {(from < 99.9).then(|| view! { <rect class="gap" x=format!("{from:.2}%") width="2" height="100%"></rect> })}
        })
    });
    let words = GROUPS.map(|(group, _, _, word)| format!("{} {word}", counts.of(group)));
    let label = words.join(", ");
    let line = GROUPS.map(|(group, _, shape, word)| {
        view! { <Status shape=shape word=format!("{} {word}", counts.of(group))/> }
    });
    view! {
        <svg class="proportion" role="img" aria-label=label>{bars}</svg>
        <p class="legend-line">{line}</p>
    }
}

/// Rows with a line each.
#[component]
fn Recent(rows: Vec<JobRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="quiet">"Clusters that something is asked of appear here."</p> }.into_any();
    }
    let items = rows.into_iter().map(|row| {
        view! {
            <li>
                <a href=place::cluster(row.cluster, "")>{row.name}</a>
                <JobStatus state=row.state since=row.since/>
                <Spark values=row.throughput label="Records per second" tone=tone(row.state)/>
            </li>
        }
    });
    view! { <ul class="rows">{items.collect_view()}</ul> }.into_any()
}
