//! A savepoint that cannot be written fails with its own word, and the job that goes on is not said to have failed.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use domain::lifecycle::{Ask, Phase};

use crate::world::test;

#[test]
fn a_savepoint_that_cannot_be_written_is_not_a_job_that_failed() {
    test(async |mut world| {
        world.create().await;
        let container = world.container();
        let savepoints = container.join(world.cluster.0.simple().to_string()).join("savepoints");
        std::fs::create_dir_all(&savepoints).unwrap();
        std::fs::set_permissions(&savepoints, Permissions::from_mode(0o555)).unwrap();
        let outcome = world.asked("savepoint", Ask::Savepoint).await;
        assert_eq!(outcome.succeeded, Some(false), "{}", outcome.message);
        let reason = outcome.reason.unwrap();
        assert_eq!(reason.code, "NOT_WRITABLE", "{}", reason.message);
        assert!(reason.message.contains("Storage could not be written: "), "{}", reason.message);
        assert!(!reason.message.contains("job failed"), "{}", reason.message);
        world.until("it runs as before", |world| world.observed().job_runs()).await;
        assert!(world.run() == 1 && matches!(world.phase, Phase::Running { .. }), "{:?}", world.phase);
    });
}
