//! The activity log: who did what and what happened by itself, newest first.

use domain::view::{ActivityPage, ActivityQuery};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use crate::api;
use crate::live::Live;
use crate::part::{Crumbs, Empty, Events, Follow, Icon, LiveSign, PageHead, TextFilter, Typing};
use crate::paths::encode;

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
    let text = Signal::derive(move || query.with(|query| query.text.clone()));
    let live = Live::here().any();
    let page = Resource::new(move || (query.get(), live.get()), |(query, _)| api::activity(query));
    let navigate = use_navigate();
    let typing = Typing::new(move |text: String| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate(&format!("/activity?text={}", encode(&text)), options);
    });
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Activity"/>
        <PageHead title="Activity"/>
        <form class="chips" method="get" action="/activity" on:submit=move |event| event.prevent_default()>
            <TextFilter name="text" label="Filter by title, cluster or person" typing=typing wide=true
                value=text/>
        </form>
        <Follow answer=page lines=10 let:page><Content page=page text=text/></Follow>
    }
    .into_any()
}

#[component]
fn Content(page: Signal<ActivityPage>, text: Signal<String>) -> impl IntoView {
    let none = Memo::new(move |_| page.with(|page| page.events.is_empty()));
    let events = Signal::derive(move || page.with(|page| page.events.clone()));
    let next = Memo::new(move |_| page.with(|page| page.next));
    let older = move || {
        next.get().map(|next| {
            let href = move || format!("/activity?text={}&before={next}", encode(&text.get()));
            view! { <a class="button" href=href>"Older"<Icon name="chevron-right"/></a> }
        })
    };
    move || {
        if none.get() {
            return view! {
                <Empty icon="activity" title="Nothing here" text="What people ask and what happens to clusters appears here."/>
            }
            .into_any();
        }
        view! {
            <section class="card"><Events events=events named=true/></section>
            <nav class="pager" aria-label="Pages">{older}<span class="end"><LiveSign/></span></nav>
        }
        .into_any()
    }
}
