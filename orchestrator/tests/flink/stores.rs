//! State in object stores, on real servers: a job with exact counts runs, is stopped with a savepoint, goes on from it at
//! the very next number, and is lost and found.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use bytes::Bytes;
use domain::action::Action;
use domain::address::Address;
use domain::draft::Pair;
use domain::form::ClusterForm;
use domain::lifecycle::Restore;
use domain::state::State;
use domain::view::EntryKind;
use futures::StreamExt;
use orchestrator::ControlPlane;
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;

use crate::ledger::{Line, OFTEN};
use crate::line::ended;
use crate::servers::{Server, stores};
use crate::world::{World, test};

/// Where Flink looks for Azure's emulator, and nowhere else.
const EMULATOR: u16 = 10_000;

#[test]
fn a_job_keeps_its_state_in_azures_blobs() {
    let Some(stores) = stores() else { return };
    let server = Server::azurite(&stores, Some(EMULATOR));
    test(async |mut world| goes_on(&mut world, &server, &[]).await);
}

#[test]
fn a_job_keeps_its_state_in_s3() {
    let Some(stores) = stores() else { return };
    let server = Server::versity(&stores);
    // This server has folders for real, and lets none go that holds something.
    test(async |mut world| goes_on(&mut world, &server, &[("s3.directory.marker.retention", "keep")]).await);
}

async fn goes_on(world: &mut World, server: &Server, options: &[(&str, &str)]) {
    // State beside its `_metadata`, as that of a large job is.
    let mut all = vec![OFTEN, ("execution.checkpointing.data-inline-threshold", "0b")];
    all.extend(options);
    let account = server.form.name.clone();
    let line = begun(world, server, &account, &all).await;
    line.grows(1).await;
    assert_eq!(line.act(Action::Savepoint).await.succeeded, Some(true));
    line.succeeds(Action::Stop, State::Stopped).await;
    line.succeeds(Action::Start, State::Running).await;
    line.grows(2).await;
    assert_eq!(line.lives(2)[0].start, line.lives(1).last().unwrap().end);
    line.loses(world, 2).await;

    // What Flink has written is listed, whatever marks its folders; and no file but the cluster's has the key.
    let own = line.id.0.simple().to_string();
    let listed = line.desk.list(&account, "flink", &own).await.unwrap();
    assert!(listed.entries.iter().any(|entry| entry.name == "savepoints"), "{listed:?}");
    assert!(listed.entries.iter().all(|entry| entry.kind == EntryKind::Folder), "{listed:?}");
    let of_run =
        |run: u32| line.data.join("clusters").join(&own).join(run.to_string()).join("conf/config.yaml");
    assert!(!std::fs::read_to_string(of_run(1)).unwrap().contains(&server.form.secret), "the run has ended");
    assert_eq!(std::fs::metadata(of_run(3)).unwrap().permissions().mode() & 0o077, 0);

    // The older savepoint is chosen by hand, after it was carried away and back.
    line.succeeds(Action::Cancel, State::Canceled).await;
    let states = line.desk.states(line.id).await.unwrap().states;
    let first = states.iter().rfind(|state| state.path.contains("/savepoints/")).unwrap().clone();
    assert!(states.iter().all(|state| state.missing.is_none()), "{states:#?}");
    let address = Address::parse(&first.path).unwrap();
    let path = address.path().as_str();
    let (size, bytes) = line.desk.download_savepoint(&account, "flink", path).await.unwrap();
    let chunks: Vec<Bytes> = bytes.map(Result::unwrap).collect().await;
    assert_eq!(size, chunks.iter().map(|chunk| chunk.len() as u64).sum::<u64>());
    let mut upload = line.desk.receive_savepoint(&account, "flink", "brought", None).await.unwrap();
    upload.archive("carried.tar", futures::stream::iter(chunks.into_iter().map(Ok))).await.unwrap();
    let brought = line.desk.keep_savepoint(upload).await.unwrap();
    assert_eq!(brought.kind, EntryKind::Savepoint);
    line.desk.delete_snapshot(line.id, first.id).await.unwrap();
    line.wait("its end", async || line.desk.entry(&account, "flink", path).await.is_err()).await;
    let arguments = Arguments { from: Some(Restore::at(&brought.address)), ..Arguments::default() };
    let start = line.desk.act(line.id, Action::Start, arguments).await.unwrap();
    let start = ended(&line.desk, start).await;
    assert_eq!(start.succeeded, Some(true), "{}", start.message);
    line.grows(4).await;
    let begun = line.lives(4)[0].start;
    assert!(begun > 0 && begun <= line.lives(1).last().unwrap().end, "{begun}");

    // The account goes with no cluster in it, and a cluster with all that it stored.
    let refused = line.desk.delete_account(&account).await.unwrap_err();
    assert!(refused.to_string().contains("ledger"), "{refused}");
    let arguments = Arguments { delete_savepoints: true, ..Arguments::default() };
    line.desk.act(line.id, Action::Delete, arguments).await.unwrap();
    while line.desk.cluster(line.id).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(line.desk.list(&account, "flink", &own).await.is_ok_and(|left| left.entries.is_empty()));
    line.desk.delete_account(&account).await.unwrap();
    line.plane.close().await;
}

/// A portal with the account and the one cluster, whose jar lies in the account `jars`.
async fn begun(world: &mut World, server: &Server, jars: &str, options: &[(&str, &str)]) -> Line {
    let plane = ControlPlane::open(world.config.clone()).await.unwrap();
    let desk = plane.own_desk("Ada");
    desk.new_account(&server.form, "flink").await.unwrap();
    let account = server.form.name.as_str();
    let jar = std::fs::read(Path::new(&world.config.jars).join("penstock-trials.jar")).unwrap();
    let bytes = futures::stream::once(async { Ok(Bytes::from(jar)) }).boxed();
    let jar = desk.upload(jars, "flink", "trials.jar", false, bytes).await.unwrap().address;
    let pair = |&(key, value): &(&str, &str)| Pair { key: key.to_owned(), value: value.to_owned() };
    let form = ClusterForm {
        name: "ledger".to_owned(),
        account: account.to_owned(),
        container: "flink".to_owned(),
        jar,
        entry_class: "penstock.trials.Ledger".to_owned(),
        task_manager_cpu: "2".to_owned(),
        options: options.iter().map(pair).collect(),
        ..desk.create_context(&lab()).await.unwrap().defaults
    };
    let (id, create) = desk.create(&lab(), &form, None, None).await.unwrap();
    world.cluster = id;
    let create = ended(&desk, create).await;
    assert_eq!(create.succeeded, Some(true), "{}", create.message);
    Line { plane, desk, id, data: world.config.data.clone(), form }
}
