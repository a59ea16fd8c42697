//! What is known of a job, name by name.

use domain::action::Action;
use domain::view::{ActionOffer, ClusterView, OperationView};
use leptos::prelude::*;

use crate::clock::Clock;
use crate::part::{Ago, Fact, Facts, Moment};
use crate::{paths, words};

/// The facts of the details. Each is drawn anew only when it changes.
#[component]
pub(super) fn DetailFacts(view: Signal<ClusterView>) -> impl IntoView {
    let (id, owner, created) =
        view.with_untracked(|view| (view.row.cluster, view.row.owner.clone(), view.created));
    let last = Memo::new(move |_| view.with(|view| view.last_operation.clone()));
    let state = Memo::new(move |_| view.with(|view| view.row.savepoint_at));
    let checkpoint =
        Memo::new(move |_| view.with(|view| view.row.checkpoint_at.map(|at| (at, view.checkpoint_size))));
    let run = Memo::new(move |_| view.with(|view| (view.row.run, view.row.revision)));
    // To go back is an update, and there must be something to go back to.
    let back = Memo::new(move |_| {
        view.with(|view| {
            let updates = |offer: &ActionOffer| offer.action == Action::Update && offer.refused.is_none();
            view.row.revision > 1 && view.row.actions.iter().any(updates)
        })
    });
    let job_id = Memo::new(move |_| view.with(|view| view.row.job_id.clone()));
    let parallelism = Memo::new(move |_| view.with(|view| view.row.parallelism));
    let job = Memo::new(move |_| view.with(|view| view.spec.job.clone()));
    let places = Memo::new(move |_| view.with(|view| view.places.clone()));
    view! {
        <Facts>
            {move || last.get().map(|operation| view! { <LastAction operation=operation/> })}
            {move || state.get().map(|at| view! {
                <Fact name="State kept">
                    "Savepoint of "<Moment at=at/>" "<a href=paths::cluster(id, "savepoints")>"Show"</a>
                </Fact>
            })}
            {move || checkpoint.get().map(|(at, size)| {
                let size = size.map(|size| format!(", {}", words::bytes(size))).unwrap_or_default();
                view! { <Fact name="Last checkpoint"><Ago at=at/>" ago"{size}</Fact> }
            })}
            <Fact name="Run">
                {move || run.get().0.map_or_else(|| "none yet".to_owned(), |run| run.to_string())}
                " "<span class="quiet">"revision "{move || run.get().1}</span>
                {move || back.get().then(|| view! {
                    " "<a href=paths::ask(Action::Rollback, &[id], &paths::cluster(id, "details"))>"Roll back"</a>
                })}
            </Fact>
            {move || job_id.get().map(|job_id| view! { <Fact name="Job id" copy=job_id/> })}
            {move || Some(parallelism.get()).filter(|number| *number > 0).map(|number| {
                view! { <Fact name="Parallelism">{number}</Fact> }
            })}
            {move || {
                let job = job.get();
                view! {
                    {job.jar.map(|jar| view! { <Fact name="Jar" copy=jar.to_string()/> })}
                    {job.sql.map(|script| {
                        let lines = words::count(script.lines().count(), "line", "lines");
                        let href = paths::cluster(id, "configuration");
                        view! { <Fact name="Flink SQL"><a href=href>{lines}</a></Fact> }
                    })}
                    {job.entry_class.map(|class| view! { <Fact name="Entry class" copy=class/> })}
                    {(!job.args.is_empty()).then(|| view! { <Fact name="Args" copy=job.args/> })}
                }
            }}
            {move || {
                let fact = |(name, value): (String, String)| view! { <Fact name=name>{value}</Fact> };
                places.get().into_iter().map(fact).collect_view()
            }}
            <Fact name="Cluster id" copy=id.to_string()/>
            <Fact name="Created"><Moment at=created/>" by "{owner}</Fact>
        </Facts>
    }
}

/// What was asked last, and what became of it.
#[component]
fn LastAction(operation: OperationView) -> impl IntoView {
    let clock = Clock::here();
    let went_back = operation.went_back();
    let result = match (operation.succeeded, operation.reason) {
        _ if went_back => "Went back".to_owned(),
        (Some(false), Some(reason)) => reason.code,
        _ => operation.message,
    };
    let tone = match operation.succeeded {
        Some(false) if went_back => "warn",
        Some(false) => "bad",
        Some(true) | None => "",
    };
    view! {
        <Fact name="Last action">
            {operation.action.word()}", "{move || clock.time(operation.asked)}", by "{operation.actor}
        </Fact>
        <Fact name="Action result"><span data-tone=tone>{result}</span></Fact>
    }
}
