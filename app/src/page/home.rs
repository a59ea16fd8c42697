//! Home: what needs a person first, then the pools, what was done, what was worked on last.

use domain::action::Action;
use domain::state::Group;
use domain::view::{GroupCounts, HomeView, JobRow, PoolView};
use leptos::prelude::*;

use crate::api;
use crate::live::Live;
use crate::page::ask::Begin;
use crate::page::new_cluster;
use crate::part::{
    Ago, Each, Empty, Follow, OperationLines, PageHead, Spark, Status, StatusSize, job_status,
};
use crate::paths;
use crate::words::{compact, tone};

/// The page.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let live = Live::here().any();
    let home = Resource::new(move || live.get(), |_| api::home());
    view! { <Follow answer=home let:home><Content home=home/></Follow> }.into_any()
}

#[component]
fn Content(home: Signal<HomeView>) -> impl IntoView {
    let none = Memo::new(move |_| home.with(|home| home.counts.all == 0));
    let pools = Signal::derive(move || home.with(|home| home.pools.clone()));
    let first = move || {
        pools.with(|pools| pools.first().map_or("/pools".to_owned(), |pool| paths::create(&pool.path)))
    };
    move || {
        if none.get() {
            return view! {
                <PageHead title="No job yet" tab="Home"/>
                <Empty icon="jobs" title="No cluster yet" text="A cluster runs one Flink job, made from a jar.">
                    {new_cluster(first)}
                </Empty>
                <Pools pools=pools/>
            }
            .into_any();
        }
        let title = Signal::derive(move || headline(home.with(|home| home.counts)));
        view! {
            <PageHead title=title tab="Home"/>
            <Attention rows=Signal::derive(move || home.with(|home| home.attention.clone()))/>
            <Pools pools=pools/>
            <div class="cards two">
                <section class="card">
                    <header><h2>"Recent operations"</h2></header>
                    <Operations home=home/>
                </section>
                <section class="card">
                    <header><h2>"Worked on last"</h2></header>
                    <Recent rows=Signal::derive(move || home.with(|home| home.recent.clone()))/>
                </section>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Operations(home: Signal<HomeView>) -> impl IntoView {
    let operations = Signal::derive(move || home.with(|home| home.operations.clone()));
    let none = Memo::new(move |_| operations.with(Vec::is_empty));
    move || {
        if none.get() {
            view! { <p class="quiet">"Nothing was done yet."</p> }.into_any()
        } else {
            view! { <OperationLines of=operations/> }.into_any()
        }
    }
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
fn Attention(rows: Signal<Vec<JobRow>>) -> impl IntoView {
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    move || {
        (!none.get()).then(|| {
            view! {
                <section class="card">
                    <header><h2>"Needs attention"</h2></header>
                    <ul class="attention">
                        <Each of=rows key=by_cluster let:row><Needs row=row/></Each>
                    </ul>
                </section>
            }
        })
    }
}

/// One of them.
#[component]
fn Needs(row: Signal<JobRow>) -> impl IntoView {
    let begin = Begin::here();
    let (id, name) = row.with_untracked(|row| (row.cluster, row.name.clone()));
    let status = move || view! { <div>{move || row.with(|row| job_status(row, StatusSize::Brief))}</div> };
    let note = move || row.with(|row| row.note.trim_end_matches('.').to_owned());
    // A job that keeps failing has run or restarted for a moment, which says nothing of how long it needs somebody.
    let since = move || {
        row.with(|row| (row.state.group() == Group::Failing).then(|| view! { "; "<Ago at=row.since/> }))
    };
    let may_start = Memo::new(move |_| {
        row.with(|row| {
            row.actions.iter().any(|offer| offer.action == Action::Start && offer.refused.is_none())
        })
    });
    let press = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        begin.begin(Action::Start, vec![row.get_untracked()]);
    };
    let start = move || {
        may_start.get().then(|| {
            let href = paths::ask(Action::Start, &[id], "/");
            view! { <a class="button primary" href=href on:click=press>"Start"</a> }
        })
    };
    view! {
        <li>
            {status}
            <p>
                <a href=paths::cluster(id, "")>{name}</a>
                " "{note}{since}
            </p>
            <div class="button-row">
                <a class="button" href=paths::cluster(id, "details")>"Open"</a>
                {start}
            </div>
        </li>
    }
}

/// A card for each pool.
#[component]
pub(crate) fn Pools(#[prop(into)] pools: Signal<Vec<PoolView>>) -> impl IntoView {
    view! {
        <div class="cards three">
            <Each of=pools key=|pool: &PoolView| pool.id.to_string() let:pool><Card pool=pool/></Each>
        </div>
    }
}

#[component]
fn Card(pool: Signal<PoolView>) -> impl IntoView {
    let (path, region) = pool.with_untracked(|pool| (pool.path.clone(), pool.region.clone()));
    let href = paths::pool(&path);
    let last = move || {
        pool.with(|pool| {
            let flows = pool.throughput.last().filter(|_| pool.counts.running > 0);
            compact(f64::from(flows.copied().unwrap_or_default()))
        })
    };
    let spark = move || {
        let values = pool.with(|pool| pool.throughput.clone());
        view! { <Spark values=values label="Records per second, last 30 minutes" wide=true/> }
    };
    let cpu =
        move || pool.with(|pool| format!("{} of {} vCPU", compact(pool.cpu_used), compact(pool.cpu_total)));
    view! {
        <a class="card" href=href>
            <header><h2>{path.name().to_owned()}</h2><small>{format!("{}, {region}", path.group())}</small></header>
            <Proportion counts=Signal::derive(move || pool.with(|pool| pool.counts))/>
            {spark}
            <footer>
                <span>{last}" records / s"</span>
                <span class="end">{cpu}</span>
            </footer>
        </a>
    }
}

/// A bar of how many jobs are in which group, with the counts below.
#[component]
pub(crate) fn Proportion(#[prop(into)] counts: Signal<GroupCounts>) -> impl IntoView {
    move || proportion(counts.get())
}

fn proportion(counts: GroupCounts) -> impl IntoView {
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
fn Recent(rows: Signal<Vec<JobRow>>) -> impl IntoView {
    let none = Memo::new(move |_| rows.with(Vec::is_empty));
    move || {
        if none.get() {
            view! { <p class="quiet">"Clusters that something is asked of appear here."</p> }.into_any()
        } else {
            view! { <JobLines rows=rows/> }.into_any()
        }
    }
}

/// Jobs as a list: name, state, and what flowed.
#[component]
pub(crate) fn JobLines(#[prop(into)] rows: Signal<Vec<JobRow>>) -> impl IntoView {
    view! { <ul class="rows"><Each of=rows key=by_cluster let:row><JobLine row=row/></Each></ul> }
}

#[component]
fn JobLine(row: Signal<JobRow>) -> impl IntoView {
    let (id, name) = row.with_untracked(|row| (row.cluster, row.name.clone()));
    let status = move || view! { <div>{move || row.with(|row| job_status(row, StatusSize::Cell))}</div> };
    let spark = move || {
        let (values, tone) = row.with(|row| (row.throughput.clone(), tone(row)));
        view! { <Spark values=values label="Records per second" tone=tone/> }
    };
    view! { <li><a href=paths::cluster(id, "")>{name}</a>{status}{spark}</li> }
}

fn by_cluster(row: &JobRow) -> String {
    row.cluster.to_string()
}
