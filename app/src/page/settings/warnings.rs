//! What is wrong with the portal's process, where there is something.

use leptos::prelude::*;

use crate::api;
use crate::part::Notice;

/// A notice for each thing; nothing at all when there is none.
#[component]
pub(super) fn Warned() -> impl IntoView {
    let warnings = Resource::new(|| (), |()| api::warnings());
    let content = move || {
        Suspend::new(async move {
            let sentences = warnings.await.unwrap_or_default();
            let notices = sentences.into_iter().map(|sentence| {
                view! { <Notice tone="warn" title="The portal needs a look"><p>{sentence}</p></Notice> }
            });
            notices.collect_view()
        })
    };
    view! { <Suspense>{content}</Suspense> }
}
