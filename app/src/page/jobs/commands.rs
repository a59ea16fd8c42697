//! The grid's command bar: what the selection allows, the rest disabled with the reason.

use domain::action::Action;
use domain::view::{JobRow, Scope};
use leptos::prelude::*;

use super::FORM;
use super::address::JobsAddress;
use super::selection::Selection;
use crate::page::ask::Begin;
use crate::page::new_cluster;
use crate::part::Command;
use crate::{paths, words};

/// The bar, and the form behind it.
#[component]
pub(super) fn Commands(
    /// The address.
    asked: JobsAddress,
    /// Which rows are meant.
    selection: Selection,
) -> impl IntoView {
    let meant = selection.meant();
    let begin = Begin::here();
    let press = Callback::new(move |action| begin.begin(action, meant.get_untracked()));
    let commands = Action::OFFERED.map(|action| {
        let refused = Signal::derive(move || meant.with(|rows| refusal(action, rows)));
        view! { <Command action=action form=FORM refused=refused on_press=press/> }
    });
    let create = move || match asked.query.with(|query| query.scope.clone()) {
        Scope::Pool(pool) => paths::create(&pool),
        Scope::All | Scope::Cluster(_) => "/pools".to_owned(),
    };
    let chosen = move || match selection.count() {
        0 => String::new(),
        count => format!("{count} selected"),
    };
    view! {
        <form id=FORM method="get" action="/ask">
            <input type="hidden" name="back" value=move || asked.opened(None)/>
        </form>
        // Nothing can be selected on a phone: there a row leads to the job's own commands.
        <div class="command-bar wide-only" role="toolbar" aria-label="Actions">
            {new_cluster(create).map(|link| view! { {link}<hr/> })}
            {commands}
            <span class="end quiet" aria-live="polite">{chosen}</span>
        </div>
    }
}

/// Why the action cannot be asked of these rows; none if it can.
fn refusal(action: Action, rows: &[JobRow]) -> Option<String> {
    if rows.is_empty() {
        return Some("Select a job first.".to_owned());
    }
    if action.updates() && rows.len() > 1 {
        return Some("An update is made for one job at a time.".to_owned());
    }
    let refused: Vec<_> = rows
        .iter()
        .filter_map(|row| {
            let offer = row.actions.iter().find(|offer| offer.action == action)?;
            Some((row, offer.refused.clone()?))
        })
        .collect();
    let (first, why) = refused.first()?;
    Some(match (refused.len(), rows.len()) {
        (_, 1) => why.clone(),
        (1, _) => format!("{}: {why}", first.name),
        (count, _) => format!("{}: {why} So for {}.", first.name, words::count(count, "job", "jobs")),
    })
}
