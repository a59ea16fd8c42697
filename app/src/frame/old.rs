//! One line above every page while what it shows is old: since when, and why. It goes when the portal carries on.

use domain::view::Old;
use leptos::prelude::*;

use crate::live::Live;
use crate::part::{Icon, Moment};

/// The line, if there is a reason for it.
#[component]
pub(crate) fn OldLine() -> impl IntoView {
    let old = Live::here().old();
    move || {
        old.get().map(|Old { since, why }| {
            view! {
                <div class="notice warn" role="status">
                    <Icon name="warn"/>
                    <div><b>"This page shows what was at "<Moment at=since seconds=true/>"."</b>" "{why}</div>
                </div>
            }
        })
    }
}
