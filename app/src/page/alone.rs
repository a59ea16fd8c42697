//! Pages without the frame: sign-in, and nothing at this address.

use leptos::prelude::*;
use leptos_meta::{Body, Title};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::part::Notice;
use crate::paths;

/// How to get in: a one-time link.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let refused = use_query_map().read_untracked().get("refused").is_some();
    view! {
        <Title text="Sign in"/>
        <Body attr:class="alone"/>
        <main class="alone-card" id="content">
            <svg class="mark" aria-hidden="true"><use href="/icons.svg#mark"></use></svg>
            <h1>"Sign in to Penstock"</h1>
            {refused.then(|| view! {
                <Notice tone="bad" title="This link does not work.">
                    <p>"A link signs in once, and only for a while. Ask for a new one as below."</p>
                </Notice>
            })}
            <p>
                "Nobody gets in without a one-time link. It was printed where the portal was started. For a new one, \
                 run this on that machine:"
            </p>
            <pre class="code-block" tabindex="0"><code>"penstock link --data <data folder>"</code></pre>
            <p class="quiet">"Starting the portal again prints a new link too."</p>
        </main>
    }
}

/// A link that was opened. Nothing has happened yet: whoever looks at links before people do, such as a mail program,
/// must not use one up.
#[component]
pub(crate) fn SignInLink() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    view! {
        <Title text="Sign in"/>
        <Body attr:class="alone"/>
        <main class="alone-card" id="content">
            <svg class="mark" aria-hidden="true"><use href="/icons.svg#mark"></use></svg>
            <h1>"Sign in to Penstock"</h1>
            <p>"This link signs one browser in, once. Press the button in the browser that you want to use."</p>
            <form method="post" action=paths::sign_in(&token)>
                <div class="button-row"><button class="button primary" type="submit">"Sign in"</button></div>
            </form>
        </main>
    }
}

/// Nothing at this address.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    crate::api::set_status(404);
    view! {
        <Title text="Not here"/>
        <Body attr:class="alone"/>
        <main class="alone-card" id="content">
            <svg class="mark" aria-hidden="true"><use href="/icons.svg#mark"></use></svg>
            <h1>"There is nothing at this address"</h1>
            <p>"The address may be mistyped, or what it led to was deleted."</p>
            <div class="button-row">
                <a class="button primary" href="/">"Home"</a>
                <a class="button" href="/jobs">"Flink Jobs"</a>
            </div>
        </main>
    }
}
