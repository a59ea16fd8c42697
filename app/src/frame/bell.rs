//! The bell: operations of the last day, live. Without script it leads to the activity log.

use leptos::prelude::*;

use crate::api;
use crate::clock::Clock;
use crate::live::Live;
use crate::part::{Icon, OperationLine};

/// The button with its list.
#[component]
pub(crate) fn Bell() -> impl IntoView {
    let live = Live::here().any();
    let clock = Clock::here();
    let seen = RwSignal::new(clock.now_untracked());
    let operations = LocalResource::new(move || {
        live.track();
        api::notices()
    });
    let list = move || operations.get().and_then(Result::ok).unwrap_or_default();
    let fresh = Memo::new(move |_| {
        let seen = seen.get();
        list().iter().filter(|operation| operation.ended.is_some_and(|ended| ended > seen)).count()
    });
    let label = move || match fresh.get() {
        0 => "Notifications".to_owned(),
        new => format!("Notifications, {new} new"),
    };
    let lines = move || {
        let operations = list();
        if operations.is_empty() {
            view! { <p class="quiet">"Nothing was done in the last day."</p> }.into_any()
        } else {
            let lines =
                operations.into_iter().map(|operation| view! { <OperationLine operation=operation/> });
            view! { <ol class="events">{lines.collect_view()}</ol> }.into_any()
        }
    };
    view! {
        <button class="icon-button" type="button" popovertarget="notifications" aria-label=label
            data-new=move || (fresh.get() > 0).then_some("") on:click=move |_| seen.set(clock.now_untracked())>
            <Icon name="bell"/>
        </button>
        <div class="menu end notifications" id="notifications" popover="auto">
            <div class="head"><b>"Operations of the last day"</b></div>
            {lines}
            <a href="/activity">"Activity log"</a>
        </div>
    }
}
