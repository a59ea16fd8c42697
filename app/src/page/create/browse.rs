//! The jar's address, with a dialog to choose it from storage or to upload it.

use domain::view::{Entry, EntryKind};
use leptos::prelude::*;

use super::{FormState, JarLook};
use crate::api;
use crate::fields;
use crate::page::storage::{Path, Upload};
use crate::part::{Dialog, Field, Icon, Trouble, Waiting};
use crate::{paths, words};

/// The field with its button. Without script the button leads to the storage page, where addresses can be copied.
#[component]
pub(crate) fn JarField(
    /// The form.
    filling: FormState,
    /// The jar.
    look: JarLook,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let storage = move || paths::storage(&filling.get("account"), &filling.get("container"), "");
    let browse = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        open.set(true);
    };
    let choose = Callback::new(move |address: String| {
        filling.set("jar", address);
        open.set(false);
    });
    let error = Signal::derive(move || filling.error("jar"));
    view! {
        <div class="field-row browse">
            <Field id="jar" label="Jar path" error=error>
                <input class="input code" id="jar" name=fields::input_name("jar") autocomplete="off" spellcheck="false"
                    placeholder="abfs://container@account.dfs.core.windows.net/dir/job.jar"
                    value=filling.form.with_untracked(|form| form.jar.clone())
                    prop:value=move || filling.get("jar")
                    aria-invalid=move || filling.error("jar").map(|_| "true") aria-describedby="jar-hint jar-error"
                    on:input=move |event| filling.set("jar", event_target_value(&event))/>
                <div id="jar-hint">{move || look.line()}</div>
            </Field>
            <a class="button" href=storage on:click=browse><Icon name="folder"/>"Browse"</a>
        </div>
        <Browse filling=filling open=open choose=choose/>
    }
}

#[component]
fn Browse(filling: FormState, open: RwSignal<bool>, choose: Callback<String>) -> impl IntoView {
    let place = RwSignal::new((String::new(), String::new(), String::new()));
    Effect::new(move |_| {
        if open.get() {
            place.set((
                filling.form.with_untracked(|form| form.account.clone()),
                filling.form.with_untracked(|form| form.container.clone()),
                String::new(),
            ));
        }
    });
    let again = RwSignal::new(0_u32);
    view! {
        <Dialog open=open title="Choose a jar" wide=true>
            <div class="dialog-body stack">
                <Where place=place/>
                <Inside place=place again=again choose=choose/>
                <Upload place=place on_done=Callback::new(move |entry: Entry| {
                    again.update(|count| *count += 1);
                    choose.run(entry.address);
                })/>
            </div>
            <footer><button class="button quiet end" type="button" on:click=move |_| open.set(false)>"Close"</button></footer>
        </Dialog>
    }
}

/// The folder that is shown: the account's name, then each folder above as a button.
#[component]
fn Where(place: RwSignal<Path>) -> impl IntoView {
    let parts = move || {
        let (account, container, path) = place.get();
        let mut parts = vec![(container.clone(), (account.clone(), container.clone(), String::new()))];
        let mut folder = String::new();
        for name in path.split('/').filter(|name| !name.is_empty()) {
            folder = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            parts.push((name.to_owned(), (account.clone(), container.clone(), folder.clone())));
        }
        let last = parts.len() - 1;
        let parts = parts.into_iter().enumerate().map(|(number, (name, target))| {
            if number == last {
                return view! { <span aria-current="page">{name}</span> }.into_any();
            }
            view! { <button class="button link" type="button" on:click=move |_| place.set(target.clone())>{name}</button> }
                .into_any()
        });
        parts.collect_view()
    };
    view! { <nav class="path" aria-label="Folder"><span>{move || place.get().0}</span>{parts}</nav> }
}

#[component]
fn Inside(place: RwSignal<Path>, again: RwSignal<u32>, choose: Callback<String>) -> impl IntoView {
    let listing = LocalResource::new(move || {
        again.track();
        let (account, container, path) = place.get();
        api::list(account, container, path, String::new())
    });
    let rows = move || {
        listing.get().map(|listing| match listing {
            Err(error) => view! { <Trouble error=error/> }.into_any(),
            Ok(listing) if listing.entries.is_empty() => {
                view! { <p class="quiet">"Nothing is here yet. Upload a jar below."</p> }.into_any()
            }
            Ok(listing) => {
                let here = (listing.account, listing.container, listing.path);
                let rows = listing.entries.into_iter();
                let rows = rows
                    .map(|entry| view! { <Line here=here.clone() entry=entry place=place choose=choose/> });
                view! { <ul class="rows">{rows.collect_view()}</ul> }.into_any()
            }
        })
    };
    view! { <Transition fallback=|| view! { <Waiting/> }>{rows}</Transition> }
}

#[component]
fn Line(here: Path, entry: Entry, place: RwSignal<Path>, choose: Callback<String>) -> impl IntoView {
    let icon = if entry.kind == EntryKind::File { "jar" } else { "folder" };
    let size = (entry.kind == EntryKind::File).then(|| words::bytes(entry.size));
    let is_jar = entry.kind == EntryKind::File && entry.name.ends_with(".jar");
    if entry.kind == EntryKind::File && !is_jar {
        return ().into_any();
    }
    let name = entry.name.clone();
    let go = move |_| {
        if is_jar {
            choose.run(entry.address.clone());
            return;
        }
        let (account, container, path) = here.clone();
        let inside = if path.is_empty() { entry.name.clone() } else { format!("{path}/{}", entry.name) };
        place.set((account, container, inside));
    };
    view! {
        <li>
            <button class="button link" type="button" on:click=go><Icon name=icon/>{name}</button>
            <span class="quiet num end">{size}</span>
        </li>
    }
    .into_any()
}
