//! Where the person is signed in, and ending it.

use domain::view::SessionView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::part::{Declined, Moment, Trouble, Waiting};

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
        <section class="stack" aria-labelledby="s-sessions">
            <h2 id="s-sessions">"Where you are signed in"</h2>
            {move || refused().map(|error| view! { <Declined what="the session" done="ended" error=error/> })}
            <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
        </section>
    }
}

#[component]
fn List(sessions: Vec<SessionView>) -> impl IntoView {
    let others = sessions.len() > 1;
    let end_others = <api::EndOtherSessions as ServerFn>::url();
    let rows = sessions.into_iter().map(|session| view! { <Session session=session/> }).collect_view();
    view! {
        <div class="grid-frame">
            <table class="grid plain" role="grid">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader">"Browser"</th>
                        <th role="columnheader">"From"</th>
                        <th role="columnheader">"Signed in"</th>
                        <th role="columnheader">"Last used"</th>
                        <th role="columnheader"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
        {others.then(|| view! {
            <form method="post" action=end_others>
                <input type="hidden" name="back" value=HERE/>
                <button class="button" type="submit">"End all others"</button>
            </form>
        })}
    }
}

#[component]
fn Session(session: SessionView) -> impl IntoView {
    let browser = session.browser();
    let SessionView { name, agent, address, begun, used, here } = session;
    let end = <api::EndSession as ServerFn>::url();
    let way = if here {
        view! { <span class="tag">"This one"</span> }.into_any()
    } else {
        view! {
            <form method="post" action=end>
                <input type="hidden" name="name" value=name/>
                <input type="hidden" name="back" value=HERE/>
                <button class="button small" aria-label=format!("End the session of {browser}")>"End"</button>
            </form>
        }
        .into_any()
    };
    let address = if address.is_empty() { "–".to_owned() } else { address };
    view! {
        <tr role="row">
            <td role="gridcell" data-phone="name" title=agent><b>{browser.clone()}</b></td>
            <td role="gridcell" data-phone="state">{address}</td>
            <td role="gridcell"><Moment at=begun/></td>
            <td role="gridcell" data-phone="note"><Moment at=used/></td>
            <td role="gridcell" class="actions" data-phone="plot">{way}</td>
        </tr>
    }
}
