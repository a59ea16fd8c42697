//! Logs of every run: files, live tail, search, download; also after the processes are gone.

mod lines;
mod tail;

use domain::id::ClusterId;
use domain::view::LogFile;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ClusterHead, cluster_here, id_here, no_id};
use crate::api;
use crate::live::Live;
use crate::part::{Ago, Chip, Empty, Trouble, Waiting};
use crate::place;
use crate::words::bytes;
use tail::Tail;

/// The page.
#[component]
pub(crate) fn Logs() -> impl IntoView {
    let id = id_here();
    let map = use_query_map();
    let chosen = Memo::new(move |_| {
        map.with(|map| (map.get("run").and_then(|run| run.parse::<u32>().ok()), map.get("file")))
    });
    let cluster = cluster_here();
    let changed = super::changed(id);
    let beat = Live::here().beat();
    let files = Resource::new(
        move || (id.get(), changed.get(), beat.get()),
        |(id, ..)| async move { api::logs(id.ok_or_else(no_id)?).await },
    );
    let head = move || {
        Suspend::new(async move {
            match cluster.await {
                Ok(view) => view! { <ClusterHead view=view page="Logs"/> }.into_any(),
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    let content = move || {
        let (run, file) = chosen.get();
        let id = id.get();
        Suspend::new(async move {
            match (id, files.await) {
                (Some(id), Ok(files)) => view! { <Files id=id files=files run=run file=file/> }.into_any(),
                _ => ().into_any(),
            }
        })
    };
    // The tail stands outside, so that it is not begun again whenever the list of files is read.
    let shown = Memo::new(move |_| {
        let (run, file) = chosen.get();
        Some((id.get()?, run?, file?))
    });
    view! {
        <Transition fallback=|| view! { <Waiting/> }>{head}{content}</Transition>
        {move || shown.get().map(|(id, run, file)| view! { <Tail id=id run=run name=file/> })}
    }
    .into_any()
}

/// Runs as chips, files of the chosen run as a list.
#[component]
fn Files(id: ClusterId, files: Vec<LogFile>, run: Option<u32>, file: Option<String>) -> impl IntoView {
    let Some(newest) = files.first().map(|file| file.run) else {
        return view! { <Empty icon="logs" title="No log yet" text="Logs appear with the first run and stay after it."/> }.into_any();
    };
    let run = run.unwrap_or(newest);
    let mut runs: Vec<_> = files.iter().map(|file| file.run).collect();
    runs.dedup();
    let chips = runs.into_iter().map(|one| {
        let href = place::cluster(id, &format!("logs?run={one}"));
        view! { <Chip href=href chosen={one == run}>{format!("Run {one}")}</Chip> }
    });
    let chips = chips.collect_view();
    let rows = files.into_iter().filter(|one| one.run == run).map(|one| {
        let href = place::cluster(id, &format!("logs?run={run}&file={}", place::encode(&one.name)));
        let open = file.as_deref() == Some(one.name.as_str());
        view! {
            <tr aria-current=open.then_some("true")>
                <td data-phone="name"><a class="name file" href=href>{one.name}</a></td>
                <td class="num" data-phone="plot">{bytes(one.size)}</td>
                <td data-phone="state"><Ago at=one.modified/>" ago"</td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    view! {
        <div class="chips" role="group" aria-label="Runs">{chips}</div>
        <div class="grid-frame">
            <table class="grid plain compact" aria-label="Log files">
                <thead><tr><th scope="col">"File"</th><th scope="col" class="num">"Size"</th><th scope="col">"Written"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
