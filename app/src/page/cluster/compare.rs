//! `/clusters/{id}/compare?from=…&to=…`: what differs between two revisions.

use domain::artifact::{Artifact, KeptJar};
use domain::id::ClusterId;
use domain::spec::Change;
use domain::view::ComparedRevisions;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::clock::Clock;
use crate::part::{Diff, Empty, Follow};
use crate::{paths, words};

/// The page.
#[component]
pub(crate) fn Compare() -> impl IntoView {
    let map = use_query_map();
    let asked = Memo::new(move |_| {
        let number = |name| map.with(|map| map.get(name).and_then(|number| number.parse::<u32>().ok()));
        (number("from").unwrap_or(0), number("to").unwrap_or(0))
    });
    page_of(move |id| {
        let cluster = cluster_of(id);
        let compared = Resource::new(move || asked.get(), move |(from, to)| api::compare(id, from, to));
        view! {
            <Follow answer=cluster let:cluster><ClusterHead view=cluster page="Compare revisions"/></Follow>
            <Follow answer=compared let:compared><Compared id=id compared=compared/></Follow>
        }
        .into_any()
    })
}

#[component]
fn Compared(id: ClusterId, compared: Signal<ComparedRevisions>) -> impl IntoView {
    let clock = Clock::here();
    move || {
        let ComparedRevisions { from, to, newest, changes, jars, more_jars } = compared.get();
        let mut lines: Vec<_> = changes
            .into_iter()
            .map(|Change { what, from, to }| (what, from.unwrap_or_default(), to.unwrap_or_default()))
            .collect();
        let (was, is) = jars;
        if was.as_ref().map(|jar| &jar.sha256) != is.as_ref().map(|jar| &jar.sha256) {
            lines.push(("jar file".to_owned(), about(was, clock), about(is, clock)));
        }
        let more = |jars: Vec<KeptJar>| {
            let words =
                jars.iter().map(|jar| format!("{} {}", jar.address.name(), jar.artifact.sha256.short()));
            words.collect::<Vec<_>>().join("\n")
        };
        let (was, is) = (more(more_jars.0), more(more_jars.1));
        if was != is {
            lines.push(("more jar files".to_owned(), was, is));
        }
        let which = |name: &'static str, label: &'static str, chosen: u32| {
            let options = (1..=newest).rev().map(|number| {
                view! { <option value=number selected=number == chosen>{format!("Revision {number}")}</option> }
            });
            view! {
                <span class="select">
                    <select class="input" name=name aria-label=label>{options.collect_view()}</select>
                </span>
            }
        };
        let diff = match lines.is_empty() {
            true => view! {
                <Empty icon="copy" title="Nothing differs"
                    text="Both were asked for in the same words, and their jars are the very same bytes."/>
            }
            .into_any(),
            false => view! { <Diff changes=lines/> }.into_any(),
        };
        view! {
            <form class="button-row" method="get" action=paths::cluster(id, "compare")>
                {which("from", "The one revision", from)}
                <span aria-hidden="true">"→"</span>
                {which("to", "The other revision", to)}
                <button class="button">"Compare"</button>
            </form>
            <section class="card">
                <header>
                    <h2>{format!("Revision {from} → {to}")}</h2>
                    <small>"of a secret, only that it is another one"</small>
                </header>
                {diff}
            </section>
        }
    }
}

/// `3f2a90c1d4be, 48 MB, written Yesterday 23:10`.
fn about(jar: Option<Artifact>, clock: Clock) -> String {
    let Some(jar) = jar else { return "not known, of an earlier portal".to_owned() };
    let written = jar.modified.map(|at| format!(", written {}", clock.day_time(at))).unwrap_or_default();
    format!("{}, {}{written}", jar.sha256.short(), words::bytes(jar.size))
}
