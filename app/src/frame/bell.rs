//! The bell: what needs a person, and the operations of the last day, live. Without script it leads to the activity log.

use domain::view::{JobRow, NoticesView, OperationView};
use leptos::prelude::*;

use crate::api;
use crate::clock::Clock;
use crate::live::{Hand, Live};
use crate::part::{Each, Icon, Moment, OperationLines, Status};
use crate::paths;

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
    let notices = RwSignal::new(NoticesView::default());
    Effect::new(move |_| {
        let Some(Ok(next)) = answer.get() else { return };
        if !hand.holds() && notices.with_untracked(|now| *now != next) {
            notices.set(next);
        }
    });
    let operations = Signal::derive(move || notices.with(|notices| notices.operations.clone()));
    let fresh = Memo::new(move |_| {
        let seen = seen.get();
        let new = |operation: &&OperationView| operation.ended.is_some_and(|ended| ended > seen);
        notices.with(|notices| notices.operations.iter().filter(new).count())
    });
    let failing = Memo::new(move |_| notices.with(|notices| notices.failing));
    let label = move || {
        let need = (failing.get() > 0).then(|| format!(", {}", needs(failing.get())));
        let new = (fresh.get() > 0).then(|| format!(", {} new", fresh.get()));
        format!("Notifications{}{}", need.unwrap_or_default(), new.unwrap_or_default())
    };
    let none = Memo::new(move |_| operations.with(Vec::is_empty));
    let lines = move || {
        if none.get() {
            view! { <p class="quiet">"Nothing was done in the last day."</p> }.into_any()
        } else {
            view! { <OperationLines of=operations/> }.into_any()
        }
    };
    let loud = move || (fresh.get() > 0 || failing.get() > 0).then_some("");
    view! {
        <button class="icon-button" type="button" popovertarget="notifications" aria-label=label
            data-new=loud on:click=move |_| seen.set(clock.now_untracked())>
            <Icon name="bell"/>
        </button>
        <div class="menu end notifications" id="notifications" popover="auto">
            <Attention notices=notices failing=failing/>
            <div class="head"><b>"Operations of the last day"</b></div>
            {lines}
            <a href="/activity">"Activity log"</a>
        </div>
    }
}

/// `1 job needs you`.
fn needs(failing: u32) -> String {
    match failing {
        1 => "1 job needs you".to_owned(),
        many => format!("{many} jobs need you"),
    }
}

/// The jobs that need a person, with the reason of each.
#[component]
fn Attention(notices: RwSignal<NoticesView>, failing: Memo<u32>) -> impl IntoView {
    let rows = Signal::derive(move || notices.with(|notices| notices.attention.clone()));
    let none = Memo::new(move |_| failing.get() == 0);
    move || {
        (!none.get()).then(|| {
            view! {
                <div class="head"><b>{move || needs(failing.get())}</b></div>
                <ol class="events">
                    <Each of=rows key=|row: &JobRow| row.cluster.to_string() let:row><Needs row=row/></Each>
                </ol>
            }
        })
    }
}

#[component]
fn Needs(row: Signal<JobRow>) -> impl IntoView {
    let (id, name) = row.with_untracked(|row| (row.cluster, row.name.clone()));
    let since = move || row.with(|row| view! { <Moment at=row.since seconds=true/> });
    let note = move || row.with(|row| format!(" {}", row.note));
    view! {
        <li>
            {since}
            <Status shape="failed" word="needs you" silent=true/>
            <p><b><a href=paths::cluster(id, "")>{name}</a></b>{note}</p>
        </li>
    }
}
