//! How a world's portal is opened, asked, looked at and killed.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::action::Action;
use domain::artifact::RevisionJars;
use domain::id::OperationId;
use domain::lifecycle::{Ask, Intent, Phase};
use domain::policy::Permission;
use domain::scope::Scope;
use domain::snapshot::SnapshotKind;
use domain::spec::Capacity;
use domain::view::OperationView;
use orchestrator::ControlPlane;
use orchestrator::clock::SystemClock;
use orchestrator::jar::JarStore;
use orchestrator::provider::ActError;
use orchestrator::storage::Storage;
use orchestrator::store::record::{Creation, NewAction};
use uuid::Uuid;

use super::{World, killed};
use crate::watched::{Given, Watched};

/// Of one job manager and one task manager.
const NEEDS: Capacity = Capacity { cpu_milli: 3_000, memory_mb: 3_600 };

impl World {
    /// The portal of the data folder; it is opened where none is.
    pub(crate) async fn plane(&mut self) -> ControlPlane {
        if self.portal.is_none() {
            let runtime =
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
            let given =
                Given { cluster: self.cluster, subnet: self.subnet.clone(), readable: self.readable.clone() };
            self.provider = Arc::new(Watched::open(&self.config, given, self.dies.take()));
            let (config, provider) = (self.config.clone(), self.provider.clone());
            let opens = move || {
                let plane = runtime.block_on(async {
                    let clock = Arc::new(SystemClock);
                    let plane = ControlPlane::with_provider(config, provider, clock).await.unwrap();
                    plane.start();
                    plane
                });
                (plane, runtime)
            };
            self.portal = Some(tokio::task::spawn_blocking(opens).await.unwrap());
        }
        self.portal.as_ref().map(|(plane, _)| plane.clone()).unwrap()
    }

    /// The portal is gone in an instant, in the middle of what it did. The next look opens another one on the same
    /// folder.
    pub(crate) async fn die(&mut self) {
        if let Some(portal) = self.portal.take() {
            tokio::task::spawn_blocking(move || killed(portal)).await.unwrap();
        }
    }

    /// Waits until the portal comes to the act at which it is to die, as `dies` says, and is gone.
    pub(crate) async fn died(&mut self, what: &str) {
        let provider = self.provider.clone();
        let died = tokio::time::timeout(Duration::from_secs(120), provider.died.notified()).await;
        assert!(died.is_ok(), "it never comes to {what}: {:?}", self.phase);
        self.look().await;
        self.die().await;
    }

    /// What the portal knows now.
    pub(crate) async fn look(&mut self) {
        let plane = self.plane().await;
        // First the operation: what it left the cluster as is what is then seen of the cluster, never what was before.
        if let Some(operation) = self.operation {
            let view = plane.store().operation(operation).await.unwrap().unwrap();
            self.outcome = view.ended.is_some().then_some(view);
        }
        match plane.store().cluster_record(self.cluster).await.unwrap() {
            Some(record) => {
                let status = record.status;
                (self.phase, self.known) = (status.phase, status.known);
                self.restarts = status.restarts.map(|restarts| *restarts);
            }
            None if self.phase != Phase::Accepted => self.phase = Phase::Deleted,
            None => {}
        }
        if self.passed.last() != Some(&self.phase.name()) {
            self.passed.push(self.phase.name());
        }
        let watch = self.provider.watch();
        self.seen = watch.seen.clone();
        let refused = watch.refused.as_ref();
        let refused = refused.map(|error| ActError { message: error.message.clone(), retry: error.retry });
        self.refused = refused.or(self.refused.take());
    }

    /// Waits until the portal has looked once more. Gives when to ask it again.
    pub(crate) async fn pass(&mut self) -> Duration {
        self.plane().await;
        let (looks, began) = (self.provider.watch().looks, Instant::now());
        // Where nothing is left to be looked at, nobody looks.
        while self.provider.watch().looks == looks && began.elapsed() < Duration::from_secs(2) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        self.look().await;
        Duration::from_millis(50)
    }

