//! The question before a pool is deleted.

use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::page::{NotFound, pool_here};
use crate::part::{Crumbs, Declined, Icon, PageHead};
use crate::paths;

/// `/pools/{subscription}/{group}/{pool}/delete`.
#[component]
pub(crate) fn DeletePool() -> impl IntoView {
    let path = pool_here();
    let deleting = ServerAction::<api::DeletePool>::new();
    let refused = move || deleting.value().get().and_then(Result::err);
    move || {
        let Some(pool) = path.get() else { return view! { <NotFound/> }.into_any() };
        let (place, name) = (paths::pool(&pool), pool.name().to_owned());
        view! {
            <Crumbs above=vec![("Cluster pools".into(), "/pools".into()), (name.clone(), place.clone())] here="Delete"/>
            <PageHead title=format!("Delete {name}")/>
            {move || refused().map(|error| view! { <Declined what="the pool" done="deleted" error=error/> })}
            <section class="dialog">
                <form method="post" action={<api::DeletePool as ServerFn>::url()}>
                    <header>
                        <h2>{format!("Delete the pool {name}?")}</h2>
                        <p>"Its networks, sizes and drafts go with it. A pool that has clusters is kept, and says which."</p>
                    </header>
                    <div class="dialog-body">
                        <p>{format!("{} / {} / {name}", pool.subscription(), pool.group())}</p>
                        <input type="hidden" name="pool" value=pool.to_string()/>
                        <input type="hidden" name="back" value="/pools"/>
                    </div>
                    <footer>
                        <a class="button quiet end" href=place>"Keep it"</a>
                        <button class="button danger primary"><Icon name="trash"/>"Delete"</button>
                    </footer>
                </form>
            </section>
        }
        .into_any()
    }
}
