//! The virtual networks and subnets of a pool.

use domain::policy::{Permission, may};
use domain::pool::PoolPath;
use domain::view::{NetworkView, SubnetView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::page::{NotFound, pool_here};
use crate::part::{Crumbs, Declined, PageHead, Posted, Trouble, Typed, Waiting};
use crate::paths;

const RANGE: &str = "Of this machine: 127.8.0.0/24 and larger, up to /9.";

/// `/pools/{subscription}/{group}/{pool}/networks`.
#[component]
pub(crate) fn Networks() -> impl IntoView {
    let path = pool_here();
    let making = ServerAction::<api::NewNetwork>::new();
    let changing = ServerAction::<api::ChangeSubnet>::new();
    let deleting = ServerAction::<api::DeleteNetwork>::new();
    let refused = move || {
        let made = making.value().get().and_then(Result::err).map(|error| (error, "made"));
        let changed = changing.value().get().and_then(Result::err).map(|error| (error, "changed"));
        made.or(changed)
            .or_else(|| deleting.value().get().and_then(Result::err).map(|error| (error, "deleted")))
    };
    move || {
        let Some(pool) = path.get() else { return view! { <NotFound/> }.into_any() };
        let asked = pool.clone();
        let found = Resource::new(
            || (),
            move |()| {
                let pool = asked.clone();
                async move { Ok::<_, api::ApiError>((api::pool(pool.clone()).await?, api::networks(pool).await?)) }
            },
        );
        let content = move || {
            Suspend::new(async move {
                match found.await {
                    Ok((pool, networks)) => {
                        let manages = may(pool.role, Permission::Administer);
                        let cards = networks.into_iter().map(|network| {
                            view! { <Network pool=pool.path.clone() network=network manages=manages/> }
                        });
                        let cards = cards.collect_view();
                        let new = manages.then(|| view! { <NewNetwork pool=pool.path.clone()/> });
                        view! { {cards}{new} }.into_any()
                    }
                    Err(error) => view! { <Trouble error=error/> }.into_any(),
                }
            })
        };
        let name = pool.name().to_owned();
        view! {
            <Crumbs above=vec![("Cluster pools".into(), "/pools".into()), (name.clone(), paths::pool(&pool))] here="Networks"/>
            <PageHead title=format!("Networks of {name}")>
                <p>"Every cluster has an address of a subnet. No two networks share one."</p>
            </PageHead>
            {move || refused().map(|(error, done)| view! { <Declined what="it" done=done error=error/> })}
            <Suspense fallback=|| view! { <Waiting/> }>{content}</Suspense>
        }
        .into_any()
    }
}

#[component]
fn Network(pool: PoolPath, network: NetworkView, manages: bool) -> impl IntoView {
    let NetworkView { name, range, subnets } = network;
    let back = paths::of_pool(&pool, "networks");
    let hidden = vec![("pool", pool.to_string()), ("network", name.clone()), ("back", back.clone())];
    let rows = subnets.into_iter().map(|subnet| {
        view! { <Subnet network=name.clone() subnet=subnet hidden=hidden.clone() manages=manages/> }
    });
    let rows = rows.collect_view();
    let change = manages.then(|| {
        let fields = vec![
            Typed { name: "name", label: "Name", hint: "", value: String::new() },
            Typed { name: "range", label: "Range", hint: "A part of the network's that is free.", value: String::new() },
        ];
        view! {
            <details>
                <summary>"New subnet"</summary>
                <Posted action=<api::NewNetwork as ServerFn>::url() id=format!("subnet-of-{name}") hidden=hidden.clone()
                    fields=fields button="Make the subnet" about=format!("Make a subnet of {name}")/>
            </details>
            <footer>
                <Posted action=<api::DeleteNetwork as ServerFn>::url() id=format!("delete-{name}") hidden=hidden.clone()
                    button="Delete the network" about=format!("Delete the network {name}")/>
            </footer>
        }
    });
    view! {
        <section class="card">
            <header><h2>{name.clone()}</h2><small class="code">{range.to_string()}</small></header>
            <div class="grid-frame">
                <table class="grid plain" role="grid" aria-label=format!("Subnets of {name}")>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader">"Subnet"</th>
                            <th role="columnheader">"Range"</th>
                            <th role="columnheader">"Addresses"</th>
                            <th role="columnheader"><span class="sr-only">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">{rows}</tbody>
                </table>
            </div>
            {change}
        </section>
    }
}

#[component]
fn Subnet(
    network: String,
    subnet: SubnetView,
    hidden: Vec<(&'static str, String)>,
    manages: bool,
) -> impl IntoView {
    let SubnetView { name, range, used, total } = subnet;
    let hidden: Vec<_> = hidden.into_iter().chain([("subnet", name.clone())]).collect();
    let full = format!("{network} / {name}");
    let commands = manages.then(|| {
        let fields = vec![Typed { name: "range", label: "Range", hint: "", value: range.to_string() }];
        view! {
            <details>
                <summary>"Change"</summary>
                <Posted action=<api::ChangeSubnet as ServerFn>::url() id=format!("change-{network}-{name}") hidden=hidden.clone()
                    fields=fields button="Change the range" about=format!("Change the range of {full}")/>
            </details>
            <Posted action=<api::DeleteNetwork as ServerFn>::url() id=format!("delete-{network}-{name}") hidden=hidden.clone()
                button="Delete" about=format!("Delete the subnet {full}")/>
        }
    });
    view! {
        <tr role="row">
            <td role="gridcell"><b>{name.clone()}</b></td>
            <td role="gridcell" class="code">{range.to_string()}</td>
            <td role="gridcell">{format!("{used} of {total}")}</td>
            <td role="gridcell" class="actions">{commands}</td>
        </tr>
    }
}

#[component]
fn NewNetwork(pool: PoolPath) -> impl IntoView {
    let hidden = vec![("pool", pool.to_string()), ("back", paths::of_pool(&pool, "networks"))];
    let fields = vec![
        Typed { name: "name", label: "Name", hint: "", value: String::new() },
        Typed { name: "range", label: "Range", hint: RANGE, value: String::new() },
    ];
    view! {
        <section class="card">
            <header><h2>"New virtual network"</h2></header>
            <Posted action=<api::NewNetwork as ServerFn>::url() id="network" hidden=hidden fields=fields
                button="Make the network" about="Make the network"/>
        </section>
    }
}
