//! The portal dies between any two of its moves and another one opens on the same folder: nothing is lost, nothing
//! happens twice. What it had recorded is all that the next one has.

use domain::lifecycle::{Act, Ask, Phase, Restore};

use crate::watched::Dies;
use crate::world::{World, spec, test};

/// Each portal does one act and dies before it hears that it is done.
async fn by_portals_that_die(world: &mut World, what: &str, is: impl Fn(&World) -> bool) {
    for _ in 0..100 {
        world.die().await;
        world.dies = Some(Dies::After(|_| true));
        world.plane().await;
        let provider = world.provider.clone();
        tokio::select! {
            () = provider.died.notified() => {}
            () = world.until(what, &is) => return world.die().await,
        }
    }
    panic!("{what} does not come: {:?}", world.phase);
}

/// The portal dies after it has recorded this act, before it is done.
async fn dies_before(world: &mut World, what: &str, act: fn(&Act) -> bool, ask: Option<Ask>) {
    world.die().await;
    world.dies = Some(Dies::Before(act));
    match ask {
        Some(ask) => world.ask(ask).await,
        None => drop(world.plane().await),
    }
    world.died(what).await;
}

fn launches(act: &Act) -> bool {
    matches!(act, Act::Launch(_))
}

fn stops(act: &Act) -> bool {
    matches!(act, Act::StopWithSavepoint { .. })
}

fn runs(world: &World) -> bool {
    matches!(world.phase, Phase::Running { .. }) && world.outcome.is_some()
}

#[test]
fn a_portal_that_dies_in_the_middle_of_create_stop_and_update_loses_nothing_and_does_nothing_twice() {
    test(async |mut world| {
        let create = Ask::Start { revision: 1, from: Restore::Fresh };
        dies_before(&mut world, "the launch", launches, Some(create)).await;
        assert!(world.pids("").is_empty());
        by_portals_that_die(&mut world, "create", runs).await;
        assert_eq!(one_of_each(&world), (1, 1));
        assert_eq!(world.run(), 1, "one launch is one run");
        let counted = world.count().await;

        dies_before(&mut world, "the stop", stops, Some(Ask::Stop)).await;
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
        // The savepoint is triggered, and the portal is gone before it hears of it.
        world.die().await;
        world.dies = Some(Dies::After(stops));
        world.ask(Ask::Update { revision: 2, keep_state: true }).await;
        world.died("the stop").await;
        assert!(matches!(world.phase, Phase::Stopping { .. }), "{:?}", world.phase);
        dies_before(&mut world, "the launch", launches, None).await;
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
