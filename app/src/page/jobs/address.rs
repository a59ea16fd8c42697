//! What the grid's address asks.

use domain::id::ClusterId;
use domain::view::{JobQuery, Scope};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{page, paths};

/// The question in the address, and the row whose details are open.
#[derive(Clone, Copy)]
pub(crate) struct JobsAddress {
    /// The grid's question.
    pub(crate) query: Memo<JobQuery>,
    /// Whose details are open.
    pub(crate) open: Memo<Option<ClusterId>>,
    /// Which of the panel's tabs.
    pub(crate) tab: Memo<String>,
}

impl JobsAddress {
    /// Read from the address.
    pub(crate) fn here() -> Self {
        let (params, map) = (use_params_map(), use_query_map());
        let query = Memo::new(move |_| {
            let scope = params.with(|params| match (page::pool_of(params), params.get("id")) {
                (Some(pool), _) => Scope::Pool(pool),
                (None, Some(id)) => id.parse().map_or(Scope::All, Scope::Cluster),
                (None, None) => Scope::All,
            });
            map.with(|map| {
                let text = |key: &str| map.get(key).unwrap_or_default();
                let number = |key: &str| text(key).parse().unwrap_or_default();
                JobQuery {
                    scope,
                    text: text("text"),
                    state: text("state"),
                    group: text("group"),
                    flink: text("flink"),
                    owner: text("owner"),
                    tag: text("tag"),
                    sort: paths::sort_named(&text("sort")),
                    descending: text("down") == "1",
                    page: number("page"),
                    size: number("size").min(200),
                }
            })
        });
        let open = Memo::new(move |_| map.with(|map| map.get("open")?.parse().ok()));
        let tab = Memo::new(move |_| map.with(|map| map.get("tab").unwrap_or_default()));
        Self { query, open, tab }
    }

    /// The address with one thing changed; a changed filter begins at the first page. It follows the address.
    pub(crate) fn with(self, change: impl FnOnce(&mut JobQuery)) -> String {
        let mut query = self.query.get();
        let page = query.page;
        change(&mut query);
        if query.page == page {
            query.page = 0;
        }
        paths::jobs(&query, None)
    }

    /// The same address with these details open. It follows the address.
    pub(crate) fn opened(self, id: Option<ClusterId>) -> String {
        self.query.with(|query| paths::jobs(query, id))
    }
}
