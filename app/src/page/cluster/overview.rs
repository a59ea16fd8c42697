//! Overview: figures, plots, timeline, what happened, where it runs.

use domain::state::Group;
use domain::view::ClusterView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ClusterHead, changed, cluster_here, id_here, no_id};
use crate::api;
use crate::live::Live;
use crate::part::{Ago, Chip, Events, Fact, Facts, Failure, PlotCard, TimelineCard, Trouble, Waiting};
use crate::place;
use crate::words::{bytes, compact, millis};

/// Minutes and their word.
const RANGES: [(u32, &str); 3] = [(60, "Last hour"), (360, "Last 6 hours"), (1_440, "Last day")];

/// The page.
#[component]
pub(crate) fn Overview() -> impl IntoView {
    let id = id_here();
    let changed = changed(id);
    let beat = Live::here().beat();
    let map = use_query_map();
    let minutes = Memo::new(move |_| {
        let asked: u32 = map.with(|map| map.get("minutes").and_then(|text| text.parse().ok())).unwrap_or(60);
        RANGES.iter().map(|(minutes, _)| *minutes).find(|minutes| *minutes == asked).unwrap_or(60)
    });
    let cluster = cluster_here();
    let plots = Resource::new(
        move || (id.get(), minutes.get(), changed.get(), beat.get()),
        |(id, minutes, _, _)| async move { api::plots(id.ok_or_else(no_id)?, minutes).await },
    );
    let timeline = Resource::new(
        move || (id.get(), minutes.get(), changed.get()),
        |(id, minutes, _)| async move { api::timeline(id.ok_or_else(no_id)?, minutes).await },
    );
    let events = Resource::new(
        move || (id.get(), changed.get()),
        |(id, _)| async move { api::activity_of(id.ok_or_else(no_id)?).await },
    );
    let content = move || {
        let minutes = minutes.get();
        // Taken before anything is waited for: a page that is left takes its resources along.
        let (cluster, plots, timeline, events) =
            (cluster.into_future(), plots.into_future(), timeline.into_future(), events.into_future());
        Suspend::new(async move {
            let view = match cluster.await {
                Ok(view) => view,
                Err(error) => return view! { <Trouble error=error/> }.into_any(),
            };
            let plots = plots.await.unwrap_or_default();
            let cards = plots.into_iter().map(|plot| view! { <PlotCard plot=plot/> }).collect_view();
            let timeline = timeline.await.ok().map(|timeline| view! { <TimelineCard timeline=timeline/> });
            let mut events = events.await.map(|page| page.events).unwrap_or_default();
            events.truncate(8);
            let id = view.row.cluster;
            let ranges = RANGES.map(|(range, word)| {
                let href = format!("{}?minutes={range}", place::cluster(id, ""));
                view! { <Chip href=href chosen={range == minutes}>{word}</Chip> }
            });
            view! {
                <ClusterHead view=view.clone() page="" commands=true/>
                <Reason view=view.clone()/>
                <Figures view=view.clone()/>
                <div class="chips" role="group" aria-label="Time of the plots">{ranges}</div>
                <div class="cards two">{cards}</div>
                {timeline}
                <div class="cards wide-narrow">
                    <section class="card">
                        <header><h2>"Activity"</h2></header>
                        <Events events=events/>
                        <footer><a href=place::cluster(id, "activity")>"All activity"</a></footer>
                    </section>
                    <WhereItRuns view=view/>
                </div>
            }
            .into_any()
        })
    };
    view! { <Transition fallback=|| view! { <Waiting lines=10/> }>{content}</Transition> }.into_any()
}

/// Why it needs a person, if it does.
#[component]
fn Reason(view: ClusterView) -> impl IntoView {
    let id = view.row.cluster;
    view.reason.filter(|_| view.row.state.group() == Group::Failing).map(|reason| {
        view! {
            <Failure reason=reason>
                <a href=place::cluster(id, "details")>"Details"</a>
                <a href=place::cluster(id, "logs")>"Logs"</a>
            </Failure>
        }
    })
}

/// Four figures of the moment.
#[component]
fn Figures(view: ClusterView) -> impl IntoView {
    let records = view.records_in.map_or_else(|| "–".to_owned(), compact);
    let checkpoint = match view.row.checkpoint_at {
        Some(at) => {
            let size = view.checkpoint_size.map(|size| format!(", {}", bytes(size))).unwrap_or_default();
            let took = view.checkpoint_ms.map(|ms| format!(" in {}", millis(ms))).unwrap_or_default();
            view! { <b><Ago at=at/></b>" ago"{size}{took} }.into_any()
        }
        None => view! { <b>"–"</b>" none yet" }.into_any(),
    };
    let usually = match (view.downtimes.iter().min(), view.downtimes.iter().max()) {
        (Some(least), Some(most)) if least != most => {
            format!("usually {} to {}", millis(*least), millis(*most))
        }
        (Some(only), _) => format!("usually {}", millis(*only)),
        _ => String::new(),
    };
    let downtime = view.downtime_ms.map_or_else(|| "–".to_owned(), millis);
    let usually = if view.downtime_ms.is_none() { "no update yet".to_owned() } else { usually };
    view! {
        <div class="cards four">
            <div class="card stat"><h2>"Records in"</h2><p><b>{records}</b>" / s"</p></div>
            <div class="card stat"><h2>"Last checkpoint"</h2><p>{checkpoint}</p></div>
            <div class="card stat"><h2>"Restarts"</h2><p><b>{view.row.restarts}</b>" this run"</p></div>
            <div class="card stat"><h2>"Last update’s downtime"</h2><p><b>{downtime}</b>" "{usually}</p></div>
        </div>
    }
}

/// Addresses, resources, tags.
#[component]
fn WhereItRuns(view: ClusterView) -> impl IntoView {
    let places = view.places.into_iter().map(|(name, value)| view! { <Fact name=name>{value}</Fact> });
    let places = places.collect_view();
    let tags = view.row.tags.iter().map(|(name, value)| {
        let text = if value.is_empty() { name.clone() } else { format!("{name}:{value}") };
        view! { <span class="tag">{text}</span> }
    });
    let tags = tags.collect_view();
    let any_tag = !view.row.tags.is_empty();
    view! {
        <section class="card">
            <header><h2>"Where it runs"</h2></header>
            <Facts>
                {places}
                {any_tag.then(|| view! { <Fact name="Tags"><span class="tags">{tags}</span></Fact> })}
            </Facts>
        </section>
    }
}
