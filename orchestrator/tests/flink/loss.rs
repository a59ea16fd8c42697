//! Processes that die: a lost job manager is replaced by a run from the newest checkpoint, a lost task manager by
//! another one in the same run.

use std::cell::Cell;

use domain::lifecycle::{Phase, Restore};

use crate::world::{World, test};

#[test]
fn a_killed_job_manager_is_replaced_by_a_run_from_the_newest_checkpoint() {
    test(async |mut world| {
        world.create().await;
        world.until("a checkpoint", |world| world.observed().checkpoint.is_some()).await;
        let counted = world.count().await;
        world
            .until("a later checkpoint", {
                let first = world.observed().checkpoint.clone();
                move |world| world.observed().checkpoint != first
            })
            .await;
        // The jar is overwritten meanwhile; the replacement goes on with the one that ran.
        std::fs::write(world.jar(), b"no jar").unwrap();
        world.kill("jobmanager");
        world.until("run 2", |world| world.run() == 2 && matches!(world.phase, Phase::Running { .. })).await;
        let launch = world.phase.launch().unwrap();
        assert!(matches!(&launch.from, Restore::Checkpoint { path } if path.contains("/chk-")), "{launch:?}");
        assert_eq!(launch.asked_by, None);
        let after = world.count().await;
        assert!(after >= counted, "the count goes on: {counted}, then {after}");
        assert_eq!((world.pids("jobmanager").len(), world.pids("taskmanager").len()), (1, 1));
        let why = std::fs::read_to_string(world.run_folder(1).join("jobmanager.exit")).unwrap();
        assert!(why.contains("signal: 9"), "{why}");
    });
}

#[test]
fn a_killed_task_manager_is_started_again_in_the_same_run() {
    test(async |mut world| {
        world.create().await;
        let counted = world.count().await;
        let killed = world.pids("taskmanager");
        world.kill("taskmanager");
        world
            .until("the job runs again", |world| {
                let pids = world.pids("taskmanager");
                let another = !pids.is_empty() && pids != killed;
                another && world.observed().job.as_ref().is_some_and(|job| job.up)
            })
            .await;
        assert_eq!(world.run(), 1);
        // Its figures go on, though Flink may still ask the dead one for some.
        let restarts = Cell::new(0);
        let look = async |world: &mut World| {
            let sample = world.provider.sample(&world.target()).await;
            restarts.set(sample.and_then(|sample| sample.restarts).unwrap_or(0));
            world.pass().await
        };
        world.until_with("Flink's count of restarts", |_| restarts.get() > 0, look).await;
        let after = world.count().await;
        assert!(after >= counted / 2.0, "{counted}, then {after}");
        assert_eq!((world.pids("jobmanager").len(), world.pids("taskmanager").len()), (1, 1));
    });
}
