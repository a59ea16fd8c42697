//! Which folders of the machine the jobs of a pool may read.

use domain::policy::{Permission, Role, may};
use domain::pool::PoolPath;
use leptos::prelude::*;

use crate::api;
use crate::part::{Declined, Field};
use crate::paths;

/// The card. Who may not change it sees what holds. It is read once: what is being typed stays while the pool changes.
#[component]
pub(super) fn Readable(
    /// The pool.
    pool: PoolPath,
) -> impl IntoView {
    let found = Resource::new(move || pool.clone(), api::pool);
    let content = move || {
        Suspend::new(async move {
            // Where there is no pool the page has said so.
            let found = found.await.ok()?;
            Some(view! { <Folders pool=found.path folders=found.readable role=found.role/> })
        })
    };
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn Folders(pool: PoolPath, folders: Vec<String>, role: Role) -> impl IntoView {
    let text = folders.join(", ");
    let holds = match folders.is_empty() {
        true => "Jobs see Java, Flink, their own files and their own state, and no other folder.",
        false => "Beside their own files, jobs read from their next start on:",
    };
    let list = folders.into_iter().map(|folder| view! { <li class="code">{folder}</li> }).collect_view();
    let form = may(role, Permission::Administer).then(|| view! { <Change pool=pool text=text/> });
    view! {
        <section class="card">
            <header><h2>"Folders that jobs read"</h2></header>
            <p>{holds}</p>
            <ul>{list}</ul>
            {form}
        </section>
    }
}

#[component]
fn Change(pool: PoolPath, text: String) -> impl IntoView {
    let changing = ServerAction::<api::LetRead>::new();
    let refused = move || changing.value().get().and_then(Result::err);
    let action = <api::LetRead as leptos::server_fn::ServerFn>::url();
    let back = paths::pool(&pool);
    view! {
        {move || refused().map(|error| view! { <Declined what="it" done="changed" error=error/> })}
        <form class="stack" method="post" action=action>
            <input type="hidden" name="pool" value=pool.to_string()/>
            <input type="hidden" name="back" value=back/>
            <Field
                id="folders"
                label="Folders"
                optional=true
                hint="Absolute paths, separated by commas. Jobs read what is in them and write nothing."
            >
                <input
                    class="input"
                    id="folders"
                    name="folders"
                    value=text
                    autocomplete="off"
                    spellcheck="false"
                    placeholder="/srv/data"
                    aria-describedby="folders-hint folders-error"
                />
            </Field>
            <div class="button-row"><button class="button">"Save"</button></div>
        </form>
    }
}
