//! The jar and the job graph that its `main` builds.

use std::path::PathBuf;
use std::time::Instant;

use domain::address::Address;
use domain::draft::is_adaptive;
use domain::spec::{ClusterSpec, slots_per_task_manager};
use domain::view::{Check, CheckResult, JarView};

use super::{Subject, Verdict, lent};
use crate::probe::{Afterwards, JarFile, JobGraph, Program};

impl Subject<'_> {
    /// The checks that open or run something. Each builds on the one before; what cannot be asked any more is left
    /// out rather than reported as a second failure of the same cause.
    pub(super) async fn program(&self, spec: &ClusterSpec) -> Vec<Check> {
        let mut checks = self.checked_program(spec).await;
        if spec.job.sql.is_some() {
            // What is said of the program is said of the script.
            let of_program =
                |check: &&mut Check| matches!(check.field.as_deref(), Some("jar" | "entry_class"));
            checks.iter_mut().filter(of_program).for_each(|check| check.field = Some("sql".to_owned()));
        }
        checks
    }

    async fn checked_program(&self, spec: &ClusterSpec) -> Vec<Check> {
        let began = Instant::now();
        let title = "The jar can be read and has the entry class";
        let (place, view) = match self.open(spec).await {
            Ok(opened) => opened,
            Err(verdict) => return vec![verdict.check(title, "jar", began)],
        };
        let mut checks = Vec::new();
        if let Some(jar) = &spec.job.jar {
            let (field, verdict) = entry_class(spec, jar, &view);
            checks.push(verdict.check(title, field, began));
            checks.push(self.built_for(spec, &view));
        }
        let (more, check) = self.more_jars(spec).await;
        checks.extend(check);
        if checks.iter().any(|check| check.result == CheckResult::Failed) {
            return checks;
        }
        let jar = JarFile { place, digest: view.sha256.to_string() };
        let Ok(program) = Program::of(spec, jar, more, lent(self.context)) else { return checks };
        let began = Instant::now();
        let title = match &spec.job.sql {
            Some(_) => "Flink plans the script",
            None => "Its main builds a job graph",
        };
        let built = match self.probe.graph(&program, self.asker).await {
            Ok(built) => built,
            Err(error) => {
                checks.push(Verdict::of(&error).check(title, error.field(), began));
                return checks;
            }
        };
        checks.push(graph_found(&built.graph).check(title, "jar", began));
        checks.extend(afterwards(&built.graph));
        checks.extend(checkpoints(spec, &built.graph));
        checks.push(self.slots(spec, &built.graph));
        if let Some(state) = &self.state {
            checks.extend(self.state(spec, state, &built).await);
        }
        checks
    }

    async fn open(&self, spec: &ClusterSpec) -> Result<(PathBuf, JarView), Verdict> {
        if let Some(kept) = &self.kept {
            let view = self.readings.open_file(kept.jar.place.clone()).await.map_err(Verdict::failed)?;
            return Ok((kept.jar.place.clone(), view));
        }
        let Some(address) = &spec.job.jar else {
            let own = self.probe.scripts();
            let view = self.readings.open_file(own.clone()).await.map_err(|why| Verdict::not_known(&why))?;
            return Ok((own, view));
        };
        let view = self.readings.open(self.storage, address).await.map_err(Verdict::failed)?;
        let at = address.clone();
        let place = self.storage.off(move |storage| storage.file(&at)).await.and_then(|found| found);
        let place = place.map_err(|error| Verdict::failed(error.to_string()))?;
        Ok((place, view))
    }

    fn built_for(&self, spec: &ClusterSpec, view: &JarView) -> Check {
        let began = Instant::now();
        let version = self.context.offer.versions.iter().find(|version| version.version == spec.version);
        let (java, flink) = version.map_or((17, ""), |version| (version.java, version.flink.as_str()));
        let minor = |version: &str| version.split('.').take(2).collect::<Vec<_>>().join(".");
        let needed = entry_java(spec, view);
        let verdict = if needed > java {
            Verdict::failed(format!(
                "Its entry class needs Java {needed}, and cluster version {} runs Java {java}. Compile it with --release \
                 {java} or less.",
                spec.version
            ))
        } else if !view.foreign_signatures.is_empty() {
            Verdict::failed(format!(
                "It carries the signature of a library ({}), which is not this jar's own, and Java loads nothing from \
                 such a jar. Leave META-INF/*.SF, *.RSA, *.DSA and *.EC out when you build it.",
                view.foreign_signatures.join(", ")
            ))
        } else {
            match &view.flink {
                Some(built) if minor(built) != minor(flink) => Verdict::warned(format!(
                    "It was built for Flink {built} and will run on Flink {flink}. It may miss classes."
                )),
                _ if view.java > java => Verdict::warned(format!(
                    "{} needs Java {}, and cluster version {} runs Java {java}. That fails only if it is used.",
                    view.newest_class, view.java, spec.version
                )),
                Some(_) | None => Verdict::passed(format!("Java {}, Flink {flink}", view.java)),
            }
        };
        verdict.check("The jar fits Java and Flink of the cluster version", "jar", began)
    }

    fn slots(&self, spec: &ClusterSpec, graph: &JobGraph) -> Check {
        let began = Instant::now();
        let task_managers =
            self.draft.consequences(&self.context.offer).map_or(0, |found| found.task_managers);
        let slots = task_managers * slots_per_task_manager(spec);
        let parallelism = match graph.parallelism {
            Some(parallelism) => format!("parallelism {parallelism}"),
            None => "a parallelism that is left to Flink".to_owned(),
        };
        let verdict = if graph.slots <= slots {
            Verdict::passed(format!("{slots} slots for {parallelism}"))
        } else if is_adaptive(&spec.job.options) {
            Verdict::passed(format!(
                "{slots} slots; the adaptive scheduler takes what is there for {parallelism}"
            ))
        } else {
            let needs = if graph.batch { "Its widest stage" } else { "The job" };
            Verdict::failed(format!(
                "{needs} needs {} slots, and {task_managers} task managers give {slots}. Add nodes, or lower the \
                 parallelism.",
                graph.slots
            ))
        };
        verdict.check("Slots are enough", "worker_nodes", began)
    }
}

