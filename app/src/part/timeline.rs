//! Runs, operations and events over one axis.

use domain::view::TimelineView;
use jiff::{SignedDuration, Timestamp};
use leptos::prelude::*;

use crate::clock::Clock;

/// The card.
#[component]
pub(crate) fn TimelineCard(
    /// What happened.
    timeline: Signal<TimelineView>,
) -> impl IntoView {
    let clock = Clock::here();
    move || timeline.with(|timeline| draw(clock, timeline))
}

fn draw(clock: Clock, timeline: &TimelineView) -> impl IntoView + use<> {
    let (from, until) = (timeline.from, timeline.until);
    let span = until.duration_since(from).as_secs_f64().max(1.0);
    let x = move |when: Timestamp| (when.duration_since(from).as_secs_f64() / span * 100.0).clamp(0.0, 100.0);
    let ticks: Vec<_> = ticks(from, until);
    let apart =
        ticks.first().zip(ticks.get(1)).map(|(one, two)| two.duration_since(*one)).unwrap_or_default();
    let rules = ticks.iter().map(|when| {
        let at = format!("{:.2}%", x(*when));
        view! { <line class="rule" x1=at.clone() x2=at y1="0" y2="72"></line> }
    });
    let rules = rules.collect_view();
    // One at the very end would stick out.
    let labels = ticks.iter().filter(|when| x(**when) < 95.0).map(|when| {
        let when = *when;
        view! { <text x=format!("{:.2}%", x(when))>{move || clock.tick(when, apart)}</text> }
    });
    let labels = labels.collect_view();
    let runs = timeline.runs.iter().map(|run| {
        let (left, right) = (x(run.started), x(run.ended.unwrap_or(until)));
        let class = if run.ended.is_none() { "run now" } else { "run" };
        let wide = right - left > 8.0;
        let name = format!("run {}, r{}", run.run, run.revision);
        view! {
            <rect class=class x=format!("{left:.2}%") y="4" width=format!("{:.2}%", (right - left).max(0.2))
                height="16" rx="2">
                <title>{name.clone()}</title>
            </rect>
            {wide.then(|| view! {
                <text class="run-name" x=format!("{left:.2}%") dx="8" y="16">{name}</text>
            })}
        }
    });
    let runs = runs.collect_view();
    let operations = timeline.operations.iter().map(|operation| {
        let class = match operation.succeeded {
            None => "op move",
            Some(true) => "op",
            Some(false) => "op bad",
        };
        let title = format!("{} {}", operation.action.word(), operation.message);
        view! {
            <rect class=class x=format!("{:.2}%", x(operation.asked)) y="28" width="8" height="16" rx="2">
                <title>{title}</title>
            </rect>
        }
    });
    let operations = operations.collect_view();
    let events = timeline.events.iter().map(|event| {
        let class = format!("event {}", event.tone.name());
        view! {
            <use class=class href="/icons.svg#triangle" x=format!("{:.2}%", x(event.at)) y="52" width="14"
                height="14" transform="translate(-7 0)"></use>
        }
    });
    let events = events.collect_view();
    let label = format!(
        "{} runs, {} operations, {} events",
        timeline.runs.len(),
        timeline.operations.len(),
        timeline.events.len()
    );
    view! {
        <figure class="card timeline">
            <figcaption><h2>"Timeline"</h2><small>"runs, operations, events"</small></figcaption>
            <div class="timeline-frame">
                <div class="timeline-names">
                    <span>"Runs"</span><span>"Operations"</span><span>"Events"</span>
                </div>
                <svg class="timeline-area" role="img" aria-label=label>
                    {rules}
                    {runs}
                    {operations}
                    {events}
                </svg>
                <svg class="plot-x" aria-hidden="true">{labels}</svg>
            </div>
        </figure>
    }
}

/// About six round times.
fn ticks(from: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let span = until.duration_since(from).as_secs();
    let step = [300, 900, 1_800, 3_600, 10_800, 21_600, 86_400, 604_800, 2_592_000]
        .into_iter()
        .find(|step| span / step <= 7)
        .unwrap_or(5_184_000);
    let first = from.as_second().div_euclid(step) * step + step;
    let reach = usize::try_from(step).unwrap_or(1);
    (first..until.as_second())
        .step_by(reach)
        .filter_map(|second| Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(second)).ok())
        .collect()
}
