//! The cards of a pool's page: its quota, versions, node sizes, and what its clusters may use.

use domain::view::PoolDetails;
use leptos::prelude::*;

use crate::part::{Cell, Fact, Facts, Table};
use crate::words::{compact, gigabytes};

/// How much of everything is in use.
#[component]
pub(super) fn Quota(details: Signal<PoolDetails>) -> impl IntoView {
    let bars = move || {
        details.with(|details| {
            let pool = &details.pool;
            let (cpu, memory) = ((pool.cpu_used, pool.cpu_total), (pool.memory_used_mb, pool.memory_total_mb));
            let clusters = match details.most_clusters {
                Some(most) => format!("{} of {most}", pool.counts.all),
                None => format!("{}, any number", pool.counts.all),
            };
            let most = details.most_clusters.map_or(f64::INFINITY, f64::from);
            let subnets = details.networks.iter().flat_map(|network| &network.subnets);
            let (used, total) = subnets.fold((0, 0), |(used, total), one| (used + one.used, total + one.total));
            [
                ("vCPU", format!("{} of {} vCPU in use", compact(cpu.0), compact(cpu.1)), cpu.0, cpu.1),
                (
                    "Memory",
                    format!("{} of {} in use", gigabytes(memory.0), gigabytes(memory.1)),
                    part(memory.0),
                    part(memory.1),
                ),
                ("Clusters", clusters, f64::from(pool.counts.all), most),
                ("Addresses", format!("{used} of {total}"), f64::from(used), f64::from(total)),
            ]
            .map(|(name, words, used, total)| {
                let value = (used / total.max(1.0)).clamp(0.0, 1.0);
                view! {
                    <div class="progress-line">
                        <span>{name}</span>
                        <span class="num">{words}</span>
                        <progress class="progress" class:bad={used >= total} value=value.to_string() aria-label=name></progress>
                    </div>
                }
            })
        })
    };
    // Others on the same machine may take what the quota leaves.
    let shared = move || {
        details.with(|details| {
            let ((cpu, memory), (cpu_used, memory_used)) = (details.shared, details.shared_used);
            let (cpu, memory) = ((cpu - cpu_used).max(0.0), memory.saturating_sub(memory_used));
            format!(
                "The pools of {} share what it has; {} vCPU and {} of it are free.",
                details.pool.provider,
                compact(cpu),
                gigabytes(memory)
            )
        })
    };
    view! {
        <section class="card">
            <header><h2>"Quota"</h2></header>
            <div class="stack">{bars}</div>
            <p class="quiet">{shared}</p>
        </section>
    }
}

#[allow(clippy::cast_precision_loss)] // A bar is not that long.
fn part(mb: u64) -> f64 {
    mb as f64
}

/// The cluster versions on offer.
#[component]
pub(super) fn Versions(details: Signal<PoolDetails>) -> impl IntoView {
    let rows = move || {
        let line = |(one, clusters): &(domain::offer::Version, u32)| {
            [one.version.clone(), one.flink.clone(), one.java.to_string(), clusters.to_string()]
                .map(Cell::Text)
                .into()
        };
        details.with(|details| details.versions.iter().map(line).collect())
    };
    view! {
        <section class="card">
            <header><h2>"Versions"</h2></header>
            {move || view! { <Table heads=&["Cluster version", "Flink", "Java", "Clusters"] rows=rows()/> }}
        </section>
    }
}

/// The node sizes on offer.
#[component]
pub(super) fn Sizes(details: Signal<PoolDetails>) -> impl IntoView {
    let rows = move || {
        details.with(|details| {
            let price = |price: Option<f64>| match price {
                Some(price) => format!("{price} {}", details.currency).trim_end().to_owned(),
                None => "\u{2013}".to_owned(),
            };
            let line = |(one, clusters): &(domain::offer::NodeSize, u32)| {
                [
                    one.name.replace('_', " "),
                    compact(one.cpu),
                    gigabytes(one.memory_mb.into()),
                    price(one.price),
                    clusters.to_string(),
                ]
                .map(Cell::Text)
                .into()
            };
            details.sizes.iter().map(line).collect()
        })
    };
    view! {
        <section class="card">
            <header><h2>"Node sizes"</h2></header>
            {move || view! { <Table heads=&["Name", "vCPU", "Memory", "Per hour", "In use"] rows=rows()/> }}
        </section>
    }
}

/// What its clusters may use.
#[component]
pub(super) fn MayUse(details: Signal<PoolDetails>) -> impl IntoView {
    let networks = move || {
        details.with(|details| {
            let names = details.networks.iter().map(|network| {
                let subnets: Vec<&str> = network.subnets.iter().map(|one| one.name.as_str()).collect();
                format!(
                    "{}: {}",
                    network.name,
                    if subnets.is_empty() { "no subnet".to_owned() } else { subnets.join(", ") }
                )
            });
            let names: Vec<String> = names.collect();
            if names.is_empty() { "None yet: no cluster can be created".to_owned() } else { names.join("; ") }
        })
    };
    let accounts = move || details.with(|details| details.accounts.join(", "));
    view! {
        <section class="card">
            <header><h2>"What its clusters may use"</h2></header>
            <Facts>
                <Fact name="Networks">{networks}</Fact>
                <Fact name="Storage accounts">{accounts}</Fact>
            </Facts>
        </section>
    }
}
