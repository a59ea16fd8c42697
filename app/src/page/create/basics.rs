//! The tabs Basics and Tags.

use domain::form::Tab;
use leptos::prelude::*;

use super::FormState;
use super::input::{Choice, Given, Text};
use super::rows::RowList;
use crate::fields::Rows;
use crate::paths::tab_name;

/// Where the cluster is, what it is called, where it keeps its files.
#[component]
pub(crate) fn Basics(
    /// The form.
    filling: FormState,
) -> impl IntoView {
    let context = filling.context.get_value();
    let pool = context.pool;
    let versions: Vec<(String, String)> = context
        .offer
        .versions
        .into_iter()
        .map(|one| (one.version.clone(), format!("{}, Flink {}, Java {}", one.version, one.flink, one.java)))
        .collect();
    let accounts: Vec<(String, String)> = context
        .offer
        .accounts
        .into_iter()
        .map(|one| (one.name.clone(), format!("{}, {}", one.name, one.kind)))
        .collect();
    let containers = Signal::derive(move || {
        let account = filling.get("account");
        filling.context.with_value(|context| {
            let account = context.offer.accounts.iter().find(|one| one.name == account);
            let names = account.map(|one| one.containers.clone()).unwrap_or_default();
            names.into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>()
        })
    });
    let networks = Signal::derive(move || {
        filling.context.with_value(|context| {
            let mut names: Vec<String> =
                context.offer.subnets.iter().map(|one| one.network.clone()).collect();
            names.dedup();
            names.into_iter().map(|name| (name.clone(), name)).collect::<Vec<_>>()
        })
    });
    let subnets = Signal::derive(move || {
        let network = filling.get("network");
        filling.context.with_value(|context| {
            let own = context.offer.subnets.iter().filter(|one| one.network == network);
            let words = own.map(|one| {
                let left = one.range.runs().saturating_sub(one.used);
                (one.name.clone(), format!("{}, {}, {left} addresses left", one.name, one.range))
            });
            words.collect::<Vec<_>>()
        })
    });
    view! {
        <div class="columns form">
            <div class="form">
                <section class="form-section" aria-labelledby="s-project">
                    <h2 id="s-project">"Project"</h2>
                    <div class="field-row">
                        <Given label="Subscription" value=pool.path.subscription().to_owned()/>
                        <Given label="Resource group" value=pool.path.group().to_owned()/>
                    </div>
                    <div class="field-row">
                        <Given label="Region" value=pool.region/>
                        <Given label="Cluster pool" value=format!("{}, version {}", pool.path.name(), pool.version)/>
                    </div>
                </section>
                <section class="form-section" aria-labelledby="s-cluster">
                    <h2 id="s-cluster">"Cluster"</h2>
                    <Text filling=filling field="name" label="Cluster name" code=true
                        hint="Small letters, digits and hyphens, up to 45. Its job has the same name."/>
                    <div class="field-row">
                        <Choice filling=filling field="version" label="Cluster version" choices=versions/>
                        <Given label="Cluster type" value="Flink"/>
                    </div>
                </section>
                <section class="form-section" aria-labelledby="s-storage">
                    <h2 id="s-storage">"Storage"</h2>
                    <div class="field-row">
                        <Choice filling=filling field="account" label="Storage account" choices=accounts/>
                        <Choice filling=filling field="container" label="Container" choices=containers
                            hint="Checkpoints and savepoints are kept here."/>
                    </div>
                </section>
                <section class="form-section" aria-labelledby="s-network">
                    <h2 id="s-network">"Network"</h2>
                    <div class="field-row">
                        <Choice filling=filling field="network" label="Virtual network" choices=networks/>
                        <Choice filling=filling field="subnet" label="Subnet" choices=subnets
                            hint="The cluster listens at an address of it."/>
                    </div>
                </section>
                <Foot before=None next=Tab::Configuration/>
            </div>
        </div>
    }
}

/// Names and values by which grids filter.
#[component]
pub(crate) fn Tags(
    /// The form.
    filling: FormState,
) -> impl IntoView {
    view! {
        <div class="columns form">
            <div class="form">
                <TagRows filling=filling/>
                <Foot before=Some(Tab::Configuration) next=Tab::Review/>
            </div>
        </div>
    }
}

/// The tags themselves: on their tab, and where a cluster is updated.
#[component]
pub(crate) fn TagRows(
    /// The form.
    filling: FormState,
) -> impl IntoView {
    view! {
        <section class="form-section" aria-labelledby="s-tags">
            <h2 id="s-tags">"Tags"</h2>
            <p class="hint">"A name and a value, such as team and risk. The grid filters by them. A value may be empty; up to 50."</p>
            <RowList filling=filling rows=Rows::Tags thing="Tag"/>
        </section>
    }
}

/// The buttons below a tab: each names the tab that it leads to.
#[component]
pub(crate) fn Foot(
    /// The tab before.
    before: Option<Tab>,
    /// The next one.
    next: Tab,
) -> impl IntoView {
    view! {
        <footer class="form-foot">
            {before.map(|tab| view! {
                <button class="button" name="go" value=tab_name(tab)>{format!("Previous: {}", tab.word())}</button>
            })}
            <button class="button primary" name="go" value=tab_name(next)>{format!("Next: {}", next.word())}</button>
        </footer>
    }
}
