//! The activity log: who did what and what happened by itself, newest first.

use domain::view::ActivityQuery;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::api;
use crate::live::Live;
use crate::part::{Crumbs, Empty, Events, Icon, LiveSign, PageHead, TextFilter, Trouble, Typing, Waiting};
use crate::place::encode;

/// The page.
#[component]
pub(crate) fn Activity() -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| {
        map.with(|map| ActivityQuery {
            text: map.get("text").unwrap_or_default(),
            before: map.get("before").and_then(|id| id.parse().ok()),
        })
    });
    let live = Live::here().any();
    let page = Resource::new(move || (query.get(), live.get()), |(query, _)| api::activity(query));
    let navigate = use_navigate();
    let typing = Typing::new(move |text: String| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("/activity?text={}", encode(&text)), options);
    });
    let content = move || {
        let text = query.with(|query| query.text.clone());
        Suspend::new(async move {
            match page.await {
                Ok(page) if page.events.is_empty() => view! {
                    <Empty icon="activity" title="Nothing here" text="What people ask and what happens to clusters appears here."/>
                }
                .into_any(),
                Ok(page) => {
                    let older = page.next.map(|next| {
                        let href = format!("/activity?text={}&before={next}", encode(&text));
                        view! { <a class="button" href=href>"Older"<Icon name="chevron-right"/></a> }
                    });
                    view! {
                        <section class="card"><Events events=page.events named=true/></section>
                        <nav class="pager" aria-label="Pages">{older}<span class="end"><LiveSign/></span></nav>
                    }
                    .into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Activity"/>
        <PageHead title="Activity"/>
        <form class="chips" method="get" action="/activity" on:submit=move |event| event.prevent_default()>
            <TextFilter name="text" label="Filter by title, cluster or person" typing=typing wide=true
                value=query.with_untracked(|query| query.text.clone())/>
        </form>
        <Transition fallback=|| view! { <Waiting lines=10/> }>{content}</Transition>
    }
    .into_any()
}
