//! The virtual networks and subnets of a pool.

use domain::policy::{Permission, may};
use domain::pool::PoolPath;
use domain::view::{NetworkView, SubnetView};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;

use crate::api;
use crate::page::{NotFound, pool_here};
use crate::part::{
    Act, Cell, Crumbs, Declined, FoldedForm, Input, Kind, PageHead, PlainForm, Table, Trouble, Waiting,
    one_button,
};
use crate::paths;

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

/// What is sent of a network by every form.
type Hidden = Vec<(&'static str, String)>;

#[component]
fn Network(pool: PoolPath, network: NetworkView, manages: bool) -> impl IntoView {
    let NetworkView { name, range, subnets } = network;
    let hidden: Hidden = vec![
        ("pool", pool.to_string()),
        ("network", name.clone()),
        ("back", paths::of_pool(&pool, "networks")),
    ];
    let names: Vec<_> =
        subnets.iter().map(|one| (one.name.clone(), format!("{}, {}", one.name, one.range))).collect();
    let rows = subnets.into_iter().map(|subnet| line(&name, &hidden, subnet, manages)).collect();
    let changes = manages.then(|| view! { <Changes name=name.clone() hidden=hidden subnets=names/> });
    view! {
        <section class="card">
            <header><h2>{name}</h2><small class="code">{range.to_string()}</small></header>
            <Table heads=&["Subnet", "Range", "Addresses", ""] rows=rows/>
            {changes}
        </section>
    }
}

fn line(network: &str, hidden: &Hidden, subnet: SubnetView, manages: bool) -> Vec<Cell> {
    let SubnetView { name, range, used, total } = subnet;
    let delete = || Act {
        action: <api::DeleteNetwork as ServerFn>::url(),
        fields: hidden.iter().cloned().chain([("subnet", name.clone())]).collect(),
        word: "Delete",
        label: format!("Delete the subnet {network} / {name}"),
    };
    let acts = manages.then(delete).into_iter().collect();
    vec![
        Cell::Text(name),
        Cell::Text(range.to_string()),
        Cell::Text(format!("{used} of {total} in use")),
        Cell::Acts(acts),
    ]
}

/// What an owner may do with a network.
#[component]
fn Changes(name: String, hidden: Hidden, subnets: Vec<(String, String)>) -> impl IntoView {
    let new = vec![
        Input::new("name", "Name", "", Kind::Needed),
        Input::new("range", "Range", "A part of the network's that is free.", Kind::Needed),
    ];
    let change = (!subnets.is_empty()).then(|| {
        let inputs = vec![
            Input::new("subnet", "Subnet", "", Kind::Choice(subnets)),
            Input::new("range", "New range", "It holds every address that is in use.", Kind::Needed),
        ];
        view! {
            <FoldedForm id=format!("change-in-{name}") title="Change a subnet" action={<api::ChangeSubnet as ServerFn>::url()}
                hidden=hidden.clone() inputs=inputs button=format!("Change the range in {name}")/>
        }
    });
    let delete = Act {
        action: <api::DeleteNetwork as ServerFn>::url(),
        fields: hidden.clone(),
        word: "Delete the network",
        label: format!("Delete the network {name}"),
    };
    view! {
        <FoldedForm id=format!("new-in-{name}") title="New subnet" action={<api::NewNetwork as ServerFn>::url()}
            hidden=hidden inputs=new button=format!("Make the subnet in {name}")/>
        {change}
        <footer>{one_button(delete)}</footer>
    }
}

#[component]
fn NewNetwork(pool: PoolPath) -> impl IntoView {
    let hidden = vec![("pool", pool.to_string()), ("back", paths::of_pool(&pool, "networks"))];
    let inputs = vec![
        Input::new("name", "Name", "", Kind::Needed),
        Input::new("range", "Range", "Of this machine: 127.8.0.0/24 and larger, up to /9.", Kind::Needed),
    ];
    view! {
        <PlainForm id="network" title="New virtual network" action={<api::NewNetwork as ServerFn>::url()}
            hidden=hidden inputs=inputs button="Make the network"/>
    }
}
