//! A cluster's own pages.

mod activity;
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

pub(crate) use activity::ClusterActivity;
pub(crate) use configuration::Configuration;
pub(crate) use head::ClusterHead;
pub(crate) use json::JsonView;
pub(crate) use logs::Logs;
pub(crate) use operations::{OperationList, Operations};
pub(crate) use overview::Overview;
pub(crate) use savepoints::{DeleteSnapshot, Savepoints};

/// The cluster that the address names; none if it names none.
pub(crate) fn id_here() -> Memo<Option<ClusterId>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("id")?.parse().ok()))
}

/// Grows whenever the cluster of the address changed.
fn changed(id: Memo<Option<ClusterId>>) -> Memo<u64> {
    let live = Live::here();
    Memo::new(move |_| id.get().map(|id| live.of(id).get()).unwrap_or_default())
}

/// What there is to say when the address names no cluster.
fn no_id() -> ApiError {
    ApiError::from(Refusal::NotFound(
        "There is no cluster at this address; it may have been deleted.".to_owned(),
    ))
}

/// The cluster of the address, read again when it changed.
pub(crate) fn cluster_here() -> Resource<Result<ClusterView, ApiError>> {
    let id = id_here();
    let changed = changed(id);
    let beat = Live::here().beat();
    // One that is gone stays so; asking on would only fill the log.
    let gone = RwSignal::new(false);
    Resource::new(
        move || (id.get(), changed.get(), if gone.get() { 0 } else { beat.get() }),
        move |(id, _, _)| async move {
            let cluster = api::cluster(id.ok_or_else(no_id)?).await;
            gone.try_set(matches!(cluster, Err(ApiError::Refused(Refusal::NotFound(_)))));
            cluster
        },
    )
}
