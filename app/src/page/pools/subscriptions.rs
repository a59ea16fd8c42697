//! Subscriptions and resource groups: what owns pools, and on which roles are given.

use domain::policy::{Permission, may};
use domain::pool::PoolPath;
use domain::view::{GroupView, SubscriptionView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::frame::Me;
use crate::part::{
    Act, Cell, Crumbs, Declined, FoldedForm, Input, Kind, PageHead, PlainForm, Table, Trouble, Waiting,
    one_button,
};
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
        view! {
            <PlainForm id="subscription" title="New subscription" action={<api::SaveSubscription as ServerFn>::url()}
                hidden=vec![back()] inputs=vec![Input::new("name", "Name", "", Kind::Needed)] button="Make the subscription"/>
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
    let rows = groups.into_iter().map(|group| line(&name, &id, group)).collect();
    let changes = manages.then(|| view! { <Changes id=id.clone() subscription=name.clone()/> });
    view! {
        <section class="card">
            <header><h2>{name}</h2><small class="code">{id}</small></header>
            <Table heads=&["Resource group", "Cluster pools", ""] rows=rows/>
            {changes}
        </section>
    }
}

fn line(subscription: &str, id: &str, group: GroupView) -> Vec<Cell> {
    let GroupView { name, role, pools } = group;
    let links = pools.into_iter().map(|pool| (paths::pool(&PoolPath::of(subscription, &name, &pool)), pool));
    let links = Cell::Links(links.collect());
    let delete = || Act {
        action: <api::DeleteScope as ServerFn>::url(),
        fields: vec![("subscription", id.to_owned()), ("group", name.clone()), back()],
        word: "Delete",
        label: format!("Delete the resource group {name}"),
    };
    let acts = role.is_some_and(|role| may(role, Permission::Administer)).then(delete);
    vec![Cell::Text(name), links, Cell::Acts(acts.into_iter().collect())]
}

/// What an owner may do with a subscription.
#[component]
fn Changes(id: String, subscription: String) -> impl IntoView {
    let hidden = vec![("subscription", id.clone()), back()];
    let group = vec![Input::new("name", "Name of the group", "", Kind::Needed)];
    let hint = "Addresses of its pools change with it; roles do not.";
    let new_name = vec![Input::new("name", "Name", hint, Kind::Needed).holding(&subscription)];
    let delete = Act {
        action: <api::DeleteScope as ServerFn>::url(),
        fields: hidden.clone(),
        word: "Delete the subscription",
        label: format!("Delete the subscription {subscription}"),
    };
    view! {
        <FoldedForm id=format!("group-{id}") title="New resource group" action={<api::NewGroup as ServerFn>::url()}
            hidden=hidden.clone() inputs=group button=format!("Make the group in {subscription}")/>
        <FoldedForm id=format!("rename-{id}") title="Rename" action={<api::SaveSubscription as ServerFn>::url()}
            hidden=hidden inputs=new_name button=format!("Rename {subscription}")/>
        <footer>{one_button(delete)}</footer>
    }
}
