//! A cluster's history: operations, events, exceptions, newest first.

use leptos::prelude::*;

use super::{ClusterHead, changed, cluster_here, id_here, no_id};
use crate::api;
use crate::part::{Empty, Events, Trouble, Waiting};

/// The page.
#[component]
pub(crate) fn ClusterActivity() -> impl IntoView {
    let id = id_here();
    let changed = changed(id);
    let cluster = cluster_here();
    let events = Resource::new(
        move || (id.get(), changed.get()),
        |(id, _)| async move { api::activity_of(id.ok_or_else(no_id)?).await },
    );
    let content = move || {
        // Taken before anything is waited for: a page that is left takes its resources along.
        let (cluster, events) = (cluster.into_future(), events.into_future());
        Suspend::new(async move {
            match (cluster.await, events.await) {
                (Ok(view), Ok(page)) => {
                    let list = if page.events.is_empty() {
                        view! { <Empty icon="activity" title="Nothing happened yet" text="What happens to this cluster appears here."/> }
                            .into_any()
                    } else {
                        view! { <section class="card"><Events events=page.events/></section> }.into_any()
                    };
                    view! { <ClusterHead view=view page="Activity"/>{list} }.into_any()
                }
                (Err(error), _) | (_, Err(error)) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition> }.into_any()
}
