//! Settings: who is signed in and where, access tokens, how times and colours are shown, what uploaded programs are kept from, how
//! the portal itself is.

mod reconciler;
mod sessions;
mod tokens;

use domain::policy::Permission;
use leptos::prelude::*;

use crate::api;
use crate::clock::{Clock, Zone};
use crate::frame::{Me, theme_choose, theme_chosen};
use crate::part::{Crumbs, Fact, Facts, Icon, Notice, PageHead, Trouble, Waiting};
use reconciler::Reconciler;
use sessions::Sessions;
use tokens::Tokens;

/// The page. Choices are kept in this browser.
#[component]
pub(crate) fn Settings() -> impl IntoView {
    let me = Me::here();
    let name = me.name().to_owned();
    let roles = me.roles().into_iter().map(|words| view! { <div>{words}</div> }).collect_view();
    let watches = me.may_everywhere(Permission::See);
    view! {
        <Crumbs above=vec![("Home".to_owned(), "/".to_owned())] here="Settings"/>
        <PageHead title="Settings"/>
        <Warned/>
        <div class="cards two">
            <section class="card">
                <header><h2>"You"</h2></header>
                <Facts>
                    <Fact name="Name">{name}</Fact>
                    <Fact name="Roles">{roles}</Fact>
                </Facts>
                <footer>
                    <form method="post" action="/sign-out">
                        <button class="button" type="submit">"Sign out"</button>
                    </form>
                </footer>
            </section>
            <section class="card">
                <header><h2>"This browser"</h2><small>"kept in a cookie"</small></header>
                <Appearance/>
                <Times/>
            </section>
            <Safeguards/>
            {watches.then(|| view! { <Reconciler/> })}
        </div>
        <Sessions/>
        <Tokens/>
    }
    .into_any()
}

/// A notice for each thing that is wrong with the portal's process; nothing at all when there is none.
#[component]
fn Warned() -> impl IntoView {
    let warnings = Resource::new(|| (), |()| api::warnings());
    let content = move || {
        Suspend::new(async move {
            let sentences = warnings.await.unwrap_or_default();
            let notices = sentences.into_iter().map(|sentence| {
                view! { <Notice tone="warn" title="The portal needs a look"><p>{sentence}</p></Notice> }
            });
            notices.collect_view()
        })
    };
    view! { <Suspense>{content}</Suspense> }
}

#[component]
fn Appearance() -> impl IntoView {
    let chosen = theme_chosen();
    let choices = [("", "As the system"), ("light", "Light"), ("dark", "Dark")].map(|(value, word)| {
        view! {
            <label class="choice">
                <input type="radio" name="theme" value=value checked={chosen == value} on:change=move |_| theme_choose(value)/>
                <span>{word}</span>
            </label>
        }
    });
    view! { <fieldset class="choices"><legend>"Theme"</legend>{choices}</fieldset> }
}

#[component]
fn Times() -> impl IntoView {
    let clock = Clock::here();
    let zone = clock.zone();
    let choose = move |chosen: Zone| {
        chosen.keep();
        zone.set(chosen);
    };
    let own = move |_| {
        if let Some(own) = Zone::own() {
            choose(own);
        }
    };
    let utc = move || zone.with(|zone| *zone == Zone::Utc);
    view! {
        <fieldset class="choices">
            <legend>"Times"</legend>
            <label class="choice">
                <input type="radio" name="zone" value="own" prop:checked=move || !utc() on:change=own/>
                <span>"My own zone"<small>{move || clock.exact(clock.now())}</small></span>
            </label>
            <label class="choice">
                <input type="radio" name="zone" value="utc" prop:checked=utc on:change=move |_| choose(Zone::Utc)/>
                <span>"UTC"</span>
            </label>
        </fieldset>
    }
}

/// What a program that somebody uploads is kept from on this machine, and what not. The machine does not change while a portal runs.
#[component]
fn Safeguards() -> impl IntoView {
    let safeguards = Resource::new(|| (), |()| api::safeguards());
    let content = move || {
        Suspend::new(async move {
            match safeguards.await {
                Ok(safeguards) => {
                    let rows = safeguards.into_iter().map(|safeguard| {
                        // The sentence says the same in words.
                        let (icon, tone) = if safeguard.there { ("check", "good") } else { ("warn", "warn") };
                        view! {
                            <Fact name=safeguard.title>
                                <Icon name=icon tone=tone/>" "{safeguard.detail}
                            </Fact>
                        }
                    });
                    view! { <Facts>{rows.collect_view()}</Facts> }.into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! {
        <section class="card">
            <header><h2>"Uploaded programs"</h2><small>"what they are kept from on this machine"</small></header>
            <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
        </section>
    }
}
