//! The bell: operations of the last day, live. Without script it leads to the activity log.

use domain::view::OperationView;
use leptos::prelude::*;

use crate::api;
use crate::clock::Clock;
use crate::live::{Hand, Live};
use crate::part::{Icon, OperationLines};

/// The button with its list.
#[component]
pub(crate) fn Bell() -> impl IntoView {
    let live = Live::here().any();
    let (clock, hand) = (Clock::here(), Hand::here());
    let seen = RwSignal::new(clock.now_untracked());
    let answer = LocalResource::new(move || {
        live.track();
        api::notices()
    });
    let operations = RwSignal::new(Vec::new());
    Effect::new(move |_| {
        let Some(Ok(next)) = answer.get() else { return };
        if !hand.holds() && operations.with_untracked(|now| *now != next) {
            operations.set(next);
        }
    });
    let fresh = Memo::new(move |_| {
        let seen = seen.get();
        let new = |operation: &&OperationView| operation.ended.is_some_and(|ended| ended > seen);
        operations.with(|list| list.iter().filter(new).count())
    });
    let label = move || match fresh.get() {
        0 => "Notifications".to_owned(),
        new => format!("Notifications, {new} new"),
    };
    let none = Memo::new(move |_| operations.with(Vec::is_empty));
    let lines = move || {
        if none.get() {
            view! { <p class="quiet">"Nothing was done in the last day."</p> }.into_any()
        } else {
            view! { <OperationLines of=operations/> }.into_any()
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
