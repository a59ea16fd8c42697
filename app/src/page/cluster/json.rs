//! JSON view: the cluster as programs see it.

use leptos::prelude::*;

use super::{ClusterHead, cluster_here};
use crate::page::details::Json;
use crate::part::{Trouble, Waiting};

/// The page.
#[component]
pub(crate) fn JsonView() -> impl IntoView {
    let cluster = cluster_here();
    let content = move || {
        Suspend::new(async move {
            match cluster.await {
                Ok(view) => {
                    let id = view.row.cluster;
                    view! { <ClusterHead view=view page="JSON view"/><Json id=id/> }.into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition> }.into_any()
}
