//! Cluster pools: the list, and one pool with its jobs and what is left in it.

mod readable;

use domain::view::{JobPage, JobQuery, PoolView, Scope};
use leptos::prelude::*;

use crate::api::{self, ApiError};
use crate::live::Live;
use crate::page::{NotFound, home, pool_here};
use crate::part::{Crumbs, Empty, Fact, Facts, Follow, Icon, PageHead};
use crate::paths;
use crate::words::{compact, gigabytes};
use readable::Readable;

/// Every pool.
#[component]
pub(crate) fn Pools() -> impl IntoView {
    let live = Live::here().any();
    let pools = Resource::new(move || live.get(), |_| api::pools());
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Cluster pools"/>
        <PageHead title="Cluster pools"/>
        <Follow answer=pools let:pools>
            {
                let none = Memo::new(move |_| pools.with(Vec::is_empty));
                move || if none.get() {
                    view! {
                        <Empty icon="pools" title="No pool" text="A pool is where clusters are created. The portal makes one when it starts."/>
                    }
                    .into_any()
                } else {
                    view! { <home::Pools pools=pools/> }.into_any()
                }
            }
        </Follow>
    }
    .into_any()
}

/// One pool.
#[component]
pub(crate) fn Pool() -> impl IntoView {
    let path = pool_here();
    // Another pool is another page.
    move || {
        let Some(path) = path.get() else { return view! { <NotFound/> }.into_any() };
        let path = StoredValue::new(path);
        let live = Live::here().any();
        let pool = Resource::new(move || live.get(), move |_| api::pool(path.get_value()));
        let query =
            move || JobQuery { scope: Scope::Pool(path.get_value()), size: 10, ..JobQuery::default() };
        let jobs = Resource::new(move || live.get(), move |_| api::jobs(query()));
        view! {
            <Follow answer=pool let:pool><Content pool=pool jobs=jobs/></Follow>
            <Readable pool=path.get_value()/>
        }
        .into_any()
    }
}

#[component]
fn Content(pool: Signal<PoolView>, jobs: Resource<Result<JobPage, ApiError>>) -> impl IntoView {
    let first = pool.get_untracked();
    let (create, place) = (paths::create(&first.path), paths::pool_jobs(&first.path));
    let (subscription, group) = (first.path.subscription().to_owned(), first.path.group().to_owned());
    let (name, title) = (first.path.name().to_owned(), first.path.name().to_owned());
    let about = format!("{}, {}. Pool version {}.", first.provider, first.region, first.version);
    let cpu = move || {
        pool.with(|pool| format!("{} of {} vCPU in use", compact(pool.cpu_used), compact(pool.cpu_total)))
    };
    let memory = move || {
        pool.with(|pool| {
            format!("{} of {} in use", gigabytes(pool.memory_used_mb), gigabytes(pool.memory_total_mb))
        })
    };
    let count = move || crate::words::count(pool.with(|pool| pool.counts.all as usize), "job", "jobs");
    let begin = StoredValue::new(create.clone());
    view! {
        <Crumbs above=vec![("Cluster pools".to_owned(), "/pools".to_owned())] here=name/>
        <PageHead title=title>
            <p>{about}</p>
        </PageHead>
        <div class="command-bar" role="toolbar" aria-label="Actions">
            <a class="button primary" href=create><Icon name="plus"/>"New cluster"</a>
            <hr/>
            <a class="button quiet" href=place.clone()><Icon name="jobs"/>"Flink Jobs"</a>
        </div>
        <div class="cards wide-narrow">
            <section class="card">
                <header><h2>"Jobs"</h2><small><a href=place>{count}</a></small></header>
                <home::Proportion counts=Signal::derive(move || pool.with(|pool| pool.counts))/>
                <Follow answer=jobs let:jobs><Jobs jobs=jobs create=begin/></Follow>
            </section>
            <section class="card">
                <header><h2>"Capacity and place"</h2></header>
                <Facts>
                    <Fact name="CPU">{cpu}</Fact>
                    <Fact name="Memory">{memory}</Fact>
                    <Fact name="Subscription">{subscription}</Fact>
                    <Fact name="Resource group">{group}</Fact>
                    <Fact name="Region">{first.region}</Fact>
                </Facts>
            </section>
        </div>
    }
}

/// The first jobs of the pool.
#[component]
fn Jobs(jobs: Signal<JobPage>, create: StoredValue<String>) -> impl IntoView {
    let none = Memo::new(move |_| jobs.with(|jobs| jobs.total == 0));
    let rows = Signal::derive(move || jobs.with(|jobs| jobs.rows.clone()));
    move || {
        if none.get() {
            view! {
                <Empty icon="jobs" title="No cluster yet" text="A cluster runs one Flink job, made from a jar.">
                    <a class="button primary" href=create.get_value()><Icon name="plus"/>"New cluster"</a>
                </Empty>
            }
            .into_any()
        } else {
            view! { <home::JobLines rows=rows/> }.into_any()
        }
    }
}
