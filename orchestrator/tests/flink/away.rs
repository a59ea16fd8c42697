//! Storage that is not there is not empty: nothing starts from less than what was seen.

use domain::lifecycle::{Ask, Phase, Restore};
use domain::view::{Newest, StatesView};

use crate::world::{World, test};

/// What a start takes without a wish.
fn taken(states: &StatesView) -> &str {
    match states.newest() {
        Newest::State(state) => &state.path,
        Newest::Fresh | Newest::Undecided => panic!("nothing: {states:?}"),
    }
}

fn waits(world: &World) -> bool {
    matches!(world.phase, Phase::Waiting { .. })
}

#[test]
fn a_job_whose_storage_is_away_after_a_reboot_waits_for_it_and_goes_on_where_it_was() {
    test(async |mut world| {
        world.create().await;
        world.until("a checkpoint", |world| world.observed().checkpoint.is_some()).await;
        world.die().await;
        world.kill("");
        world.take_away();
        std::fs::create_dir(world.container()).unwrap();

        world.until("the wait", waits).await;
        let Phase::Waiting { why, next, .. } = &world.phase else { unreachable!() };
        assert!(why.contains("empty mount point"), "{why}");
        let wanted = next.from.clone();
        assert!(matches!(wanted, Restore::Checkpoint { .. }), "{wanted:?}");
        for _ in 0..3 {
            world.pass().await;
            assert!(waits(&world) && world.pids("").is_empty() && world.run() == 1);
        }

        std::fs::remove_dir(world.container()).unwrap();
        world.bring_back();
        world.until("run 2", |world| world.run() == 2 && matches!(world.phase, Phase::Running { .. })).await;
        let newest = |restore: &Restore| {
            let path = restore.path().unwrap();
            path.rsplit("chk-").next().unwrap().parse::<u32>().unwrap()
        };
        assert!(newest(&world.phase.launch().unwrap().from) >= newest(&wanted));
        let log = world.provider.log(world.cluster, 2, "taskmanager-1.log", Some(0)).await.unwrap().text;
        let counts = log.split("count starts at ").skip(1);
        let begun: u64 =
            counts.map(|rest| rest.split_whitespace().next().unwrap().parse::<u64>().unwrap()).sum();
        assert!(begun > 0, "it goes on with its count");
    });
}

#[test]
fn who_waits_for_state_may_decide_otherwise() {
    test(async |mut world| {
        world.create().await;
        world.until("a checkpoint", |world| world.observed().checkpoint.is_some()).await;
        world.die().await;
        world.kill("");
        let own = world.cluster.0.simple().to_string();
        std::fs::remove_dir_all(world.container().join(own).join("checkpoints")).unwrap();
        world.until("the wait", waits).await;
        world.succeeds("start", Ask::Start { revision: 1, from: Restore::Fresh }).await;
        assert_eq!(world.run(), 2);
    });
}

#[test]
fn a_cluster_whose_storage_is_away_is_not_deleted_until_it_is_there_or_is_given_up() {
    test(async |mut world| {
        world.create().await;
        world.succeeds("savepoint", Ask::Savepoint).await;
        let away = world.take_away();
        let own = world.cluster.0.simple().to_string();
        let taken = world.plane().await.store().snapshots(world.cluster).await.unwrap()[0].path.clone();
        let kept = world.provider.delete_snapshot(&taken).await.unwrap_err().to_string();
        assert!(kept.contains("is not there"), "{kept}");

        world.ask(Ask::Delete { keep_savepoints: false, unseen: false }).await;
        world.until("the refusal", |world| world.refused.is_some() && world.pids("").is_empty()).await;
        let why = world.refused.as_ref().unwrap().message.clone();
        assert!(why.contains("is not there") && why.contains("is deleted as soon as"), "{why}");
        assert!(matches!(world.phase, Phase::Deleting { .. }) && world.outcome.is_none());
        assert!(away.join(&own).join("savepoints").exists());
        world.bring_back();
        world.until("the end", |world| world.outcome.is_some()).await;
        assert_eq!(world.phase, Phase::Deleted);
        assert!(!world.container().join(&own).exists());
    });
}

#[test]
fn what_is_given_up_stays_where_it_is() {
    test(async |mut world| {
        world.create().await;
        world.succeeds("savepoint", Ask::Savepoint).await;
        let away = world.take_away();
        world.succeeds("delete", Ask::Delete { keep_savepoints: false, unseen: true }).await;
        assert_eq!(world.phase, Phase::Deleted);
        assert!(world.pids("").is_empty());
        assert!(away.join(world.cluster.0.simple().to_string()).join("savepoints").exists());
        world.bring_back();
    });
}

/// Its newest checkpoint was cut off by something outside. Flink's word for it is remembered: the one before is what is
/// taken then, and a person is told of the damaged one.
#[test]
fn a_damaged_state_is_named_and_the_one_before_is_taken() {
    test(async |mut world| {
        world.create().await;
        let before = world.succeeds("savepoint", Ask::Savepoint).await.unwrap();
        world.succeeds("stop", Ask::Stop).await;
        let plane = world.plane().await;
        let states = plane.store().snapshots(world.cluster).await.unwrap();
        let (newest, whole) = (states[0].path.clone(), states[1].path.clone());
        assert_eq!(whole, before);
        let below = newest.split_once(".dfs.core.windows.net/").unwrap().1;
        let metadata = world.container().join(below).join("_metadata");
        let bytes = std::fs::read(&metadata).unwrap();
        std::fs::write(&metadata, &bytes[..bytes.len() / 2]).unwrap();

        let desk = plane.own_desk("Ada");
        assert_eq!(taken(&desk.states(world.cluster).await.unwrap()), newest);
        let from = Restore::Savepoint { path: newest.clone() };
        let failed = world.asked("start", Ask::Start { revision: 1, from }).await;
        let reason = failed.reason.unwrap();
        assert_eq!(reason.code, "SAVEPOINT_UNREADABLE", "{}", reason.message);
        let states = desk.states(world.cluster).await.unwrap();
        assert_eq!(taken(&states), whole);
        let (damaged, why) = states.damaged().unwrap();
        assert!(damaged.path == newest && why.contains("is damaged"), "{why}");
        let from = Restore::Savepoint { path: whole };
        world.succeeds("start", Ask::Start { revision: 1, from }).await;

        // Put back from a copy it can be taken again.
        std::fs::write(&metadata, &bytes).unwrap();
        let there = desk.states(world.cluster).await.unwrap();
        let again = there.states.iter().find(|state| state.path == newest).unwrap();
        assert_eq!(again.missing, None);
    });
}