fn entry_class(spec: &ClusterSpec, jar: &Address, view: &JarView) -> (&'static str, Verdict) {
    let name = jar.name();
    let offered = || match view.mains.as_slice() {
        [] => "No class in it has one.".to_owned(),
        mains => format!("It has: {}.", mains.join(", ")),
    };
    match (&spec.job.entry_class, &view.manifest_main) {
        (Some(class), _) if !view.mains.contains(class) => (
            "entry_class",
            Verdict::failed(format!("{name} has no class {class} with a public static main. {}", offered())),
        ),
        (Some(class), _) => ("entry_class", Verdict::passed(format!("{name}, {class}"))),
        (None, None) => (
            "entry_class",
            Verdict::failed(format!(
                "The manifest of {name} names no entry class. Choose one. {}",
                offered()
            )),
        ),
        (None, Some(class)) if !view.mains.contains(class) => (
            "jar",
            Verdict::failed(format!(
                "The manifest of {name} names {class}, which has no main in it. {}",
                offered()
            )),
        ),
        (None, Some(class)) => ("jar", Verdict::passed(format!("{name}, {class} by the manifest"))),
    }
}

/// The Java that the class needs whose `main` runs.
fn entry_java(spec: &ClusterSpec, view: &JarView) -> u32 {
    let class = spec.job.entry_class.as_ref().or(view.manifest_main.as_ref());
    class.and_then(|class| view.main_java.get(class)).copied().unwrap_or(0)
}

fn graph_found(graph: &JobGraph) -> Verdict {
    let (name, count) = (&graph.name, graph.operators.len());
    if graph.batch {
        return Verdict::warned(format!(
            "{name}: {count} operators. It is a batch job: it has no savepoints, and begins anew when it is lost."
        ));
    }
    let stateful = graph.operators.iter().filter(|operator| operator.stateful).count();
    Verdict::passed(format!("{name}: {count} operators, {stateful} with state"))
}

/// What its own code decides of its checkpoints; nothing is said where it leaves them to the options. A batch job has
/// none anyway.
fn checkpoints(spec: &ClusterSpec, graph: &JobGraph) -> Option<Check> {
    let asked = spec.checkpoint_interval().filter(|_| !graph.batch)?;
    let sentence = match (graph.checkpoint_interval, &graph.checkpoint_folder) {
        (None, _) => format!(
            "Its own code switches checkpoints off, though the options ask for one every {asked}. If its job manager is \
             lost, all that it did is, and the cluster waits until somebody decides what it starts from."
        ),
        (Some(_), Some(folder)) => format!(
            "Its own code keeps its checkpoints in {folder}. They are found again only where that lies in the cluster's \
             own folder of {} / {}; anywhere else it may not write, and does not come up. Leave it out, and they are \
             kept there.",
            spec.account, spec.container
        ),
        (Some(_), None) => return None,
    };
    Some(Verdict::warned(sentence).check("Its checkpoints are those of the options", "jar", Instant::now()))
}

/// What a `main` does after it has submitted; nothing is said where it returns.
fn afterwards(graph: &JobGraph) -> Option<Check> {
    let sentence = match graph.afterwards {
        Afterwards::Returns => return None,
        Afterwards::Busy => {
            "Its main is still at work 5 s after it has submitted the job. That works; but when it throws, the job \
             ends with it."
                .to_owned()
        }
        Afterwards::Throws => format!(
            "After it has submitted the job, {}. If it does so in the cluster, the job ends with it.",
            graph.afterwards_detail.trim_end_matches('.')
        ),
        Afterwards::Exits => "Its main calls System.exit after it has submitted the job, which ends the job. Let main \
                              return instead."
            .to_owned(),
    };
    Some(Verdict::warned(sentence).check("Its main ends well", "jar", Instant::now()))
}
