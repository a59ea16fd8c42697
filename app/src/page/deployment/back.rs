//! An update that went back by itself: what runs now, why, the ways on, and the time without a running job.

use domain::action::Action;
use domain::id::ClusterId;
use domain::operation::OperationEnd;
use domain::snapshot::called;
use domain::view::OperationView;
use jiff::SignedDuration;
use leptos::html;
use leptos::prelude::*;

use crate::api;
use crate::clock::Clock;
use crate::page::WaysOn;
use crate::part::{Code, Exception, Fact, Facts, Failure, Icon};
use crate::{paths, words};

/// What is known of it.
#[derive(Clone, PartialEq)]
pub(super) struct Back {
    /// The revision that was tried.
    tried: u32,
    /// The run that failed.
    failed_run: u32,
    /// The revision that runs again.
    revision: u32,
    /// The state that it started from; none for fresh.
    from: Option<String>,
    /// For how long the new revision ran, if it did.
    ran_for: Option<SignedDuration>,
    /// What is processed again.
    again: Option<SignedDuration>,
    /// Time without a running job: until the new revision ran, and until the old one ran again.
    apart: (Option<u64>, Option<u64>),
}

impl Back {
    /// None of an operation that has not gone back, or of one of before its end was data.
    pub(super) fn of(operation: &OperationView) -> Option<Self> {
        let Some(OperationEnd::WentBack { tried, ran, revision, run, from, back_ms, .. }) = &operation.end
        else {
            return None;
        };
        let again = ran.map(|(since, until)| until.duration_since(since));
        let back = back_ms.map(|ms| SignedDuration::from_millis(i64::try_from(ms).unwrap_or(i64::MAX)));
        // One that never came up was on no way there: all the time is that of the way back.
        let there = operation.downtime_ms.filter(|_| ran.is_some());
        Some(Self {
            tried: *tried,
            failed_run: run.saturating_sub(1),
            revision: *revision,
            from: from.path().map(str::to_owned),
            ran_for: again.zip(back).map(|(again, back)| again - back),
            again,
            apart: (there, *back_ms),
        })
    }
}

/// "orders runs revision 1 again, from savepoint-ab12 of 14:02:44. Revision 2 ran for 21 s. By Ada."
#[component]
pub(super) fn Lead(operation: OperationView, back: Back) -> impl IntoView {
    let clock = Clock::here();
    let Back { tried, revision, from, ran_for, .. } = back;
    let taken = operation.savepoint_at.filter(|_| operation.savepoint == from);
    let state = match (&from, taken) {
        (None, _) => "without state".to_owned(),
        (Some(_), Some(at)) => format!("from the savepoint of {}", untrack(|| clock.time(at))),
        (Some(path), None) => format!("from {}", called(path)),
    };
    let ran = match ran_for {
        Some(time) => format!("Revision {tried} ran for {}.", millis(time)),
        None => format!("Revision {tried} did not hold."),
    };
    let (name, actor) = (operation.cluster_name, operation.actor);
    view! { <p>{format!("{name} runs revision {revision} again, {state}. {ran} By {actor}.")}</p> }
}

/// The verbs.
#[component]
pub(super) fn Verbs(operation: OperationView, back: Back) -> impl IntoView {
    let cluster = operation.cluster;
    let again = paths::update_like(cluster, again(&operation), back.tried);
    let Back { tried, failed_run, revision, .. } = back;
    let (one, other) = (revision.min(tried), revision.max(tried));
    view! {
        <div class="command-bar" role="toolbar" aria-label="Ways on">
            <a class="button primary" href=again><Icon name="update"/>"Update again…"</a>
            <a class="button" href=paths::compare(cluster, one, other)>
                <Icon name="copy"/>{format!("Compare {one} and {other}")}
            </a>
            <a class="button quiet" href=paths::cluster(cluster, &format!("logs?run={failed_run}"))>
                <Icon name="logs"/>{format!("Logs of run {failed_run}")}
            </a>
            <a class="button quiet" href=paths::ask(Action::Rollback, &[cluster], &paths::operation(operation.id))>
                <Icon name="chevron-left"/>"Roll back"
            </a>
        </div>
    }
}

