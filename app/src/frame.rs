//! What stands around every page: top bar, rail, keys, toasts.

mod account;
mod bell;
mod jump;
mod keys;
mod me;
mod old;
mod pools;
mod rail;
mod scope;
mod theme;

use leptos::prelude::*;
use leptos_router::components::Outlet;

use crate::live::{Hand, Link, Live};
use crate::page::{AskDialog, OpenQuestion};
use crate::part::{Status, Toasts};
use account::AccountMenu;
use bell::Bell;
use jump::Jump;
use keys::Keys;
use old::OldLine;
use pools::AllPools;
use rail::Rail;
use scope::ScopeSwitch;
use theme::ThemeSwitch;

pub(crate) use me::Me;
pub(crate) use old::written as old_written;
pub(crate) use theme::{choose as theme_choose, chosen as theme_chosen};

/// The frame with the page inside.
#[component]
pub(crate) fn Frame() -> impl IntoView {
    let me = Me::provide();
    Live::provide(me.is_some());
    Hand::provide();
    if me.is_none() {
        crate::route::go("/sign-in");
        return ().into_any();
    }
    AllPools::provide();
    provide_context(OpenQuestion(RwSignal::new(None)));
    let jumping = RwSignal::new(false);
    let lost = move || {
        (Live::here().link() == Link::Reconnecting)
            .then(|| view! { <Status shape="moving" word="Reconnecting"/> })
    };
    Effect::new(|_| crate::route::fetch_later());
    view! {
        <a class="skip" href="#content">"Skip to the content"</a>
        <header class="top-bar">
            <a class="brand" href="/">
                <svg class="mark" aria-hidden="true"><use href="/icons.svg#mark"></use></svg>
                "Penstock"
            </a>
            <ScopeSwitch/>
            <Jump open=jumping/>
            <div class="top-tools">
                <div role="status">{lost}</div>
                <ThemeSwitch/>
                <Bell/>
                <AccountMenu/>
            </div>
        </header>
        <Rail/>
        <main class="page" id="content" tabindex="-1">
            <OldLine/>
            <Outlet/>
        </main>
        <AskDialog/>
        <Toasts/>
        <Keys jumping=jumping/>
    }
    .into_any()
}

/// The icon of an action, the same on every button.
pub(crate) fn icon_of(action: domain::action::Action) -> &'static str {
    use domain::action::Action;
    match action {
        Action::Create => "plus",
        Action::Stop => "stop",
        Action::Start => "play",
        Action::Update => "update",
        Action::StatelessUpdate => "refresh",
        Action::LastStateUpdate => "clock",
        Action::Rollback => "chevron-left",
        Action::Relaunch => "play",
        Action::Savepoint => "savepoint",
        Action::Cancel => "cancel",
        Action::Delete => "trash",
    }
}
