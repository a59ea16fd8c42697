//! Clusters and their jobs: the grid, the pages of one cluster, the actions.

mod fits;
mod logs;
mod plots;
mod view;

use domain::action::Action;
use domain::address::Address;
use domain::artifact::{KeptJar, RevisionJars, Sha256};
use domain::draft::ClusterDraft;
use domain::form::ClusterForm;
use domain::id::{ClusterId, OperationId, SnapshotId};
use domain::lifecycle::Restore;
use domain::offer::StorageAccount;
use domain::policy::Permission;
use domain::pool::PoolPath;
use domain::refusal::Refusal;
use domain::secret::HIDDEN;
use domain::spec::{ClusterSpec, changes};
use domain::view::{
    ActivityPage, ClusterView, ComparedRevisions, JobPage, JobQuery, JobRow, OperationView, Reported,
    ReportedView, RunView, Scope, SnapshotView, StatesView,
};

use super::checks::Launches;
use super::{Desk, hidden};
pub use crate::command::Arguments;
use crate::command::{self, NewRevision};
use crate::plane::gone;
use crate::preflight::KeptPlaces;
use crate::store::At;

/// Entries of a cluster's own lists.
const LIST: i64 = 200;

impl Desk {
    /// A page of the grid.
    ///
    /// # Errors
    /// `Forbidden`; `NotFound` for a scope that is not there.
    pub async fn jobs(&self, query: &JobQuery) -> Result<JobPage, Refusal> {
        match &query.scope {
            Scope::All => {}
            Scope::Pool(name) => drop(self.authorize(Permission::See, At::Pool(name)).await?),
            Scope::Cluster(id) => drop(self.authorize(Permission::See, At::Cluster(*id)).await?),
        }
        let sight = self.sight().await?;
        let mut page = self.plane.store().jobs(query, &sight, self.plane.now()).await?;
        self.date(&mut page.rows);
        Ok(page)
    }

    /// Says of rows that are older than they should be of when they are.
    pub(super) fn date(&self, rows: &mut [JobRow]) {
        let (last_seen, now) = (&self.plane.inner.reconciler.last_seen, self.plane.now());
        for row in rows {
            row.as_of = row.as_of.and_then(|written| last_seen.too_long_ago(row.cluster, written, now));
        }
    }

