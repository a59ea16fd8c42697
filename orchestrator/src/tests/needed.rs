//! State that one cluster left and another needs: it stays, whichever door one comes by; and what is deleted is recorded
//! first, so that nothing starts from it meanwhile.

use std::path::Path;

use domain::action::Action;
use domain::address::Address;
use domain::form::ClusterForm;
use domain::id::ClusterId;
use domain::lifecycle::Restore;
use domain::policy::Role;
use domain::refusal::Refusal;
use domain::state::State;
use domain::view::SnapshotView;
use jiff::SignedDuration;

use super::database::on_both;
use super::{Arguments, NewCluster, TestPortal, command, conflict, lab, spec};

on_both!(
    what_another_cluster_runs_from_stays_by_every_door,
    a_deletion_is_recorded_and_done_whoever_dies,
    a_start_and_a_deletion_at_once_are_not_both,
    what_cannot_be_seen_is_deleted_only_in_so_many_words,
    nothing_is_created_from_what_is_being_deleted,
    savepoint_directories_of_every_revision_are_the_clusters,
);

/// Takes a savepoint of a cluster that runs.
async fn savepoint(portal: &TestPortal, id: ClusterId) -> SnapshotView {
    portal.act(id, Action::Savepoint).await.expect("asked");
    portal.until(id, State::Running).await;
    portal.desk.snapshots(id).await.expect("snapshots").remove(0)
}

async fn create_from(portal: &TestPortal, name: &str, path: &str) -> Result<ClusterId, Refusal> {
    let (pool, spec) = (portal.desk.pool_row(&lab()).await?, spec(name));
    let from = Restore::Savepoint { path: path.to_owned() };
    let new = NewCluster { pool: &pool, spec: &spec, from, key: None };
    Ok(command::create(&portal.plane, &portal.in_lab().await, &new).await?.0)
}

/// The folder of a snapshot in its container.
fn folder(path: &str) -> String {
    Address::parse(path).expect("an address").path().as_str().to_owned()
}

/// Puts a complete state there, as Flink would have.
fn put(portal: &TestPortal, path: &str) {
    let on_disk = portal.folder.path().join("data/storage/lake/flink").join(folder(path));
    std::fs::create_dir_all(&on_disk).expect("made");
    std::fs::write(Path::new(&on_disk).join("_metadata"), b"state").expect("written");
}

async fn what_another_cluster_runs_from_stays_by_every_door(portal: TestPortal) {
    let one = portal.running("one").await;
    let taken = savepoint(&portal, one).await;
    put(&portal, &taken.path);
    let two = create_from(&portal, "two", &taken.path).await.expect("created");
    assert!(conflict(portal.desk.delete_snapshot(one, taken.id).await).contains("cluster two would start"));
    portal.until(two, State::Running).await;

    // The savepoint's own page, though the cluster that it is of does not need it.
    let sentence = conflict(portal.desk.delete_snapshot(one, taken.id).await);
    assert!(sentence.starts_with("The cluster two runs from abfs://"), "{sentence}");
    // Its cluster is deleted with all its savepoints.
    let all = Arguments { delete_savepoints: true, ..Arguments::default() };
    portal.desk.act(one, Action::Delete, all).await.expect("asked");
    while portal.desk.cluster(one).await.is_ok() {
        portal.pass().await;
    }
    let left = portal.fake.with(one, |world| world.left.clone());
    assert_eq!(left, [Address::parse(&taken.path).expect("an address")]);
    assert!(portal.history(one).await.contains(&"Not all of its state was deleted".to_owned()));
    // The storage browser, at any folder above and at a file within.
    let own = folder(&taken.path);
    let above = own.split('/').next().expect("a folder").to_owned();
    for path in [above, own.clone(), format!("{own}/_metadata")] {
        let sentence = conflict(portal.desk.delete("lake", "flink", &path).await);
        assert!(sentence.starts_with("The cluster two runs from abfs://"), "{path}: {sentence}");
    }

    portal.act(two, Action::StatelessUpdate).await.expect("asked");
    portal.until(two, State::Running).await;
    portal.desk.delete("lake", "flink", &own).await.expect("nobody needs it any more");
}

async fn savepoint_directories_of_every_revision_are_the_clusters(portal: TestPortal) {
    let pool = portal.desk.pool_row(&lab()).await.expect("the pool");
    let mut spec = spec("one");
    spec.job.savepoint_directory = Some(Address::parse("lake/flink/first dir").expect("an address"));
    let new = NewCluster { pool: &pool, spec: &spec, from: Restore::Fresh, key: None };
    let (one, _) = command::create(&portal.plane, &portal.in_lab().await, &new).await.expect("created");
    portal.until(one, State::Running).await;
    let taken = savepoint(&portal, one).await;
    let home = format!("abfs://flink@lake.dfs.core.windows.net/first dir/{}/savepoints/", one.folder());
    assert!(taken.path.starts_with(&home), "{taken:?}");
    put(&portal, &taken.path);

    let form =
        ClusterForm { savepoint_directory: "lake/flink/second".to_owned(), ..ClusterForm::from(&spec) };
    let update = Arguments { form: Some(form), ..Arguments::default() };
    portal.desk.act(one, Action::StatelessUpdate, update).await.expect("asked");
    portal.until(one, State::Running).await;
    let second = savepoint(&portal, one).await;
    assert!(second.path.contains("/second/"), "{second:?}");
    put(&portal, &second.path);
    // One that nobody could write down is found, wherever a revision had its savepoints.
    put(&portal, &format!("{home}1234/savepoint-found"));
    let states = portal.desk.states(one).await.expect("states").states;
    assert!(states.iter().any(|state| state.path.ends_with("1234/savepoint-found")), "{states:?}");
    for path in ["first dir".to_owned(), "second".to_owned(), format!("first dir/{}", one.folder())] {
        let sentence = conflict(portal.desk.delete("lake", "flink", &path).await);
        assert!(sentence.contains("belongs to the state of the cluster one"), "{path}: {sentence}");
    }
    // Whoever may not see the cluster does not see what lies there either.
    portal.create("two").await;
    let lab =
        "/subscriptions/Penstock/resourceGroups/streaming/providers/Microsoft.HDInsight/clusterPools/lab";
    let bob = portal.person_at("Bob", Role::Contributor, &format!("{lab}/clusters/two")).await;
    let hidden = format!("{}/_metadata", folder(&taken.path));
    assert!(matches!(bob.download("lake", "flink", &hidden).await, Err(Refusal::NotFound(_))));
    assert!(portal.desk.download("lake", "flink", &hidden).await.is_ok());
}

