//! Overview: figures, plots, timeline, what happened, where it runs.

use domain::id::ClusterId;
use domain::state::Group;
use domain::view::{ClusterView, Plot};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::live::Live;
use crate::part::{Ago, Chip, Each, Events, Fact, Facts, Failure, Follow, PlotCard, TimelineCard};
use crate::paths;
use crate::words::{bytes, compact, millis};

/// Minutes and their word.
const RANGES: [(u32, &str); 5] = [
    (60, "Last hour"),
    (360, "Last 6 hours"),
    (1_440, "Last day"),
    (10_080, "Last 7 days"),
    (525_600, "Last year"),
];

/// Events that are shown here.
const EVENTS: usize = 8;

/// The page.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    let map = use_query_map();
    let minutes = Memo::new(move |_| {
        let asked: u32 = map.with(|map| map.get("minutes").and_then(|text| text.parse().ok())).unwrap_or(60);
        RANGES.iter().map(|(minutes, _)| *minutes).find(|minutes| *minutes == asked).unwrap_or(60)
    });
    page_of(move |id| {
        let live = Live::here();
        let (changed, beat) = (live.of(id), live.beat());
        let cluster = cluster_of(id);
        let plots = Resource::new(
            move || (minutes.get(), changed.get(), beat.get()),
            move |(minutes, ..)| api::plots(id, minutes),
        );
        let timeline = Resource::new(
            move || (minutes.get(), changed.get()),
            move |(minutes, _)| api::timeline(id, minutes),
        );
        let history = Resource::new(
            move || changed.get(),
            move |_| async move {
                let mut events = api::activity_of(id).await?.events;
                events.truncate(EVENTS);
                Ok(events)
            },
        );
        view! {
            <Follow answer=cluster lines=10 let:cluster>
                <ClusterHead view=cluster page="" commands=true/>
                <Reason view=cluster/>
                <Figures view=cluster/>
                <Ranges id=id minutes=minutes/>
                <div class="cards two">
                    <Follow answer=plots let:plots>
                        <Each of=plots key=|plot: &Plot| plot.title.clone() let:plot><PlotCard plot=plot/></Each>
                    </Follow>
                </div>
                <Follow answer=timeline let:timeline><TimelineCard timeline=timeline/></Follow>
                <div class="cards wide-narrow">
                    <section class="card">
                        <header><h2>"Activity"</h2></header>
                        <Follow answer=history let:events><Events events=events/></Follow>
                        <footer><a href=paths::cluster(id, "activity")>"All activity"</a></footer>
                    </section>
                    <WhereItRuns view=cluster/>
                </div>
            </Follow>
        }
        .into_any()
    })
}

/// How far back the plots look.
#[component]
fn Ranges(id: ClusterId, minutes: Memo<u32>) -> impl IntoView {
    let ranges = RANGES.map(|(range, word)| {
        let href = format!("{}?minutes={range}", paths::cluster(id, ""));
        let chosen = Signal::derive(move || minutes.get() == range);
        view! { <Chip href=href chosen=chosen>{word}</Chip> }
    });
    view! { <div class="chips" role="group" aria-label="Time of the plots">{ranges}</div> }
}

/// Why it needs a person, if it does.
#[component]
fn Reason(view: Signal<ClusterView>) -> impl IntoView {
    let id = view.with_untracked(|view| view.row.cluster);
    let reason = Memo::new(move |_| {
        view.with(|view| {
            let told = view.row.group == Group::Failing || silent(view);
            view.reason.clone().filter(|_| told).map(|reason| (crate::words::headline(&view.row), reason))
        })
    });
    move || {
        reason.get().map(|(what, reason)| {
            view! {
                <Failure what=what reason=reason>
                    <a href=paths::cluster(id, "details")>"Details"</a>
                    <a href=paths::cluster(id, "logs")>"Logs"</a>
                </Failure>
            }
        })
    }
}

/// What is asked of the job waits for a job manager that does not answer: that is to be read too.
fn silent(view: &ClusterView) -> bool {
    view.row.operation.is_some() && !view.row.note.is_empty()
}

/// Four figures of the moment.
#[component]
fn Figures(view: Signal<ClusterView>) -> impl IntoView {
    let records = move || view.with(|view| view.records_in.map_or_else(|| "–".to_owned(), compact));
    let checkpoint = move || {
        view.with(|view| match view.row.checkpoint_at {
            Some(at) => {
                let size = view.checkpoint_size.map(|size| format!(", {}", bytes(size))).unwrap_or_default();
                let took = view.checkpoint_ms.map(|ms| format!(" in {}", millis(ms))).unwrap_or_default();
                view! { <b><Ago at=at/></b>" ago"{size}{took} }.into_any()
            }
            None => view! { <b>"–"</b>" none yet" }.into_any(),
        })
    };
    let usually = move || {
        view.with(|view| match (view.downtimes.iter().min(), view.downtimes.iter().max()) {
            _ if view.downtime_ms.is_none() => "no update yet".to_owned(),
            (Some(least), Some(most)) if least != most => {
                format!("usually {} to {}", millis(*least), millis(*most))
            }
            (Some(only), _) => format!("usually {}", millis(*only)),
            _ => String::new(),
        })
    };
    let downtime = move || view.with(|view| view.downtime_ms.map_or_else(|| "–".to_owned(), millis));
    let restarts = move || view.with(|view| view.row.restarts);
    let as_of = move || {
        view.with(|view| view.row.as_of)
            .map(|at| view! { <small class="as-of">"as of "<Ago at=at/>" ago"</small> })
    };
    view! {
        <div class="cards four">
            <div class="card stat"><h2>"Records in"</h2><p><b>{records}</b>" / s"</p></div>
            <div class="card stat"><h2>"Last checkpoint"</h2><p>{checkpoint}{as_of}</p></div>
            <div class="card stat"><h2>"Restarts"</h2><p><b>{restarts}</b>" since its launch"{as_of}</p></div>
            <div class="card stat"><h2>"Last update’s downtime"</h2><p><b>{downtime}</b>" "{usually}</p></div>
        </div>
    }
}

/// Addresses, resources, tags.
#[component]
fn WhereItRuns(view: Signal<ClusterView>) -> impl IntoView {
    let places = move || {
        let places = view.with(|view| view.places.clone());
        places.into_iter().map(|(name, value)| view! { <Fact name=name>{value}</Fact> }).collect_view()
    };
    let tags = move || {
        let tags = view.with(|view| view.row.tags.clone());
        let tag = |(name, value): (String, String)| {
            let text = if value.is_empty() { name } else { format!("{name}:{value}") };
            view! { <span class="tag">{text}</span> }
        };
        let any_tag = !tags.is_empty();
        let tags = tags.into_iter().map(tag).collect_view();
        any_tag.then(|| view! { <Fact name="Tags"><span class="tags">{tags}</span></Fact> })
    };
    view! {
        <section class="card">
            <header><h2>"Where it runs"</h2></header>
            <Facts>
                {places}
                {tags}
            </Facts>
        </section>
    }
}