    /// One cluster, whole.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster(&self, id: ClusterId) -> Result<ClusterView, Refusal> {
        self.authorize(Permission::See, At::Cluster(id)).await?;
        view::cluster(self, id).await
    }

    /// Its name alone.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster_name(&self, id: ClusterId) -> Result<String, Refusal> {
        self.authorize(Permission::See, At::Cluster(id)).await?;
        let name = self.plane.store().cluster_name(id).await?;
        name.ok_or_else(gone)
    }

    /// The cluster of that name in that pool.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn cluster_named(&self, pool: &PoolPath, name: &str) -> Result<ClusterId, Refusal> {
        let permit = self.authorize(Permission::See, At::Named { pool, name }).await?;
        permit.target().cluster().ok_or_else(gone)
    }

    /// Asks for an action.
    ///
    /// # Errors
    /// `NotAllowed` by the state, `Changed` when someone was faster, `OverQuota`; `InvalidSpec` or `InvalidArgument`.
    pub async fn act(
        &self,
        id: ClusterId,
        action: Action,
        mut arguments: Arguments,
    ) -> Result<OperationId, Refusal> {
        let permit = self.authorize(Permission::Run, At::Cluster(id)).await?;
        if let Some(path) = arguments.from.as_ref().and_then(Restore::path) {
            arguments.from = Some(self.meant(id, path).await?);
        }
        let revision = match action {
            Action::Update | Action::StatelessUpdate | Action::LastStateUpdate => {
                Box::pin(self.next_revision(id, &arguments)).await?
            }
            Action::Start | Action::Relaunch | Action::Rollback => {
                // A launch that lacks its secrets is refused before anything is done.
                let standing = self.plane.cluster_record(id).await?;
                let revision = arguments.revision.unwrap_or_else(|| standing.revision());
                if revision <= standing.cluster.revision {
                    self.open_spec(id, revision).await?;
                }
                None
            }
            Action::Create | Action::Stop | Action::Savepoint | Action::Cancel | Action::Delete => None,
        };
        Box::pin(self.check(id, action, &arguments, revision.as_ref())).await?;
        let asked = command::act(&self.plane, &permit, id, action, &arguments, revision.as_ref()).await;
        if revision.is_some() && asked.is_err() {
            drop(revision);
            self.plane.collect_jars(); // Nobody may need what was kept for it.
        }
        asked
    }

    /// The state that a person means by what was typed or pasted.
    async fn meant(&self, id: ClusterId, path: &str) -> Result<Restore, Refusal> {
        let standing = self.plane.cluster_record(id).await?;
        let spec = self.plane.store().spec(id, standing.revision()).await?;
        let accounts = self.accounts().await?;
        let accounts: Vec<_> = accounts.iter().map(StorageAccount::known).collect();
        let read = Address::pasted(path, Some((&spec.account, &spec.container)), &accounts);
        let read = read.map_err(|rule| Refusal::field("from", path, rule.to_string()))?;
        self.may_read("from", &read).await?;
        Ok(Restore::at(&read.to_string()))
    }

    /// Refuses a launch that is certain to fail. What the cluster's state does not allow is the command's to refuse: for
    /// that nobody's `main` runs.
    async fn check(
        &self,
        id: ClusterId,
        action: Action,
        arguments: &Arguments,
        new: Option<&NewRevision>,
    ) -> Result<(), Refusal> {
        let standing = self.plane.cluster_record(id).await?;
        if standing.allows(action).is_err() || arguments.base.is_some_and(|base| base != standing.revision())
        {
            return Ok(());
        }
        let asked = arguments.revision.unwrap_or_else(|| standing.revision());
        let revision = if new.is_some() { standing.cluster.revision + 1 } else { asked };
        if revision > standing.cluster.revision && new.is_none() {
            return Ok(());
        }
        let rests = standing.status.state.at_rest();
        let from = match &arguments.from {
            Some(from) => from.clone(),
            None if rests && action.launches() && action != Action::StatelessUpdate => {
                command::newest(&self.plane, &standing).await?
            }
            None => Restore::Fresh,
        };
        let update = |stateless| Launches::Update { cluster: id, stateless };
        let start = Launches::Start { cluster: id, revision, from: &from };
        let launches = match action {
            Action::StatelessUpdate => update(true),
            Action::Start | Action::Relaunch => start,
            Action::Update | Action::LastStateUpdate | Action::Rollback if rests => start,
            Action::Update | Action::LastStateUpdate => update(false),
            Action::Rollback => update(arguments.from == Some(Restore::Fresh)),
            Action::Create | Action::Stop | Action::Savepoint | Action::Cancel | Action::Delete => {
                return Ok(());
            }
        };
        let pool = self.plane.store().pool(standing.cluster.pool).await?;
        let context = self.context_of(pool).await?;
        match new {
            Some(new) => {
                let kept = KeptPlaces::of(&self.plane.inner.jars, &new.jars.named());
                self.refuse_what_fails(&context, &new.spec, kept, launches).await
            }
            None => {
                let kept = self.kept_jars(id, revision).await?;
                self.refuse_what_fails(&context, &self.open_spec(id, revision).await?, kept, launches).await
            }
        }
    }

    /// The bytes that a revision names, where they are kept; none unless all of them are.
    pub(super) async fn kept_jars(
        &self,
        id: ClusterId,
        revision: u32,
    ) -> Result<Option<KeptPlaces>, Refusal> {
        let store = self.plane.store();
        let Some(jar) = store.revision_jar(id, revision).await? else { return Ok(None) };
        let more = store.more_jars(id, revision).await?;
        Ok(KeptPlaces::of(&self.plane.inner.jars, &RevisionJars { jar, more }))
    }

    /// A revision with its secrets.
    pub(crate) async fn open_spec(&self, id: ClusterId, revision: u32) -> Result<ClusterSpec, Refusal> {
        let store = self.plane.store();
        Ok(store.open_spec(&store.spec(id, revision).await?)?)
    }

    /// What the form and the file at its jar's address make of the cluster; none if both are as they were. The jar is
    /// read anew, and kept, before anything is stopped.
    async fn next_revision(
        &self,
        id: ClusterId,
        arguments: &Arguments,
    ) -> Result<Option<NewRevision>, Refusal> {
        let standing = self.plane.cluster_record(id).await?;
        let current = self.open_spec(id, standing.revision()).await?;
        let Some(form) = &arguments.form else {
            if let Some(jar) = &current.job.jar {
                self.may_read("jar", jar).await?;
            }
            let jars = self.plane.keep_jars(&current.job).await?;
            let store = self.plane.store();
            let ran = store.revision_jar(id, standing.revision()).await?;
            let more = store.more_jars(id, standing.revision()).await?;
            let digests = |more: &[KeptJar]| -> Vec<Sha256> {
                more.iter().map(|jar| jar.artifact.sha256.clone()).collect()
            };
            let now = jars.named();
            let same =
                ran.is_some_and(|ran| ran.sha256 == now.jar.sha256) && digests(&more) == digests(&now.more);
            return Ok((!same).then_some(NewRevision { spec: current, jars }));
        };
        let form = form.updating(&current);
        let pool = self.plane.store().pool(standing.cluster.pool).await?;
        let context = self.context_of(pool).await?;
        let options = self.options(&form.version).await.unwrap_or_default();
        let spec = ClusterDraft::from(&form)
            .admit(&context.offer, &options, &ClusterForm::from(&current).tags)
            .map_err(Refusal::InvalidSpec)?;
        if let Some(jar) = &spec.job.jar {
            self.may_read("jar", jar).await?;
        }
        for address in &spec.job.more_jars {
            self.may_read("more_jars", address).await?;
        }
        let jars = self.plane.keep_jars(&spec.job).await?;
        Ok(Some(NewRevision { spec: ClusterSpec { integration: current.integration, ..spec }, jars }))
    }

    /// A revision as the form of an update: its secrets are hidden, and those are empty that are not what the present
    /// revision has, for what is hidden stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn form_of(&self, id: ClusterId, revision: u32) -> Result<ClusterForm, Refusal> {
        self.authorize(Permission::Run, At::Cluster(id)).await?;
        let standing = self.plane.cluster_record(id).await?;
        let meant = ClusterForm::from(&self.open_spec(id, revision).await?);
        let present = ClusterForm::from(&self.open_spec(id, standing.revision()).await?);
        let mut shown = meant.shown();
        let carried = shown.carrying(&present);
        for (at, row) in shown.options.iter_mut().enumerate() {
            if carried.options[at].value != meant.options[at].value {
                row.value = row.value.replace(HIDDEN, "");
            }
        }
        if carried.sql != meant.sql {
            shown.sql = shown.sql.replace(HIDDEN, "");
        }
        if carried.args != meant.args {
            shown.args = shown.args.replace(HIDDEN, "");
        }
        Ok(shown)
    }

    /// What differs between two revisions: their specifications, and the bytes of their jars. Of a secret only that it
    /// is another one.
    ///
    /// # Errors
    /// `NotFound`, also for a revision that there is not.
    pub async fn compare(&self, id: ClusterId, from: u32, to: u32) -> Result<ComparedRevisions, Refusal> {
        self.known(id).await?;
        let newest = self.plane.cluster_record(id).await?.cluster.revision;
        let there = |revision: u32| match (1..=newest).contains(&revision) {
            true => Ok(revision),
            false => {
                Err(Refusal::NotFound(format!("There is no revision {revision}; the newest is {newest}.")))
            }
        };
        let (from, to) = (there(from)?, there(to)?);
        let changes = changes(&self.open_spec(id, from).await?, &self.open_spec(id, to).await?);
        let store = self.plane.store();
        let jars = (store.revision_jar(id, from).await?, store.revision_jar(id, to).await?);
        let more_jars = (store.more_jars(id, from).await?, store.more_jars(id, to).await?);
        Ok(ComparedRevisions { from, to, newest, changes, jars, more_jars })
    }

    /// What the job that runs says of its own settings, beside what its run was given; none while none answers.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn reported(&self, id: ClusterId) -> Result<Option<ReportedView>, Refusal> {
        self.known(id).await?;
        let runs = self.plane.store().runs(id).await?;
        let Some(run) = runs.into_iter().next().filter(|run| run.running.is_some() && run.ended.is_none())
        else {
            return Ok(None);
        };
        let reported = self.plane.inner.provider.reported(id, run.run).await;
        let settings = |reported: Reported| reported.against(&run.configuration);
        Ok(reported.map(|reported| ReportedView { run: run.run, settings: settings(reported) }))
    }

    /// One operation with its steps.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn operation(&self, id: OperationId) -> Result<OperationView, Refusal> {
        self.authorize(Permission::See, At::Operation(id)).await?;
        let found = self.plane.store().operation(id).await?;
        let mut operation = found.ok_or_else(|| hidden(At::Operation(id)))?;
        operation.usually_ms = self.plane.store().usually_ms(operation.cluster, operation.action).await?;
        self.with_savepoints(operation.cluster, std::slice::from_mut(&mut operation)).await?;
        let while_it_went_on = (operation.asked, operation.ended.unwrap_or(self.plane.now()));
        operation.happened = self.plane.store().events_between(operation.cluster, while_it_went_on).await?;
        Ok(operation)
    }

    /// A cluster's operations, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn operations(&self, id: ClusterId) -> Result<Vec<OperationView>, Refusal> {
        self.known(id).await?;
        let mut operations = self.plane.store().operations_of(id, LIST).await?;
        self.with_savepoints(id, &mut operations).await?;
        Ok(operations)
    }

    /// Says of each operation which savepoint it took: the trigger's folder is named by it.
    async fn with_savepoints(&self, id: ClusterId, operations: &mut [OperationView]) -> Result<(), Refusal> {
        let taken = self.plane.store().snapshots(id).await?;
        for operation in operations {
            let folder = format!("/{}/", operation.id.trigger());
            let own = taken.iter().find(|snapshot| snapshot.path.contains(&folder));
            operation.savepoint = own.map(|snapshot| snapshot.path.clone());
            operation.savepoint_at = own.map(|snapshot| snapshot.at);
        }
        Ok(())
    }

    /// A cluster's history, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn activity_of(&self, id: ClusterId) -> Result<ActivityPage, Refusal> {
        self.known(id).await?;
        Ok(ActivityPage { events: self.plane.store().events_of(id, LIST).await?, next: None })
    }

    /// A cluster's runs, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn runs(&self, id: ClusterId) -> Result<Vec<RunView>, Refusal> {
        self.known(id).await?;
        Ok(self.plane.store().runs(id).await?)
    }

    /// A cluster's savepoints and retained checkpoints, newest first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn snapshots(&self, id: ClusterId) -> Result<Vec<SnapshotView>, Refusal> {
        self.known(id).await?;
        Ok(self.plane.store().snapshots(id).await?)
    }

    /// Every state that the job can start from, and the default.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn states(&self, id: ClusterId) -> Result<StatesView, Refusal> {
        self.known(id).await?;
        command::states(&self.plane, id).await
    }

    /// A cluster's savepoints and checkpoints that are being deleted: the path of each, and why its files are still
    /// there, if that is known.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn doomed_snapshots(&self, id: ClusterId) -> Result<Vec<(String, String)>, Refusal> {
        self.known(id).await?;
        Ok(self.plane.store().doomed_of(id).await?)
    }

    /// Has a savepoint deleted: from now on nothing starts from it, and its files go until they are gone.
    ///
    /// # Errors
    /// `InUse` while a run or an operation of any cluster needs it; `NotFound`.
    pub async fn delete_snapshot(&self, id: ClusterId, snapshot: SnapshotId) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::Run, At::Cluster(id)).await?;
        command::delete_snapshot(&self.plane, &permit, id, snapshot).await
    }

    /// Histories outlive clusters: a deleted one still has its operations.
    async fn known(&self, id: ClusterId) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::ClusterEver(id)).await.map(drop)
    }
}
