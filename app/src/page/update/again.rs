//! `/clusters/{id}/again`: another cluster like one that is there, and the way on when a creation failed.

use domain::form::Tab;
use domain::id::ClusterId;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_params_map;

use crate::api;
use crate::part::{Trouble, Waiting};
use crate::paths;

/// Begins a draft with everything that a cluster's specification says, but for its name and its secrets.
#[component]
pub(crate) fn Again() -> impl IntoView {
    let params = use_params_map();
    let draft = Resource::new(
        move || params.read().get("id").unwrap_or_default(),
        |id| async move {
            match id.parse::<ClusterId>() {
                Ok(id) => api::draft_of(id).await,
                Err(_) => {
                    Err(domain::refusal::Refusal::NotFound("There is no such cluster.".to_owned()).into())
                }
            }
        },
    );
    let content = move || {
        Suspend::new(async move {
            match draft.await {
                Ok((pool, id)) => {
                    let tabs = "basics.configuration.tags";
                    view! { <Redirect path=paths::draft(&pool, id, Tab::Configuration, tabs)/> }.into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense> }.into_any()
}
