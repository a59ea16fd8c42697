//! Every action on a running job, with state shown to be kept.

use domain::lifecycle::{Ask, Phase, Restore};

use crate::world::{spec, test};

#[test]
fn a_job_is_created_saved_stopped_started_updated_cancelled_and_deleted() {
    test(async |mut world| {
        world.create().await;
        assert!(world.observed().job.as_ref().is_some_and(|job| job.up));
        let counted = world.count().await;

        let saved = world.succeeds("savepoint", Ask::Savepoint).await.expect("a savepoint");
        assert!(matches!(world.phase, Phase::Running { .. }));
        assert!(saved.starts_with("abfs://flink@teststorage"), "{saved}");

        let stopped = world.succeeds("stop", Ask::Stop).await.expect("a savepoint");
        assert_ne!(saved, stopped);
        assert!(matches!(&world.phase, Phase::Stopped { savepoint, .. } if *savepoint == stopped));
        assert!(world.pids("").is_empty(), "a stopped cluster has no processes");

        let from = Restore::Savepoint { path: stopped };
        world.succeeds("start", Ask::Start { revision: 1, from }).await;
        let after = world.count().await;
        assert!(after >= counted, "the count goes on: {counted}, then {after}");

        world.revisions.push(spec("Counter", "--rate 400", &[]));
        world.succeeds("update", Ask::Update { revision: 2, keep_state: true }).await;
        let updated = world.count().await;
        assert!(updated >= after, "the count goes on over an update: {after}, then {updated}");

        world.revisions.push(spec("Counter", "--rate 10", &[]));
        world.succeeds("stateless update", Ask::Update { revision: 3, keep_state: false }).await;
        let fresh = world.count().await;
        assert!(fresh < updated, "a stateless update counts from nothing: {updated}, then {fresh}");

        world.succeeds("cancel", Ask::Cancel).await;
        assert!(matches!(world.phase, Phase::Canceled { .. }));
        assert!(world.pids("").is_empty());

        world.succeeds("delete", Ask::Delete { keep_savepoints: true, unseen: false }).await;
        assert_eq!(world.phase, Phase::Deleted);
    });
}
