//! A cluster's history: operations, events, exceptions, newest first.

use leptos::prelude::*;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::live::Live;
use crate::part::{Empty, Events, Follow};

/// The page.
#[component]
pub(crate) fn ClusterActivity() -> impl IntoView {
    page_of(|id| {
        let changed = Live::here().of(id);
        let cluster = cluster_of(id);
        let history = Resource::new(move || changed.get(), move |_| api::activity_of(id));
        view! {
            <Follow answer=cluster let:cluster>
                <ClusterHead view=cluster page="Activity"/>
                <Follow answer=history lines=8 let:history>
                    {
                        let none = Memo::new(move |_| history.with(|history| history.events.is_empty()));
                        let events = Signal::derive(move || history.with(|history| history.events.clone()));
                        move || if none.get() {
                            view! { <Empty icon="activity" title="Nothing happened yet" text="What happens to this cluster appears here."/> }
                                .into_any()
                        } else {
                            view! { <section class="card"><Events events=events/></section> }.into_any()
                        }
                    }
                </Follow>
            </Follow>
        }
        .into_any()
    })
}
