//! JSON view: the cluster as programs see it.

use leptos::prelude::*;

use super::{ClusterHead, cluster_here, id_here};
use crate::page::details::Json;
use crate::part::{Trouble, Waiting};

/// The page.
#[component]
pub(crate) fn JsonView() -> impl IntoView {
    let (id, cluster) = (id_here(), cluster_here());
    let content = move || {
        Suspend::new(async move {
            match cluster.await {
                Ok(view) => view! { <ClusterHead view=view page="JSON view"/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition>
        {move || id.get().map(|id| view! { <Json id=id/> })}
    }
    .into_any()
}
