//! The folders that a pool lets its jobs read: who changes them, what is written down, what a provider is told.

use std::path::PathBuf;

use domain::policy::Role;
use domain::refusal::Refusal;

use super::database::on_both;
use super::{TestPortal, lab};

on_both!(an_owner_lends_a_folder_and_it_is_written_down, nobody_else_lends_one);

async fn an_owner_lends_a_folder_and_it_is_written_down(portal: TestPortal) {
    let lent = portal.folder.path().join("lent");
    std::fs::create_dir_all(&lent).expect("made");
    let lent = lent.canonicalize().expect("it is there").display().to_string();
    let id = portal.create("orders").await.0;

    portal.desk.let_read(&lab(), &format!(" {lent} , {lent}")).await.expect("lent");
    assert_eq!(portal.desk.pool(&lab()).await.expect("a pool").readable, [lent.as_str()]);
    let standing = portal.plane.cluster_record(id).await.expect("it stands");
    let phase = standing.status.phase.clone();
    let target = portal
        .plane
        .inner
        .reconciler
        .known
        .target(portal.plane.store(), &standing, phase)
        .await
        .expect("a target");
    assert_eq!(target.readable, [PathBuf::from(&lent)]);

    portal.desk.let_read(&lab(), "").await.expect("taken back");
    let refused = portal.desk.let_read(&lab(), "relative").await.expect_err("no path");
    assert_eq!(refused.target(), Some("folders"), "{refused}");
    let events = portal.desk.activity(&Default::default()).await.expect("a history").events;
    let told: Vec<(&str, &str)> = events
        .iter()
        .filter(|event| event.title == "What jobs of lab may read was changed")
        .map(|event| (event.detail.as_str(), event.actor.as_str()))
        .collect();
    assert_eq!(told, [("Nothing beside their own folders.", "Ada"), (lent.as_str(), "Ada")]);
    let audited: Vec<(String, String)> = sqlx::query_as(
        "select before_json, after_json from audit where action = 'pool/READABLE' order by id",
    )
    .fetch_all(&mut *portal.plane.store().reading().await.expect("a connection"))
    .await
    .expect("an audit");
    let list = format!("[\"{lent}\"]");
    assert_eq!(audited, [("[]".to_owned(), list.clone()), (list, "[]".to_owned())]);
}

async fn nobody_else_lends_one(portal: TestPortal) {
    for role in [Role::Reader, Role::Contributor] {
        let desk = portal.person("Ben", role).await;
        let refused = desk.let_read(&lab(), "/usr").await.expect_err("not an owner");
        assert!(matches!(refused, Refusal::Forbidden(_)), "{refused:?}");
    }
    assert_eq!(portal.desk.pool(&lab()).await.expect("a pool").readable, [""; 0]);
}
