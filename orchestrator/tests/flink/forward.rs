//! The way forward and the way back: an update that does not hold, a program that ends itself, a job that rests.

use domain::lifecycle::{Act, Ask, Phase, Restore};

use crate::watched::Dies;
use crate::world::{World, spec, test};

/// Fails at its first number, and Flink does not start it again.
const FAILS: (&str, &[(&str, &str)]) = ("--fail-after 0", &[("restart-strategy.type", "none")]);

/// With which count the job of a run began, as it said itself.
async fn began(world: &World, run: u32) -> u64 {
    let mut begun = Vec::new();
    for log in world.provider.logs(world.cluster).await.unwrap().into_iter().filter(|log| log.run == run) {
        let text = world.provider.log(world.cluster, run, &log.name, Some(0)).await.unwrap().text;
        begun.extend(
            text.split("count starts at ")
                .skip(1)
                .map(|rest| rest.split_whitespace().next().unwrap().parse::<u64>().unwrap()),
        );
    }
    // Each subtask says its own.
    assert!(!begun.is_empty(), "run {run} has not said where it began");
    begun.iter().sum()
}

#[test]
fn an_update_that_does_not_hold_goes_back_with_the_very_state_that_it_took() {
    test(async |mut world| {
        world.create().await;
        world.until("a checkpoint", |world| world.observed().checkpoint.is_some()).await;
        world.revisions.push(spec("Counter", FAILS.0, FAILS.1));
        let outcome = world.asked("update", Ask::Update { revision: 2, keep_state: true }).await;
        let reason = outcome.reason.unwrap();
        assert_eq!((outcome.succeeded, reason.code.as_str()), (Some(false), "WENT_BACK"));
        assert!(reason.exception.contains("Failed after 0 numbers"), "{}", reason.exception);
        let Phase::Running { launch, probation: None, .. } = &world.phase else {
            panic!("{:?}", world.phase)
        };
        assert_eq!((launch.revision, launch.run), (1, 3));
        assert!(matches!(&launch.from, Restore::Savepoint { .. }), "{launch:?}");
        let (tried, back) = (began(&world, 2).await, began(&world, 3).await);
        assert!(tried > 0 && tried == back, "both began with what the savepoint holds: {tried}, {back}");
    });
}

#[test]
fn an_update_whose_launch_is_cut_short_from_outside_is_made_again() {
    test(async |mut world| {
        world.create().await;
        world.until("a checkpoint", |world| world.observed().checkpoint.is_some()).await;
        world.revisions.push(spec("Counter", "--rate 300", &[]));
        world.ask(Ask::Update { revision: 2, keep_state: true }).await;
        world.until("the new run", |world| world.run() == 2 && !world.pids("jobmanager").is_empty()).await;
        world.kill("jobmanager");
        world.until("the end of the update", |world| world.outcome.is_some()).await;
        assert_eq!(world.outcome.as_ref().unwrap().succeeded, Some(true), "{:?}", world.outcome);
        let launch = world.phase.launch().unwrap();
        assert_eq!((launch.run, launch.revision), (3, 2));
        assert!(began(&world, 3).await > 0);
    });
}

#[test]
fn a_program_that_ends_by_its_own_word_has_failed_and_is_not_lost() {
    for (how, says) in [("throw", "bookkeeping failed"), ("exit", "exit"), ("halt", "halt")] {
        test(async |mut world| {
            std::fs::copy(world.config.jars.join("penstock-trials.jar"), world.jar()).unwrap();
            let mut quits = spec("Counter", how, &[]);
            quits.job.entry_class = Some("penstock.trials.Quits".to_owned());
            world.revisions = vec![quits];
            world.ask(Ask::Start { revision: 1, from: Restore::Fresh }).await;
            world.until("its end", |world| matches!(world.phase, Phase::Failed { .. })).await;
            let Phase::Failed { launch, reason, .. } = &world.phase else { unreachable!() };
            assert_eq!(launch.run, 1, "no other run took its place");
            let told = format!("{} {}", reason.message, reason.exception).to_lowercase();
            assert!(told.contains(says), "{how}: {told}");
        });
    }
}

#[test]
fn a_job_that_finished_while_nobody_was_there_has_finished() {
    test(async |mut world| {
        world.revisions = vec![spec("Counter", "--max 600 --rate 200", &[])];
        // The portal is gone as soon as it has started it.
        world.dies = Some(Dies::After(|act| matches!(act, Act::Launch(_))));
        world.ask(Ask::Start { revision: 1, from: Restore::Fresh }).await;
        world.died("the launch").await;
        let flink = world.flink().await;
        let job = world.cluster.job_id(1);
        let began = std::time::Instant::now();
        // It does not answer before it is up.
        while !flink.job(&job).await.is_ok_and(|job| job.is_some_and(|job| job.status.ended())) {
            assert!(began.elapsed() < std::time::Duration::from_secs(120), "it does not finish");
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        let archived = world.run_folder(1).join("record").join("archive").join(&job);
        // Whole: Flink writes it in place, and one that is cut off tells nothing.
        let whole = || {
            let text = std::fs::read(&archived).unwrap_or_default();
            serde_json::from_slice::<serde_json::Value>(&text).is_ok()
        };
        while !whole() {
            assert!(began.elapsed() < std::time::Duration::from_secs(120), "it is not archived");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
        world.kill("");
        world.until("its end", |world| matches!(world.phase, Phase::Finished { .. })).await;
        assert_eq!(world.run(), 1, "nothing is done twice");
    });
}
