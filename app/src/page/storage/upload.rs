//! Uploading a file: chosen or dropped, with progress, and with a question before something is replaced.

use domain::view::Entry;
use leptos::ev::DragEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::Path;
use crate::part::Icon;
use crate::{paths, words};

/// How an upload goes.
#[derive(Clone, Debug, PartialEq)]
enum Going {
    /// Bytes sent, of how many, since when (ms).
    Sending(f64, f64, f64),
    /// There is a file of this name.
    Taken(String),
    /// It went wrong; the sentence.
    Failed(String),
}

/// One file under way: where to, what, and how it goes.
#[derive(Clone)]
struct Parcel {
    place: Path,
    name: String,
    file: StoredValue<web_sys::File, LocalStorage>,
    request: StoredValue<web_sys::XmlHttpRequest, LocalStorage>,
    going: RwSignal<Going>,
}

impl Parcel {
    /// What it becomes; a second parcel for the same target takes the place of the first.
    fn target(&self) -> (Path, String) {
        (self.place.clone(), self.name.clone())
    }
}

/// A place to drop files on, and what is under way.
#[component]
pub(crate) fn Upload(
    /// Where to.
    #[prop(into)]
    place: Signal<Path>,
    /// Called with each file that has arrived.
    on_done: Callback<Entry>,
    /// What stands there before the page's script runs, or where none does: nothing could be dropped.
    #[prop(optional, into)]
    plain: ViewFn,
) -> impl IntoView {
    let parcels = RwSignal::new(Vec::<Parcel>::new());
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        for file in
            (0..files.as_ref().map_or(0, web_sys::FileList::length)).filter_map(|n| files.as_ref()?.get(n))
        {
            send(place.get_untracked(), file, false, parcels, on_done);
        }
    };
    let dropped = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        take(event.data_transfer().and_then(|data| data.files()));
    };
    let chosen = move |event: leptos::ev::Event| {
        let input = event_target::<web_sys::HtmlInputElement>(&event);
        take(input.files());
        input.set_value("");
    };
    let target = move || format!("to {}", place.with(words_of));
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    view! {
        <Show when=move || ready.get() fallback=plain>
            <label class="drop" data-over=move || over.get().then_some("")
                on:dragover=move |event: DragEvent| { event.prevent_default(); over.set(true) }
                on:dragleave=move |_| over.set(false) on:drop=dropped>
                <Icon name="upload"/>
                <b>"Drop a jar here, or choose one"</b>
                <small>{target}</small>
                <input type="file" multiple=true on:change=chosen/>
            </label>
        </Show>
        <Show when=move || parcels.with(|all| !all.is_empty())>
            <section class="card" aria-live="polite">
                <h2>"Uploading"</h2>
                <For each=move || parcels.get() key=Parcel::target let:parcel>
                    <Line parcel=parcel parcels=parcels on_done=on_done/>
                </For>
            </section>
        </Show>
    }
}

#[component]
fn Line(parcel: Parcel, parcels: RwSignal<Vec<Parcel>>, on_done: Callback<Entry>) -> impl IntoView {
    let target = StoredValue::new(parcel.target());
    let Parcel { file, request, going, .. } = parcel;
    let away = move || parcels.update(|all| all.retain(|one| target.with_value(|it| one.target() != *it)));
    let stop = move |_| {
        // A request that has ended cannot be ended again, which is as well.
        let _ = request.with_value(|request| request.abort());
        away();
    };
    let again = move |replace: bool| {
        let (place, file) = (target.get_value().0, file.get_value());
        away();
        send(place, file, replace, parcels, on_done);
    };
    move || {
        let (_, name) = target.get_value();
        match going.get() {
            Going::Sending(sent, all, since) => view! {
                <div class="progress-line">
                    <span class="truncate">{name.clone()}</span>
                    <span class="num">{progress(sent, all, since)}</span>
                    <progress class="progress" value=(sent / all.max(1.0)).to_string() aria-label=name></progress>
                    <button class="button small" type="button" on:click=stop>"Stop"</button>
                </div>
            }
            .into_any(),
            Going::Taken(why) => view! {
                <div class="notice warn" role="alert">
                    <Icon name="warn"/>
                    <div>
                        <b>{format!("{name} is there already")}</b><p>{why}</p>
                        <p class="ways">
                            <button class="button small" type="button" on:click=move |_| again(true)>"Replace it"</button>
                            <button class="button small quiet" type="button" on:click=stop>"Keep what is there"</button>
                        </p>
                    </div>
                </div>
            }
            .into_any(),
            Going::Failed(why) => view! {
                <div class="notice bad" role="alert">
                    <Icon name="warn"/>
                    <div>
                        <b>{format!("{name} was not uploaded")}</b><p>{why}</p>
                        <p class="ways">
                            <button class="button small" type="button" on:click=move |_| again(false)>"Try again"</button>
                            <button class="button small quiet" type="button" on:click=stop>"Leave it"</button>
                        </p>
                    </div>
                </div>
            }
            .into_any(),
        }
    }
}

