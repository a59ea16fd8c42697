//! The end of the job manager's log, growing while the operation goes on.

use std::collections::HashMap;

use domain::id::ClusterId;
use leptos::prelude::*;

use crate::api::ApiError;
use crate::part::{Each, Follow};
use crate::paths;

/// As many lines as are shown.
const LINES: usize = 60;

/// A run and the end of its job manager's log; nothing before that has written.
pub(super) type Log = Resource<Result<Option<(u32, String)>, ApiError>>;

/// The newest run's job manager log.
#[component]
pub(super) fn Tail(
    /// The cluster.
    cluster: ClusterId,
    /// What was read.
    log: Log,
) -> impl IntoView {
    view! { <Follow answer=log let:log><Lines cluster=cluster log=log/></Follow> }
}

#[component]
fn Lines(cluster: ClusterId, log: Signal<Option<(u32, String)>>) -> impl IntoView {
    let run = Memo::new(move |_| log.with(|log| log.as_ref().map(|(run, _)| *run)));
    let lines = Signal::derive(move || {
        log.with(|log| log.as_ref().map(|(_, text)| ending(text)).unwrap_or_default())
    });
    move || match run.get() {
        None => view! { <p class="quiet">"The job manager has not written yet."</p> }.into_any(),
        Some(run) => view! {
            <div class="log tail" role="log" tabindex="0" aria-label="Job manager log">
                <div>
                    <Each of=lines key=|line: &(String, usize)| format!("{} {}", line.1, line.0) let:line>
                        {
                            let (line, _) = line.get_untracked();
                            view! { <p data-level=level(&line)>{said(&line)}</p> }
                        }
                    </Each>
                </div>
            </div>
            <p><a href=paths::cluster(cluster, &format!("logs?run={run}"))>"The whole log"</a></p>
        }
        .into_any(),
    }
}

/// The last lines, each with how many like it come after: one that stays is the same one when others have come.
fn ending(text: &str) -> Vec<(String, usize)> {
    let mut alike = HashMap::<&str, usize>::new();
    let mut lines: Vec<_> = text
        .lines()
        .rev()
        .take(LINES)
        .map(|line| {
            let count = alike.entry(line).or_default();
            *count += 1;
            (line.to_owned(), *count)
        })
        .collect();
    lines.reverse();
    lines
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
