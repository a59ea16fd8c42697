//! The ends of the present run's logs, in the details.

use domain::id::ClusterId;
use leptos::prelude::*;

use crate::api;
use crate::part::{Empty, Trouble, Waiting};
use crate::place;
use crate::words::bytes;

/// Files of the newest run, each with a link to the whole.
#[component]
pub(super) fn LogTails(
    /// The cluster.
    id: ClusterId,
) -> impl IntoView {
    let logs = Resource::new(|| (), move |()| api::logs(id));
    let content = move || {
        Suspend::new(async move {
            let files = match logs.await {
                Ok(files) => files,
                Err(error) => return view! { <Trouble error=error/> }.into_any(),
            };
            let newest = files.first().map(|file| file.run);
            let items = files.into_iter().filter(|file| Some(file.run) == newest).map(|file| {
                let href =
                    place::cluster(id, &format!("logs?run={}&file={}", file.run, place::encode(&file.name)));
                view! { <li><a href=href>{file.name}</a><span class="num">{bytes(file.size)}</span></li> }
            });
            let items = items.collect_view();
            if newest.is_none() {
                return view! { <Empty icon="logs" title="No log yet" text="Logs appear with the first run."/> }.into_any();
            }
            view! { <ul class="rows">{items}</ul> }.into_any()
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{content}</Transition> }
}
