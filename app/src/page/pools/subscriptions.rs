//! Subscriptions and resource groups: what owns pools, and on which roles are given.

use domain::policy::{Permission, may};
use domain::pool::PoolPath;
use domain::view::{GroupView, SubscriptionView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::frame::Me;
use crate::part::{Crumbs, Declined, PageHead, Posted, Trouble, Typed, Waiting};
use crate::paths;

/// `/subscriptions`.
#[component]
pub(crate) fn Subscriptions() -> impl IntoView {
    let found = Resource::new(|| (), |()| api::scopes());
    let saving = ServerAction::<api::SaveSubscription>::new();
    let making = ServerAction::<api::NewGroup>::new();
    let deleting = ServerAction::<api::DeleteScope>::new();
    let refused = move || {
        let saved = saving.value().get().and_then(Result::err).map(|error| (error, "saved"));
        let made = making.value().get().and_then(Result::err).map(|error| (error, "made"));
        saved
            .or(made)
            .or_else(|| deleting.value().get().and_then(Result::err).map(|error| (error, "deleted")))
    };
    let content = move || {
        Suspend::new(async move {
            match found.await {
                Ok(all) => {
                    let cards = all.into_iter().map(|one| view! { <Subscription subscription=one/> });
                    cards.collect_view().into_any()
                }
                Err(error) => view! { <Trouble error=error/> }.into_any(),
            }
        })
    };
    let new = Me::here().may_everywhere(Permission::Administer).then(|| {
        let fields = vec![Typed { name: "name", label: "Name", hint: "", value: String::new() }];
        view! {
            <section class="card">
                <header><h2>"New subscription"</h2></header>
                <Posted action=<api::SaveSubscription as ServerFn>::url() id="subscription" hidden=vec![back()] fields=fields
                    button="Make the subscription" about="Make the subscription"/>
            </section>
        }
    });
    view! {
        <Crumbs above=vec![("Cluster pools".into(), "/pools".into())] here="Subscriptions and groups"/>
        <PageHead title="Subscriptions and groups">
            <p>"A role for one of them holds for everything in it."</p>
        </PageHead>
        {move || refused().map(|(error, done)| view! { <Declined what="it" done=done error=error/> })}
        <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
        {new}
    }
    .into_any()
}

fn back() -> (&'static str, String) {
    ("back", paths::SUBSCRIPTIONS.to_owned())
}

#[component]
fn Subscription(subscription: SubscriptionView) -> impl IntoView {
    let SubscriptionView { id, name, role, groups } = subscription;
    let manages = role.is_some_and(|role| may(role, Permission::Administer));
    let rows = groups
        .into_iter()
        .map(|group| view! { <Group subscription=name.clone() id=id.clone() group=group/> });
    let rows = rows.collect_view();
    let commands = manages.then(|| {
        let hidden = vec![("subscription", id.clone()), back()];
        let group = vec![Typed { name: "name", label: "Name of the group", hint: "", value: String::new() }];
        let rename = vec![Typed {
            name: "name",
            label: "Name",
            hint: "Addresses of its pools change with it; roles do not.",
            value: name.clone(),
        }];
        view! {
            <details>
                <summary>"New resource group"</summary>
                <Posted action=<api::NewGroup as ServerFn>::url() id=format!("group-{id}") hidden=hidden.clone() fields=group
                    button="Make the group" about=format!("Make a group in {name}")/>
            </details>
            <details>
                <summary>"Rename"</summary>
                <Posted action=<api::SaveSubscription as ServerFn>::url() id=format!("rename-{id}") hidden=hidden.clone() fields=rename
                    button="Rename" about=format!("Rename {name}")/>
            </details>
            <footer>
                <Posted action=<api::DeleteScope as ServerFn>::url() id=format!("delete-{id}") hidden=hidden
                    button="Delete the subscription" about=format!("Delete the subscription {name}")/>
            </footer>
        }
    });
    view! {
        <section class="card">
            <header><h2>{name.clone()}</h2><small class="code">{id.clone()}</small></header>
            <div class="grid-frame">
                <table class="grid plain" role="grid" aria-label=format!("Resource groups of {name}")>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader">"Resource group"</th>
                            <th role="columnheader">"Cluster pools"</th>
                            <th role="columnheader"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
            {commands}
        </section>
    }
}

#[component]
fn Group(subscription: String, id: String, group: GroupView) -> impl IntoView {
    let GroupView { name, role, pools } = group;
    let links = pools.into_iter().map(|pool| {
        let href = paths::pool(&PoolPath::of(&subscription, &name, &pool));
        view! { <a href=href>{pool}</a>" " }
    });
    let links = links.collect_view();
    let delete = role.is_some_and(|role| may(role, Permission::Administer)).then(|| {
        let hidden = vec![("subscription", id.clone()), ("group", name.clone()), back()];
        view! {
            <Posted action=<api::DeleteScope as ServerFn>::url() id=format!("delete-{id}-{name}") hidden=hidden
                button="Delete" about=format!("Delete the resource group {name}")/>
        }
    });
    view! {
        <tr role="row">
            <td role="gridcell"><b>{name.clone()}</b></td>
            <td role="gridcell">{links}</td>
            <td role="gridcell" class="actions">{delete}</td>
        </tr>
    }
}
