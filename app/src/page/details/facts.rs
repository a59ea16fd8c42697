//! What is known of a job, name by name.

use domain::view::ClusterView;
use leptos::prelude::*;

use crate::clock::Clock;
use crate::part::{Ago, Fact, Facts, Moment};
use crate::{place, words};

/// The facts of the details.
#[component]
pub(super) fn DetailFacts(view: ClusterView) -> impl IntoView {
    let clock = Clock::here();
    let (id, row) = (view.row.cluster, view.row.clone());
    let last = view.last_operation.clone().map(|operation| {
        let result = match (operation.succeeded, &operation.reason) {
            (None, _) => operation.message.clone(),
            (Some(true), _) => operation.message.clone(),
            (Some(false), Some(reason)) => reason.code.clone(),
            (Some(false), None) => operation.message.clone(),
        };
        let tone = if operation.succeeded == Some(false) { "bad" } else { "" };
        view! {
            <Fact name="Last action">
                {operation.action.word()}", "{move || clock.time(operation.asked)}", by "{operation.actor}
            </Fact>
            <Fact name="Action result"><span data-tone=tone>{result}</span></Fact>
        }
    });
    let state = row.savepoint_at.map(|at| {
        view! {
            <Fact name="State kept">
                "Savepoint of "<Moment at=at/>" "<a href=place::cluster(id, "savepoints")>"Show"</a>
            </Fact>
        }
    });
    let checkpoint = row.checkpoint_at.map(|at| {
        let size = view.checkpoint_size.map(|size| format!(", {}", words::bytes(size))).unwrap_or_default();
        view! { <Fact name="Last checkpoint"><Ago at=at/>" ago"{size}</Fact> }
    });
    let run = row.run.map_or_else(|| "none yet".to_owned(), |run| run.to_string());
    let places =
        view.places.into_iter().map(|(name, value)| view! { <Fact name=name>{value}</Fact> }).collect_view();
    view! {
        <Facts>
            {last}
            {state}
            {checkpoint}
            <Fact name="Run">{run}" "<span class="quiet">"revision "{row.revision}</span></Fact>
            {row.job_id.map(|job_id| view! { <Fact name="Job id" copy=job_id/> })}
            {(row.parallelism > 0).then(|| view! { <Fact name="Parallelism">{row.parallelism}</Fact> })}
            <Fact name="Jar" copy=view.spec.job.jar/>
            {view.spec.job.entry_class.map(|class| view! { <Fact name="Entry class" copy=class/> })}
            {(!view.spec.job.args.is_empty()).then(|| view! { <Fact name="Args" copy=view.spec.job.args/> })}
            {places}
            <Fact name="Cluster id" copy=id.to_string()/>
            <Fact name="Created"><Moment at=view.created/>" by "{row.owner}</Fact>
        </Facts>
    }
}