/// Sends a file; the browser reports how far it is.
fn send(
    place: Path,
    file: web_sys::File,
    replace: bool,
    parcels: RwSignal<Vec<Parcel>>,
    on_done: Callback<Entry>,
) {
    let Ok(request) = web_sys::XmlHttpRequest::new() else { return };
    let name = file.name();
    let began = js_sys::Date::now();
    let going = RwSignal::new(Going::Sending(0.0, file.size(), began));
    let (account, container, path) = &place;
    let inside = if path.is_empty() { name.clone() } else { format!("{path}/{name}") };
    let address = format!("{}?replace={replace}", paths::file(account, container, &inside));

    let on_progress = Closure::<dyn Fn(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
        going.try_set(Going::Sending(event.loaded(), event.total(), began));
    });
    let (answer, sent) = (request.clone(), (place.clone(), name.clone()));
    let on_end = Closure::once_into_js(move || {
        let status = answer.status().unwrap_or_default();
        let text = answer.response_text().ok().flatten().unwrap_or_default();
        if let (201, Ok(entry)) = (status, serde_json::from_str::<Entry>(&text)) {
            parcels.try_update(|all| all.retain(|one| one.target() != sent));
            on_done.run(entry);
            return;
        }
        let why = serde_json::from_str::<serde_json::Value>(&text).ok();
        let why = why.and_then(|why| why.get("error")?.as_str().map(str::to_owned));
        let why = why.unwrap_or_else(|| {
            "The connection broke before the portal had it all; nothing was kept.".to_owned()
        });
        going.try_set(if status == 409 { Going::Taken(why) } else { Going::Failed(why) });
    });
    if let Ok(upload) = request.upload() {
        upload.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
    }
    on_progress.forget(); // it lives as long as the request may call it
    request.set_onloadend(Some(on_end.unchecked_ref()));
    let begun =
        request.open_with_async("PUT", &address, true).and_then(|()| request.send_with_opt_blob(Some(&file)));
    if begun.is_err() {
        going.set(Going::Failed("The browser could not read the file.".to_owned()));
    }
    let parcel = Parcel {
        place,
        name,
        file: StoredValue::new_local(file),
        request: StoredValue::new_local(request),
        going,
    };
    parcels.update(|all| {
        all.retain(|one| one.target() != parcel.target());
        all.push(parcel);
    });
}

/// `lake / flink / jars`.
fn words_of((account, container, path): &Path) -> String {
    let folders = path.split('/').filter(|name| !name.is_empty());
    [account.as_str(), container.as_str()].into_iter().chain(folders).collect::<Vec<_>>().join(" / ")
}

/// `31 of 48 MB, 3 s left`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes and seconds are shown whole"
)]
fn progress(sent: f64, all: f64, since: f64) -> String {
    let words = format!("{} of {}", words::bytes(sent as u64), words::bytes(all as u64));
    let seconds = (js_sys::Date::now() - since) / 1000.0;
    if seconds < 1.0 || sent <= 0.0 {
        return words;
    }
    format!("{words}, {} left", words::span(((all - sent) / (sent / seconds)).ceil() as i64))
}
