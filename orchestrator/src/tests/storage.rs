//! Files of storage accounts: what clusters need stays, what is done is written down.

use bytes::Bytes;
use domain::action::Action;
use domain::policy::Role;
use domain::refusal::Refusal;
use futures::StreamExt;

use super::database::on_both;
use super::{TestPortal, conflict};
use crate::command::Arguments;

on_both!(
    what_a_cluster_needs_stays,
    what_is_done_to_files_is_written_down,
    paths_stay_within,
    what_is_no_file_is_looked_at_and_not_opened,
    savepoints_are_found_within_limits,
    an_account_holds_no_more_than_its_quota
);

async fn upload(portal: &TestPortal, path: &str) -> Result<(), Refusal> {
    let bytes = futures::stream::once(async { Ok(Bytes::from_static(b"here")) }).boxed();
    portal.desk.upload("lake", "flink", path, true, bytes).await.map(drop)
}

async fn what_a_cluster_needs_stays(portal: TestPortal) {
    let id = portal.running("orders").await;
    let own = id.0.simple().to_string();
    let checkpoint = format!("{own}/checkpoints/1/chk-1");
    let on_disk = portal.folder.path().join("data/storage/lake/flink").join(&checkpoint);
    std::fs::create_dir_all(&on_disk).expect("made");
    std::fs::write(on_disk.join("_metadata"), b"state").expect("written");

    for path in [own.clone(), format!("{own}/checkpoints"), format!("{checkpoint}/_metadata")] {
        let sentence = conflict(portal.desk.delete("lake", "flink", &path).await);
        assert!(sentence.contains("belongs to the state of the cluster orders"), "{sentence}");
    }
    let sentence = conflict(upload(&portal, &format!("{checkpoint}/_metadata")).await);
    assert!(sentence.contains("lies in the state of the cluster orders"), "{sentence}");
    assert_eq!(std::fs::read(on_disk.join("_metadata")).expect("it is there"), b"state");

    let keep = Arguments { delete_savepoints: false, ..Arguments::default() };
    portal.desk.act(id, Action::Delete, keep).await.expect("asked");
    while portal.desk.cluster(id).await.is_ok() {
        portal.pass().await;
    }
    portal.desk.delete("lake", "flink", &own).await.expect("nobody needs it any more");
}

async fn what_is_done_to_files_is_written_down(portal: TestPortal) {
    upload(&portal, "a/b.txt").await.expect("uploaded");
    portal.desk.delete("lake", "flink", "a").await.expect("deleted");
    portal.desk.new_container("lake", "second").await.expect("made");
    let events = portal.desk.activity(&Default::default()).await.expect("a history").events;
    let told: Vec<(&str, &str)> =
        events.iter().map(|event| (event.title.as_str(), event.actor.as_str())).collect();
    assert_eq!(told, [("Container made", "Ada"), ("File deleted", "Ada"), ("File uploaded", "Ada")]);
    let audited: Vec<(String, String)> = sqlx::query_as("select action, target from audit order by id")
        .fetch_all(&mut *portal.plane.store().reading().await.expect("a connection"))
        .await
        .expect("an audit");
    assert_eq!(audited[0], ("file/UPLOAD".into(), "abfs://flink@lake.dfs.core.windows.net/a/b.txt".into()));
    assert_eq!(audited.len(), 3);
}

/// Dots and links lead nowhere, whatever is asked.
async fn paths_stay_within(portal: TestPortal) {
    let lake = portal.folder.path().join("data/storage/lake/flink");
    let outside = portal.folder.path().join("outside");
    std::fs::create_dir_all(&outside).expect("made");
    std::fs::write(outside.join("secret"), b"secret").expect("written");
    std::os::unix::fs::symlink(&outside, lake.join("out")).expect("a link");
    for path in ["..", "../..", "a/../../b", "%2e%2e/b", "out", "out/secret", "a//b", "/etc"] {
        assert!(portal.desk.list("lake", "flink", path).await.is_err(), "list {path}");
        assert!(portal.desk.download("lake", "flink", path).await.is_err(), "download {path}");
        assert!(portal.desk.delete("lake", "flink", path).await.is_err(), "delete {path}");
        assert!(upload(&portal, path).await.is_err(), "upload {path}");
    }
    for (account, container) in [("..", "flink"), ("lake", ".."), ("lake", "a/b"), ("lake/..", "flink")] {
        assert!(portal.desk.list(account, container, "").await.is_err(), "{account} {container}");
        assert!(portal.desk.new_container(account, container).await.is_err(), "{account} {container}");
    }
    assert_eq!(std::fs::read(outside.join("secret")).expect("untouched"), b"secret");
}

