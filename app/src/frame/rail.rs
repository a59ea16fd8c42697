//! The left rail; on a phone the bottom bar. On a cluster's pages, its own pages follow below.

use domain::id::ClusterId;
use domain::view::PoolName;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::AllPools;
use crate::part::Icon;
use crate::{api, paths};

/// Portal pages: address, icon, word, and whether a phone shows it.
const PAGES: [(&str, &str, &str, bool); 7] = [
    ("/", "home", "Home", true),
    ("/pools", "pools", "Cluster pools", true),
    ("/jobs", "jobs", "Flink Jobs", true),
    ("/storage", "storage", "Storage", false),
    ("/resources", "access", "Resources", false),
    ("/activity", "activity", "Activity", true),
    ("/settings", "settings", "Settings", false),
];

/// Pages that belong to one of those, though their addresses begin otherwise.
const BELOW: [(&str, &str); 4] = [
    ("/subscriptions", "/pools"),
    ("/accounts", "/storage"),
    ("/vaults", "/resources"),
    ("/databases", "/resources"),
];

/// A cluster's own pages.
const OWN: [(&str, &str, &str); 8] = [
    ("", "overview", "Overview"),
    ("jobs", "jobs", "Flink Jobs"),
    ("details", "info", "Details"),
    ("savepoints", "savepoint", "Savepoints"),
    ("logs", "logs", "Logs"),
    ("configuration", "configuration", "Configuration"),
    ("activity", "activity", "Activity"),
    ("view", "copy", "JSON view"),
];

/// The rail.
#[component]
pub(crate) fn Rail() -> impl IntoView {
    let path = use_location().pathname;
    let items = PAGES.map(|(href, icon, word, phone)| {
        let here = move || {
            let path = path.get();
            let within = |top: &str| path == top || (top != "/" && path.starts_with(&format!("{top}/")));
            let below = BELOW.iter().any(|&(top, page)| page == href && within(top));
            (within(href) || below).then_some("page")
        };
        view! {
            <li class=(!phone).then_some("wide-only")>
                <a href=href aria-current=here>
                    <Icon name=icon/><span>{word}</span>{count(href)}
                </a>
            </li>
        }
    });
    let on_cluster = Memo::new(move |_| {
        let path = path.get();
        path.strip_prefix("/clusters/").and_then(|rest| rest.split('/').next()?.parse::<ClusterId>().ok())
    });
    view! {
        <nav class="rail" aria-label="Portal">
            <ul>{items}</ul>
            {move || on_cluster.get().map(|id| view! { <OwnPages id=id/> })}
        </nav>
    }
}

/// How many there are of what a page lists.
fn count(page: &str) -> Option<AnyView> {
    let count: fn(&Vec<PoolName>) -> usize = match page {
        "/pools" => Vec::len,
        "/jobs" => |pools| pools.iter().map(|pool| pool.clusters as usize).sum(),
        _ => return None,
    };
    let shown = move |pools: Signal<Vec<PoolName>>| {
        view! { <span class="count">{move || pools.with(count)}</span> }.into_any()
    };
    Some(AllPools::shown(shown))
}

/// A cluster's own pages.
#[component]
fn OwnPages(
    /// The cluster.
    id: ClusterId,
) -> impl IntoView {
    let path = use_location().pathname;
    let named = Resource::new(move || id, api::cluster_name);
    let name = move || Suspend::new(async move { named.await.unwrap_or_default() });
    let items = OWN.map(|(page, icon, word)| {
        let href = paths::cluster(id, page);
        let own = href.clone();
        let here = move || (path.get() == own).then_some("page");
        view! { <li><a href=href aria-current=here><Icon name=icon/><span>{word}</span></a></li> }
    });
    view! {
        <section aria-labelledby="rail-cluster">
            <h2 id="rail-cluster"><Suspense>{name}</Suspense></h2>
            <ul>{items}</ul>
        </section>
    }
}
