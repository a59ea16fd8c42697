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
pub(crate) use theme::{choose as theme_choose, chosen as theme_chosen};

/// The frame with the page inside.
#[component]
pub(crate) fn Frame(
    /// What stands over every page.
    children: Children,
) -> impl IntoView {
    let me = Me::provide();
    Live::provide(me.is_some());
    Hand::provide();
    if me.is_none() {
        crate::navigation::go("/sign-in");
        return ().into_any();
    }
    AllPools::provide();
    let jumping = RwSignal::new(false);
    let lost = move || {
        (Live::here().link() == Link::Reconnecting)
            .then(|| view! { <Status shape="moving" word="Reconnecting"/> })
    };
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
        {children()}
        <Toasts/>
        <Keys jumping=jumping/>
    }
    .into_any()
}
