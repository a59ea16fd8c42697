//! Cluster pools: the list, and one pool with its jobs and what is left in it.

mod readable;

use domain::view::{JobQuery, PoolView, Scope};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api;
use crate::live::Live;
use crate::page::home;
use crate::part::{Crumbs, Empty, Fact, Facts, Icon, JobStatus, PageHead, Spark, Trouble, Waiting};
use crate::place;
use crate::words::{compact, gigabytes, tone};
use readable::Readable;

/// Every pool.
#[component]
pub(crate) fn Pools() -> impl IntoView {
    let live = Live::here().any();
    let pools = Resource::new(move || live.get(), |_| api::pools());
    let content = move || {
        Suspend::new(async move {
            match pools.await {
                Ok(pools) if pools.is_empty() => view! {
                    <Empty icon="pools" title="No pool" text="A pool is where clusters are created. The portal makes one when it starts."/>
                }
                .into_any(),
                Ok(pools) => view! { <home::Pools pools=pools/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Cluster pools"/>
        <PageHead title="Cluster pools"/>
        <Transition fallback=|| view! { <Waiting/> }>{content}</Transition>
    }
    .into_any()
}

/// One pool.
#[component]
pub(crate) fn Pool() -> impl IntoView {
    let params = use_params_map();
    let name = Memo::new(move |_| params.with(|params| params.get("pool").unwrap_or_default()));
    let live = Live::here().any();
    let pool = Resource::new(move || (name.get(), live.get()), |(name, _)| api::pool(name));
    let jobs = Resource::new(
        move || (name.get(), live.get()),
        |(name, _)| api::jobs(JobQuery { scope: Scope::Pool(name), size: 10, ..JobQuery::default() }),
    );
    let content = move || {
        Suspend::new(async move {
            match (pool.await, jobs.await) {
                (Ok(pool), Ok(jobs)) => {
                    let rows = jobs.rows.into_iter().map(|row| {
                        view! {
                            <li>
                                <a href=place::cluster(row.cluster, "")>{row.name}</a>
                                <JobStatus state=row.state since=row.since/>
                                <Spark values=row.throughput label="Records per second" tone=tone(row.state)/>
                            </li>
                        }
                    });
                    let rows = rows.collect_view();
                    view! { <Content pool=pool total=jobs.total><ul class="rows">{rows}</ul></Content> }
                        .into_any()
                }
                (Err(error), _) | (_, Err(error)) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! {
        <Transition fallback=|| view! { <Waiting/> }>{content}</Transition>
        <Readable pool=name/>
    }
    .into_any()
}

#[component]
fn Content(pool: PoolView, total: u32, children: Children) -> impl IntoView {
    let create = place::create(&pool.name);
    let jobs = place::pool_jobs(&pool.name);
    let cpu = format!("{} of {} vCPU in use", compact(pool.cpu_used), compact(pool.cpu_total));
    let about = format!("{}, {}. Pool version {}.", pool.provider, pool.region, pool.version);
    let memory = format!("{} of {} in use", gigabytes(pool.memory_used_mb), gigabytes(pool.memory_total_mb));
    let first = create.clone();
    let list = if total == 0 {
        view! {
            <Empty icon="jobs" title="No cluster yet" text="A cluster runs one Flink job, made from a jar.">
                <a class="button primary" href=first><Icon name="plus"/>"New cluster"</a>
            </Empty>
        }
        .into_any()
    } else {
        children().into_any()
    };
    view! {
        <Crumbs above=vec![("Cluster pools".to_owned(), "/pools".to_owned())] here=pool.name.clone()/>
        <PageHead title=pool.name.clone()>
            <p>{about}</p>
        </PageHead>
        <div class="command-bar" role="toolbar" aria-label="Actions">
            <a class="button primary" href=create><Icon name="plus"/>"New cluster"</a>
            <hr/>
            <a class="button quiet" href=jobs.clone()><Icon name="jobs"/>"Flink Jobs"</a>
        </div>
        <div class="cards wide-narrow">
            <section class="card">
                <header><h2>"Jobs"</h2><small><a href=jobs>{crate::words::count(total as usize, "job", "jobs")}</a></small></header>
                <home::Proportion counts=pool.counts/>
                {list}
            </section>
            <section class="card">
                <header><h2>"Capacity and place"</h2></header>
                <Facts>
                    <Fact name="CPU">{cpu}</Fact>
                    <Fact name="Memory">{memory}</Fact>
                    <Fact name="Subscription">{pool.subscription}</Fact>
                    <Fact name="Resource group">{pool.resource_group}</Fact>
                    <Fact name="Region">{pool.region}</Fact>
                    <Fact name="Subnet" copy=pool.subnet/>
                </Facts>
            </section>
        </div>
    }
}
