//! A cluster's own pages.

mod activity;
mod compare;
mod configuration;
mod head;
mod json;
mod logs;
mod operations;
mod overview;
mod savepoints;

use domain::id::ClusterId;
use domain::refusal::Refusal;
use domain::view::ClusterView;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::api::{self, ApiError};
use crate::live::Live;
use crate::part::Trouble;

pub(crate) use activity::ClusterActivity;
pub(crate) use compare::Compare;
pub(crate) use configuration::Configuration;
pub(crate) use head::ClusterHead;
pub(crate) use json::JsonView;
pub(crate) use logs::Logs;
pub(crate) use operations::{OperationList, Operations};
pub(crate) use overview::Overview;
pub(crate) use savepoints::{DeleteSnapshot, Savepoints};

/// The cluster that the address names; none if it names none.
fn id_here() -> Memo<Option<ClusterId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")?.parse().ok()))
}

/// A page of the cluster that the address names: another cluster's is another page.
pub(crate) fn page_of(page: impl Fn(ClusterId) -> AnyView + Send + 'static) -> AnyView {
    let id = id_here();
    let page = move || match id.get() {
        Some(id) => untrack(|| page(id)),
        None => view! { <Trouble error=no_id()/> }.into_any(),
    };
    page.into_any()
}

/// What there is to say when the address names no cluster.
fn no_id() -> ApiError {
    ApiError::from(Refusal::NotFound(
        "There is no cluster at this address; it may have been deleted.".to_owned(),
    ))
}

/// The cluster, read again when it changed.
pub(crate) fn cluster_of(id: ClusterId) -> Resource<Result<ClusterView, ApiError>> {
    let live = Live::here();
    let (changed, beat) = (live.of(id), live.beat());
    // One that is gone stays so; asking on would only fill the log.
    let gone = RwSignal::new(false);
    Resource::new(
        move || (changed.get(), if gone.get() { 0 } else { beat.get() }),
        move |_| async move {
            let cluster = api::cluster(id).await;
            gone.try_set(matches!(cluster, Err(ApiError::Refused(Refusal::NotFound(_)))));
            cluster
        },
    )
}
