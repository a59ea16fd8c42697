//! Commands: what is refused and why, two at once, keys, what displaces what.

use domain::action::Action;
use domain::form::ClusterForm;
use domain::lifecycle::Restore;
use domain::policy::Role;
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::spec::{Capacity, ClusterSpec};
use domain::state::State;
use domain::view::JobQuery;

use super::database::on_both;
use super::{Arguments, NewCluster, TestPortal, command, conflict, lab, spec};
use crate::store::seed::Seed;

on_both!(
    wrong_state_is_told,
    the_second_is_told_who_was_first,
    two_at_once_one_wins,
    the_same_key_is_the_same_operation,
    a_key_serves_one_request,
    cancel_displaces_and_settles,
    delete_goes_through_anything,
    a_taken_name_is_refused,
    too_much_memory_is_refused_with_the_sum,
    two_creations_do_not_share_the_last_room,
    an_update_of_an_older_form_is_refused,
    an_update_without_its_jar_stops_nothing,
    a_revision_that_never_ran_is_not_the_clusters,
    a_state_that_is_not_there_starts_nothing,
    a_job_that_runs_goes_back_with_its_own_state,
    a_reader_only_looks,
    a_needed_savepoint_stays,
    the_catalogue_of_versions_only_grows,
    a_node_size_that_is_gone_is_said_and_nothing_is_touched,
);

async fn wrong_state_is_told(portal: TestPortal) {
    let id = portal.running("orders").await;
    let sentence = conflict(portal.act(id, Action::Start).await);
    assert!(sentence.starts_with("Start needs a job that is stopped"), "{sentence}");
    let row = portal.view(id).await.row;
    let start = row.actions.iter().find(|offer| offer.action == Action::Start).expect("it is offered");
    assert_eq!(start.refused.as_deref(), Some(sentence.as_str()), "grid and refusal say the same");
}

async fn the_second_is_told_who_was_first(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("the first wins");
    let bob = portal.person("Bob", Role::Contributor).await;
    let sentence = conflict(bob.act(id, Action::Update, Arguments::default()).await);
    assert!(sentence.contains("Stop is in progress"), "{sentence}");
    assert!(sentence.contains("Ada asked for Stop at 12:00"), "{sentence}");
}

async fn two_at_once_one_wins(portal: TestPortal) {
    let id = portal.running("orders").await;
    let bob = portal.person("Bob", Role::Contributor).await;
    let (ada, bob) =
        tokio::join!(portal.act(id, Action::Stop), bob.act(id, Action::Savepoint, Arguments::default()),);
    assert_eq!(u8::from(ada.is_ok()) + u8::from(bob.is_ok()), 1, "{ada:?} {bob:?}");
    let loser = if ada.is_ok() { bob } else { ada };
    assert!(conflict(loser).contains("is in progress"));
    let operations = portal.desk.operations(id).await.expect("operations");
    assert_eq!(operations.len(), 2, "creation and the winner's");
}

async fn the_same_key_is_the_same_operation(portal: TestPortal) {
    let (id, first) = portal.try_create("orders", Some("k1")).await.expect("created");
    assert_eq!(portal.try_create("orders", Some("k1")).await.expect("repeated"), (id, first));
    portal.until(id, State::Running).await;
    let arguments = Arguments { idempotency_key: Some("k2".to_owned()), ..Arguments::default() };
    let (a, b) = tokio::join!(
        portal.desk.act(id, Action::Savepoint, arguments.clone()),
        portal.desk.act(id, Action::Savepoint, arguments.clone()),
    );
    let (a, b) = (a.expect("asked"), b.expect("repeated"));
    assert_eq!(a, b);
    portal.until(id, State::Running).await;
    assert_eq!(portal.desk.act(id, Action::Savepoint, arguments).await.expect("repeated"), a);
    assert_eq!(portal.view(id).await.savepoints, 1);
}

async fn a_key_serves_one_request(portal: TestPortal) {
    let id = portal.running("orders").await;
    let arguments = Arguments { idempotency_key: Some("k".to_owned()), ..Arguments::default() };
    portal.desk.act(id, Action::Savepoint, arguments.clone()).await.expect("asked");
    portal.until(id, State::Running).await;
    let sentence = conflict(portal.desk.act(id, Action::Stop, arguments).await);
    assert!(sentence.contains("key"), "{sentence}");
    // Nor is it an answer to a creation that another cluster was asked for a savepoint, or was created.
    let sentence = conflict(portal.try_create("other", Some("k")).await);
    assert!(sentence.contains("for another request: Savepoint of orders in pool lab"), "{sentence}");
    portal.try_create("third", Some("k3")).await.expect("created");
    let sentence = conflict(portal.try_create("fourth", Some("k3")).await);
    assert!(sentence.contains("for another request: Create of third in pool lab"), "{sentence}");
}

async fn cancel_displaces_and_settles(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.savepoint_hangs = true);
    let stop = portal.act(id, Action::Stop).await.expect("asked");
    portal.pass().await;
    portal.act(id, Action::Cancel).await.expect("it displaces the stop");
    let displaced = portal.operation(stop).await;
    assert_eq!(displaced.succeeded, Some(false));
    assert_eq!(displaced.reason.expect("a reason").code, "SUPERSEDED");
    portal.until(id, State::Canceled).await;
}

