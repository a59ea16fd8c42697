//! A job that is restarted again and again counts as failing, with the reason, and every restart is counted: Flink's and
//! the portal's.

use std::cell::Cell;

use domain::lifecycle::{Phase, Restarts};

use crate::world::{World, spec, test};

fn restarts(world: &World) -> Restarts {
    world.restarts.clone().unwrap_or_default()
}

fn fails(world: &World) -> bool {
    restarts(world).failing().is_some()
}

/// Each time it fails before its first checkpoint.
#[test]
fn a_job_that_loops_without_a_checkpoint_is_failing_with_its_third_restart() {
    test(async |mut world| {
        let rare = [("execution.checkpointing.interval", "10 min")];
        world.revisions = vec![spec("Counter", "--rate 100 --fail-after 100", &rare)];
        world.create().await;
        world.until("the second restart", |world| restarts(world).total() >= 2).await;
        assert!(restarts(&world).total() > 2 || !fails(&world), "{:?}", world.restarts);
        world.until("it counts as failing", fails).await;
        let counted = restarts(&world);
        let reason = counted.failing().unwrap();
        assert!(
            reason.message.starts_with("Restarted 3 times without a new checkpoint: "),
            "{}",
            reason.message
        );
        assert!(reason.exception.contains("penstock.samples"), "{}", reason.exception);
        assert!(counted.total() >= 3);
        // It is running again at times, and stays what it is; another portal is told the whole history.
        world.until("it runs again", |world| world.observed().job_runs()).await;
        assert!(fails(&world));
        world.restarts = None;
        world.die().await;
        world.until("the history", |world| restarts(world).total() >= 3).await;
        assert!(fails(&world));

        // A run that takes the place of a lost one is one more.
        let before = restarts(&world).total();
        world.kill("jobmanager");
        world.until("run 2", |world| world.run() == 2 && matches!(world.phase, Phase::Running { .. })).await;
        assert!(restarts(&world).total() > before, "{before}, then {:?}", world.restarts);
        assert!(fails(&world), "another run is no cure");
    });
}

/// It gets further each time, and still is restarted five times within ten minutes. Flink counts them as we do.
#[test]
fn a_job_that_loops_with_checkpoints_is_failing_with_its_fifth_restart() {
    test(async |mut world| {
        world.revisions = vec![spec("Counter", "--rate 100 --fail-after 200", &[])];
        world.create().await;
        world.until("it counts as failing", fails).await;
        let counted = restarts(&world);
        let message = counted.failing().unwrap().message;
        assert!(message.starts_with("Restarted 5 times within "), "{message}: {counted:?}");
        assert!(world.known.is_some(), "there were checkpoints");
        let flinks = Cell::new(0);
        let look = async |world: &mut World| {
            let look_again = world.pass().await;
            let sample = world.provider.sample(&world.target()).await;
            flinks.set(sample.and_then(|sample| sample.restarts).unwrap_or(0));
            look_again
        };
        let agrees = |world: &World| flinks.get() >= 5 && u64::from(restarts(world).total()) == flinks.get();
        world.until_with("as many as Flink counts", agrees, look).await;
    });
}
