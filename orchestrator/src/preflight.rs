//! Everything that can be known before a cluster is touched: each check really looks, opens, asks or counts. Only what
//! is certain to fail fails; what could not be found out is a warning that says so.

mod capacity;
mod more_jars;
mod program;
mod secrets;
mod state;

use std::path::PathBuf;
use std::time::Instant;

use domain::artifact::{Artifact, RevisionJars};
use domain::draft::{ClusterDraft, Pair};
use domain::name::ClusterName;
use domain::option::OptionInfo;
use domain::secret::Secrets;
use domain::spec::{Capacity, ClusterSpec};
use domain::view::{Check, CheckResult, CreateContext};

use crate::jar::{JarStore, Readings};
use crate::probe::{Asker, JarFile, Probe, ProbeError};
use crate::storage::Storage;

pub(crate) use self::secrets::{SecretSource, withheld};
pub(crate) use self::state::{StartState, Writer};

/// What the checks look at.
pub(crate) struct Subject<'a> {
    pub(crate) draft: &'a ClusterDraft,
    pub(crate) context: &'a CreateContext,
    pub(crate) options: &'a [OptionInfo],
    pub(crate) storage: &'a Storage,
    pub(crate) readings: &'a Readings,
    pub(crate) probe: &'a Probe,
    /// The bytes that a revision names; none for what lies at the jars' addresses now.
    pub(crate) kept: Option<KeptPlaces>,
    /// Whether the name can be had, or why not; nothing for an update, which keeps its name.
    pub(crate) name: Option<Result<(), String>>,
    /// The state that the job is to start from: a savepoint, or what the job has that is updated.
    pub(crate) state: Option<StartState>,
    /// Who asks.
    pub(crate) asker: Asker,
    /// What the cluster that is updated holds already.
    pub(crate) held: Capacity,
    /// Whence the secrets come that it names.
    pub(crate) vaults: SecretSource<'a>,
    /// Tags that were taken already.
    pub(crate) tags: Vec<Pair>,
    /// What for.
    pub(crate) purpose: Purpose,
}

/// What is about to be launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A new cluster.
    Creation,
    /// A new revision of one.
    Update,
    /// A revision that is there.
    Start,
}

/// Where the bytes lie that a revision names.
pub(crate) struct KeptPlaces {
    /// The job's own jar.
    pub(crate) jar: JarFile,
    /// More jars in its class path.
    pub(crate) more: Vec<JarFile>,
}

impl KeptPlaces {
    /// None unless all of them are kept.
    pub(crate) fn of(kept: &JarStore, jars: &RevisionJars) -> Option<Self> {
        let file = |artifact: &Artifact| {
            Some(JarFile { place: kept.place(artifact)?, digest: artifact.sha256.to_string() })
        };
        let more = jars.more.iter().map(|jar| file(&jar.artifact)).collect::<Option<_>>()?;
        Some(Self { jar: file(&jars.jar)?, more })
    }
}

/// The folders that a pool lends to its jobs.
pub(crate) fn lent(context: &CreateContext) -> Vec<PathBuf> {
    context.pool.readable.iter().map(PathBuf::from).collect()
}

/// How one check went, before it has a time.
pub(crate) struct Verdict {
    result: CheckResult,
    detail: String,
    exception: String,
}

impl Verdict {
    fn passed(detail: impl Into<String>) -> Self {
        Self { result: CheckResult::Passed, detail: detail.into(), exception: String::new() }
    }

    fn warned(detail: impl Into<String>) -> Self {
        Self { result: CheckResult::Warned, ..Self::passed(detail) }
    }

    fn failed(detail: impl Into<String>) -> Self {
        Self { result: CheckResult::Failed, ..Self::passed(detail) }
    }

    /// What could not be found out.
    fn not_known(why: &str) -> Self {
        Self::warned(format!("Not known: {why}."))
    }

    /// What the probe answers in place of what it was asked.
    fn of(error: &ProbeError) -> Self {
        let verdict = if error.certain() {
            Self::failed(&*error.message)
        } else {
            Self::warned(format!("Not known: {}", error.message))
        };
        verdict.because(&error.exception)
    }

    fn because(self, exception: &str) -> Self {
        Self { exception: exception.to_owned(), ..self }
    }

    fn check(self, title: &str, field: &str, began: Instant) -> Check {
        Check {
            title: title.to_owned(),
            detail: self.detail,
            field: (self.result == CheckResult::Failed).then(|| field.to_owned()),
            result: self.result,
            exception: self.exception,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            operators: Vec::new(),
        }
    }
}

impl Subject<'_> {
    /// Every check, in the order in which they are shown, and the specification if the draft can be read as one. What is to
    /// be hidden in them beside its own secrets.
    pub(crate) async fn run(&self) -> (Vec<Check>, Option<ClusterSpec>, Secrets) {
        let began = Instant::now();
        let spec = match self.draft.admit(&self.context.offer, self.options, &self.tags) {
            Ok(spec) => spec,
            Err(findings) => {
                let checks = findings.into_iter().map(|finding| {
                    Verdict::failed(finding.message).check(
                        "A field does not hold what it should",
                        &finding.field,
                        began,
                    )
                });
                return (checks.chain(self.name(began)).collect(), None, Secrets::default());
            }
        };
        let (mut checks, values) = self.launches(&spec).await;
        checks.extend(self.capacity(&spec));
        checks.extend(self.storage(&spec));
        checks.extend(self.savepoint_directory(&spec).await);
        checks.extend(self.name(Instant::now()));
        checks.push(self.separate(&spec));
        (checks, Some(spec), values)
    }

    /// What a launch needs before anything is counted: its secrets and its program. What is to be hidden in what is told
    /// of them.
    pub(crate) async fn launches(&self, spec: &ClusterSpec) -> (Vec<Check>, Secrets) {
        let found = self.secrets(spec).await;
        let mut checks = found.checks;
        if let Some(spec) = &found.spec {
            checks.extend(self.program(spec).await);
        }
        (checks, found.values)
    }

    fn name(&self, began: Instant) -> Option<Check> {
        let name = self.draft.name.as_deref().unwrap_or_default().trim();
        let verdict = match self.name.as_ref()? {
            Err(why) => Verdict::failed(why),
            // That it is no name is the field's own verdict.
            Ok(()) if ClusterName::try_from(name).is_err() => return None,
            Ok(()) => Verdict::passed(name),
        };
        Some(verdict.check("Name is free", "name", began))
    }

    /// Works, but makes cleaning up harder.
    fn separate(&self, spec: &ClusterSpec) -> Check {
        let jar = spec.job.jar.as_ref();
        let same =
            jar.is_some_and(|jar| *jar.account() == spec.account && *jar.container() == spec.container);
        let verdict = if same {
            Verdict::warned(
                "The jar lies in the same container. That works; one of its own is easier to clean up.",
            )
        } else {
            Verdict::passed(format!("{} / {}", spec.account, spec.container))
        };
        verdict.check("Savepoints and checkpoints have a container", "container", Instant::now())
    }
}