/// To go back has no form of its own: the revision is there already.
fn again(operation: &OperationView) -> Action {
    if operation.action == Action::Rollback { Action::Update } else { operation.action }
}

/// Why, and what there is to read about it.
#[component]
pub(super) fn Why(operation: OperationView, back: Back) -> impl IntoView {
    let cluster = operation.cluster;
    let Some(OperationEnd::WentBack { reason, .. }) = operation.end.clone() else { return ().into_any() };
    let off = paths::update_with_probation_off(cluster, again(&operation), back.tried);
    let title = format!("Revision {} did not hold.", back.tried);
    let (exception, run) = (reason.exception.clone(), back.failed_run);
    view! {
        <Failure what=title reason=reason made_good=true>
            <a href=off>{format!("Update with revision {} and probation off", back.tried)}</a>
            <WaysOn operation=operation back="" past=true/>
        </Failure>
        <Exception text=exception word="Show the exception"/>
        <FirstLines cluster=cluster run=run/>
    }
    .into_any()
}

/// How the log of the run that failed begins; read when somebody unfolds it.
#[component]
fn FirstLines(cluster: ClusterId, run: u32) -> impl IntoView {
    let asked = RwSignal::new(false);
    let details = NodeRef::<html::Details>::new();
    let lines = LocalResource::new(move || {
        let asked = asked.get();
        async move { if asked { Some(api::first_log_lines(cluster, run).await) } else { None } }
    });
    let toggle = move |_| {
        if details.get_untracked().is_some_and(|details| details.open()) {
            asked.set(true);
        }
    };
    let whole = paths::cluster(cluster, &format!("logs?run={run}"));
    let shown = move || match lines.get().flatten() {
        Some(Ok(Some(text))) => view! { <Code name="jobmanager.log" text=text/> }.into_any(),
        Some(Ok(None)) => {
            view! { <p class="quiet">"Its job manager has written none, or it was cleared away."</p> }
                .into_any()
        }
        Some(Err(error)) => view! { <p class="quiet">{error.to_string()}</p> }.into_any(),
        None => ().into_any(),
    };
    view! {
        <details class="exception" node_ref=details on:toggle=toggle>
            <summary>"Show the first lines of its log "<small>{format!("run {run}")}</small></summary>
            {shown}
            <p><a href=whole>"The whole log"</a></p>
        </details>
    }
}

/// How long no job ran, and what is processed again.
#[component]
pub(super) fn Apart(back: Back) -> impl IntoView {
    let tried = back.tried;
    let (first, more) = match back.apart {
        (Some(there), back) => (told(there), back.map(|ms| format!("+ {} going back", told(ms)))),
        (None, Some(all)) => (told(all), Some("until the one before ran again".to_owned())),
        (None, None) => ("not measured".to_owned(), None),
    };
    let again = back.again.map(|time| {
        let note = format!("What revision {tried} did in that time is done once more, from the same state.");
        view! {
            <Facts><Fact name="Processed again">{millis(time)}</Fact></Facts>
            <p class="quiet">{note}</p>
        }
    });
    view! {
        <section class="card stat">
            <h2>"Time without a running job"</h2>
            <p><b>{first}</b>" "{more.map(|more| view! { <small>{more}</small> })}</p>
            {again}
        </section>
    }
}

fn millis(time: SignedDuration) -> String {
    told(u64::try_from(time.as_millis()).unwrap_or_default())
}

/// To a tenth of a second, also above a minute: two of these are compared.
fn told(ms: u64) -> String {
    match i64::try_from(ms) {
        Ok(ms @ 0..600_000) => format!("{:.1} s", SignedDuration::from_millis(ms).as_secs_f64()),
        _ => words::millis(ms),
    }
}