async fn what_cannot_be_seen_is_deleted_only_in_so_many_words(portal: TestPortal) {
    let id = portal.running("orders").await;
    let data = portal.folder.path().join("data");
    std::fs::rename(data.join("storage/lake/flink"), data.join("away")).expect("it is away");
    let refused = portal.act(id, Action::Delete).await.expect_err("nothing of it could be deleted");
    assert_eq!(refused.target(), Some("unseen"));
    assert!(refused.to_string().contains("is not there"), "{refused}");
    let unseen = Arguments { unseen: true, ..Arguments::default() };
    portal.desk.act(id, Action::Delete, unseen).await.expect("in so many words");
    while portal.desk.cluster(id).await.is_ok() {
        portal.pass().await;
    }
}

async fn a_deletion_is_recorded_and_done_whoever_dies(portal: TestPortal) {
    let id = portal.running("orders").await;
    let taken = savepoint(&portal, id).await;
    portal.fake.snapshots().stay = Some("the disk hangs".to_owned());
    portal.desk.delete_snapshot(id, taken.id).await.expect("recorded");
    portal.desk.delete_snapshot(id, taken.id).await.expect("it is under way");
    assert!(portal.desk.snapshots(id).await.expect("snapshots").is_empty(), "nothing is offered from it");
    portal.pass().await;
    let doomed = portal.desk.doomed_snapshots(id).await.expect("they are told");
    let [(path, why)] = doomed.as_slice() else { panic!("{doomed:?}") };
    assert!(path == &taken.path && why.contains("the disk hangs. It is tried again"), "{doomed:?}");
    // Another failure of the same kind is no news.
    for _ in 0..3 {
        portal.clock.advance(SignedDuration::from_secs(10));
        portal.pass().await;
    }
    let portal = portal.reopened().await;
    portal.fake.snapshots().stay = None;
    portal.clock.advance(SignedDuration::from_secs(10));
    portal.pass().await;
    assert!(portal.desk.doomed_snapshots(id).await.expect("they are told").is_empty());
    assert_eq!(portal.fake.snapshots().deleted, [taken.path]);
    let history = portal.history(id).await;
    let told: Vec<_> = history.iter().filter(|title| title.contains("elet")).map(String::as_str).collect();
    assert_eq!(
        told,
        ["Deletion of a savepoint asked", "A savepoint could not be deleted", "Savepoint deleted"]
    );
    portal.pass().await;
    assert_eq!(portal.fake.snapshots().deleted.len(), 1);
}

async fn a_start_and_a_deletion_at_once_are_not_both(portal: TestPortal) {
    let id = portal.running("orders").await;
    for _ in 0..5 {
        let taken = savepoint(&portal, id).await;
        put(&portal, &taken.path);
        portal.act(id, Action::Cancel).await.expect("asked");
        portal.until(id, State::Canceled).await;
        let from = Some(Restore::Savepoint { path: taken.path.clone() });
        let start = Arguments { from, ..Arguments::default() };
        let (started, deleted) = tokio::join!(
            portal.desk.act(id, Action::Start, start),
            portal.desk.delete_snapshot(id, taken.id)
        );
        assert_ne!(started.is_ok(), deleted.is_ok(), "{started:?} {deleted:?}");
        if started.is_err() {
            assert!(conflict(started).contains("is being deleted"));
            portal.act(id, Action::Start).await.expect("from another state, or fresh");
        }
        portal.until(id, State::Running).await;
    }
}

/// However the address is written.
async fn nothing_is_created_from_what_is_being_deleted(portal: TestPortal) {
    let id = portal.running("orders").await;
    let taken = savepoint(&portal, id).await;
    portal.fake.snapshots().stay = Some("the disk hangs".to_owned());
    portal.desk.delete_snapshot(id, taken.id).await.expect("recorded");
    let spellings =
        [taken.path.clone(), format!("{}/", taken.path), format!("lake/flink/{}", folder(&taken.path))];
    for path in spellings {
        let sentence = conflict(create_from(&portal, "other", &path).await);
        assert!(
            sentence.ends_with("a savepoint of orders, is being deleted. Start from another state."),
            "{sentence}"
        );
    }
    // Its cluster goes, and its files go all the same.
    portal.act(id, Action::Delete).await.expect("asked");
    while portal.desk.cluster(id).await.is_ok() {
        portal.pass().await;
    }
    portal.fake.snapshots().stay = None;
    portal.clock.advance(SignedDuration::from_secs(10));
    portal.pass().await;
    assert_eq!(portal.fake.snapshots().deleted, [taken.path]);
}
