//! The scope switcher: all pools, or one.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::AllPools;
use crate::part::Icon;
use crate::place;

/// The button with the list of pools.
#[component]
pub(crate) fn ScopeSwitch() -> impl IntoView {
    let AllPools(pools) = expect_context();
    let path = use_location().pathname;
    let here = Memo::new(move |_| {
        let path = path.get();
        path.strip_prefix("/pools/")
            .and_then(|rest| rest.split('/').next())
            .map(str::to_owned)
            .unwrap_or_default()
    });
    let list = move || {
        Suspend::new(async move {
            let pools = pools.await.unwrap_or_default();
            let items = pools.into_iter().map(|pool| {
                let name = pool.name.clone();
                view! {
                    <a href=place::pool_jobs(&pool.name)
                        aria-current=move || (here.get() == name).then_some("true")>
                        {pool.name.clone()}
                        <small>{pool.region.clone()}</small>
                    </a>
                }
            });
            items.collect_view()
        })
    };
    let word =
        move || Some(here.get()).filter(|name| !name.is_empty()).unwrap_or_else(|| "All pools".to_owned());
    view! {
        <nav class="scope" aria-label="Scope">
            <button type="button" popovertarget="scope">{word}<Icon name="chevron-down"/></button>
            <div class="menu" id="scope" popover="auto">
                <a href="/jobs" aria-current=move || here.get().is_empty().then_some("true")>"All pools"</a>
                <Suspense>{list}</Suspense>
            </div>
        </nav>
    }
}
