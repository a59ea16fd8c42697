//! When a job that is restarted again and again counts as failing.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::lifecycle::{
    FlinkRestarts, JobStatus, KnownState, Launch, Observation, ObservedJob, ObservedProcess, ObservedRun,
    Phase, Recoveries, Restarts, Restore,
};
use crate::reason::Reason;

fn at(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_000_000 + second)
}

fn launch(run: u32) -> Launch {
    let from = Restore::Fresh;
    Launch {
        run,
        revision: 1,
        from,
        asked_by: None,
        fresh: false,
        fallback: None,
        back_from: None,
        checkpoints_off: false,
    }
}

fn running(run: u32) -> Phase {
    Phase::Running { launch: launch(run), recoveries: Recoveries::default(), probation: None }
}

fn starting(run: u32, count: u32) -> Phase {
    let recoveries = Recoveries { count, last: None };
    Phase::Starting { launch: launch(run), until: at(10_000), recoveries }
}

/// A job that runs, of which Flink tells these restarts.
fn seen(restarts: &[i64], count: u32) -> Observation {
    let why = Some(Reason::new("THREW", "The source threw."));
    let restarts = FlinkRestarts { count, at: restarts.iter().map(|second| at(*second)).collect(), why };
    Observation::Present(ObservedRun {
        job_manager: ObservedProcess::Answers,
        job: Some(ObservedJob {
            status: JobStatus::Running,
            up: true,
            restoring: false,
            failure: None,
            ended_at: None,
            restarted_at: None,
            batch: false,
            restarts: Some(restarts),
        }),
        ..ObservedRun::nothing()
    })
}

fn checkpoint(second: i64) -> KnownState {
    KnownState { run: 1, state: Restore::Checkpoint { path: "chk-1".to_owned() }, at: at(second) }
}

/// A pass over a job that runs in its first run.
fn pass(before: Option<Restarts>, told: &[i64], checkpoint: Option<&KnownState>, now: i64) -> Restarts {
    let count = before.as_ref().map_or(0, |before| before.by_flink);
    let phases = (&running(1), &running(1));
    Restarts::followed(before.as_ref(), phases, &seen(told, count), checkpoint, at(now)).expect("it runs")
}

fn message(restarts: &Restarts) -> String {
    restarts.failing().map(|reason| reason.message).unwrap_or_default()
}

#[test]
fn three_restarts_without_a_new_checkpoint_are_failing() {
    let known = checkpoint(5);
    let two = pass(None, &[10, 1_000], Some(&known), 1_001);
    assert_eq!((two.total(), two.failing()), (2, None));
    let three = pass(Some(two.clone()), &[10, 1_000, 2_000], Some(&known), 2_001);
    assert_eq!(three.total(), 3);
    assert_eq!(
        message(&three),
        "Restarted 3 times without a new checkpoint: The source threw. It counts as failing until it has run for ten \
         minutes."
    );
    // With a checkpoint in between they are as many, and it is well.
    let progressed = pass(Some(two), &[10, 1_000, 2_000], Some(&checkpoint(1_500)), 2_001);
    assert_eq!((progressed.total(), progressed.failing()), (3, None));
}

#[test]
fn five_restarts_in_ten_minutes_are_failing_whatever_the_progress() {
    let mut restarts = None;
    for second in [0, 140, 280, 420] {
        restarts = Some(pass(restarts, &[second], Some(&checkpoint(second - 1)), second + 1));
    }
    let four = restarts.expect("counted");
    assert_eq!(four.failing(), None);
    let late = pass(Some(four.clone()), &[601], Some(&checkpoint(600)), 602);
    assert_eq!(late.failing(), None, "the first of the five is older than ten minutes");
    let five = pass(Some(four), &[599], Some(&checkpoint(598)), 600);
    assert!(message(&five).starts_with("Restarted 5 times within 9 min 59 s: "), "{}", message(&five));
}

#[test]
fn it_is_failing_until_it_has_run_for_ten_minutes() {
    let failing = pass(None, &[1, 2, 3], None, 4);
    assert!(failing.failing().is_some());
    let still = pass(Some(failing), &[1, 2, 3], Some(&checkpoint(100)), 603);
    assert!(still.failing().is_some(), "ten minutes are not over");
    let again = pass(Some(still.clone()), &[1, 2, 3, 603], Some(&checkpoint(100)), 604);
    assert!(pass(Some(again), &[603], Some(&checkpoint(100)), 1_203).failing().is_some(), "they begin anew");
    let well = pass(Some(still), &[1, 2, 3], Some(&checkpoint(100)), 604);
    assert_eq!((well.failing(), well.total()), (None, 3));
}

