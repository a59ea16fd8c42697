//! The ends of the present run's logs, in the details.

use domain::id::ClusterId;
use domain::view::LogFile;
use leptos::prelude::*;

use crate::api;
use crate::live::Live;
use crate::part::{Each, Empty, Follow};
use crate::paths;
use crate::words::bytes;

/// Files of the newest run, each with a link to the whole.
#[component]
pub(super) fn LogTails(
    /// The cluster.
    id: ClusterId,
) -> impl IntoView {
    let changed = Live::here().of(id);
    let logs = Resource::new(move || changed.get(), move |_| api::logs(id));
    view! { <Follow answer=logs let:files><Newest id=id files=files/></Follow> }
}

#[component]
fn Newest(id: ClusterId, files: Signal<Vec<LogFile>>) -> impl IntoView {
    let newest = Memo::new(move |_| files.with(|files| files.first().map(|file| file.run)));
    let listed = Memo::new(move |_| {
        files.with(|files| {
            files.iter().filter(|file| Some(file.run) == newest.get()).cloned().collect::<Vec<_>>()
        })
    });
    move || {
        if newest.get().is_none() {
            return view! { <Empty icon="logs" title="No log yet" text="Logs appear with the first run."/> }
                .into_any();
        }
        view! {
            <ul class="rows">
                <Each of=listed key=|file: &LogFile| format!("{} {}", file.run, file.name) let:file>
                    <Line id=id file=file/>
                </Each>
            </ul>
        }
        .into_any()
    }
}

#[component]
fn Line(id: ClusterId, file: Signal<LogFile>) -> impl IntoView {
    let LogFile { run, name, .. } = file.get_untracked();
    let href = paths::cluster(id, &format!("logs?run={run}&file={}", paths::encode(&name)));
    view! { <li><a href=href>{name}</a><span class="num">{move || bytes(file.with(|file| file.size))}</span></li> }
}
