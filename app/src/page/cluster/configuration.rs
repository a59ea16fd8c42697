//! Configuration: what the current revision says, and what each run really ran with.

mod reported;

use std::collections::BTreeSet;

use domain::id::ClusterId;
use domain::spec::Resources;
use domain::view::{ClusterView, RunView};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::live::Live;
use crate::part::{Chip, Code, Diff, Each, Empty, Fact, Facts, Follow, Moment};
use crate::paths;
use crate::words::bytes;
use reported::ReportedCard;

/// The page.
#[component]
pub(crate) fn Configuration() -> impl IntoView {
    let map = use_query_map();
    let chosen = Memo::new(move |_| map.with(|map| map.get("run").and_then(|run| run.parse::<u32>().ok())));
    page_of(move |id| {
        let changed = Live::here().of(id);
        let cluster = cluster_of(id);
        let runs = Resource::new(move || changed.get(), move |_| api::runs(id));
        let reported = Resource::new(move || changed.get(), move |_| api::reported(id));
        view! {
            <Follow answer=cluster let:cluster>
                <ClusterHead view=cluster page="Configuration"/>
                <Revision view=cluster/>
                <Follow answer=reported lines=0 let:reported><ReportedCard reported=reported/></Follow>
                <Follow answer=runs let:runs><Runs id=id runs=runs chosen=chosen/></Follow>
            </Follow>
        }
        .into_any()
    })
}

/// What the current revision says; another one is drawn anew.
#[component]
fn Revision(view: Signal<ClusterView>) -> impl IntoView {
    let revision = Memo::new(move |_| {
        view.with(|view| (view.row.revision, view.spec.clone(), view.jar.clone(), view.more_jars.clone()))
    });
    move || {
        let (number, spec, jar, more) = revision.get();
        let options = spec.job.options.into_iter().map(|(key, value)| view! { <Fact name=key copy=value/> });
        let options = options.collect_view();
        let size = |resources: &Resources| format!("{} CPU, {} MB", resources.cpu(), resources.memory_mb());
        let (task_manager, job_manager) = (size(&spec.task_manager), size(&spec.job_manager));
        view! {
            <section class="card">
                <header><h2>{format!("Revision {number}")}</h2><small>"as it was asked for"</small></header>
                <Facts>
                    <Fact name="Cluster version">{spec.version}</Fact>
                    {spec.job.jar.as_ref().map(|jar| view! { <Fact name="Jar" copy=jar.to_string()/> })}
                    {jar.filter(|_| spec.job.jar.is_some()).map(|jar| view! {
                        <Fact name="Jar SHA-256" copy=jar.sha256.to_string()/>
                        <Fact name="Jar file">
                            {bytes(jar.size)}{jar.modified.map(|at| view! { ", written "<Moment at=at/> })}
                        </Fact>
                    })}
                    {more.into_iter().map(|jar| view! {
                        <Fact name="More jars">
                            <span class="code">{jar.address.to_string()}</span>" "
                            {format!("{}, {}", jar.artifact.sha256.short(), bytes(jar.artifact.size))}
                        </Fact>
                    }).collect_view()}
                    {spec.job.entry_class.map(|class| view! { <Fact name="Entry class" copy=class/> })}
                    {(!spec.job.args.is_empty()).then(|| view! { <Fact name="Args" copy=spec.job.args/> })}
                    {spec.job.savepoint_directory.map(|directory| view! {
                        <Fact name="Savepoint directory" copy=directory.to_string()/>
                    })}
                    <Fact name="Worker nodes">{format!("{} × {}", spec.worker_nodes, spec.node_size)}</Fact>
                    <Fact name="Task manager">{task_manager}</Fact>
                    <Fact name="Job manager">{job_manager}</Fact>
                    <Fact name="Storage">{format!("{} / {}", spec.account, spec.container)}</Fact>
                    {options}
                </Facts>
                {spec.job.sql.map(|script| view! { <Code name="Flink SQL" text=Signal::stored(script)/> })}
            </section>
        }
    }
}

/// Runs as chips, and the one that was chosen, or else the newest.
#[component]
fn Runs(id: ClusterId, runs: Signal<Vec<RunView>>, chosen: Memo<Option<u32>>) -> impl IntoView {
    // A run and the one before it.
    let shown = Memo::new(move |_| {
        runs.with(|runs| {
            let at = chosen.get().and_then(|run| runs.iter().position(|one| one.run == run)).unwrap_or(0);
            Some((runs.get(at)?.clone(), runs.get(at + 1).cloned()))
        })
    });
    let here = Memo::new(move |_| shown.with(|shown| shown.as_ref().map(|(run, _)| run.run)));
    let any = Memo::new(move |_| here.get().is_some());
    move || {
        if !any.get() {
            return view! { <Empty icon="configuration" title="No run yet" text="Each run keeps the configuration that it ran with."/> }
                .into_any();
        }
        view! {
            <div class="chips" role="group" aria-label="Runs">
                <Each of=runs key=|run: &RunView| run.run.to_string() let:run>
                    {
                        let RunView { run, revision, .. } = run.get_untracked();
                        let href = paths::cluster(id, &format!("configuration?run={run}"));
                        let chosen = Signal::derive(move || here.get() == Some(run));
                        view! { <Chip href=href chosen=chosen>{format!("Run {run}, r{revision}")}</Chip> }
                    }
                </Each>
            </div>
            {move || shown.get().map(|(run, before)| view! { <Run id=id run=run before=before/> })}
        }
        .into_any()
    }
}

/// What a run really ran with, and what changed against the run before.
#[component]
fn Run(id: ClusterId, run: RunView, before: Option<RunView>) -> impl IntoView {
    let changes = before.as_ref().map(|before| changes(id, before, &run));
    let changes = changes.unwrap_or_default();
    let before = before.map(|before| before.run);
    let rows = run.configuration.into_iter().map(|(key, value)| {
        view! {
            <tr role="row">
                <td role="cell" class="code" data-phone="name">{key}</td>
                <td role="cell" class="code" data-phone="state">{value}</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let ended = run.ended.map(|at| view! { ", ended "<Moment at=at/>" "{run.why} });
    view! {
        <section class="card">
            <header>
                <h2>{format!("Run {} of revision {}", run.run, run.revision)}</h2>
                <small>"launched "<Moment at=run.started/>{ended}</small>
                <a class="button small" href=paths::roll_back(id, run.revision, &paths::cluster(id, ""))>
                    {format!("Roll back to revision {}", run.revision)}
                </a>
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
}

/// Key, before, after of everything that differs, but for the folder and the address that each run has of its own.
fn changes(id: ClusterId, before: &RunView, after: &RunView) -> Vec<(String, String, String)> {
    let keys: BTreeSet<_> = before.configuration.keys().chain(after.configuration.keys()).collect();
    let value = |run: &RunView, key: &String| run.configuration.get(key).cloned().unwrap_or_default();
    keys.into_iter()
        .map(|key| (key.clone(), value(before, key), value(after, key)))
        .filter(|(_, was, is)| common(id, before, was) != common(id, after, is))
        .collect()
}

fn common(id: ClusterId, run: &RunView, value: &str) -> String {
    let value = value.replace(&format!("/{}/{}/", id.0.simple(), run.run), "/");
    match run.configuration.get("rest.address") {
        Some(address) => value.replace(address, ""),
        None => value,
    }
}
