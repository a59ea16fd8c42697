//! The tab Configuration: nodes, the job, Flink's options, processes; and what they give, beside them.

use domain::form::Tab;
use domain::spec::UpgradeMode;
use leptos::prelude::*;

use super::basics::Foot;
use super::gives::grouped;
use super::input::{Choice, Text};
use super::program::Program;
use super::rows::{OptionKeys, RowList};
use super::{FormState, Gives, JarLook};
use crate::fields::Rows;
use crate::words::{compact, gigabytes};

/// The tab.
#[component]
pub(crate) fn Configuration(
    /// The form.
    filling: FormState,
    /// The jar that it names.
    look: JarLook,
) -> impl IntoView {
    view! {
        <div class="columns form">
            <div class="form">
                <Job filling=filling look=look new=true/>
                <Foot before=Some(Tab::Basics) next=Tab::Tags/>
            </div>
            <Gives filling=filling/>
        </div>
    }
}

/// The fields of nodes, job, options and processes: those of a new cluster, and those that an update can change.
#[component]
pub(crate) fn Job(
    /// The form.
    filling: FormState,
    /// The jar that it names.
    look: JarLook,
    /// A new cluster: also where it starts from and how it is upgraded.
    new: bool,
) -> impl IntoView {
    let sizes = filling.context.with_value(|context| {
        let words = context.offer.node_sizes.iter().map(|size| {
            let price = size.price.map(|price| format!(", {price:.2} / h")).unwrap_or_default();
            let memory = gigabytes(size.memory_mb.into());
            (
                size.name.clone(),
                format!("{} · {} vCPU, {memory}{price}", size.name.replace('_', " "), compact(size.cpu)),
            )
        });
        words.collect::<Vec<_>>()
    });
    view! {
        <section class="form-section" aria-labelledby="s-nodes">
            <h2 id="s-nodes">"Nodes"</h2>
            <div class="field-row">
                <Choice filling=filling field="node_size" label="Node size" choices=sizes/>
                <Text filling=filling field="worker_nodes" label="Number of worker nodes" number=true
                    hint="Head nodes: 2, fixed"/>
            </div>
        </section>
        <section class="form-section program" aria-labelledby="s-job">
            <h2 id="s-job">"Deployment "<span class="tag">"Application Mode"</span></h2>
            <Program filling=filling look=look/>
            <Text filling=filling field="savepoint_directory" label="Savepoint directory" optional=true code=true
                hint="Stop, Savepoint and updates write here, each cluster in a folder of its own. Empty is the cluster's own container."/>
            {new.then(|| view! { <Start filling=filling look=look/> })}
        </section>
        <section class="form-section" aria-labelledby="s-options">
            <h2 id="s-options">"Flink job configuration"</h2>
            <RowList filling=filling rows=Rows::Options thing="Option"/>
            <OptionKeys filling=filling/>
        </section>
        <section class="form-section" aria-labelledby="s-processes">
            <h2 id="s-processes">"Service configuration"</h2>
            <div class="field-row">
                <Text filling=filling field="task_manager_cpu" label="Task manager CPU" number=true/>
                <Text filling=filling field="task_manager_memory" label="Task manager memory" number=true unit="MB"/>
            </div>
            <div class="field-row">
                <Text filling=filling field="job_manager_cpu" label="Job manager CPU" number=true/>
                <Text filling=filling field="job_manager_memory" label="Job manager memory" number=true unit="MB"
                    hint=Signal::derive(move || split(filling))/>
            </div>
        </section>
    }
}

/// How a secret of a key vault is named, by an example that is there.
pub(super) fn references(filling: FormState) -> String {
    let first = filling.context.with_value(|context| {
        let mut vaults = context.offer.vaults.iter();
        vaults.find_map(|vault| Some(format!("${{{}/{}}}", vault.name, vault.secrets.first()?.0)))
    });
    match first {
        Some(first) => format!("A secret is better kept in a key vault and named here, such as {first}."),
        None => "A secret is better kept in a key vault (see Resources) and named here as ${vault/secret}."
            .to_owned(),
    }
}

/// Where a new job starts from.
#[component]
fn Start(filling: FormState, look: JarLook) -> impl IntoView {
    let modes: Vec<(String, String)> =
        UpgradeMode::ALL.iter().map(|mode| (mode.name().to_owned(), mode.name().to_owned())).collect();
    let meaning = Signal::derive(move || {
        let words = match UpgradeMode::named(&filling.get("upgrade_mode"))? {
            UpgradeMode::Update => "A version upgrade starts from the last savepoint.",
            UpgradeMode::StatelessUpdate => "A version upgrade starts fresh, without state.",
            UpgradeMode::LastStateUpdate => "A version upgrade starts from the last checkpoint.",
        };
        Some(words.to_owned())
    });
    let offered = Signal::derive(move || {
        let count = look.savepoints.with(Vec::len);
        Some(match count {
            0 => "Empty starts fresh. There is no savepoint in the container yet.".to_owned(),
            _ => format!(
                "Empty starts fresh. {} in the container.",
                crate::words::count(count, "savepoint", "savepoints")
            ),
        })
    });
    let savepoints = move || {
        look.savepoints.with(|found| {
            found
                .iter()
                .map(|one| view! { <option value=one.address.clone()>{one.name.clone()}</option> })
                .collect_view()
        })
    };
    view! {
        <div class="field-row">
            <Text filling=filling field="savepoint" label="Savepoint" optional=true code=true list="savepoints"
                hint=offered/>
            <Choice filling=filling field="upgrade_mode" label="Upgrade mode" choices=modes hint=meaning/>
        </div>
        <datalist id="savepoints">{savepoints}</datalist>
    }
}

/// The job manager's memory as Flink splits it, in one line.
fn split(filling: FormState) -> Option<String> {
    let gives =
        filling.form.with(|form| filling.context.with_value(|context| form.consequences(&context.offer)))?;
    let parts: Vec<String> = gives
        .job_manager_memory
        .iter()
        .map(|part| format!("{} {}", part.name, grouped(part.mb.into())))
        .collect();
    (!parts.is_empty()).then(|| format!("{} MB", parts.join(", ")))
}
