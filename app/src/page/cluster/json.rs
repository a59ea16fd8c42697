//! JSON view: the cluster as programs see it.

use leptos::prelude::*;

use super::{ClusterHead, cluster_of, page_of};
use crate::page::details::Json;
use crate::part::Follow;

/// The page.
#[component]
pub(crate) fn JsonView() -> impl IntoView {
    page_of(|id| {
        view! {
            <Follow answer=cluster_of(id) let:cluster>
                <ClusterHead view=cluster page="JSON view"/>
                <Json id=id/>
            </Follow>
        }
        .into_any()
    })
}
