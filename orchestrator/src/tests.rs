//! The orchestrator as a whole: real store on both databases, fake provider, a clock that is moved by hand. The
//! loop is the one that the product runs; it goes on when the clock does.

mod attention;
mod bytes;
mod commands;
mod connections;
mod crash;
mod database;
mod databases;
mod fits;
mod folder;
mod grid;
mod history;
mod kept;
mod lasting;
mod launched;
mod lives;
mod loss;
mod needed;
mod passes;
mod pools;
mod probation;
mod readable;
mod retention;
mod roles;
mod secrets;
mod sign_in;
mod storage;
mod stored;
mod tokens;
mod unreadable;
mod vaults;
mod waiting;

use std::fs::DirBuilder;
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use domain::action::Action;
use domain::id::{ClusterId, OperationId, PrincipalId};
use domain::lifecycle::Limits;
use domain::lifecycle::Restore;
use domain::policy::{Actor, Permission, Role};
use domain::refusal::Refusal;
use domain::spec::ClusterSpec;
use domain::state::State;
use domain::view::{ClusterView, OperationView};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use uuid::Uuid;

use self::database::Database;
use crate::clock::ManualClock;
use crate::command::{self, Arguments, NewCluster};
use crate::confine::Launcher;
use crate::provider::fake::FakeProvider;
pub(crate) use crate::store::seed::first_pool as lab;
use crate::store::{At, Permit};
use crate::{ControlPlane, Desk, PlaneConfig, Retention, SessionLimits};

/// The sentence with which the present state declines.
pub(crate) fn conflict<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    let refused = result.expect_err("it is in the way");
    assert_eq!(refused.status(), 409, "{refused:?}");
    refused.to_string()
}

/// One portal with everything in the test's hands.
pub(crate) struct TestPortal {
    pub(crate) plane: ControlPlane,
    pub(crate) fake: Arc<FakeProvider>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) desk: Desk,
    database: Database,
    folder: Arc<tempfile::TempDir>,
}

impl TestPortal {
    pub(crate) async fn open(database: Database) -> Self {
        Self::with(database, |_| {}).await
    }

    /// A portal that is configured otherwise.
    pub(crate) async fn with(database: Database, configure: impl FnOnce(&mut PlaneConfig)) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a temporary folder"));
        let fake = Arc::new(FakeProvider::default());
        let start: Timestamp = "2026-11-23T12:00:00Z".parse().expect("a time");
        let mut config = config(folder.path(), &database);
        configure(&mut config);
        Self::configured(config, database, folder, fake, Arc::new(ManualClock::new(start))).await
    }

    async fn on(
        database: Database,
        folder: Arc<tempfile::TempDir>,
        fake: Arc<FakeProvider>,
        clock: Arc<ManualClock>,
    ) -> Self {
        Self::configured(config(folder.path(), &database), database, folder, fake, clock).await
    }

    async fn configured(
        config: PlaneConfig,
        database: Database,
        folder: Arc<tempfile::TempDir>,
        fake: Arc<FakeProvider>,
        clock: Arc<ManualClock>,
    ) -> Self {
        // As a portal makes it; an open one that holds something is refused.
        let _ = DirBuilder::new().mode(0o700).create(&config.data);
        put_jar(&config.data.join("storage/lake/flink/jars/job.jar"));
        let plane = ControlPlane::with_provider(config, fake.clone(), clock.clone()).await.expect("it opens");
        let desk = plane.own_desk("Ada");
        Self { plane, fake, clock, desk, database, folder }
    }

    /// The portal is ended and started again on the same folder. Clusters live on.
    pub(crate) async fn reopened(self) -> Self {
        self.plane.close().await;
        self.left().open().await
    }

    /// What is left when the portal is gone.
    pub(crate) fn left(self) -> Left {
        let Self { fake, clock, database, folder, desk, .. } = self;
        Left { fake, clock, database, folder, actor: desk.actor().clone() }
    }

    pub(crate) async fn create(&self, name: &str) -> (ClusterId, OperationId) {
        self.try_create(name, None).await.expect("it is created")
    }

    /// The permit to create a cluster.
    pub(crate) async fn in_lab(&self) -> Permit {
        self.desk.authorize(Permission::Run, At::Pool(&lab())).await.expect("an owner may")
    }

    pub(crate) async fn try_create(
        &self,
        name: &str,
        key: Option<&str>,
    ) -> Result<(ClusterId, OperationId), Refusal> {
        let permit = self.in_lab().await;
        let pool = self.desk.pool_row(&lab()).await?;
        let spec = spec(name);
        let new = NewCluster { pool: &pool, spec: &spec, from: Restore::Fresh, key };
        command::create(&self.plane, &permit, &new).await
    }

    /// The desk of a new person with this role for everything.
    pub(crate) async fn person(&self, name: &str, role: Role) -> Desk {
        self.person_at(name, role, "/").await
    }

    /// The desk of a new person with this role in a scope.
    pub(crate) async fn person_at(&self, name: &str, role: Role, scope: &str) -> Desk {
        let desk = self.nobody(name).await;
        let scope = scope.parse().expect("a scope");
        self.desk.give_role(desk.actor().id, role, &scope).await.expect("given");
        desk
    }

    /// The desk of a new person without any role.
    pub(crate) async fn nobody(&self, name: &str) -> Desk {
        let person = Actor::person(PrincipalId(Uuid::new_v4()), name);
        database::insert_person(self.plane.store(), &person).await;
        self.plane.desk(person)
    }

    /// A cluster whose job runs.
    pub(crate) async fn running(&self, name: &str) -> ClusterId {
        let (id, _) = self.create(name).await;
        self.until(id, State::Running).await;
        id
    }

    pub(crate) async fn act(&self, id: ClusterId, action: Action) -> Result<OperationId, Refusal> {
        self.desk.act(id, action, Arguments::default()).await
    }

    /// A quarter of a second passes, and the loop does what is due.
    pub(crate) async fn pass(&self) {
        self.clock.advance(SignedDuration::from_millis(250));
        self.plane.settle().await;
    }

    /// A second passes: as long as a job that runs is left alone.
    pub(crate) async fn second(&self) {
        self.clock.advance(SignedDuration::from_secs(1));
        self.plane.settle().await;
    }

    /// Passes until nothing is in progress and the state is this one; at most forty.
    pub(crate) async fn until(&self, id: ClusterId, state: State) {
        for _ in 0..40 {
            let view = self.view(id).await;
            if view.row.state == state && view.row.operation.is_none() {
                return;
            }
            self.pass().await;
        }
        let view = self.view(id).await;
        panic!("{:?} with {:?}, not {state:?}: {}", view.row.state, view.row.operation, view.row.note);
    }

    pub(crate) async fn view(&self, id: ClusterId) -> ClusterView {
        self.desk.cluster(id).await.expect("the cluster is there")
    }

    pub(crate) async fn operation(&self, id: OperationId) -> OperationView {
        self.desk.operation(id).await.expect("the operation is there")
    }

    /// Titles of a cluster's history, oldest first.
    pub(crate) async fn history(&self, id: ClusterId) -> Vec<String> {
        let page = self.desk.activity_of(id).await.expect("a history");
        page.events.into_iter().rev().map(|event| event.title).collect()
    }
}

