//! Where the person is signed in, and ending it.

use domain::view::SessionView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::part::{Declined, Icon, Moment, Trouble, Waiting};

const HERE: &str = "/settings";

/// The person's sessions, by plain forms: who ends one wants to see it gone.
#[component]
pub(super) fn Sessions() -> impl IntoView {
    let sessions = Resource::new(|| (), |()| api::sessions());
    let ending = ServerAction::<api::EndSession>::new();
    let refused = move || ending.value().get().and_then(Result::err);
    let content = move || {
        Suspend::new(async move {
            match sessions.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(sessions) => view! { <List sessions=sessions/> }.into_any(),
            }
        })
    };
    view! {
        <section class="card" aria-labelledby="s-sessions">
            <header><h2 id="s-sessions">"Where you are signed in"</h2></header>
            {move || refused().map(|error| view! { <Declined what="the session" done="ended" error=error/> })}
            <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
        </section>
    }
}

#[component]
fn List(sessions: Vec<SessionView>) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.here);
    let end_others = <api::EndOtherSessions as ServerFn>::url();
    let rows = sessions.into_iter().map(|session| view! { <Session session=session/> }).collect_view();
    view! {
        <ul class="rows">{rows}</ul>
        {others.then(|| view! {
            <footer>
                <form method="post" action=end_others>
                    <input type="hidden" name="back" value=HERE/>
                    <button class="button" type="submit">"End all others"</button>
                </form>
            </footer>
        })}
    }
}

#[component]
fn Session(session: SessionView) -> impl IntoView {
    let browser = session.browser();
    let SessionView { name, agent, address, begun, used, here } = session;
    let end = <api::EndSession as ServerFn>::url();
    let from = if address.is_empty() { String::new() } else { format!(", from {address}") };
    let way = if here {
        view! { <span class="tag">"This one"</span> }.into_any()
    } else {
        view! {
            <form method="post" action=end>
                <input type="hidden" name="name" value=name/>
                <input type="hidden" name="back" value=HERE/>
                <button class="button small" aria-label=format!("End the session of {browser}")>
                    <Icon name="sign-out"/>"End"
                </button>
            </form>
        }
        .into_any()
    };
    view! {
        <li>
            <b title=agent>{browser.clone()}</b>
            <span class="quiet">"since "<Moment at=begun/>", last used "<Moment at=used/>{from}</span>
            {way}
        </li>
    }
}
