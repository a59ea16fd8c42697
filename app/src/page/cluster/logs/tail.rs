//! A log file's end, followed live; with a search in what is shown.

use std::time::Duration;

use domain::id::ClusterId;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lines::{Line, Lines};
use crate::api;
use crate::part::{Icon, Trouble, Waiting};
use crate::paths;

/// How often the file is asked for more.
const FOLLOW: Duration = Duration::from_millis(1_000);

/// The file.
#[component]
pub(super) fn Tail(
    /// The cluster.
    id: ClusterId,
    /// The run.
    run: u32,
    /// The file.
    name: String,
) -> impl IntoView {
    let file = StoredValue::new(name.clone());
    let first = Resource::new(|| (), move |()| api::log(id, run, file.get_value(), None));
    let read = RwSignal::new(Lines::default());
    let next = StoredValue::new(None::<u64>);
    let search = RwSignal::new(String::new());
    let following = RwSignal::new(true);
    let box_node = NodeRef::<leptos::html::Div>::new();
    follow(move || {
        let Some(from) = next.get_value().filter(|_| following.get_untracked()) else { return };
        spawn_local(async move {
            if let Ok(part) = api::log(id, run, file.try_get_value().unwrap_or_default(), Some(from)).await
                && next.try_get_value() == Some(Some(from))
                && !part.text.is_empty()
            {
                next.set_value(Some(part.next));
                read.update(|lines| lines.add(&part, from));
            }
        });
    });
    Effect::new(move |_| {
        read.track();
        if following.get()
            && let Some(node) = box_node.get()
        {
            node.set_scroll_top(node.scroll_height());
        }
    });
    let lines = move || {
        Suspend::new(async move {
            match first.await {
                Ok(part) => {
                    if next.get_value().is_none() {
                        next.set_value(Some(part.next));
                        read.set(Lines::ending(&part));
                    }
                    view! {
                        <For each=move || read.read().all() key=Line::face let:line><Said line=line search=search/></For>
                    }
                    .into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    let download = paths::cluster(id, &format!("logs/{run}/{}", paths::encode(&name)));
    view! {
        <div class="code-frame">
            <header>
                <span>{name.clone()}</span>
                <div class="control filter end">
                    <Icon name="search"/>
                    <input class="input" type="search" placeholder="Search in view" aria-label="Search in view"
                        on:input=move |event| search.set(event_target_value(&event))/>
                </div>
                <label class="check">
                    <input type="checkbox" class="switch" role="switch" checked
                        on:change=move |event| following.set(event_target_checked(&event))/>
                    <span>"Follow"</span>
                </label>
                <a class="button quiet small" rel="external" href=download download=name.clone()>
                    <Icon name="download"/>"Download"
                </a>
            </header>
            <div class="log" role="log" tabindex="0" aria-label=name node_ref=box_node>
                <Transition fallback=|| view! { <Waiting lines=8/> }>{lines}</Transition>
            </div>
        </div>
    }
}

/// One line, coloured by its level, while it holds the search.
#[component]
fn Said(line: Line, search: RwSignal<String>) -> impl IntoView {
    let low = line.text.to_lowercase();
    let hidden = move || search.with(|search| !search.is_empty() && !low.contains(&search.to_lowercase()));
    let level = level(&line.text);
    view! { <p data-level=level hidden=hidden>{line.text}</p> }
}

/// Runs it again and again in the browser, until the page is left.
fn follow(again: impl Fn() + Send + Sync + Clone + 'static) {
    Effect::new(move |_| {
        if let Ok(handle) = set_interval_with_handle(again.clone(), FOLLOW) {
            on_cleanup(move || handle.clear());
        }
    });
}

/// The level that a line of Flink's log names.
fn level(line: &str) -> &'static str {
    let head: String = line.chars().take(40).collect();
    [(" ERROR ", "error"), (" WARN ", "warn"), (" INFO ", "info"), (" DEBUG ", "debug")]
        .into_iter()
        .find_map(|(word, level)| head.contains(word).then_some(level))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_level_is_read_from_the_head_of_a_line() {
        assert_eq!(super::level("2026-11-23 14:03:12,114 WARN  o.a.f.Some - x"), "warn");
        assert_eq!(super::level("\tat java.base/some ERROR "), "error");
        assert_eq!(super::level("plain"), "");
    }
}
