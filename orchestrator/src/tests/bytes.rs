//! A revision names bytes: what happens to the file in storage concerns nobody who runs them, and bytes that nobody
//! needs go.

use std::path::PathBuf;

use domain::action::Action;
use domain::artifact::Sha256;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::refusal::Refusal;
use domain::state::State;
use futures::StreamExt;

use super::database::on_both;
use super::{Arguments, TestPortal, put_build, spec};

on_both!(
    a_revision_keeps_its_bytes_whatever_becomes_of_the_file,
    an_update_reads_the_address_anew_and_says_what_it_finds,
    the_same_jar_is_kept_once_and_goes_with_the_last_who_needs_it,
    what_came_to_nothing_keeps_nothing,
    a_revision_of_before_is_given_its_bytes_at_its_next_launch,
    a_run_of_before_goes_on_with_what_it_ran_with,
    bytes_that_were_taken_away_are_read_again_or_said_to_be_missing,
    whoever_replaces_a_jar_is_told_who_has_it,
    kept_bytes_count_against_the_quota_of_their_account,
);

fn jar(portal: &TestPortal) -> PathBuf {
    portal.folder.path().join("data/storage/lake/flink/jars/job.jar")
}

async fn digest(portal: &TestPortal, id: ClusterId) -> Sha256 {
    portal.view(id).await.jar.expect("it names its bytes").sha256
}

/// The bytes that were launched last.
fn launched(portal: &TestPortal, id: ClusterId) -> Sha256 {
    portal.fake.with(id, |world| world.jar.clone()).expect("it was launched").sha256
}

fn kept(portal: &TestPortal) -> Vec<String> {
    portal.plane.inner.jars.kept()
}

async fn stop_and_start(portal: &TestPortal, id: ClusterId) {
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
}

async fn gone(portal: &TestPortal, id: ClusterId) {
    portal.act(id, Action::Delete).await.expect("asked");
    while portal.desk.cluster(id).await.is_ok() {
        portal.pass().await;
    }
}

async fn a_revision_keeps_its_bytes_whatever_becomes_of_the_file(portal: TestPortal) {
    let id = portal.running("orders").await;
    let first = digest(&portal, id).await;
    assert_eq!(launched(&portal, id), first);
    put_build(&jar(&portal), "Another.class");
    stop_and_start(&portal, id).await;
    assert_eq!(launched(&portal, id), first);
    portal.desk.delete("lake", "flink", "jars").await.expect("it harms nobody");
    stop_and_start(&portal, id).await;
    let portal = portal.reopened().await;
    std::fs::remove_file(jar(&portal)).expect("a portal of a test puts it there");
    stop_and_start(&portal, id).await;
    assert_eq!((launched(&portal, id), portal.view(id).await.row.revision), (first, 1));
}

async fn an_update_reads_the_address_anew_and_says_what_it_finds(portal: TestPortal) {
    let id = portal.running("orders").await;
    let first = digest(&portal, id).await;
    let form = || ClusterForm::from(&spec("orders"));
    let update = |base: u32| Arguments { form: Some(form()), base: Some(base), ..Arguments::default() };

    portal.act(id, Action::Update).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(portal.view(id).await.row.revision, 1, "nothing has changed, neither form nor file");

    put_build(&jar(&portal), "Another.class");
    portal.desk.act(id, Action::Update, update(1)).await.expect("asked");
    portal.until(id, State::Running).await;
    let second = digest(&portal, id).await;
    assert_eq!((launched(&portal, id), portal.view(id).await.row.revision), (second.clone(), 2));
    assert_ne!(first, second);

    put_build(&jar(&portal), "Third.class");
    portal.act(id, Action::Update).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(portal.view(id).await.row.revision, 3, "the form is as it was, the file is another");
    assert!(![first, second].contains(&launched(&portal, id)));
    assert_eq!(kept(&portal).len(), 3, "each revision can be gone back to");
}

async fn the_same_jar_is_kept_once_and_goes_with_the_last_who_needs_it(portal: TestPortal) {
    let (one, two) = (portal.running("one").await, portal.running("two").await);
    let digest = digest(&portal, one).await;
    assert_eq!(kept(&portal), [digest.as_str()]);
    gone(&portal, one).await;
    let portal = portal.reopened().await; // which waits for what is under way
    assert_eq!(kept(&portal), [digest.as_str()]);
    gone(&portal, two).await;
    let portal = portal.reopened().await;
    assert!(kept(&portal).is_empty());
}

async fn what_came_to_nothing_keeps_nothing(portal: TestPortal) {
    let id = portal.running("orders").await;
    let digest = digest(&portal, id).await;
    put_build(&jar(&portal), "Another.class");
    assert!(matches!(portal.try_create("orders", None).await, Err(Refusal::Exists(_))));
    portal.act(id, Action::Stop).await.expect("asked");
    assert!(matches!(portal.act(id, Action::Update).await, Err(Refusal::NotAllowed(_))));
    std::fs::write(jar(&portal), "no jar").expect("written");
    let refused = portal.try_create("other", None).await.expect_err("it is no jar");
    assert_eq!(refused.target(), Some("jar"));
    let portal = portal.reopened().await;
    assert_eq!(kept(&portal), [digest.as_str()]);
}

