//! What a program that somebody uploads is kept from on this machine, and what not.

use leptos::prelude::*;

use crate::api;
use crate::part::{Fact, Facts, Icon, Trouble, Waiting};

/// The card. The machine does not change while a portal runs.
#[component]
pub(super) fn Safeguards() -> impl IntoView {
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
