//! The pages: what each asks of the server and how its parts stand together.

mod activity;
mod alone;
mod ask;
mod cluster;
mod create;
mod deployment;
mod details;
mod home;
mod jobs;
mod pools;
mod resources;
mod settings;
pub(crate) mod storage;
mod update;
mod ways_on;

use domain::policy::Permission;
use domain::pool::PoolPath;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use leptos_router::params::ParamsMap;

use crate::frame::Me;
use crate::part::Icon;

pub(crate) use activity::Activity;
pub(crate) use alone::{NotFound, SignIn, SignInLink};
pub(crate) use ask::{Ask, OpenQuestion, Question, question_form, question_title};
pub(crate) use cluster::{
    ClusterActivity, Compare, Configuration, DeleteSnapshot, JsonView, Logs, Operations, Overview, Savepoints,
};
pub(crate) use create::{Create, NewCluster};
pub(crate) use deployment::Deployment;
pub(crate) use details::Details;
pub(crate) use home::Home;
pub(crate) use jobs::Jobs;
pub(crate) use pools::{ChangePool, DeletePool, Networks, NewPool, Pool, Pools, Subscriptions};
pub(crate) use resources::{Database, Resources, Vault};
pub(crate) use settings::Settings;
pub(crate) use storage::{AccountPage, Accounts, DeleteFile, NewAccount, Storage};
pub(crate) use update::{Again, Update};
pub(crate) use ways_on::WaysOn;

/// The way to the form of a new cluster, for who may create one somewhere.
pub(crate) fn new_cluster(place: impl Fn() -> String + Send + Sync + 'static) -> Option<AnyView> {
    let creates = Me::here().may_somewhere(Permission::Run);
    creates.then(|| {
        view! { <a class="button primary" href=place><Icon name="plus"/>"New cluster"</a> }.into_any()
    })
}

/// The pool that the address names; none on pages of no pool.
pub(crate) fn pool_here() -> Memo<Option<PoolPath>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(pool_of))
}

/// The same of an address's parts.
pub(crate) fn pool_of(params: &ParamsMap) -> Option<PoolPath> {
    Some(PoolPath::of(&params.get("subscription")?, &params.get("group")?, &params.get("pool")?))
}
