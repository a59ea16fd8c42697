//! The portal dies between any two of its moves and another one opens on the same folder: nothing is lost, nothing
//! happens twice. What it had recorded is all that the next one has.

use domain::lifecycle::{Act, Ask, Phase, Restore};

use crate::world::{World, spec, test};

/// Passes, with a new portal after every single one: each looks at a world that it has never seen.
async fn by_portals_that_die(world: &mut World, what: &str, is: impl Fn(&World) -> bool) {
    world
        .until_with(what, is, async |world| {
            let look_again = world.pass().await;
            world.reopen();
            look_again
        })
        .await;
}

/// The portal dies after it has recorded this act, before it is done.
async fn dies_before(world: &mut World, is: impl Fn(&Act) -> bool) {
    for _ in 0..600 {
        let (act, look_again) = world.decide().await;
        if act.as_ref().is_some_and(&is) {
            return world.reopen();
        }
        world.act(act).await;
        tokio::time::sleep(look_again).await;
    }
    panic!("it never comes to that act: {:?}", world.phase);
}

fn runs(world: &World) -> bool {
    matches!(world.phase, Phase::Running { .. }) && world.outcome.is_some()
}

#[test]
fn a_portal_that_dies_in_the_middle_of_create_stop_and_update_loses_nothing_and_does_nothing_twice() {
    test(async |mut world| {
        world.ask(Ask::Start { revision: 1, from: Restore::Fresh });
        dies_before(&mut world, |act| matches!(act, Act::Launch(_))).await;
        assert!(world.pids("").is_empty());
        by_portals_that_die(&mut world, "create", runs).await;
        assert_eq!(one_of_each(&world), (1, 1));
        assert_eq!(world.run(), 1, "one launch is one run");
        let counted = world.count().await;

        world.ask(Ask::Stop);
        dies_before(&mut world, |act| matches!(act, Act::StopWithSavepoint { .. })).await;
        assert_eq!(world.savepoints(), 0, "nothing was triggered yet");
        by_portals_that_die(&mut world, "stop", |world| matches!(world.phase, Phase::Stopped { .. })).await;
        assert_eq!(world.savepoints(), 1, "one stop is one savepoint");
        let Phase::Stopped { savepoint, .. } = world.phase.clone() else { unreachable!("it was waited for") };

        world
            .succeeds("start", Ask::Start { revision: 1, from: Restore::Savepoint { path: savepoint } })
            .await;
        let started = world.count().await;
        assert!(started >= counted, "{counted}, then {started}");

        world.revisions.push(spec("Counter", "--rate 300", &[]));
        world.ask(Ask::Update { revision: 2, keep_state: true });
        // The savepoint is triggered, and the portal is gone before it hears of it.
        let triggered = |world: &World| matches!(world.phase, Phase::Stopping { .. });
        world.until("the stop", triggered).await;
        world.reopen();
        dies_before(&mut world, |act| matches!(act, Act::Launch(_))).await;
        assert!(world.pids("").is_empty(), "between the two runs nothing runs");
        by_portals_that_die(&mut world, "update", runs).await;
        assert_eq!(one_of_each(&world), (1, 1));
        assert_eq!((world.run(), world.savepoints()), (3, 2));
        let updated = world.count().await;
        assert!(updated >= started, "{started}, then {updated}");
    });
}

fn one_of_each(world: &World) -> (usize, usize) {
    (world.pids("jobmanager").len(), world.pids("taskmanager").len())
}
