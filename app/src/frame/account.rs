//! The account menu: who is signed in, settings, sign-out.

use leptos::prelude::*;

use super::Me;
use crate::part::Icon;

/// The round button at the end of the bar, with its menu.
#[component]
pub(crate) fn AccountMenu() -> impl IntoView {
    let me = Me::here();
    view! {
        <button class="avatar" type="button" popovertarget="account" aria-label=format!("Account of {}", me.name())>
            {me.initials()}
        </button>
        <div class="menu end" id="account" popover="auto">
            <div class="head"><b>{me.name().to_owned()}</b><small>{me.role()}</small></div>
            <a href="/settings"><Icon name="settings"/>"Settings"</a>
            <form method="post" action="/sign-out">
                <button type="submit"><Icon name="sign-out"/>"Sign out"</button>
            </form>
        </div>
    }
}
