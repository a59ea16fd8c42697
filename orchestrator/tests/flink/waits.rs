//! State that is not there is waited for while something is in progress: it is used once it is found, and gives way to
//! whoever decides otherwise.

use domain::action::Action;
use domain::lifecycle::{Act, Ask, Phase, Restore};
use domain::state::State;
use orchestrator::desk::Arguments;

use crate::ledger::{Line, SELDOM};
use crate::line::ended;
use crate::watched::Dies;
use crate::world::{World, test};

#[test]
fn a_stop_whose_savepoint_is_out_of_sight_waits_for_it_and_has_stopped_when_it_is_found() {
    test(async |mut world| {
        world.create().await;
        world.until("a checkpoint", |world| world.observed().checkpoint.is_some()).await;
        // Nobody is there to see that the savepoint is complete, before it is out of sight and all processes are dead.
        world.die().await;
        world.dies = Some(Dies::After(|act| matches!(act, Act::StopWithSavepoint { .. })));
        world.ask(Ask::Stop).await;
        world.died("the stop").await;
        let began = std::time::Instant::now();
        while world.savepoints() == 0 {
            assert!(began.elapsed() < std::time::Duration::from_secs(120), "it is not complete");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        world.kill("");
        world.take_away();

        let state = |world: &World| world.phase.state(&world.seen, false);
        world.until("the wait", |world| state(world) == State::Waiting).await;
        assert!(matches!(world.phase, Phase::Stopping { .. }) && world.outcome.is_none());
        let why = world.phase.waits_for(&world.seen).unwrap();
        assert!(why.contains("is not there"), "{why}");
        for _ in 0..3 {
            world.pass().await;
            assert!(state(&world) == State::Waiting && world.pids("").is_empty(), "nothing is judged");
        }

        world.bring_back();
        world.until("the end of the stop", |world| world.outcome.is_some()).await;
        assert_eq!(world.outcome.as_ref().unwrap().succeeded, Some(true), "{:?}", world.outcome);
        let Phase::Stopped { savepoint, .. } = &world.phase else { panic!("{:?}", world.phase) };
        assert!(savepoint.contains("/savepoints/"), "{savepoint}");
    });
}

#[test]
fn an_update_that_waits_for_state_on_its_probation_gives_way_to_a_start() {
    test(async |mut world| {
        let line = Line::open(&mut world, "", &[SELDOM]).await;
        line.grows(1).await;
        let update = line.desk.act(line.id, Action::Update, Arguments::default()).await.unwrap();
        let step = async || {
            let moving = line.desk.cluster(line.id).await.unwrap().row.operation;
            moving.map(|moving| (moving.step, moving.detail)).unwrap_or_default()
        };
        line.wait("the probation", async || step().await.0 == "New revision keeps running").await;
        let (container, away) = (line.data.join("storage/lake/flink"), line.data.join("away"));
        std::fs::rename(&container, &away).unwrap();
        world.kill("");
        line.until(State::Waiting).await;
        let note = line.desk.cluster(line.id).await.unwrap().row.note;
        assert!(note.contains("Start offers every other state"), "{note}");
        let (name, detail) = step().await;
        assert_eq!(
            (name.as_str(), note.starts_with(&detail)),
            ("Waiting for state", true),
            "{detail}: {note}"
        );

        let fresh = Arguments { from: Some(Restore::Fresh), ..Arguments::default() };
        let start = line.desk.act(line.id, Action::Start, fresh).await.unwrap();
        let gave_way = ended(&line.desk, update).await;
        assert_eq!(gave_way.reason.unwrap().code, "SUPERSEDED");
        std::fs::rename(&away, &container).unwrap();
        let start = ended(&line.desk, start).await;
        assert_eq!(start.succeeded, Some(true), "{}", start.message);
        line.grows(3).await;
        assert_eq!(line.lives(3)[0].start, 0, "as it was asked");
        line.plane.close().await;
    });
}
