//! The end of the job manager's log, growing while the operation goes on.

use domain::id::ClusterId;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::place;

/// As many lines as are shown.
const LINES: usize = 60;

/// A run and the end of its job manager's log; nothing before that has written.
pub(super) type Log = Resource<Result<Option<(u32, String)>, ApiError>>;

/// The newest run's job manager log. It is read by the page, for this is drawn anew with every step.
#[component]
pub(super) fn Tail(
    /// The cluster.
    cluster: ClusterId,
    /// What was read.
    log: Log,
) -> impl IntoView {
    let lines = move || {
        Suspend::new(async move {
            match log.await {
                Ok(Some((run, text))) => {
                    let skipped = text.lines().count().saturating_sub(LINES);
                    let lines = text
                        .lines()
                        .skip(skipped)
                        .map(|line| view! { <p data-level=level(line)>{said(line)}</p> });
                    view! {
                        <div class="log tail" role="log" tabindex="0" aria-label="Job manager log">
                            <div>{lines.collect_view()}</div>
                        </div>
                        <p><a href=place::cluster(cluster, &format!("logs?run={run}"))>"The whole log"</a></p>
                    }
                    .into_any()
                }
                Ok(None) => view! { <p class="quiet">"The job manager has not written yet."</p> }.into_any(),
                Err(error) => view! { <p class="quiet">{error.to_string()}</p> }.into_any(),
            }
        })
    };
    view! { <Transition fallback=|| view! { <span class="skeleton block"></span> }>{lines}</Transition> }
}

/// `14:07:30.114 Starting the slot manager.`: what fits beside the steps of a line of Flink's log, which begins
/// `2026-11-23T14:07:30.114Z INFO  o.a.f.r.SlotManager [] - `. Other lines, as of an exception, stay whole.
fn said(line: &str) -> String {
    let time = line.get(11..23).filter(|_| line.as_bytes().get(10) == Some(&b'T'));
    match (time, line.split_once(" - ")) {
        (Some(time), Some((_, text))) => format!("{time} {text}"),
        _ => line.to_owned(),
    }
}

/// The level of a line, for its tone.
fn level(line: &str) -> &'static str {
    let head: Vec<&str> = line.split_whitespace().take(3).collect();
    if head.contains(&"ERROR") {
        "error"
    } else if head.contains(&"WARN") {
        "warn"
    } else if head.contains(&"DEBUG") {
        "debug"
    } else {
        "info"
    }
}
