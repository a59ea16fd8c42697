//! What Start goes on from, and since when this line goes.

use domain::action::Action;
use domain::snapshot::called;
use domain::state::State;
use domain::view::{ClusterView, Newest, SnapshotView, StatesView};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::clock::Clock;
use crate::words;

/// The sentence under the page's head. While nothing can be started it is that of the run.
#[component]
pub(super) fn Lead(
    /// The cluster.
    view: Signal<ClusterView>,
    /// Its states.
    states: Signal<StatesView>,
) -> impl IntoView {
    let clock = Clock::here();
    let sentence = move || {
        let (can_start, state, since, headline) = view.with(|view| {
            let offers = &view.row.actions;
            let can = offers.iter().any(|offer| offer.action == Action::Start && offer.refused.is_none());
            (can, view.row.state, view.row.since, view.headline.clone())
        });
        if !can_start {
            return view! { {headline} }.into_any();
        }
        let failed = matches!(state, State::Failed | State::JobLaunchFailed).then_some(since);
        states.with(|states| goes_on(states, failed, clock.now_untracked()))
    };
    view! { <p class="lead">{sentence}</p> }
}

fn goes_on(states: &StatesView, failed: Option<Timestamp>, now: Timestamp) -> AnyView {
    let damaged = states.damaged().map(|(state, why)| format!("{} cannot be used: {why} ", state.title()));
    let next = match states.newest() {
        Newest::State(state) => {
            view! { "Start goes on from "<b>{state.name()}" of run "{state.run}</b>", "{age(state, failed, now)}"." }
                .into_any()
        }
        Newest::Fresh => "Start begins without state: there never was one.".into_any(),
        Newest::Undecided => "The last run left no state that can be used now; Start asks which.".into_any(),
    };
    view! { {damaged}{next} }.into_any()
}

/// "9 s older than the failure", "4 min old": of a job that failed, what is lost is what came between.
fn age(state: &SnapshotView, failed: Option<Timestamp>, now: Timestamp) -> String {
    match failed.filter(|failed| *failed >= state.at) {
        Some(failed) => {
            format!("{} older than the failure", words::span(failed.duration_since(state.at).as_secs()))
        }
        None => format!("{} old", words::span(now.duration_since(state.at).as_secs())),
    }
}

/// "This line: runs 12 to 18, since the fresh start, 3 Nov 09:14".
pub(super) fn this_line(states: &StatesView, clock: Clock) -> String {
    let (Some(first), Some(runs)) = (states.line, &states.runs) else {
        return "This line has no run yet".to_owned();
    };
    let which = match runs.last {
        last if last == first => format!("run {first}"),
        last => format!("runs {first} to {last}"),
    };
    let began = clock.day_time(runs.began);
    let since = match &runs.from {
        None => format!("since the fresh start, {began}"),
        Some(path) => format!("since the start from {}, {began}", called(path)),
    };
    let none = if states.of_last_line().next().is_none() { "; no state of it yet" } else { "" };
    format!("This line: {which}, {since}{none}")
}