async fn delete_goes_through_anything(portal: TestPortal) {
    let (id, create) = portal.create("orders").await;
    portal.fake.with(id, |world| world.never_runs = true);
    portal.pass().await;
    portal.act(id, Action::Delete).await.expect("it goes through");
    assert_eq!(portal.operation(create).await.succeeded, Some(false));
    assert!(conflict(portal.act(id, Action::Cancel).await).contains("deleted"));
    for _ in 0..10 {
        portal.pass().await;
    }
    assert!(matches!(portal.act(id, Action::Stop).await, Err(Refusal::NotFound(_))));
}

async fn a_taken_name_is_refused(portal: TestPortal) {
    portal.create("orders").await;
    let sentence = conflict(portal.try_create("orders", None).await);
    assert_eq!(sentence, "The name orders is taken in pool lab. Choose another one.");
}

async fn too_much_memory_is_refused_with_the_sum(portal: TestPortal) {
    // One of these clusters needs 3848 MB and 3 cores.
    portal
        .plane
        .store()
        .write(sqlx::query("update pool set memory_mb = 8000, cpu_milli = 100000"))
        .await
        .expect("a smaller machine");
    portal.create("a").await;
    portal.create("b").await;
    let sentence = conflict(portal.try_create("c", None).await);
    assert_eq!(
        sentence,
        "Pool lab has 8000 MB of memory; its clusters hold 7696 MB and this one needs 3848 MB. Stop a cluster or ask \
         for less memory."
    );
    // What is stopped holds nothing; what took its place is in the way of its start.
    let a = portal.desk.cluster_named(&lab(), "a").await.expect("there");
    portal.until(a, State::Running).await;
    portal.act(a, Action::Update).await.expect("an update gives back what it takes");
    portal.until(a, State::Running).await;
    portal.act(a, Action::Stop).await.expect("asked");
    portal.until(a, State::Stopped).await;
    let (c, _) = portal.create("c").await;
    portal.until(c, State::Running).await;
    assert!(conflict(portal.act(a, Action::Start).await).contains("hold 7696 MB"));
}

async fn two_creations_do_not_share_the_last_room(portal: TestPortal) {
    portal.plane.store().write(sqlx::query("update pool set memory_mb = 7000")).await.expect("room for one");
    let (a, b) = tokio::join!(portal.try_create("a", None), portal.try_create("b", None));
    assert_eq!(u8::from(a.is_ok()) + u8::from(b.is_ok()), 1, "{a:?} {b:?}");
    let sentence = conflict(if a.is_ok() { b } else { a });
    assert!(sentence.contains("its clusters hold 3848 MB and this one needs 3848 MB"), "{sentence}");
}

/// An update that changes the arguments, made from a revision.
fn update(args: &str, base: u32) -> Arguments {
    let form = ClusterForm { args: args.to_owned(), ..ClusterForm::from(&spec("orders")) };
    Arguments { form: Some(form), base: Some(base), ..Arguments::default() }
}

async fn an_update_of_an_older_form_is_refused(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.desk.act(id, Action::Update, update("--first", 1)).await.expect("asked");
    portal.until(id, State::Running).await;
    let sentence = conflict(portal.desk.act(id, Action::Update, update("--second", 1)).await);
    assert!(sentence.contains("it is at revision 2, and this form was made from revision 1"), "{sentence}");
    let view = portal.view(id).await;
    assert_eq!((view.row.revision, view.spec.job.args.as_str()), (2, "--first"));
}

async fn an_update_without_its_jar_stops_nothing(portal: TestPortal) {
    let id = portal.running("orders").await;
    std::fs::remove_file(portal.folder.path().join("data/storage/lake/flink/jars/job.jar")).expect("removed");
    for arguments in [Arguments::default(), update("--more", 1)] {
        let refused = portal.desk.act(id, Action::Update, arguments).await.expect_err("its jar is gone");
        assert_eq!(refused.target(), Some("jar"), "{refused}");
    }
    assert!(portal.view(id).await.row.operation.is_none());
}

async fn a_revision_that_never_ran_is_not_the_clusters(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.savepoint_fails = Some(Reason::new("FULL", "No room.")));
    let operation = portal.desk.act(id, Action::Update, update("--new", 1)).await.expect("asked");
    assert_eq!(portal.view(id).await.row.revision, 1, "the new one is only on its way");
    portal.until(id, State::Running).await;
    assert_eq!(portal.operation(operation).await.succeeded, Some(false));
    let view = portal.view(id).await;
    assert_eq!((view.row.revision, view.spec.job.args.as_str()), (1, ""), "the old one goes on");
    portal.fake.with(id, |world| world.savepoint_fails = None);
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
    assert_eq!(portal.desk.runs(id).await.expect("runs")[0].revision, 1, "and is what starts again");
}