/// What is restarting has not run, and what cannot be seen is not judged.
#[test]
fn time_in_which_it_does_not_run_does_not_count() {
    let failing = pass(None, &[1, 2, 3], None, 4);
    let silent = ObservedRun { job_manager: ObservedProcess::Silent, ..ObservedRun::nothing() };
    let phases = (&running(1), &running(1));
    let unseen = Restarts::followed(Some(&failing), phases, &Observation::Present(silent), None, at(700));
    assert_eq!(unseen.as_ref(), Some(&failing));
    let Observation::Present(mut run) = seen(&[], 3) else { unreachable!() };
    run.job = run.job.map(|job| ObservedJob { status: JobStatus::Restarting, up: false, ..job });
    let restarting = Restarts::followed(Some(&failing), phases, &Observation::Present(run), None, at(500));
    let again = pass(restarting, &[], None, 700);
    assert!(again.failing().is_some());
    assert!(pass(Some(again), &[], None, 1_300).failing().is_none());
}

#[test]
fn flinks_restarts_and_the_portals_are_counted_together() {
    let first = pass(None, &[1, 2], None, 3);
    let ended = ObservedRun {
        job_manager: ObservedProcess::Ended {
            why: Reason::new("KILLED", "It was killed."),
            by_itself: false,
        },
        ..ObservedRun::nothing()
    };
    let lost = Observation::Present(ended);
    let second = Restarts::followed(Some(&first), (&running(1), &starting(2, 1)), &lost, None, at(10))
        .expect("counted");
    assert_eq!((second.total(), second.run), (3, 2));
    assert!(message(&second).starts_with("Restarted 3 times without a new checkpoint: It was killed."));
    // The same launch is not counted again, and Flink's next one comes on top.
    let phases = (&starting(2, 1), &starting(2, 1));
    let same = Restarts::followed(Some(&second), phases, &lost, None, at(11)).expect("counted");
    assert_eq!(same.total(), 3);
    let phases = (&running(2), &running(2));
    let more = Restarts::followed(Some(&same), phases, &seen(&[20], 1), None, at(21)).expect("counted");
    assert_eq!(more.total(), 4);
    // What somebody asks for begins anew; what rests is not failing.
    let asked = Restarts::followed(Some(&more), (&running(2), &starting(3, 0)), &lost, None, at(30));
    assert_eq!(asked, Some(Restarts { run: 3, ..Restarts::default() }));
    let rests = Phase::Canceled { launch: Some(launch(2)) };
    let rests = Restarts::followed(Some(&more), (&running(2), &rests), &lost, None, at(30)).expect("counted");
    assert_eq!((rests.total(), rests.failing()), (4, None));
}

/// A portal that was away is told the end of the history, and how many there were in all.
#[test]
fn what_the_history_has_forgotten_is_counted_all_the_same() {
    let phases = (&running(1), &running(1));
    let seen = seen(&[94, 95, 96, 97, 98, 99], 60);
    let restarts = Restarts::followed(None, phases, &seen, None, at(100)).expect("counted");
    assert_eq!((restarts.total(), restarts.failing().is_some()), (60, true));
}

/// What happens to a job, a second each.
#[derive(Clone, Copy, Debug)]
enum Event {
    Runs(i64),
    Restarted,
    Checkpoint,
}

fn events() -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        2 => (1i64..400).prop_map(Event::Runs),
        2 => Just(Event::Restarted),
        1 => Just(Event::Checkpoint),
    ];
    prop::collection::vec(event, 0..40)
}

proptest! {
    /// However often somebody looks, the rule is the rule: held against one that knows all of history.
    #[test]
    fn the_rule_is_the_same_however_often_somebody_looks(events in events(), every in 1usize..4) {
        let (mut now, mut restarted, mut progressed) = (0, Vec::new(), None);
        let (mut restarts, mut failing) = (None, false);
        for (number, event) in events.iter().enumerate() {
            now += 2;
            match event {
                Event::Runs(seconds) => now += seconds,
                Event::Restarted => {
                    restarted.push(now);
                    let new = |second: &&i64| progressed.is_none_or(|last| **second > last);
                    let fifth = restarted.iter().rev().nth(4);
                    failing |= restarted.iter().filter(new).count() >= 3;
                    failing |= fifth.is_some_and(|fifth| now - fifth <= 600);
                }
                Event::Checkpoint => progressed = Some(now),
            }
            // What is not looked at in time is seen later; what is over by then is not judged here.
            let looks = number % every == 0 || matches!(event, Event::Restarted | Event::Checkpoint);
            if looks {
                let known = progressed.map(checkpoint);
                restarts = Some(pass(restarts, &restarted, known.as_ref(), now));
                let ran = restarted.last().map_or(now, |last| now - last);
                failing &= ran < 600;
                let seen: &Restarts = restarts.as_ref().expect("it was looked at");
                prop_assert_eq!(seen.total() as usize, restarted.len());
                prop_assert_eq!(seen.failing().is_some(), failing, "{:?} at {}", seen, now);
            }
        }
    }
}
