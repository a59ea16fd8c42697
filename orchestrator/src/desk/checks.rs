//! The checks: run for who wants to see them, and by the portal itself before it creates, updates or starts, whoever asks.

use std::time::Instant;

use domain::address::Address;
use domain::draft::ClusterDraft;
use domain::form::ClusterForm;
use domain::id::{ClusterId, DraftId};
use domain::lifecycle::{Observation, Restore};
use domain::name::{AccountName, ContainerName};
use domain::offer::StorageAccount;
use domain::policy::Permission;
use domain::pool::PoolPath;
use domain::refusal::{Finding, Refusal};
use domain::secret::Secrets;
use domain::spec::{Capacity, ClusterSpec};
use domain::view::{Check, CheckResult, CreateContext, Preflight, RunView};

use super::Desk;
use super::written::as_text;
use crate::command;
use crate::preflight::{KeptPlaces, Purpose, SecretSource, StartState, Subject, Writer, lent, withheld};
use crate::probe::{Asker, JarFile, Program};
use crate::store::At;
use crate::store::status::ClusterRecord;

/// What a command is about to launch.
pub(super) enum Launches<'a> {
    /// A new cluster.
    Creation,
    /// A new revision.
    Update { cluster: ClusterId, stateless: bool },
    /// A revision that is there, from this state.
    Start { cluster: ClusterId, revision: u32, from: &'a Restore },
}

