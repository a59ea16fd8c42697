//! Below a grid: which rows, other pages, whether it follows live.

use jiff::Timestamp;
use leptos::prelude::*;

use super::{Icon, Status};
use crate::clock::Clock;
use crate::live::{Link, Live};

/// The rows of a page among all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// The page, from 0.
    pub(crate) page: u32,
    /// Rows on a page.
    pub(crate) size: u32,
    /// Rows in all.
    pub(crate) total: u32,
}

/// The foot of a grid.
#[component]
pub(crate) fn Pager(
    /// Which rows.
    range: Memo<Range>,
    /// The address of a page, by number and size.
    address: Callback<(u32, u32), String>,
    /// When the rows were read.
    #[prop(into)]
    as_of: Signal<Timestamp>,
) -> impl IntoView {
    let words = move || {
        let Range { page, size, total } = range.get();
        let first = page * size;
        if total == 0 {
            "No rows".to_owned()
        } else {
            format!("{}–{} of {total}", first + 1, (first + size).min(total))
        }
    };
    let link = move |to: u32, size: u32, label: &'static str, icon: &'static str| {
        view! { <a class="icon-button" href=address.run((to, size)) aria-label=label><Icon name=icon/></a> }
    };
    let back = move || {
        let Range { page, size, .. } = range.get();
        (page > 0).then(|| link(page - 1, size, "Previous page", "chevron-left"))
    };
    let on = move || {
        let Range { page, size, total } = range.get();
        ((page + 1) * size < total).then(|| link(page + 1, size, "Next page", "chevron-right"))
    };
    let sizes = [25, 50, 100, 200].map(|rows| {
        let here = move || (range.get().size == rows).then_some("true");
        view! { <a href=move || address.run((0, rows)) aria-current=here>{rows}</a> }
    });
    let clock = Clock::here();
    view! {
        <nav class="pager" aria-label="Pages">
            <span>{words}</span>
            {back}
            {on}
            <button class="button quiet small end" type="button" popovertarget="page-sizes">
                "Rows "{move || range.get().size}
            </button>
            <div class="menu end" id="page-sizes" popover="auto">{sizes}</div>
            <LiveSign/>
            <span class="quiet">"as of "{move || clock.time(as_of.get())}</span>
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