/// What outlives a portal: its folder, its rows, its clusters and the time.
pub(crate) struct Left {
    fake: Arc<FakeProvider>,
    clock: Arc<ManualClock>,
    database: Database,
    folder: Arc<tempfile::TempDir>,
    actor: Actor,
}

impl Left {
    /// Another portal on it, and the same person before it.
    pub(crate) async fn open(self) -> TestPortal {
        let mut again = TestPortal::on(self.database, self.folder, self.fake, self.clock).await;
        again.desk = again.plane.desk(self.actor);
        again
    }
}

pub(crate) fn config(folder: &std::path::Path, database: &Database) -> PlaneConfig {
    PlaneConfig {
        data: folder.join("data"),
        database: database.url().map(str::to_owned),
        key_file: None,
        flink_home: folder.join("flink"),
        jars: folder.join("jars"),
        launcher: Launcher::own(),
        loopback: (127, 99),
        sessions: SessionLimits::default(),
        // What comes up has succeeded, unless a test says otherwise.
        limits: Limits { probation: jiff::SignedDuration::ZERO, ..Limits::default() },
        retention: Retention::default(),
    }
}

/// A jar that can be opened, as far as a look needs it: one class with a `main`, which the manifest names.
pub(crate) fn put_jar(place: &std::path::Path) {
    put_build(place, "Other.class");
}

/// The same with another class beside it, which is another build.
pub(crate) fn put_build(place: &std::path::Path, other: &str) {
    let mut class = vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61];
    let short = |length: usize| u8::try_from(length).expect("it is short");
    let text = |text: &str| [&[1, 0, short(text.len())], text.as_bytes()].concat();
    let pool = [text("Job"), vec![7, 0, 1], text("main"), text("([Ljava/lang/String;)V")];
    class.extend([0, short(pool.len() + 1)]);
    class.extend(pool.concat());
    // Flags, name, no superclass, no interfaces, no fields; one public static method; no attributes.
    class.extend([0, 0x21, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0x09, 0, 3, 0, 4, 0, 0, 0, 0]);
    std::fs::create_dir_all(place.parent().expect("a folder")).expect("made");
    let mut jar = zip::ZipWriter::new(std::fs::File::create(place).expect("a file"));
    let entries: [(&str, &[u8]); 3] = [
        ("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\r\nMain-Class: Job\r\n\r\n"),
        ("Job.class", &class),
        (other, &[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61]),
    ];
    for (name, bytes) in entries {
        jar.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
        jar.write_all(bytes).expect("written");
    }
    jar.finish().expect("whole");
}

pub(crate) fn spec(name: &str) -> ClusterSpec {
    serde_json::from_value(json!({
        "name": name, "version": "1.2.1", "account": "lake", "container": "flink", "node_size": "Standard_D2",
        "worker_nodes": 1,
        "job": {
            "jar": "abfs://flink@lake.dfs.core.windows.net/jars/job.jar", "entry_class": null, "args": "",
            "savepoint": null, "upgrade_mode": "UPDATE", "options": {}
        },
        "task_manager": { "cpu": 2.0, "memory_mb": 2048 },
        "job_manager": { "cpu": 1.0, "memory_mb": 1800 },
        "tags": { "team": "orders" }
    }))
    .expect("a specification")
}