impl Desk {
    /// [`preflight`](Self::preflight) of the caller's draft as it stands in the form.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn preflight_draft(&self, draft: DraftId, form: &ClusterForm) -> Result<Preflight, Refusal> {
        let (_, kept) = self.kept_draft(draft).await?;
        self.preflight(&kept.pool, &form.carrying(&kept.form), None, false).await
    }

    /// Runs every check for real: jar, class, job graph, savepoint, name, slots, memory, capacity. Field errors are
    /// checks too. With `cluster`, checks an update of that cluster instead of a creation, with or without its state.
    /// The job's `main` runs, unless what it builds is remembered.
    ///
    /// # Errors
    /// `NotFound` for pool or cluster.
    pub async fn preflight(
        &self,
        pool: &PoolPath,
        form: &ClusterForm,
        cluster: Option<ClusterId>,
        stateless: bool,
    ) -> Result<Preflight, Refusal> {
        let began = Instant::now();
        let context = match cluster {
            Some(id) => self.update_context(id).await?,
            None => {
                self.authorize(Permission::Run, At::Pool(pool)).await?;
                self.create_context(pool).await?
            }
        };
        let options = self.options(&form.version).await.unwrap_or_default();
        let mut form = form.clone();
        let (name, state, held, tags) = match cluster {
            Some(id) => {
                let standing = self.plane.cluster_record(id).await?;
                let current = self.open_spec(id, standing.revision()).await?;
                form = form.updating(&current);
                let state = if stateless { None } else { self.state_of(&context, &standing).await? };
                (None, state, self.plane.store().held_by(id).await?, ClusterForm::from(&current).tags)
            }
            None => {
                let taken = self.name_taken(pool, &form.name).await?;
                let draft = ClusterDraft::from(&form);
                (
                    Some(taken.map_or(Ok(()), Err)),
                    savepoint(&draft, &context),
                    Capacity::default(),
                    Vec::new(),
                )
            }
        };
        let draft = ClusterDraft::from(&form);
        self.may_read_given(&draft, state.as_ref().filter(|_| cluster.is_none())).await?;
        let subject = Subject {
            draft: &draft,
            context: &context,
            options: &options,
            storage: self.plane.storage(),
            readings: self.plane.readings(),
            probe: self.plane.probe(),
            kept: None,
            name,
            state,
            asker: Asker::Check,
            held,
            vaults: self.secret_source(),
            tags,
            purpose: if cluster.is_none() { Purpose::Creation } else { Purpose::Update },
        };
        let (mut checks, spec, values) = subject.run().await;
        let secrets = spec.as_ref().map_or_else(|| Secrets::asked(&draft), Secrets::of).and(values);
        hide(&mut checks, &secrets);
        let spec = spec.as_ref().map(ClusterSpec::shown);
        let effective = spec.as_ref().map(ClusterSpec::effective_options).unwrap_or_default();
        let configuration =
            effective.into_iter().map(|(key, set)| (key, set.value, set.origin.word().to_owned())).collect();
        Ok(Preflight {
            checks,
            took_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
            configuration,
            as_text: spec.as_ref().map(as_text).unwrap_or_default(),
        })
    }

    /// Refuses what is certain to fail, in the words of its check and at its field. What the command itself refuses,
    /// such as a name that is taken, is left to it.
    pub(super) async fn refuse_what_fails(
        &self,
        context: &CreateContext,
        spec: &ClusterSpec,
        kept: Option<KeptPlaces>,
        launches: Launches<'_>,
    ) -> Result<(), Refusal> {
        let draft = ClusterDraft::from(spec);
        let given = savepoint(&draft, context).filter(|_| matches!(launches, Launches::Creation));
        self.may_read_given(&draft, given.as_ref()).await?;
        let state = match &launches {
            Launches::Creation => savepoint(&draft, context),
            Launches::Update { stateless: true, .. } => None,
            Launches::Update { cluster, stateless: false } => {
                self.state_of(context, &self.plane.cluster_record(*cluster).await?).await?
            }
            Launches::Start { cluster, revision, from } => {
                let runs = self.plane.store().runs(*cluster).await?;
                let writer = self.run_that_left(*cluster, &runs, from).await?;
                if is_its_own(&runs, *revision, from, writer) {
                    return self.refuse_withheld(&draft, spec).await;
                }
                match (from.path(), writer) {
                    (None, _) => None,
                    (Some(path), Some(run)) => Some(StartState {
                        path: Some(path.to_owned()),
                        writer: self.writer(context, *cluster, run, false).await,
                    }),
                    (Some(path), None) => Some(StartState { path: Some(path.to_owned()), writer: None }),
                }
            }
        };
        let subject = Subject {
            draft: &draft,
            context,
            options: &[],
            storage: self.plane.storage(),
            readings: self.plane.readings(),
            probe: self.plane.probe(),
            kept,
            name: None,
            state,
            asker: Asker::Command,
            held: Capacity::default(),
            vaults: self.secret_source(),
            tags: draft.tags.clone(),
            purpose: match launches {
                Launches::Creation => Purpose::Creation,
                Launches::Update { .. } => Purpose::Update,
                Launches::Start { .. } => Purpose::Start,
            },
        };
        let (mut checks, values) = subject.launches(spec).await;
        checks.extend(subject.savepoint_directory(spec).await);
        hide(&mut checks, &Secrets::of(spec).and(values));
        let failed = checks.into_iter().filter(|check| check.result == CheckResult::Failed);
        let errors: Vec<Finding> = failed
            .map(|check| {
                let field = check.field.unwrap_or_default();
                let given = match &*field {
                    "jar" => draft.jar.clone(),
                    "entry_class" => draft.entry_class.clone(),
                    "savepoint_directory" => draft.savepoint_directory.clone(),
                    "savepoint" => draft.savepoint.clone(),
                    _ => None,
                };
                Finding { field, message: check.detail, value: given.unwrap_or_default() }
            })
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(Refusal::InvalidSpec(errors)) }
    }

    /// Refuses a launch whose secrets cannot be had. Nobody is given them here.
    async fn refuse_withheld(&self, draft: &ClusterDraft, spec: &ClusterSpec) -> Result<(), Refusal> {
        let named = self.plane.store().named_secrets(spec, self.plane.now()).await?;
        let findings = withheld(draft, &named);
        if findings.is_empty() { Ok(()) } else { Err(Refusal::InvalidSpec(findings)) }
    }

    /// Whence secrets of key vaults come; the caller reads them.
    fn secret_source(&self) -> SecretSource<'_> {
        SecretSource { store: self.plane.store(), actor: &self.actor, now: self.plane.now() }
    }

    /// Refuses a jar or a savepoint of a cluster that the caller may not see, as one that is not there.
    async fn may_read_given(&self, draft: &ClusterDraft, state: Option<&StartState>) -> Result<(), Refusal> {
        let from = state.and_then(|state| state.path.as_deref()).and_then(|path| Address::parse(path).ok());
        if let Some(from) = from {
            self.may_read("savepoint", &from).await?;
        }
        if draft.sql.is_none()
            && let Ok(jar) = Address::parse(draft.jar.as_deref().unwrap_or_default().trim())
        {
            self.may_read("jar", &jar).await?;
        }
        for more in draft.more_jars.iter().filter_map(|address| Address::parse(address.trim()).ok()) {
            self.may_read("more_jars", &more).await?;
        }
        Ok(())
    }

    /// The state from which an update of a cluster would start: what its job has that runs, or the newest that is kept.
    async fn state_of(
        &self,
        context: &CreateContext,
        standing: &ClusterRecord,
    ) -> Result<Option<StartState>, Refusal> {
        let id = standing.cluster.id;
        let runs = self.plane.store().runs(id).await?;
        if !standing.status.state.at_rest()
            && let Some(launch) = standing.status.phase.launch()
        {
            let path = match &standing.status.seen {
                Observation::Present(observed) => observed.checkpoint.clone(),
                Observation::Absent | Observation::Unreachable { .. } => None,
            };
            let writer = match runs.iter().find(|run| run.run == launch.run) {
                Some(run) => self.writer(context, id, run, true).await,
                None => None,
            };
            return Ok((path.is_some() || writer.is_some()).then_some(StartState { path, writer }));
        }
        let from = command::newest(&self.plane, standing).await.unwrap_or(Restore::Fresh);
        let writer = match self.run_that_left(id, &runs, &from).await? {
            Some(run) => self.writer(context, id, run, false).await,
            None => None,
        };
        Ok(from.path().map(|path| StartState { path: Some(path.to_owned()), writer }))
    }

    /// The run of this cluster that wrote a savepoint or checkpoint.
    async fn run_that_left<'a>(
        &self,
        cluster: ClusterId,
        runs: &'a [RunView],
        from: &Restore,
    ) -> Result<Option<&'a RunView>, Refusal> {
        let Some(path) = from.path() else { return Ok(None) };
        let snapshots = self.plane.store().snapshots(cluster).await?;
        let same = |kept: &str| kept.trim_end_matches('/') == path.trim_end_matches('/');
        let left = snapshots.iter().find(|snapshot| same(&snapshot.path));
        Ok(left.and_then(|snapshot| runs.iter().find(|run| run.run == snapshot.run)))
    }

    /// The jar in storage, as a file of this machine.
    async fn jar_file(&self, address: &Address) -> Option<std::path::PathBuf> {
        let at = address.clone();
        self.plane.storage().off(move |storage| storage.file(&at)).await.ok()?.ok()
    }

    /// A run's program, by the bytes of its revision. None where it cannot be had: then its names are missed.
    async fn writer(
        &self,
        context: &CreateContext,
        cluster: ClusterId,
        run: &RunView,
        runs: bool,
    ) -> Option<Writer> {
        let spec = self.with_values(&self.open_spec(cluster, run.revision).await.ok()?, true).await?;
        let (readings, storage) = (self.plane.readings(), self.plane.storage());
        let (jar, more) = match self.kept_jars(cluster, run.revision).await.ok()? {
            Some(kept) => (kept.jar, kept.more),
            None => {
                let address = spec.job.jar.as_ref()?;
                let view = readings.open(storage, address).await.ok()?;
                let place = self.jar_file(address).await?;
                (JarFile { place, digest: view.sha256.to_string() }, Vec::new())
            }
        };
        let program = Program::of(&spec, jar, more, lent(context)).ok()?;
        Some(Writer { program, runs, fresh: run.from.is_none() })
    }
}

