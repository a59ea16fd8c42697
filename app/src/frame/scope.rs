//! The scope switcher: all pools, or one.

use domain::view::PoolName;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::AllPools;
use crate::part::{Each, Icon};
use crate::paths;

/// The button with the list of pools.
#[component]
pub(crate) fn ScopeSwitch() -> impl IntoView {
    let path = use_location().pathname;
    let here = Memo::new(move |_| {
        let path = path.get();
        path.strip_prefix("/pools/")
            .and_then(|rest| rest.split('/').next())
            .map(str::to_owned)
            .unwrap_or_default()
    });
    let item = move |pool: Signal<PoolName>| {
        let PoolName { name, region, .. } = pool.get_untracked();
        let href = paths::pool_jobs(&name);
        let own = name.clone();
        view! {
            <a href=href aria-current=move || (here.get() == own).then_some("true")>
                {name}
                <small>{region}</small>
            </a>
        }
    };
    let list = AllPools::shown(move |pools| {
        view! { <Each of=pools key=|pool: &PoolName| pool.id.to_string() children=item/> }.into_any()
    });
    let word =
        move || Some(here.get()).filter(|name| !name.is_empty()).unwrap_or_else(|| "All pools".to_owned());
    view! {
        <nav class="scope" aria-label="Scope">
            <button type="button" popovertarget="scope">{word}<Icon name="chevron-down"/></button>
            <div class="menu" id="scope" popover="auto">
                <a href="/jobs" aria-current=move || here.get().is_empty().then_some("true")>"All pools"</a>
                {list}
            </div>
        </nav>
    }
}
