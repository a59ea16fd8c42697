//! Access tokens of the person: what each may, until when, whether it is used; making and revoking them, by plain forms.

use domain::policy::Role;
use domain::token::TokenView;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::frame::Me;
use crate::part::{Declined, Field, Moment, Trouble, Waiting};
use crate::paths;

/// The list, and the form of a new one.
#[component]
pub(super) fn Tokens() -> impl IntoView {
    let tokens = Resource::new(|| (), |()| api::tokens());
    let revoking = ServerAction::<api::RevokeToken>::new();
    let refused = move || revoking.value().get().and_then(Result::err);
    let content = move || {
        Suspend::new(async move {
            match tokens.await {
                Err(error) => view! { <Trouble error=error/> }.into_any(),
                Ok(tokens) if tokens.is_empty() => {
                    view! { <p>"None. A program that asks the portal for something needs one."</p> }
                        .into_any()
                }
                Ok(tokens) => view! { <List tokens=tokens/> }.into_any(),
            }
        })
    };
    view! {
        <section class="stack" aria-labelledby="s-tokens">
            <h2 id="s-tokens">"Access tokens"</h2>
            {move || refused().map(|error| view! { <Declined what="the token" done="revoked" error=error/> })}
            <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
            <Create/>
        </section>
    }
}

#[component]
fn List(tokens: Vec<TokenView>) -> impl IntoView {
    let rows = tokens.into_iter().map(|token| view! { <Token token=token/> }).collect_view();
    view! {
        <div class="grid-frame">
            <table class="grid plain" role="grid">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader">"Name"</th>
                        <th role="columnheader">"May"</th>
                        <th role="columnheader">"Made"</th>
                        <th role="columnheader">"Ends"</th>
                        <th role="columnheader">"Last used"</th>
                        <th role="columnheader"><span class="sr-only">"Actions"</span></th>
                    </tr>
                </thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
}

#[component]
fn Token(token: TokenView) -> impl IntoView {
    let TokenView { id, name, role, made_by, made, expires, used } = token;
    let revoke = <api::RevokeToken as ServerFn>::url();
    let (may, path) = match role {
        Some((role, scope)) => (format!("{} of {}", role.name(), scope.words()), scope.to_string()),
        None => ("nothing any more: what it was for is gone".to_owned(), String::new()),
    };
    let ends = match expires {
        Some(at) => view! { <Moment at=at/> }.into_any(),
        None => "never".into_any(),
    };
    let last = match used {
        Some(at) => view! { <Moment at=at/> }.into_any(),
        None => "not yet".into_any(),
    };
    view! {
        <tr role="row">
            <td role="gridcell" data-phone="name" title=format!("made by {made_by}")><b>{name.clone()}</b></td>
            <td role="gridcell" data-phone="state" title=path>{may}</td>
            <td role="gridcell"><Moment at=made/></td>
            <td role="gridcell">{ends}</td>
            <td role="gridcell" data-phone="note">{last}</td>
            <td role="gridcell" class="actions" data-phone="plot">
                <form method="post" action=revoke>
                    <input type="hidden" name="token" value=id.to_string()/>
                    <input type="hidden" name="back" value="/settings"/>
                    <button class="button small" aria-label=format!("Revoke the token {name}")>"Revoke"</button>
                </form>
            </td>
        </tr>
    }
}

/// The form. It is sent as it is, and the answer shows the token once: no address and no script has it.
#[component]
fn Create() -> impl IntoView {
    let scope = Me::here().first_scope();
    let roles = Role::ALL.map(|role| view! { <option value=role.name()>{role.name()}</option> });
    let lengths =
        [("30d", "30 days"), ("90d", "90 days"), ("365d", "a year"), ("never", "ever, until it is revoked")]
            .map(|(value, word)| view! { <option value=value selected={value == "90d"}>{word}</option> });
    view! {
        <form class="card" method="post" action=paths::TOKENS>
            <header><h3>"New token"</h3><small>"it never may more than you may yourself"</small></header>
            <div class="stack">
                <Field id="token-name" label="Name" hint="What it is for. Histories call it so.">
                    <input class="input" id="token-name" name="name" required maxlength="64" autocomplete="off"
                        aria-describedby="token-name-hint token-name-error"/>
                </Field>
                <Field id="token-role" label="Role">
                    <span class="select">
                        <select class="input" id="token-role" name="role"
                            aria-describedby="token-role-hint token-role-error">{roles}</select>
                    </span>
                </Field>
                <Field id="token-scope" label="Scope"
                    hint="/ for everything, or the id of a subscription, group, pool or cluster.">
                    <input class="input code" id="token-scope" name="scope" value=scope required spellcheck="false"
                        autocomplete="off" aria-describedby="token-scope-hint token-scope-error"/>
                </Field>
                <Field id="token-expires" label="It holds for">
                    <span class="select">
                        <select class="input" id="token-expires" name="expires"
                            aria-describedby="token-expires-hint token-expires-error">{lengths}</select>
                    </span>
                </Field>
                <div class="button-row"><button class="button primary">"Make the token"</button></div>
            </div>
        </form>
    }
}
