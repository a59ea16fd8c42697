//! The question before something in storage is deleted: it names what goes.

use domain::inside::Inside;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::api;
use crate::part::{Crumbs, Declined, Icon, PageHead, Waiting};
use crate::words;

/// `/storage/delete?account=…&container=…&path=…`.
#[component]
pub(crate) fn DeleteFile() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let part = |name| query.read().get(name).unwrap_or_default();
        (part("account"), part("container"), part("path"))
    });
    let found = Resource::new(
        move || asked.get(),
        |(account, container, path)| async move { api::doomed(account, container, path).await.ok() },
    );
    let deleting = ServerAction::<api::DeleteFile>::new();
    let refused = move || deleting.value().get().and_then(Result::err);
    let content = move || {
        Suspend::new(async move {
            let (account, container, path) = asked.get();
            let back = Inside::or_jobs(&query.read_untracked().get("back").unwrap_or_default()).to_string();
            let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
            let (entry, inside) = found.await.unwrap_or_default();
            let hint = entry.and_then(|entry| entry.hint());
            let what = match inside {
                Some(listing) => format!(
                    "The folder {name} with {}{} in it, and everything below.",
                    if listing.truncated { "more than " } else { "" },
                    words::count(listing.entries.len(), "entry", "entries")
                ),
                None => format!("The file {name}."),
            };
            let action = <api::DeleteFile as leptos::server_fn::ServerFn>::url();
            view! {
                <section class="dialog">
                    <form method="post" action=action>
                        <header>
                            <h2>{format!("Delete {name}?")}</h2>
                            <p>"It cannot be undone. State that a cluster needs is refused."</p>
                        </header>
                        <div class="dialog-body">
                            <p>{what}</p>
                            {hint.map(|hint| view! { <p>{hint}</p> })}
                            <p class="code">{format!("abfs://{container}@{account}.dfs.core.windows.net/{path}")}</p>
                            <input type="hidden" name="account" value=account/>
                            <input type="hidden" name="container" value=container/>
                            <input type="hidden" name="path" value=path/>
                            <input type="hidden" name="back" value=back.clone()/>
                        </div>
                        <footer>
                            <a class="button quiet end" href=back>"Keep it"</a>
                            <button class="button danger primary"><Icon name="trash"/>"Delete"</button>
                        </footer>
                    </form>
                </section>
            }
        })
    };
    view! {
        <Crumbs above=vec![("Storage".into(), "/storage".into())] here="Delete"/>
        <PageHead title="Delete from storage"/>
        {move || refused().map(|error| view! {
            <Declined what="it" done="deleted" error=error/>
        })}
        <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
    }
    .into_any()
}
