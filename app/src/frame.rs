//! What stands around every page: top bar with the account, rail, keys, toasts.

mod bell;
mod jump;
mod keys;
mod me;
mod pools;
mod rail;
mod scope;
mod theme;

use domain::view::Old;
use leptos::prelude::*;
use leptos_router::components::Outlet;

use crate::live::{Hand, Link, Live};
use crate::part::{Icon, Moment, Status, Toasts};
use bell::Bell;
use jump::Jump;
use keys::Keys;
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

/// The account menu: the round button at the end of the bar, with its menu.
#[component]
fn AccountMenu() -> impl IntoView {
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

/// One line above every page while what it shows is old: since when, and why. It goes when the portal carries on.
#[component]
fn OldLine() -> impl IntoView {
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
