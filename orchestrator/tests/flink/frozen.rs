//! A task manager that is alive and cut off from its job manager is found, ended and replaced: should it wake up, its old
//! tasks would go on beside the new ones.

use rustix::process::Signal;

use crate::world::{spec, test};

#[test]
fn a_frozen_task_manager_is_ended_and_another_takes_its_place() {
    test(async |mut world| {
        // Flink itself misses it soon.
        world.revisions = vec![spec("Counter", "--rate 200", &[("heartbeat.timeout", "6000")])];
        world.create().await;
        world.until("a checkpoint", |world| world.known.is_some()).await;
        let frozen = world.signal("taskmanager", Signal::STOP);

        world.until("it is found", |world| !world.observed().silent_task_managers.is_empty()).await;
        assert_eq!(world.observed().silent_task_managers, [1]);
        let lives = |pid: &i32| frozen.iter().any(|frozen| frozen.as_raw_nonzero().get() == *pid);
        world.until("it is ended", |world| !world.pids("taskmanager").iter().any(lives)).await;
        let replaced = |world: &crate::world::World| world.observed().job_runs();
        world.until("another one works", replaced).await;
        assert_eq!((world.run(), world.pids("taskmanager").len()), (1, 1));
        assert!(world.observed().silent_task_managers.is_empty());
    });
}
