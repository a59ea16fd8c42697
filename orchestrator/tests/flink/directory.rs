//! The savepoint directory of a cluster, on real Flink: every savepoint is written there, found there and goes from there,
//! also after another revision has chosen another one.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use domain::action::Action;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::state::State;
use futures::StreamExt;
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;
use orchestrator::{ControlPlane, Desk};

use crate::line::until;
use crate::world::test;

#[test]
fn savepoints_are_written_where_the_revision_says_and_go_with_the_cluster() {
    test(async |mut world| {
        let plane = ControlPlane::open(world.config.clone()).await.unwrap();
        let desk = plane.own_desk("Ada");
        let jar = std::fs::read(world.config.jars.join("penstock-samples.jar")).unwrap();
        let bytes = futures::stream::once(async { Ok(bytes::Bytes::from(jar)) }).boxed();
        desk.upload("lake", "flink", "job.jar", true, bytes).await.unwrap();
        let offered = desk.create_context(&lab()).await.unwrap().defaults;
        let options = [("execution.checkpointing.interval", "1 s")];
        let form = ClusterForm {
            name: "counter".to_owned(),
            jar: "lake/flink/job.jar".to_owned(),
            entry_class: "penstock.samples.Counter".to_owned(),
            savepoint_directory: "lake/flink/Sicherungen für alle".to_owned(),
            task_manager_cpu: "2".to_owned(),
            options: options
                .map(|(key, value)| Pair { key: key.to_owned(), value: value.to_owned() })
                .to_vec(),
            ..offered
        };
        // What cannot be written is refused at its field, before anything is created.
        let container = world.config.data.join("storage/lake/flink");
        std::fs::write(container.join("file"), "x").unwrap();
        let wrong = ClusterForm { savepoint_directory: "lake/flink/file/in".to_owned(), ..form.clone() };
        let refused = desk.create(&lab(), &wrong, None, None).await.unwrap_err();
        assert_eq!(refused.target(), Some("savepoint_directory"), "{refused}");

        let id = desk.create(&lab(), &form, None, None).await.unwrap().0;
        world.cluster = id;
        until(&desk, id, State::Running, 1).await;
        act(&desk, id, Action::Savepoint, None).await;
        let first = home(&container.join("Sicherungen für alle"), id);
        until_savepoints(&first, 1).await;
        until(&desk, id, State::Running, 1).await;

        let second = ClusterForm { savepoint_directory: "lake/flink/second".to_owned(), ..form };
        act(&desk, id, Action::Update, Some(second)).await;
        until(&desk, id, State::Running, 2).await;
        assert_eq!(savepoints(&first).len(), 2, "the update's savepoint is of the revision that ran");
        act(&desk, id, Action::Stop, None).await;
        until(&desk, id, State::Stopped, 2).await;
        let second = home(&container.join("second"), id);
        assert_eq!(savepoints(&second).len(), 1);
        assert!(!container.join(id.0.simple().to_string()).join("savepoints").exists());
        let states = desk.states(id).await.unwrap();
        let newest = states.states.iter().find(|state| state.path.contains("/second/")).unwrap();
        assert_eq!((newest.run, &newest.missing), (2, &None), "{states:?}");
        act(&desk, id, Action::Start, None).await;
        until(&desk, id, State::Running, 3).await;
        let from = desk.cluster(id).await.unwrap();
        assert_eq!(from.row.run, Some(3));

        let all = Arguments { delete_savepoints: true, ..Arguments::default() };
        desk.act(id, Action::Delete, all).await.unwrap();
        let began = Instant::now();
        while desk.cluster(id).await.is_ok() {
            assert!(began.elapsed() < Duration::from_secs(60), "it is deleted");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        assert!(!first.exists() && !second.exists(), "savepoints of every revision go");
        assert!(container.join("second").exists(), "the directory itself is nobody's");
        plane.close().await;
    });
}

fn home(directory: &Path, id: ClusterId) -> PathBuf {
    directory.join(id.0.simple().to_string())
}

/// The complete savepoints below a home.
fn savepoints(home: &Path) -> Vec<PathBuf> {
    let below = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
    };
    let triggers = below(&home.join("savepoints"));
    let all = triggers.iter().flat_map(|trigger| below(trigger));
    all.filter(|savepoint| savepoint.join("_metadata").exists()).collect()
}

async fn until_savepoints(home: &Path, many: usize) {
    let began = Instant::now();
    while savepoints(home).len() < many {
        assert!(began.elapsed() < Duration::from_secs(60), "no savepoint below {}", home.display());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn act(desk: &Desk, id: ClusterId, action: Action, form: Option<ClusterForm>) {
    desk.act(id, action, Arguments { form, ..Arguments::default() }).await.unwrap();
}