/// Whether nothing is left to be checked: the revision goes on from what a run of its own left, or begins without state
/// as it did before.
fn is_its_own(runs: &[RunView], revision: u32, from: &Restore, writer: Option<&RunView>) -> bool {
    match writer {
        Some(run) => run.revision == revision,
        None => {
            from.path().is_none() && runs.iter().any(|run| run.revision == revision && run.running.is_some())
        }
    }
}

fn hide(checks: &mut [Check], secrets: &Secrets) {
    for check in checks {
        check.detail = secrets.hide(&check.detail);
        check.exception = secrets.hide(&check.exception);
    }
}

/// The savepoint that the draft names, as a full address where it can be read as one.
fn savepoint(draft: &ClusterDraft, context: &CreateContext) -> Option<StartState> {
    let text = draft.savepoint.as_deref()?.trim();
    let read = || {
        let account = AccountName::try_from(draft.account.as_deref()?.trim()).ok()?;
        let container = ContainerName::try_from(draft.container.as_deref()?.trim()).ok()?;
        let accounts: Vec<_> = context.offer.accounts.iter().map(StorageAccount::known).collect();
        Address::pasted(text, Some((&account, &container)), &accounts).ok()
    };
    let path = read().map_or_else(|| text.to_owned(), |address| address.to_string());
    Some(StartState { path: Some(path), writer: None })
}
