//! Cluster pools: the list, and one pool with its jobs and what is left in it.

mod delete;
mod details;
mod form;
mod networks;
mod readable;
mod subscriptions;

use domain::policy::{Permission, may};
use domain::view::{JobPage, JobQuery, PoolDetails, Scope};
use leptos::prelude::*;

use crate::api::{self, ApiError};
use crate::frame::Me;
use crate::live::Live;
use crate::page::{NotFound, home, new_cluster, pool_here};
use crate::part::{Crumbs, Empty, Follow, Icon, PageHead};
use crate::paths;
use details::{MayUse, Quota, Sizes, Versions};
use readable::Readable;

pub(crate) use delete::DeletePool;
pub(crate) use form::{ChangePool, NewPool};
pub(crate) use networks::Networks;
pub(crate) use subscriptions::Subscriptions;

/// Every pool.
#[component]
pub(crate) fn Pools() -> impl IntoView {
    let live = Live::here().any();
    let manages = Me::here().may_somewhere(Permission::Administer);
    let pools = Resource::new(move || live.get(), |_| api::pools());
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Cluster pools"/>
        <PageHead title="Cluster pools"/>
        <div class="command-bar" role="toolbar" aria-label="Actions">
            {manages.then(|| view! {
                <a class="button primary" href=paths::NEW_POOL><Icon name="plus"/>"New pool"</a>
                <hr/>
            })}
            <a class="button quiet" href=paths::SUBSCRIPTIONS><Icon name="folder"/>"Subscriptions and groups"</a>
        </div>
        <Follow answer=pools let:pools>
            {
                let none = Memo::new(move |_| pools.with(Vec::is_empty));
                move || if none.get() {
                    view! {
                        <Empty icon="pools" title="No pool" text="A pool is where clusters are created. An owner of a resource group makes one."/>
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
        let pool = Resource::new(move || live.get(), move |_| api::pool_details(path.get_value()));
        let query =
            move || JobQuery { scope: Scope::Pool(path.get_value()), size: 10, ..JobQuery::default() };
        let jobs = Resource::new(move || live.get(), move |_| api::jobs(query()));
        view! {
            <Follow answer=pool let:details><Content details=details jobs=jobs/></Follow>
            <Readable pool=path.get_value()/>
        }
        .into_any()
    }
}

#[component]
fn Content(details: Signal<PoolDetails>, jobs: Resource<Result<JobPage, ApiError>>) -> impl IntoView {
    let pool = Signal::derive(move || details.with(|details| details.pool.clone()));
    let first = pool.get_untracked();
    let (create, place) = (paths::create(&first.path), paths::pool_jobs(&first.path));
    let about = format!(
        "{} / {}, {}, pool version {}, {}",
        first.path.subscription(),
        first.path.group(),
        first.region,
        first.version,
        first.provider
    );
    let (name, title) = (first.path.name().to_owned(), first.path.name().to_owned());
    let networks = paths::of_pool(&first.path, "networks");
    let manages = may(first.role, Permission::Administer).then(|| {
        view! {
            <a class="button quiet" href=paths::of_pool(&first.path, "change")><Icon name="settings"/>"Change"</a>
            <a class="button quiet danger" href=paths::of_pool(&first.path, "delete")><Icon name="trash"/>"Delete"</a>
        }
    });
    let count = move || crate::words::count(pool.with(|pool| pool.counts.all as usize), "job", "jobs");
    let creates = may(first.role, Permission::Run);
    let begin = StoredValue::new(creates.then(|| create.clone()));
    view! {
        <Crumbs above=vec![("Cluster pools".to_owned(), "/pools".to_owned())] here=name/>
        <PageHead title=title>
            <p>{about}</p>
        </PageHead>
        <div class="command-bar" role="toolbar" aria-label="Actions">
            {creates.then(|| new_cluster(move || create.clone())).flatten().map(|link| view! { {link}<hr/> })}
            <a class="button quiet" href=place.clone()><Icon name="jobs"/>"Flink Jobs"</a>
            <a class="button quiet" href=networks><Icon name="graph"/>"Networks"</a>
            {manages}
        </div>
        <div class="cards wide-narrow">
            <Quota details=details/>
            <Versions details=details/>
            <Sizes details=details/>
            <MayUse details=details/>
        </div>
        <section class="card">
            <header><h2>"Jobs"</h2><small><a href=place>{count}</a></small></header>
            <home::Proportion counts=Signal::derive(move || pool.with(|pool| pool.counts))/>
            <Follow answer=jobs let:jobs><Jobs jobs=jobs create=begin/></Follow>
        </section>
    }
}

/// The first jobs of the pool.
#[component]
fn Jobs(
    jobs: Signal<JobPage>,
    /// The form of a new one, for who may.
    create: StoredValue<Option<String>>,
) -> impl IntoView {
    let none = Memo::new(move |_| jobs.with(|jobs| jobs.total == 0));
    let rows = Signal::derive(move || jobs.with(|jobs| jobs.rows.clone()));
    move || {
        if none.get() {
            view! {
                <Empty icon="jobs" title="No cluster yet" text="A cluster runs one Flink job, made from a jar.">
                    {create.with_value(Clone::clone).and_then(|create| new_cluster(move || create.clone()))}
                </Empty>
            }
            .into_any()
        } else {
            view! { <home::JobLines rows=rows/> }.into_any()
        }
    }
}