/// A pipe keeps who opens it for ever, a device gives for ever.
async fn what_is_no_file_is_looked_at_and_not_opened(portal: TestPortal) {
    let lake = portal.folder.path().join("data/storage/lake/flink");
    let names = crate::file::tests::strange_things(&lake);
    let jars = "abfs://flink@lake.dfs.core.windows.net";
    for name in &names {
        let Err(refusal) = portal.desk.download("lake", "flink", name).await else {
            panic!("{name} was read")
        };
        let said = refusal.to_string();
        assert!(said.contains(&format!("is a {name}")), "{said}");
        let said = portal.desk.jar(&format!("{jars}/{name}")).await.expect_err(name).to_string();
        assert!(said.contains(&format!("is a {name}")), "{said}");
    }
    let listed = portal.desk.list("lake", "flink", "").await.expect("listed").entries;
    let listed: Vec<_> = listed.into_iter().map(|entry| entry.name).collect();
    assert_eq!(listed, ["folder", "jars"], "what is hidden is hidden");
    // What is uploaded takes a pipe's place; it is not written into it.
    upload(&portal, "pipe").await.expect("uploaded");
    assert_eq!(std::fs::read(lake.join("pipe")).expect("a file now"), b"here");
    // A folder whose _metadata is none is no savepoint.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        lake.join("folder/_metadata"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .expect("a pipe");
    assert!(portal.desk.savepoints_in("lake", "flink").await.expect("looked for").is_empty());
}

/// A job may make folders as deep and as many as it likes.
async fn savepoints_are_found_within_limits(portal: TestPortal) {
    let lake = portal.folder.path().join("data/storage/lake/flink");
    for folder in ["1/savepoints/2/savepoint-3", &format!("{}savepoint-4", "d/".repeat(30))] {
        std::fs::create_dir_all(lake.join(folder)).expect("made");
        std::fs::write(lake.join(folder).join("_metadata"), b"state").expect("written");
    }
    let found = portal.desk.savepoints_in("lake", "flink").await.expect("looked for");
    let found: Vec<_> = found.into_iter().map(|entry| entry.name).collect();
    assert_eq!(found, ["savepoint-3"]);
    portal.desk.delete("lake", "flink", "d").await.expect("deleted");
    assert!(!lake.join("d").exists());
}

/// Uploads use up the quota and no more; near its end nothing new begins, and all of it is said with the sum.
async fn an_account_holds_no_more_than_its_quota(portal: TestPortal) {
    let send = async |name: &str, kilobytes: usize| {
        let parts = (0..kilobytes).map(|_| Ok(Bytes::from_static(&[7; 1_000])));
        let sent =
            portal.desk.upload("lake", "flink", name, false, futures::stream::iter(parts).boxed()).await;
        sent.map(drop).map_err(|refusal| refusal.to_string())
    };
    let other = portal.person("Bea", Role::Contributor).await;
    assert!(matches!(other.set_quota("lake", Some(1)).await, Err(Refusal::Forbidden(_))));
    assert!(matches!(portal.desk.set_quota("lakes", Some(1)).await, Err(Refusal::NotFound(_))));
    portal.desk.set_quota("lake", Some(1_000_000)).await.expect("set");
    send("first", 800).await.expect("there is room");
    let room = portal.desk.accounts().await.expect("accounts")[0].free_space;
    assert!((800_000..810_000).contains(&room.used) && room.quota == Some(1_000_000), "{room:?}");
    assert!(room.free > 0 && room.free <= room.disk, "{room:?}");

    let why = send("large", 300).await.expect_err("there is no room for it");
    assert!(
        why.starts_with("With this file the storage account lake would hold more than 1 MB, its quota."),
        "{why}"
    );
    send("second", 170).await.expect("there is room for it again");
    let why = send("third", 1).await.expect_err("too little is left");
    assert!(why.contains("MB, its quota: ") && why.contains("below 5 % nothing is uploaded"), "{why}");
    let refused = portal.try_create("orders", None).await.expect_err("too little is left");
    assert_eq!((refused.target(), refused.to_string()), (Some("account"), why));
    let left = |folder: &str| {
        let entries = portal.folder.path().join("data").join(folder).read_dir().expect("the folder");
        entries.flatten().map(|entry| entry.file_name().into_string().expect("text")).collect::<Vec<_>>()
    };
    assert!(left("uploads").is_empty() && !left("storage/lake/flink").contains(&"large".to_owned()));

    portal.desk.delete("lake", "flink", "first").await.expect("deleted");
    send("third", 1).await.expect("there is room again");
    portal.create("orders").await;
    portal.desk.set_quota("lake", None).await.expect("taken off");
    send("large", 300).await.expect("there is room again");
    let told = portal.desk.activity(&Default::default()).await.expect("a history").events;
    assert_eq!(told.iter().filter(|event| event.title == "Quota set").count(), 2);
}
