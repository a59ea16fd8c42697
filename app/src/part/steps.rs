//! The steps of an operation: done, in progress, to come.

use domain::view::StepView;
use leptos::prelude::*;

use crate::clock::Clock;
use crate::words;

/// A list of steps with their times; the present one counts on.
#[component]
pub(crate) fn Steps(
    /// The steps, in order.
    #[prop(into)]
    steps: Signal<Vec<StepView>>,
) -> impl IntoView {
    let line = |step: StepView| {
        let kind = match (&step.started, &step.ended) {
            _ if step.failed => "failed",
            (_, Some(_)) => "done",
            (Some(_), None) => "now",
            (None, None) => "waiting",
        };
        let (started, ended) = (step.started, step.ended);
        let clock = Clock::here();
        let took = move || match (started, ended) {
            (Some(from), Some(to)) => {
                words::millis(u64::try_from(to.duration_since(from).as_millis()).unwrap_or_default())
            }
            (Some(from), None) => words::span(clock.now().duration_since(from).as_secs()),
            (None, _) => String::new(),
        };
        view! {
            <li data-step=kind aria-current=(kind == "now").then_some("step")>
                <b>{step.name}</b>
                <time>{took}</time>
                {(!step.detail.is_empty()).then(|| view! { <small>{step.detail}</small> })}
            </li>
        }
    };
    view! { <ol class="steps">{move || steps.get().into_iter().map(line).collect_view()}</ol> }
}
