//! Configuration: what the current revision says, and what each run really ran with.

use std::collections::BTreeMap;

use domain::spec::Resources;
use domain::view::{ClusterView, RunView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ClusterHead, changed, cluster_here, id_here, no_id};
use crate::api;
use crate::part::{Chip, Diff, Empty, Fact, Facts, Moment, Trouble, Waiting};
use crate::place;

/// The page.
#[component]
pub(crate) fn Configuration() -> impl IntoView {
    let id = id_here();
    let changed = changed(id);
    let map = use_query_map();
    let chosen = Memo::new(move |_| map.with(|map| map.get("run").and_then(|run| run.parse::<u32>().ok())));
    let cluster = cluster_here();
    let runs = Resource::new(
        move || (id.get(), changed.get()),
        |(id, _)| async move { api::runs(id.ok_or_else(no_id)?).await },
    );
    let content = move || {
        let chosen = chosen.get();
        // Taken before anything is waited for: a page that is left takes its resources along.
        let (cluster, runs) = (cluster.into_future(), runs.into_future());
        Suspend::new(async move {
            match (cluster.await, runs.await) {
                (Ok(view), Ok(runs)) => view! {
                    <ClusterHead view=view.clone() page="Configuration"/>
                    <Revision view=view.clone()/>
                    <Runs view=view runs=runs chosen=chosen/>
                }
                .into_any(),
                (Err(error), _) | (_, Err(error)) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition> }.into_any()
}

/// What the current revision says.
#[component]
fn Revision(view: ClusterView) -> impl IntoView {
    let spec = view.spec;
    let options = spec.job.options.into_iter().map(|(key, value)| view! { <Fact name=key copy=value/> });
    let options = options.collect_view();
    let size = |resources: &Resources| format!("{} CPU, {} MB", resources.cpu(), resources.memory_mb());
    let (task_manager, job_manager) = (size(&spec.task_manager), size(&spec.job_manager));
    view! {
        <section class="card">
            <header><h2>{format!("Revision {}", view.row.revision)}</h2><small>"as it was asked for"</small></header>
            <Facts>
                <Fact name="Cluster version">{spec.version}</Fact>
                <Fact name="Jar" copy=spec.job.jar/>
                {spec.job.entry_class.map(|class| view! { <Fact name="Entry class" copy=class/> })}
                {(!spec.job.args.is_empty()).then(|| view! { <Fact name="Args" copy=spec.job.args/> })}
                <Fact name="Worker nodes">{format!("{} × {}", spec.worker_nodes, spec.node_size)}</Fact>
                <Fact name="Task manager">{task_manager}</Fact>
                <Fact name="Job manager">{job_manager}</Fact>
                <Fact name="Storage">{format!("{} / {}", spec.account, spec.container)}</Fact>
                {options}
            </Facts>
        </section>
    }
}

/// What a run really ran with, and what changed against the run before.
#[component]
fn Runs(view: ClusterView, runs: Vec<RunView>, chosen: Option<u32>) -> impl IntoView {
    let at = chosen.and_then(|run| runs.iter().position(|one| one.run == run)).unwrap_or(0);
    let Some(run) = runs.get(at).cloned() else {
        return view! { <Empty icon="configuration" title="No run yet" text="Each run keeps the configuration that it ran with."/> }
            .into_any();
    };
    let id = view.row.cluster;
    let chips = runs.iter().map(|one| {
        let href = place::cluster(id, &format!("configuration?run={}", one.run));
        view! { <Chip href=href chosen={one.run == run.run}>{format!("Run {}, r{}", one.run, one.revision)}</Chip> }
    });
    let chips = chips.collect_view();
    let changes =
        runs.get(at + 1).map(|before| changes(&before.configuration, &run.configuration)).unwrap_or_default();
    let before = runs.get(at + 1).map(|before| before.run);
    let rows = run.configuration.iter().map(|(key, value)| {
        view! {
            <tr role="row">
                <td role="cell" class="code" data-phone="name">{key.clone()}</td>
                <td role="cell" class="code" data-phone="state">{value.clone()}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let ended = run.ended.map(|at| view! { ", ended "<Moment at=at/>" "{run.why.clone()} });
    view! {
        <div class="chips" role="group" aria-label="Runs">{chips}</div>
        <section class="card">
            <header>
                <h2>{format!("Run {} of revision {}", run.run, run.revision)}</h2>
                <small>"launched "<Moment at=run.started/>{ended}</small>
            </header>
            {(!changes.is_empty()).then(|| view! {
                <h3>"Changed against run "{before}</h3>
                <Diff changes=changes/>
            })}
            <div class="grid-frame">
                <table class="grid plain compact" role="table" aria-label="Configuration of the run">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">"Option"</th>
                            <th role="columnheader" scope="col">"Value"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

/// Key, before, after of everything that differs.
fn changes(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> Vec<(String, String, String)> {
    let keys: std::collections::BTreeSet<_> = before.keys().chain(after.keys()).collect();
    let value = |map: &BTreeMap<String, String>, key: &String| map.get(key).cloned().unwrap_or_default();
    keys.into_iter()
        .map(|key| (key.clone(), value(before, key), value(after, key)))
        .filter(|(_, before, after)| before != after)
        .collect()
}
