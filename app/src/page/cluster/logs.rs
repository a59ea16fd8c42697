//! Logs of every run: files, live tail, search, download; also after the processes are gone.

mod lines;
mod tail;

use domain::id::ClusterId;
use domain::view::LogFile;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{ClusterHead, cluster_of, page_of};
use crate::api;
use crate::live::Live;
use crate::part::{Ago, Chip, Each, Empty, Follow};
use crate::paths;
use crate::words::bytes;
use tail::Tail;

/// The page.
#[component]
pub(crate) fn Logs() -> impl IntoView {
    let map = use_query_map();
    let chosen = Memo::new(move |_| {
        map.with(|map| (map.get("run").and_then(|run| run.parse::<u32>().ok()), map.get("file")))
    });
    page_of(move |id| {
        let live = Live::here();
        let (changed, beat) = (live.of(id), live.beat());
        let cluster = cluster_of(id);
        let files = Resource::new(move || (changed.get(), beat.get()), move |_| api::logs(id));
        // Another file is another tail.
        let shown = move || chosen.get().0.zip(chosen.get().1);
        view! {
            <Follow answer=cluster let:cluster><ClusterHead view=cluster page="Logs"/></Follow>
            // Beside the head, not within: what the tail reads is numbered alike on both faces.
            <Follow answer=files quiet=true let:files><Files id=id files=files chosen=chosen/></Follow>
            {move || shown().map(|(run, file)| view! { <Tail id=id run=run name=file/> })}
        }
        .into_any()
    })
}

/// Runs as chips, files of the chosen run as a list.
#[component]
fn Files(
    id: ClusterId,
    files: Signal<Vec<LogFile>>,
    chosen: Memo<(Option<u32>, Option<String>)>,
) -> impl IntoView {
    let run = Memo::new(move |_| {
        let newest = files.with(|files| files.first().map(|file| file.run))?;
        Some(chosen.with(|chosen| chosen.0).unwrap_or(newest))
    });
    let runs = Memo::new(move |_| {
        let mut runs: Vec<_> = files.with(|files| files.iter().map(|file| file.run).collect());
        runs.dedup();
        runs
    });
    let listed = Memo::new(move |_| {
        let run = run.get();
        files.with(|files| files.iter().filter(|one| Some(one.run) == run).cloned().collect::<Vec<_>>())
    });
    let none = Memo::new(move |_| run.get().is_none());
    move || {
        if none.get() {
            return view! { <Empty icon="logs" title="No log yet" text="Logs appear with the first run and stay after it."/> }
                .into_any();
        }
        view! {
            <div class="chips" role="group" aria-label="Runs">
                <Each of=runs key=u32::to_string let:one>
                    {
                        let one = one.get_untracked();
                        let href = paths::cluster(id, &format!("logs?run={one}"));
                        let here = Signal::derive(move || run.get() == Some(one));
                        view! { <Chip href=href chosen=here>{format!("Run {one}")}</Chip> }
                    }
                </Each>
            </div>
            <div class="grid-frame">
                <table class="grid plain compact" aria-label="Log files">
                    <thead><tr><th scope="col">"File"</th><th scope="col" class="num">"Size"</th><th scope="col">"Written"</th></tr></thead>
                    <tbody>
                        <Each of=listed key=|file: &LogFile| format!("{} {}", file.run, file.name) let:file>
                            <File id=id file=file chosen=chosen/>
                        </Each>
                    </tbody>
                </table>
            </div>
        }
        .into_any()
    }
}

#[component]
fn File(id: ClusterId, file: Signal<LogFile>, chosen: Memo<(Option<u32>, Option<String>)>) -> impl IntoView {
    let LogFile { run, name, .. } = file.get_untracked();
    let href = paths::cluster(id, &format!("logs?run={run}&file={}", paths::encode(&name)));
    let own = name.clone();
    let open = move || chosen.with(|chosen| chosen.1.as_deref() == Some(own.as_str())).then_some("true");
    view! {
        <tr aria-current=open>
            <td data-phone="name"><a class="name file" href=href>{name}</a></td>
            <td class="num" data-phone="plot">{move || bytes(file.with(|file| file.size))}</td>
            <td data-phone="state">{move || file.with(|file| view! { <Ago at=file.modified/> })}" ago"</td>
        </tr>
    }
}
