//! The jar, its job graph and the state that it starts from.

use std::path::PathBuf;
use std::time::Instant;

use domain::address::Address;
use domain::args;
use domain::spec::{ClusterSpec, slots_per_task_manager};
use domain::view::{Check, JarView};

use super::{Finding, Subject};
use crate::probe::{Built, Graph, ProbeError, Program};

impl Subject<'_> {
    /// The checks that open or run something. Each builds on the one before; what cannot be asked any more is left
    /// out rather than reported as a second failure of the same cause.
    pub(super) async fn program(&self, spec: &ClusterSpec) -> Vec<Check> {
        let began = Instant::now();
        let title = "The jar can be read and has the entry class";
        let (place, view) = match self.open(&spec.job.jar).await {
            Ok(opened) => opened,
            Err(finding) => return vec![finding.check(title, "jar", began)],
        };
        let mut checks = Vec::new();
        let (field, finding) = entry_class(spec, &view);
        let failed = finding.result == domain::view::CheckResult::Failed;
        checks.push(finding.check(title, field, began));
        checks.push(self.built_for(spec, &view));
        if failed {
            return checks;
        }
        let Ok(words) = args::split(&spec.job.args) else { return checks };
        let program = Program {
            jar: place,
            entry_class: spec.job.entry_class.clone(),
            args: words,
            options: spec.job.options.clone().into_iter().collect(),
        };
        let began = Instant::now();
        let built = self.probe.graph(&program).await;
        checks.push(graph_found(&built).check("Its main builds a job graph", "jar", began));
        if let Ok(built) = built {
            checks.push(self.slots(spec, &built.graph));
            if let Some(state) = &self.state {
                checks.push(self.fits(state, &built).await);
            }
        }
        checks
    }

    async fn open(&self, address: &Address) -> Result<(PathBuf, JarView), Finding> {
        let view = self.readings.open(self.storage, address).await.map_err(Finding::failed)?;
        let place = self.storage.resolve(address).map_err(|error| Finding::failed(error.to_string()))?;
        Ok((place, view))
    }

    fn built_for(&self, spec: &ClusterSpec, view: &JarView) -> Check {
        let began = Instant::now();
        let version = self.context.versions.iter().find(|version| version.version == spec.version);
        let (java, flink) = version.map_or((17, ""), |version| (version.java, version.flink.as_str()));
        let minor = |version: &str| version.split('.').take(2).collect::<Vec<_>>().join(".");
        let finding = match &view.flink {
            _ if view.java > java => Finding::failed(format!(
                "It needs Java {}, and cluster version {} runs Java {java}. Compile it with --release {java} or less.",
                view.java, spec.version
            )),
            Some(built) if minor(built) != minor(flink) => Finding::warned(format!(
                "It was built for Flink {built} and will run on Flink {flink}. It may miss classes."
            )),
            Some(_) | None => Finding::passed(format!("Java {}, Flink {flink}", view.java)),
        };
        finding.check("The jar fits Java and Flink of the cluster version", "jar", began)
    }

    fn slots(&self, spec: &ClusterSpec, graph: &Graph) -> Check {
        let began = Instant::now();
        let task_managers = self.form.consequences(self.context).map_or(0, |found| found.task_managers);
        let slots = task_managers * slots_per_task_manager(spec);
        let finding = if graph.slots <= slots {
            Finding::passed(format!("{slots} slots for parallelism {}", graph.parallelism))
        } else {
            Finding::failed(format!(
                "The job needs {} slots, and {task_managers} task managers give {slots}. Add nodes, or lower the \
                 parallelism.",
                graph.slots
            ))
        };
        finding.check("Slots are enough", "worker_nodes", began)
    }

    async fn fits(&self, state: &str, built: &Built) -> Check {
        let began = Instant::now();
        let title = "The savepoint exists and its state fits the jar";
        let finding = match self.storage.state(state) {
            Err(why) => Finding::failed(why),
            Ok(place) => match self.probe.fits(&place, built).await {
                Ok(fit) if fit.fits => Finding::passed(state.rsplit('/').next().unwrap_or(state)),
                Ok(fit) => {
                    let ids: Vec<&str> = fit
                        .missing
                        .iter()
                        .map(|left| &*left.id)
                        .chain(fit.clashes.iter().map(|c| &*c.id))
                        .collect();
                    Finding::failed(format!(
                        "The state of {} of its operators finds no place in this jar ({}). It is another job's, or a \
                         uid was changed. Choose another savepoint, or give the operators their old uids.",
                        ids.len(),
                        ids.join(", ")
                    ))
                }
                Err(error) => failed(&error),
            },
        };
        finding.check(title, "savepoint", began)
    }
}

fn entry_class(spec: &ClusterSpec, view: &JarView) -> (&'static str, Finding) {
    let name = spec.job.jar.name();
    let offered = || match view.mains.as_slice() {
        [] => "No class in it has one.".to_owned(),
        mains => format!("It has: {}.", mains.join(", ")),
    };
    match (&spec.job.entry_class, &view.manifest_main) {
        (Some(class), _) if !view.mains.contains(class) => (
            "entry_class",
            Finding::failed(format!("{name} has no class {class} with a public static main. {}", offered())),
        ),
        (Some(class), _) => ("entry_class", Finding::passed(format!("{name}, {class}"))),
        (None, None) => (
            "entry_class",
            Finding::failed(format!(
                "The manifest of {name} names no entry class. Choose one. {}",
                offered()
            )),
        ),
        (None, Some(class)) if !view.mains.contains(class) => (
            "jar",
            Finding::failed(format!(
                "The manifest of {name} names {class}, which has no main in it. {}",
                offered()
            )),
        ),
        (None, Some(class)) => ("jar", Finding::passed(format!("{name}, {class} by the manifest"))),
    }
}

fn graph_found(built: &Result<Built, ProbeError>) -> Finding {
    match built {
        Ok(Built { graph, .. }) => {
            let stateful = graph.operators.iter().filter(|operator| operator.stateful).count();
            Finding::passed(format!(
                "{}: {} operators, {stateful} with state",
                graph.name,
                graph.operators.len()
            ))
        }
        Err(error) => failed(error),
    }
}

fn failed(error: &ProbeError) -> Finding {
    Finding::failed(&*error.message).because(&error.exception)
}
