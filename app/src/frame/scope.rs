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
        // `/pools/{subscription}/{group}/{pool}`, whatever stands behind it.
        let ends = path.match_indices('/').map(|(at, _)| at).nth(4).unwrap_or(path.len());
        let deep = path.starts_with("/pools/") && path.split('/').count() > 4;
        if deep { path[..ends].to_owned() } else { String::new() }
    });
    let item = move |pool: Signal<PoolName>| {
        let PoolName { path, region, .. } = pool.get_untracked();
        let (href, own) = (paths::pool_jobs(&path), paths::pool(&path));
        let group = format!("{}, {region}", path.group());
        view! {
            <a href=href aria-current=move || (here.get() == own).then_some("true")>
                {path.name().to_owned()}
                <small>{group}</small>
            </a>
        }
    };
    let list = AllPools::shown(move |pools| {
        view! { <Each of=pools key=|pool: &PoolName| pool.id.to_string() children=item/> }.into_any()
    });
    let word = move || match here.get().rsplit_once('/') {
        Some((_, name)) => name.to_owned(),
        None => "All pools".to_owned(),
    };
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
