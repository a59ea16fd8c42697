//! The palette: jump to a cluster, a page or an action.

mod found;

use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use crate::api;
use crate::part::Icon;
use found::{Found, actions, pages, wanted};

/// The search field of the bar, and the palette that it opens. Without script it leads to the grid.
#[component]
pub(crate) fn Jump(
    /// Shown.
    open: RwSignal<bool>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let at = RwSignal::new(0_usize);
    let dialog = NodeRef::<html::Dialog>::new();
    let input = NodeRef::<html::Input>::new();
    let clusters = LocalResource::new(move || {
        let (_, name) = wanted(&text.get());
        let shown = open.get();
        async move { if shown { api::search(name).await.unwrap_or_default() } else { Vec::new() } }
    });
    let found = Memo::new(move |_| {
        let typed = text.get();
        let rows = clusters.get().unwrap_or_default();
        let (action, _) = wanted(&typed);
        let mut list = actions(action, &rows);
        list.extend(rows.iter().map(Found::cluster));
        list.extend(pages(&typed));
        list
    });
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if open.get() && !dialog.open() {
            text.set(String::new());
            at.set(0);
            // It can only refuse while it is open already.
            let _ = dialog.show_modal();
            if let Some(input) = input.get_untracked() {
                input.set_value("");
                let _ = input.focus();
            }
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    let navigate = use_navigate();
    let go = StoredValue::new(move |href: String| {
        open.set(false);
        navigate(&href, NavigateOptions::default());
    });
    let press = move |event: leptos::ev::KeyboardEvent| {
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        match event.key().as_str() {
            "ArrowDown" => at.update(|at| *at = (*at + 1).min(last)),
            "ArrowUp" => at.update(|at| *at = at.saturating_sub(1)),
            "Enter" => {
                if let Some(one) = found.with_untracked(|list| list.get(at.get_untracked()).cloned()) {
                    go.with_value(|go| go(one.href));
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let options = move || {
        let list = found.get().into_iter().enumerate().map(|(i, one)| {
            let href = one.href.clone();
            view! {
                <li role="option" id=format!("jump-{i}") aria-selected=move || (at.get() == i).to_string()
                    on:click=move |_| go.with_value(|go| go(href.clone()))>
                    <Icon name=one.icon/>
                    <span>{one.word}</span>
                    <small>{one.note}</small>
                </li>
            }
        });
        list.collect_view()
    };
    view! {
        <a class="jump" href="/jobs" aria-haspopup="dialog" aria-label="Jump to a cluster, page or action"
            on:click=move |event| { event.prevent_default(); open.set(true); }>
            <Icon name="search"/><span>"Jump to a cluster, page or action"</span><kbd>"/"</kbd>
        </a>
        <dialog class="dialog palette" node_ref=dialog aria-label="Jump" on:close=move |_| open.set(false)>
            <div class="control">
                <Icon name="search"/>
                <input class="input" node_ref=input role="combobox" aria-expanded="true" aria-controls="jump-list"
                    aria-label="Cluster, page or action" autocomplete="off" spellcheck="false"
                    aria-activedescendant=move || format!("jump-{}", at.get())
                    on:input=move |event| { at.set(0); text.set(event_target_value(&event)); }
                    on:keydown=press/>
            </div>
            <ul class="options" role="listbox" id="jump-list" aria-label="Found">{options}</ul>
            <p class="none" role="status">{move || found.with(Vec::is_empty).then_some("Nothing has this name.")}</p>
        </dialog>
    }
}
