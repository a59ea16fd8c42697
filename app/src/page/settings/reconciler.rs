//! How the portal follows its clusters: when it looked last, who waits, what went wrong.

use domain::view::ReconcilerView;
use leptos::prelude::*;

use crate::api;
use crate::live::Live;
use crate::part::{Ago, Fact, Facts, Follow, Icon};
use crate::words::{count, millis};

/// A cluster that waits for longer is late.
const LATE: u64 = 1_000;

/// The card.
#[component]
pub(super) fn Reconciler() -> impl IntoView {
    let (all, beat) = (Live::here().all(), Live::here().beat());
    let answer = Resource::new(move || (all.get(), beat.get()), |_| api::reconciler());
    view! {
        <section class="card">
            <header><h2>"Reconciler"</h2><small>"what makes true what is asked"</small></header>
            <Follow answer=answer lines=5 let:view><Content view=view/></Follow>
        </section>
    }
}

#[component]
fn Content(view: Signal<ReconcilerView>) -> impl IntoView {
    let last = Memo::new(move |_| view.with(|view| view.last_pass));
    let looked = move || match last.get() {
        Some(at) => view! { <Ago at=at/>" ago" }.into_any(),
        None => "Nothing was to be looked at yet".into_any(),
    };
    let lag = Memo::new(move |_| view.with(|view| view.lag_ms));
    let late = move || {
        let late = lag.get() > LATE;
        let (icon, tone) = if late { ("warn", "warn") } else { ("check", "good") };
        let word = if late { format!("{} late", millis(lag.get())) } else { "Nobody waits".to_owned() };
        view! { <Icon name=icon tone=tone/>" "{word} }
    };
    let clusters = move || {
        view.with(|view| {
            let mut words = vec![count(view.queued + view.under_way, "cluster", "clusters")];
            if view.under_way > 0 {
                words.push(format!("{} looked at now", view.under_way));
            }
            if view.waiting > 0 {
                words.push(format!("{} wait for others to have started", view.waiting));
            }
            words.join(", ")
        })
    };
    let passes = move || view.with(|view| format!("{} since the portal was started", view.passes));
    let mishap = Memo::new(move |_| view.with(|view| view.mishap.clone()));
    let failures = move || match mishap.get() {
        None => "None".into_any(),
        Some(mishap) => {
            let failures = view.with(|view| view.failures);
            view! { {failures}", the last one "<Ago at=mishap.at/>" ago: "{mishap.why} }.into_any()
        }
    };
    view! {
        <Facts>
            <Fact name="Last look">{looked}</Fact>
            <Fact name="Due">{late}</Fact>
            <Fact name="Follows">{clusters}</Fact>
            <Fact name="Passes">{passes}</Fact>
            <Fact name="Failures">{failures}</Fact>
        </Facts>
    }
}