/// Leaves the rows as a portal of before wrote them.
async fn forget(portal: &TestPortal) {
    let rows = "update revision set jar_sha256 = null, jar_size = null, jar_modified = null, \
                jar_account = null, jar_address = null";
    portal.plane.store().write(sqlx::query(rows)).await.expect("written");
}

/// A portal of before kept a jar beside each run. One that is lost goes on with that, whatever its address holds by now;
/// where that holds nothing any more, a start takes it too.
async fn a_run_of_before_goes_on_with_what_it_ran_with(portal: TestPortal) {
    let id = portal.running("orders").await;
    let ran = digest(&portal, id).await;
    forget(&portal).await;
    let beside = portal.folder.path().join("beside.jar");
    std::fs::rename(jar(&portal), &beside).expect("moved");
    put_build(&jar(&portal), "Another.class");
    portal.fake.with(id, |world| {
        world.earlier_jar = Some(beside.clone());
        (world.alive, world.jar) = (None, None);
    });
    while portal.fake.with(id, |world| world.jar.is_none()) {
        portal.pass().await;
    }
    portal.until(id, State::Running).await;
    assert_eq!((launched(&portal, id), portal.view(id).await.row.run), (ran.clone(), Some(2)));

    forget(&portal).await;
    std::fs::remove_file(jar(&portal)).expect("removed");
    stop_and_start(&portal, id).await;
    assert_eq!(launched(&portal, id), ran);
}

async fn a_revision_of_before_is_given_its_bytes_at_its_next_launch(portal: TestPortal) {
    let id = portal.running("orders").await;
    forget(&portal).await;
    assert_eq!(portal.view(id).await.jar, None);
    let listed = portal.desk.list("lake", "flink", "jars").await.expect("listed");
    assert_eq!(listed.entries[0].clusters, 1, "it uses the file all the same");
    put_build(&jar(&portal), "Another.class");
    stop_and_start(&portal, id).await;
    let pinned = digest(&portal, id).await;
    assert_eq!(launched(&portal, id), pinned);
    put_build(&jar(&portal), "Third.class");
    stop_and_start(&portal, id).await;
    assert_eq!(launched(&portal, id), pinned);
}

async fn bytes_that_were_taken_away_are_read_again_or_said_to_be_missing(portal: TestPortal) {
    let id = portal.running("orders").await;
    let digest = digest(&portal, id).await;
    let file = portal.folder.path().join("data/jars").join(digest.as_str());
    std::fs::remove_file(&file).expect("taken away");
    stop_and_start(&portal, id).await;
    assert!(file.exists(), "the file in storage is still the same");
    std::fs::remove_file(&file).expect("taken away");
    put_build(&jar(&portal), "Another.class");
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::JobLaunchFailed).await;
    let why = portal.view(id).await.reason.expect("why").message;
    assert!(why.contains(&format!("jars/{digest}")) && why.contains("upload the same jar again"), "{why}");
}

async fn whoever_replaces_a_jar_is_told_who_has_it(portal: TestPortal) {
    portal.running("one").await;
    let two = portal.running("two").await;
    let clusters = async |path: &str| {
        let listed = portal.desk.list("lake", "flink", path).await.expect("listed");
        listed.entries.iter().map(|entry| entry.clusters).max()
    };
    assert_eq!((clusters("jars").await, clusters("").await), (Some(2), Some(2)));
    let upload = async |replace: bool| {
        let bytes = futures::stream::once(async { Ok(bytes::Bytes::from_static(b"new")) }).boxed();
        portal.desk.upload("lake", "flink", "jars/job.jar", replace, bytes).await
    };
    let Err(Refusal::Exists(why)) = upload(false).await else { panic!("something is there") };
    let hint = "2 clusters use it; they go on with the bytes that they have until they are updated.";
    assert!(why.ends_with(hint), "{why}");
    assert_eq!(upload(true).await.expect("replaced").hint().as_deref(), Some(hint));
    gone(&portal, two).await;
    assert_eq!(clusters("jars").await, Some(1));
}

async fn kept_bytes_count_against_the_quota_of_their_account(portal: TestPortal) {
    let used = async || portal.desk.accounts().await.expect("accounts")[0].free_space.used;
    let (before, size) = (used().await, jar(&portal).metadata().expect("there").len());
    portal.running("one").await;
    portal.running("two").await;
    assert_eq!(used().await, before + size, "the same bytes count once");
    portal.desk.delete("lake", "flink", "jars").await.expect("deleted");
    assert_eq!(used().await, before, "the file went, what the revisions name stays");
    portal.desk.set_quota("lake", Some(size)).await.expect("set");
    let bytes = futures::stream::once(async { Ok(bytes::Bytes::from_static(b"new")) }).boxed();
    let refused = portal.desk.upload("lake", "flink", "new", false, bytes).await;
    assert!(matches!(refused, Err(Refusal::Unavailable(_))), "{refused:?}");
}