    /// Writes down what is asked, as a command does; but nothing of it is checked beforehand, so that also what is certain
    /// to fail is launched.
    pub(crate) async fn ask(&mut self, ask: Ask) {
        let plane = self.plane().await;
        let (store, now) = (plane.store(), plane.now());
        let record = store.cluster_record(self.cluster).await.unwrap();
        let known = record.as_ref().map_or(0, |record| record.cluster.revision);
        let asked = match &ask {
            Ask::Start { revision, .. }
            | Ask::Update { revision, .. }
            | Ask::LastStateUpdate { revision } => Some(*revision),
            Ask::Savepoint | Ask::Stop | Ask::Cancel | Ask::Delete { .. } => None,
        };
        let new = asked.filter(|revision| *revision > known).map(|revision| revision as usize - 1);
        let jar = match new.map(|new| self.revisions[new].job.jar.clone().expect("a jar")) {
            Some(address) => {
                let data = &self.config.data;
                match JarStore::of(data).keep_from(&Storage::of(data), &address) {
                    Ok(kept) => Some(kept.artifact().clone()),
                    Err(error) => return self.refused = Some(error.into()),
                }
            }
            None => None,
        };
        self.jar_of_last = jar.clone().or(self.jar_of_last.take());
        let intent = Intent {
            operation: OperationId(Uuid::now_v7()),
            ask,
            probation_off: false,
            format: Default::default(),
        };
        (self.operation, self.outcome, self.refused) = (Some(intent.operation), None, None);
        self.passed.clear();
        let desk = plane.own_desk("Ada");
        let lab = Scope::of(["Penstock", "streaming", "lab"]);
        let event = match (&record, new, jar) {
            (None, Some(new), Some(jar)) => {
                let permit = desk.permit(Permission::Run, &lab).await.unwrap();
                let creation = Creation {
                    id: self.cluster,
                    spec: &self.revisions[new],
                    jars: &RevisionJars { jar: jar.clone(), more: Vec::new() },
                    flink: "1.20.5",
                    needs: NEEDS,
                    intent: &intent,
                    key: None,
                };
                store.create_cluster(&permit, &creation, now).await.unwrap()
            }
            (Some(record), new, jar) => {
                let permit = desk.permit(Permission::Run, &lab.within(&record.cluster.name)).await.unwrap();
                let jars = jar.map(|jar| RevisionJars { jar, more: Vec::new() });
                let action = NewAction {
                    cluster: &record.cluster,
                    action: action(&intent.ask),
                    intent: &intent,
                    key: None,
                    revision: new
                        .zip(jars.as_ref())
                        .map(|(new, jars)| (u32::try_from(new).unwrap() + 1, &self.revisions[new], jars)),
                    // Of a folder with other clusters nobody is to be refused for want of room.
                    needs: None,
                    found: None,
                    holds: record.status.launched.holds,
                    displaced: record.pending().map(|old| (old.operation, record.cluster.action)),
                    displaced_held: record.on_probation(),
                };
                store.ask(&permit, &action, now).await.unwrap()
            }
            (None, ..) => panic!("there is no cluster yet"),
        };
        plane.changed(event, Some(self.cluster));
    }

    /// Asks, and waits until the operation has ended.
    pub(crate) async fn asked(&mut self, what: &str, ask: Ask) -> OperationView {
        let began = Instant::now();
        self.ask(ask).await;
        self.until(what, |world| world.outcome.is_some()).await;
        eprintln!("{what}: {:.2} s, {:?}", began.elapsed().as_secs_f64(), self.passed);
        self.outcome.clone().unwrap()
    }

    /// Asks, and expects success; gives the newest savepoint if there is one.
    pub(crate) async fn succeeds(&mut self, what: &str, ask: Ask) -> Option<String> {
        let ended = self.asked(what, ask).await;
        assert_eq!(ended.succeeded, Some(true), "{what}: {} {:?}", ended.message, ended.reason);
        let kept = self.plane().await.store().snapshots(self.cluster).await.unwrap();
        kept.into_iter()
            .find(|snapshot| snapshot.kind == SnapshotKind::Savepoint)
            .map(|snapshot| snapshot.path)
    }
}

fn action(ask: &Ask) -> Action {
    match ask {
        Ask::Start { .. } => Action::Start,
        Ask::Update { keep_state: true, .. } => Action::Update,
        Ask::Update { keep_state: false, .. } => Action::StatelessUpdate,
        Ask::LastStateUpdate { .. } => Action::LastStateUpdate,
        Ask::Savepoint => Action::Savepoint,
        Ask::Stop => Action::Stop,
        Ask::Cancel => Action::Cancel,
        Ask::Delete { .. } => Action::Delete,
    }
}
