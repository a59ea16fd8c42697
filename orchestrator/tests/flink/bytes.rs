//! A revision names bytes: whatever happens to the file in storage, what runs is the build that it was made with, until
//! an update takes the new one. The whole portal on real Flink; what a build prints tells which one runs.

use std::io::{Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use domain::action::Action;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::state::State;
use futures::StreamExt;
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;
use orchestrator::{ControlPlane, Desk, PlaneConfig};

use crate::line::until;
use crate::world::test;

/// A name that people give to files, and that Flink does not take for a jar's.
const NAME: &str = "builds/Zähler v1 (neu)";
const OLD: &str = "Counter is printed";
const NEW: &str = "Counter is PRINTED";

#[test]
fn a_revision_runs_its_bytes_until_an_update_whatever_happens_to_the_file() {
    test(async |mut world| {
        let old = std::fs::read(world.config.jars.join("penstock-samples.jar")).unwrap();
        let new = another_build(&old);
        let (plane, desk) = open(&world.config).await;
        upload(&desk, &old).await;
        let id = create(&desk).await;
        world.cluster = id;
        until(&desk, id, State::Running, 1).await;
        assert!(printed(&desk, id, 1).await.contains(OLD));

        upload(&desk, &new).await;
        world.kill("jobmanager");
        until(&desk, id, State::Running, 2).await;
        assert!(printed(&desk, id, 2).await.contains(OLD));

        // A portal that knows only what is written, and not even a file.
        plane.close().await;
        drop(desk);
        let (plane, desk) = open(&world.config).await;
        desk.delete("lake", "flink", NAME).await.unwrap();
        act(&desk, id, Action::Stop).await;
        until(&desk, id, State::Stopped, 2).await;
        act(&desk, id, Action::Start).await;
        until(&desk, id, State::Running, 3).await;
        assert!(printed(&desk, id, 3).await.contains(OLD));

        let first = desk.cluster(id).await.unwrap().jar.unwrap();
        let file = |path: &Path| path.metadata().map(|found| (found.ino(), found.len())).unwrap();
        let kept = file(&world.config.data.join("jars").join(first.sha256.as_str()));
        assert_eq!(kept.1, old.len() as u64);
        for run in 1..=3 {
            assert_eq!(file(&world.run_folder(run).join("usrlib/job.jar")), kept, "run {run} has no own");
        }

        upload(&desk, &new).await;
        act(&desk, id, Action::Update).await;
        until(&desk, id, State::Running, 4).await;
        assert!(printed(&desk, id, 4).await.contains(NEW));
        let view = desk.cluster(id).await.unwrap();
        assert_eq!(view.row.revision, 2);
        assert_ne!(view.jar.unwrap().sha256, first.sha256);
        plane.close().await;
    });
}

async fn open(config: &PlaneConfig) -> (ControlPlane, Desk) {
    let plane = ControlPlane::open(config.clone()).await.unwrap();
    let desk = plane.own_desk("Ada");
    (plane, desk)
}

async fn upload(desk: &Desk, jar: &[u8]) {
    let bytes = bytes::Bytes::copy_from_slice(jar);
    let bytes = futures::stream::once(async { Ok(bytes) }).boxed();
    desk.upload("lake", "flink", NAME, true, bytes).await.unwrap();
}

async fn create(desk: &Desk) -> ClusterId {
    let offered = desk.create_context(&lab()).await.unwrap().defaults;
    let options = [("execution.checkpointing.interval", "1 s"), ("restart-strategy.type", "fixed-delay")];
    let form = ClusterForm {
        name: "counter".to_owned(),
        jar: format!("abfs://flink@lake.dfs.core.windows.net/{NAME}"),
        entry_class: "penstock.samples.Counter".to_owned(),
        args: "--rate 200".to_owned(),
        // One task manager on its node.
        task_manager_cpu: "2".to_owned(),
        options: options.map(|(key, value)| Pair { key: key.to_owned(), value: value.to_owned() }).to_vec(),
        ..offered
    };
    desk.create(&lab(), &form, None, None).await.unwrap().0
}

async fn act(desk: &Desk, id: ClusterId, action: Action) {
    desk.act(id, action, Arguments::default()).await.unwrap();
}

async fn printed(desk: &Desk, id: ClusterId, run: u32) -> String {
    desk.log(id, run, "jobmanager.out", None).await.unwrap().text
}

/// The same jobs, built anew with other words in them: state fits, bytes differ.
fn another_build(jar: &[u8]) -> Vec<u8> {
    let (from, to) = (b" is printed", b" is PRINTED");
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(jar)).unwrap();
    let mut new = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut found = 0;
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if entry.name().ends_with("/Counter.class")
            && let Some(at) = bytes.windows(from.len()).position(|part| part == from)
        {
            bytes[at..at + to.len()].copy_from_slice(to);
            found += 1;
        }
        if !entry.is_dir() {
            new.start_file(entry.name(), zip::write::SimpleFileOptions::default()).unwrap();
            new.write_all(&bytes).unwrap();
        }
    }
    assert_eq!(found, 1, "the sample says something else now");
    new.finish().unwrap().into_inner()
}
