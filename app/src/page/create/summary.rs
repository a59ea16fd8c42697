//! Everything that was entered, and the same cluster as text.

use domain::form::{ClusterForm, Tab};
use domain::id::DraftId;
use domain::view::Preflight;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::FormState;
use super::gives::grouped;
use crate::part::{Chip, Code, Fact, Facts};
use crate::paths;

/// Formats of the same cluster, with the word on their chip and the name of the file.
const FORMATS: [(&str, &str, &str); 4] = [
    ("json", "JSON", "cluster.json"),
    ("yaml", "YAML", "cluster.yaml"),
    ("curl", "curl", "curl"),
    ("cli", "CLI", "command"),
];

/// The right side of Review.
#[component]
pub(crate) fn Summary(
    /// The form's context.
    filling: FormState,
    /// The draft.
    id: DraftId,
    /// The form.
    form: ClusterForm,
    /// What the preflight found.
    report: Option<Preflight>,
) -> impl IntoView {
    let pool = filling.context.with_value(|context| context.pool.path.clone());
    let here = paths::draft(&pool, id, Tab::Review, "basics.configuration.tags");
    let (texts, configuration) =
        report.map(|report| (report.as_text, report.configuration)).unwrap_or_default();
    let query = use_query_map();
    let show = Memo::new(move |_| query.read().get("show").unwrap_or_default());
    let known: Vec<_> = FORMATS.into_iter().filter(|(name, ..)| texts.contains_key(*name)).collect();
    let offered = known.clone();
    let several = !known.is_empty();
    let chips = move || {
        let show = show.get();
        let summary = !offered.iter().any(|(name, ..)| *name == show);
        let formats = offered.iter().map(|(name, word, _)| {
            let (word, chosen) = (*word, show == *name);
            view! { <Chip href=format!("{here}&show={name}") chosen=chosen>{word}</Chip> }
        });
        view! { <Chip href=here.clone() chosen=summary>"Summary"</Chip>{formats.collect_view()} }
    };
    let content = move || match known.iter().find(|(name, ..)| *name == show.get()) {
        Some((name, _, file)) => {
            let text = texts.get(*name).cloned().unwrap_or_default();
            view! { <Code name=*file text=text/> }.into_any()
        }
        None => {
            view! { <Entered filling=filling id=id form=form.clone() configuration=configuration.clone()/> }
                .into_any()
        }
    };
    view! {
        {several.then(|| view! { <div class="chips" role="group" aria-label="Form">{chips}</div> })}
        {content}
    }
}

#[component]
fn Entered(
    filling: FormState,
    id: DraftId,
    form: ClusterForm,
    configuration: Vec<(String, String, String)>,
) -> impl IntoView {
    let (pool, flink) = filling.context.with_value(|context| {
        let version = context.offer.versions.iter().find(|one| one.version == form.version);
        (context.pool.clone(), version.map(|one| format!(", Flink {}", one.flink)).unwrap_or_default())
    });
    let in_pool = pool.path.clone();
    let change = |tab: Tab| {
        let href = paths::draft(&in_pool, id, tab, "basics.configuration.tags");
        view! { <a href=href aria-label=format!("Change {}", tab.word())>"Change"</a> }
    };
    let size = |cpu: &str, memory: &str| {
        let memory = memory.trim().parse().map_or_else(|_| memory.to_owned(), |mb: u32| grouped(mb.into()));
        format!("{cpu} CPU, {memory} MB")
    };
    let or = |text: &str, none: &str| if text.trim().is_empty() { none.to_owned() } else { text.to_owned() };
    let tags = form.tags.iter().filter(|tag| !tag.key.trim().is_empty()).map(|tag| {
        let value = tag.value.trim();
        let words = if value.is_empty() { tag.key.clone() } else { format!("{}:{value}", tag.key) };
        view! { <span class="tag">{words}</span> }
    });
    let tags = tags.collect_view();
    let yours = configuration.iter().filter(|(_, _, whose)| whose == "yours").count();
    let count = format!("{}, {yours} yours", crate::words::count(configuration.len(), "option", "options"));
    let results = !configuration.is_empty();
    let width = configuration
        .iter()
        .map(|(key, value, _)| key.len() + value.len() + 2)
        .max()
        .unwrap_or_default()
        .min(46);
    let lines = configuration.into_iter().map(|(key, value, whose)| {
        let gap = " ".repeat(width.saturating_sub(key.len() + value.len() + 2) + 2);
        view! {
            <span class="key">{key}":"</span>" "<span class="string">{value}</span>{gap}<span class="comment">{format!("# {whose}\n")}</span>
        }
    });
    let lines = lines.collect_view();
    let nodes = format!("{} × {} and 2 head nodes", form.worker_nodes, form.node_size.replace('_', " "));
    let program = if form.is_script() {
        vec![("Flink SQL", crate::words::count(form.sql.lines().count(), "line", "lines"))]
    } else {
        vec![
            ("Jar", or(&form.jar, "–")),
            ("Entry class", or(&form.entry_class, "as the manifest names")),
            ("Args", or(&form.args, "–")),
        ]
    };
    let program = program.into_iter().map(|(name, value)| {
        view! { <Fact name=name><span class="code">{value}</span></Fact> }
    });
    let program = program.collect_view();
    view! {
        <section class="card">
            <header><h2>"Basics"</h2>{change(Tab::Basics)}</header>
            <Facts>
                <Fact name="Cluster name">{or(&form.name, "–")}</Fact>
                <Fact name="Pool">{format!("{}, pool version {}", pool.path.name(), pool.version)}</Fact>
                <Fact name="Cluster version">{format!("{}{flink}", form.version)}</Fact>
                <Fact name="Storage">{format!("{} / {}", form.account, form.container)}</Fact>
                <Fact name="Network">{if form.subnet.is_empty() { "the pool's first".to_owned() } else { format!("{} / {}", form.network, form.subnet) }}</Fact>
            </Facts>
            <header><h2>"Configuration"</h2>{change(Tab::Configuration)}</header>
            <Facts>
                <Fact name="Nodes">{nodes}</Fact>
                {program}
                <Fact name="More jars"><span class="code">{or(&form.more_jars, "–")}</span></Fact>
                <Fact name="Savepoints go to"><span class="code">{or(&form.savepoint_directory, "the cluster's container")}</span></Fact>
                <Fact name="Starts from"><span class="code">{or(&form.savepoint, "nothing, fresh")}</span></Fact>
                <Fact name="Upgrade mode">{form.upgrade_mode.clone()}</Fact>
                <Fact name="Task manager">{size(&form.task_manager_cpu, &form.task_manager_memory)}</Fact>
                <Fact name="Job manager">{size(&form.job_manager_cpu, &form.job_manager_memory)}</Fact>
            </Facts>
            <header><h2>"Tags"</h2>{change(Tab::Tags)}</header>
            {if tags.is_empty() { view! { <p class="quiet">"None"</p> }.into_any() } else { view! { <p class="tags">{tags}</p> }.into_any() }}
            <header><h2>"Flink configuration that results"</h2>{results.then(|| view! { <small>{count}</small> })}</header>
            {if results {
                view! { <pre class="code-block" tabindex="0"><code>{lines}</code></pre> }.into_any()
            } else {
                view! { <p class="quiet">"Known once every field holds what it should."</p> }.into_any()
            }}
        </section>
    }
}
