//! Flink Jobs: the grid of everything, of a pool, or of one cluster. All that it asks stands in the address.

mod address;
mod commands;
mod filters;
mod grid;
mod row;
mod selection;

use domain::view::Scope;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::live::Live;
use crate::page::details::Panel;
use crate::part::{Crumbs, Follow, Icon, PageHead, Typing};
use crate::paths;
use address::JobsAddress;
use commands::Commands;
use filters::Filters;
use grid::Grid;
use selection::Selection;

/// The form that a page without script sends with the selected rows.
const FORM: &str = "act";

/// Rows on a page when the address does not say.
const ROWS: u32 = 50;

/// The page.
#[component]
pub(crate) fn Jobs() -> impl IntoView {
    let asked = JobsAddress::here();
    let live = Live::here();
    let (any, beat) = (live.any(), live.beat());
    let jobs = Resource::new(
        move || (asked.query.get(), any.get(), beat.get()),
        |(query, _, _)| async move { api::jobs(query).await },
    );
    let selection = Selection::new();
    let navigate = use_navigate();
    let go = Callback::new(move |(place, replace): (String, bool)| {
        navigate(&place, NavigateOptions { replace, scroll: false, ..NavigateOptions::default() });
    });
    let typing = Typing::new(move |text| go.run((untrack(|| asked.with(|query| query.text = text)), true)));
    let panel = move || {
        asked.open.get().map(|id| {
            let back = Signal::derive(move || asked.opened(None));
            let here = Signal::derive(move || asked.opened(Some(id)));
            view! { <Panel id=id tab=asked.tab here=here back=back/> }
        })
    };
    view! {
        <Head asked=asked/>
        <Commands asked=asked selection=selection/>
        <Follow answer=jobs lines=12 let:page>
            <Filters asked=asked page=page typing=typing/>
            <Grid asked=asked page=page selection=selection go=go/>
        </Follow>
        {panel}
    }
    .into_any()
}

/// Breadcrumbs and heading by scope.
#[component]
fn Head(asked: JobsAddress) -> impl IntoView {
    let scope = Memo::new(move |_| asked.query.with(|query| query.scope.clone()));
    move || {
        let (above, create) = match scope.get() {
            Scope::All | Scope::Cluster(_) => {
                (vec![("Home".to_owned(), "/".to_owned())], "/pools".to_owned())
            }
            Scope::Pool(pool) => (
                vec![
                    ("Cluster pools".to_owned(), "/pools".to_owned()),
                    (pool.name().to_owned(), paths::pool(&pool)),
                ],
                paths::create(&pool),
            ),
        };
        view! {
            <Crumbs above=above here="Flink Jobs"/>
            <PageHead title="Flink Jobs">
                <a class="button primary phone-only end" href=create><Icon name="plus"/>"New"</a>
            </PageHead>
        }
    }
}