async fn a_state_that_is_not_there_starts_nothing(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    for (path, says) in [
        ("lake/flink/savepoints/none", "its _metadata is missing"),
        ("/nowhere/really", "outside the storage accounts"),
        ("lake/flink/../secret", "must not contain"),
    ] {
        let from = Some(Restore::Savepoint { path: path.to_owned() });
        let arguments = Arguments { from, ..Arguments::default() };
        let refused = portal.desk.act(id, Action::Start, arguments).await.expect_err("it is not there");
        assert!(refused.target() == Some("from") && refused.to_string().contains(says), "{path}: {refused}");
    }
    assert_eq!(portal.view(id).await.row.state, State::Stopped);
}

async fn a_job_that_runs_goes_back_with_its_own_state(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Savepoint).await.expect("asked");
    portal.until(id, State::Running).await;
    let taken = portal.desk.snapshots(id).await.expect("snapshots").remove(0);
    let before = portal.desk.operations(id).await.expect("operations").len();
    for action in [Action::Rollback, Action::Update] {
        let from = Some(Restore::at(&taken.path));
        let base = Some(1);
        let form = Some(ClusterForm::from(&portal.view(id).await.spec));
        let arguments = Arguments { from, base, form, revision: Some(1), ..Arguments::default() };
        let refused = portal.desk.act(id, action, arguments).await.expect_err("it has a state of its own");
        assert_eq!(refused.target(), Some("from"), "{action:?}");
        assert!(refused.to_string().contains("cancel the job first"), "{refused}");
    }
    assert_eq!(portal.desk.operations(id).await.expect("operations").len(), before, "nothing was asked");
}

async fn a_reader_only_looks(portal: TestPortal) {
    let id = portal.running("orders").await;
    let reader = portal.person("Ray", Role::Reader).await;
    assert!(reader.cluster(id).await.is_ok());
    let refused = reader.act(id, Action::Stop, Arguments::default()).await;
    assert!(matches!(refused, Err(Refusal::Forbidden(_))), "{refused:?}");
}

async fn a_needed_savepoint_stays(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    let savepoint = portal.desk.snapshots(id).await.expect("snapshots").remove(0);
    assert!(conflict(portal.desk.delete_snapshot(id, savepoint.id).await).contains("would start from"));
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
    conflict(portal.desk.delete_snapshot(id, savepoint.id).await);
    portal.act(id, Action::StatelessUpdate).await.expect("asked");
    portal.until(id, State::Running).await;
    portal.desk.delete_snapshot(id, savepoint.id).await.expect("nobody needs it any more");
    assert!(portal.desk.snapshots(id).await.expect("snapshots").is_empty());
}

async fn the_catalogue_of_versions_only_grows(portal: TestPortal) {
    portal.create("orders").await;
    let (store, pool) = (portal.plane.store(), portal.desk.pool_row(&lab()).await.expect("there").id);
    let start = async |flink: &str| {
        let seed =
            Seed { loopback: (127, 99), has: Capacity::new(16.0, 16_000), flink: flink.to_owned(), java: 17 };
        store.seed(&seed, portal.plane.now()).await.expect("seeded");
        let versions = store.versions(pool).await.expect("versions");
        versions.into_iter().map(|version| (version.version, version.flink)).collect::<Vec<_>>()
    };
    let pair = |version: &str, flink: &str| (version.to_owned(), flink.to_owned());
    assert_eq!(start("1.20.5").await, [pair("1.2.1", "1.20.5")]);
    assert_eq!(start("1.20.6").await, [pair("1.2.2", "1.20.6"), pair("1.2.1", "1.20.5")]);
    assert_eq!(start("1.20.5").await.len(), 2);
    for patch in 7..=14 {
        start(&format!("1.20.{patch}")).await;
    }
    assert_eq!(start("1.20.14").await[0], pair("1.2.10", "1.20.14"));
    // What is not here cannot be created.
    let new = ClusterSpec { version: "1.2.2".to_owned(), ..spec("other") };
    let pool = portal.desk.pool_row(&lab()).await.expect("there");
    let new = NewCluster { pool: &pool, spec: &new, from: Restore::Fresh, key: None };
    let refused =
        command::create(&portal.plane, &portal.in_lab().await, &new).await.expect_err("it is not here");
    assert_eq!(refused.target(), Some("version"));
    assert!(refused.to_string().contains("Flink 1.20.6, which is not here"), "{refused}");
}

async fn a_node_size_that_is_gone_is_said_and_nothing_is_touched(portal: TestPortal) {
    let id = portal.running("orders").await;
    let acts = portal.fake.with(id, |world| world.acts.len());
    let gone = sqlx::query("delete from node_size where name = 'Standard_D2'");
    portal.plane.store().write(gone).await.expect("gone");
    // What a pool offers is remembered until all rows are looked over.
    portal.clock.advance(jiff::SignedDuration::from_secs(10));
    portal.pass().await;
    portal.second().await;
    let row = portal.desk.jobs(&JobQuery::default()).await.expect("the grid").rows.remove(0);
    assert_eq!(row.state, State::Unreadable);
    assert!(
        row.note.contains("nodes of size Standard_D2, which is not in its pool's catalogue"),
        "{}",
        row.note
    );
    assert_eq!(portal.fake.with(id, |world| world.acts.len()), acts);
}
