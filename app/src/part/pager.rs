//! Below a grid: which rows, other pages, whether it follows live.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{Icon, Status};
use crate::clock::Clock;
use crate::live::{Link, Live};

/// The foot of a grid.
#[component]
pub(crate) fn Pager(
    /// The page, from 0.
    page: u32,
    /// Rows on a page.
    size: u32,
    /// Rows in all.
    total: u32,
    /// The address of a page, by number and size.
    address: Callback<(u32, u32), String>,
    /// When the rows were read.
    as_of: Timestamp,
) -> impl IntoView {
    let first = page * size;
    let last = (first + size).min(total);
    let range = if total == 0 { "No rows".to_owned() } else { format!("{}–{last} of {total}", first + 1) };
    let link = move |to: u32, label: &'static str, icon: &'static str| {
        view! { <a class="icon-button" href=address.run((to, size)) aria-label=label><Icon name=icon/></a> }
    };
    let sizes = [25, 50, 100, 200].map(|rows| {
        let href = address.run((0, rows));
        view! { <a href=href aria-current=(rows == size).then_some("true")>{rows}</a> }
    });
    let clock = Clock::here();
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{range}</span>
            {(page > 0).then(|| link(page - 1, "Previous page", "chevron-left"))}
            {(last < total).then(|| link(page + 1, "Next page", "chevron-right"))}
            <button class="button quiet small end" type="button" popovertarget="page-sizes">
                "Rows "{size}
            </button>
            <div class="menu end" id="page-sizes" popover="auto">{sizes}</div>
            <LiveSign/>
            <span class="quiet">"as of "{move || clock.time(as_of)}</span>
        </nav>
    }
}

/// Whether the page follows what happens.
#[component]
pub(crate) fn LiveSign() -> impl IntoView {
    let live = Live::here();
    move || match live.link() {
        Link::Written => view! { <Status shape="stopped" word="Not live"/> },
        Link::Live => view! { <Status shape="running" word="Live"/> },
        Link::Reconnecting => view! { <Status shape="moving" word="Reconnecting"/> },
    }
}
