//! Which rows are selected.

use std::collections::HashSet;

use domain::id::ClusterId;
use domain::view::JobRow;
use leptos::prelude::*;

/// Selected rows, and the one from which Shift reaches on.
#[derive(Clone, Copy)]
pub(crate) struct Selection {
    chosen: RwSignal<HashSet<ClusterId>>,
    rows: RwSignal<Vec<JobRow>>,
    last: StoredValue<Option<ClusterId>>,
}

impl Selection {
    /// Nothing yet, or what a person ticked on the server's page before its script ran.
    pub(crate) fn new() -> Self {
        let chosen = RwSignal::new(HashSet::new());
        let early = ticked();
        if !early.is_empty() {
            Effect::new(move |_| chosen.set(early.clone())); // once the rows are the script's
        }
        Self { chosen, rows: RwSignal::new(Vec::new()), last: StoredValue::new(None) }
    }

    /// The rows that are on the page; what has left the page is no longer selected.
    pub(crate) fn on_page(self, rows: Vec<JobRow>) {
        let left = |id: &ClusterId| !rows.iter().any(|row| row.cluster == *id);
        if self.chosen.with_untracked(|chosen| chosen.iter().any(left)) {
            self.chosen.update(|chosen| chosen.retain(|id| !left(id)));
        }
        self.rows.set(rows);
    }

    /// The rows that are selected, as they are now.
    pub(crate) fn meant(self) -> Memo<Vec<JobRow>> {
        Memo::new(move |_| {
            self.rows.with(|rows| rows.iter().filter(|row| self.has(row.cluster)).cloned().collect())
        })
    }

    /// Whether it is selected.
    pub(crate) fn has(self, id: ClusterId) -> bool {
        self.chosen.with(|chosen| chosen.contains(&id))
    }

    /// How many are selected.
    pub(crate) fn count(self) -> usize {
        self.chosen.with(HashSet::len)
    }

    /// Turns one over; with Shift, selects everything from the last one to it.
    pub(crate) fn pick(self, id: ClusterId, shift: bool) {
        let from = self.last.get_value().filter(|_| shift);
        self.chosen.update(|chosen| match from {
            Some(from) => chosen.extend(self.between(from, id)),
            None if !chosen.remove(&id) => {
                chosen.insert(id);
            }
            None => {}
        });
        self.last.set_value(Some(id));
    }

    /// Selects one and keeps the others.
    pub(crate) fn add(self, id: ClusterId) {
        self.chosen.update(|chosen| {
            chosen.insert(id);
        });
        self.last.set_value(Some(id));
    }

    /// Every row of the page, or none.
    pub(crate) fn all(self, on: bool) {
        let rows = self.rows.with_untracked(|rows| rows.iter().map(|row| row.cluster).collect());
        self.chosen.set(if on { rows } else { HashSet::new() });
    }

    fn between(self, from: ClusterId, to: ClusterId) -> Vec<ClusterId> {
        self.rows.with_untracked(|rows| {
            let at = |id| rows.iter().position(|row| row.cluster == id);
            match (at(from), at(to)) {
                (Some(a), Some(b)) => rows[a.min(b)..=a.max(b)].iter().map(|row| row.cluster).collect(),
                _ => vec![to],
            }
        })
    }
}

/// The rows that are ticked on a page which the script is about to take over.
#[cfg(feature = "hydrate")]
fn ticked() -> HashSet<ClusterId> {
    use wasm_bindgen::JsCast;
    let takes_over = Owner::current_shared_context().is_some_and(|context| context.during_hydration());
    let boxes = document().query_selector_all("input[name=cluster]:checked").ok().filter(|_| takes_over);
    let values = boxes.into_iter().flat_map(|boxes| (0..boxes.length()).filter_map(move |at| boxes.get(at)));
    let values =
        values.filter_map(|node| node.dyn_into::<web_sys::HtmlInputElement>().ok()?.value().parse().ok());
    values.collect()
}

#[cfg(not(feature = "hydrate"))]
fn ticked() -> HashSet<ClusterId> {
    HashSet::new()
}
