//! What became of each job's part of a request.

use domain::action::Action;
use domain::id::ClusterId;
use domain::view::JobRow;
use leptos::prelude::*;

use crate::api::ActionResult;
use crate::part::{Icon, Say};
use crate::words::count;

/// A line for each job.
#[component]
pub(super) fn Results(
    /// What was asked.
    action: Action,
    /// Of which jobs.
    rows: StoredValue<Vec<JobRow>>,
    /// What became of it.
    asked: Vec<ActionResult>,
) -> impl IntoView {
    let lines = asked.into_iter().map(|one| {
        let name = rows.with_value(|rows| name_of(rows, one.cluster));
        let (icon, tone) = if one.refused.is_none() { ("check", "good") } else { ("cross", "bad") };
        let text = one.refused.unwrap_or_else(|| format!("{} is on its way", action.word()));
        view! { <li><span class="result"><Icon name=icon tone=tone/>{name}</span><span>{text}</span></li> }
    });
    view! { <div class="dialog-body" role="status"><ul class="rows">{lines.collect_view()}</ul></div> }
}

/// Says in a toast what became of it.
pub(super) fn announce(say: Say, action: Action, rows: &[JobRow], asked: &[ActionResult]) {
    let accepted = asked.iter().filter(|one| one.refused.is_none()).count();
    if accepted > 0 {
        let what = match rows {
            [row] => row.name.clone(),
            _ => count(accepted, "job", "jobs"),
        };
        say.say(true, format!("{} is on its way", action.word()), what);
    }
    for one in asked {
        if let Some(why) = &one.refused {
            say.say(
                false,
                format!("{} was not accepted: {}", action.word(), name_of(rows, one.cluster)),
                why.clone(),
            );
        }
    }
}

fn name_of(rows: &[JobRow], id: ClusterId) -> String {
    rows.iter().find(|row| row.cluster == id).map(|row| row.name.clone()).unwrap_or_default()
}
