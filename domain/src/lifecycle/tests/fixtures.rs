//! Cases in words: what a reader wants to see by itself, one pass each.

mod probation;
mod waiting;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::action::Action;
use crate::id::OperationId;
use crate::lifecycle::{
    Act, Ask, Decision, Fallback, FlinkRestarts, Intent, JobStatus, KnownState, Launch, Limits, MainMethod,
    Next, Observation, ObservedJob, ObservedProcess, ObservedRun, ObservedSavepoint, ObservedTaskManagers,
    Outcome, Phase, Probation, Recoveries, Restore, Then, decide, step_failed, step_name,
};
use crate::reason::Reason;
use crate::state::State;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const OPERATION: OperationId = OperationId(Uuid::from_u128(7));

fn pass(ask: Option<Ask>, phase: &Phase, observed: ObservedRun) -> Decision {
    pass_with(ask, false, phase, observed)
}

fn pass_with(ask: Option<Ask>, probation_off: bool, phase: &Phase, observed: ObservedRun) -> Decision {
    let intent =
        ask.map(|ask| Intent { operation: OPERATION, ask, probation_off, format: Default::default() });
    decide(intent.as_ref(), phase, None, &Observation::Present(observed), &Limits::default(), NOW)
}

fn launch() -> Launch {
    Launch {
        run: 4,
        revision: 2,
        from: savepoint("old"),
        asked_by: Some(OPERATION),
        fresh: false,
        fallback: None,
        back_from: None,
        checkpoints_off: false,
    }
}

fn savepoint(path: &str) -> Restore {
    Restore::Savepoint { path: path.to_owned() }
}

fn minutes(minutes: i64) -> Timestamp {
    NOW + SignedDuration::from_mins(minutes)
}

fn starting(until: Timestamp) -> Phase {
    Phase::Starting { launch: launch(), until, recoveries: Recoveries::default() }
}

fn running(recoveries: Recoveries) -> Phase {
    Phase::Running { launch: launch(), recoveries, probation: None }
}

fn saving(until: Timestamp) -> Phase {
    let (launch, recoveries) = (launch(), Recoveries::default());
    Phase::Saving { launch, recoveries, trigger: OPERATION, until, format: Default::default() }
}

fn stopping(until: Timestamp, then: Then) -> Phase {
    Phase::Stopping { launch: launch(), recoveries: Recoveries::default(), trigger: OPERATION, until, then }
}

fn job(status: JobStatus) -> Option<ObservedJob> {
    Some(ObservedJob {
        up: status == JobStatus::Running,
        status,
        batch: false,
        restoring: false,
        failure: None,
        ended_at: None,
        restarted_at: None,
        restarts: None,
    })
}

/// Two task managers, and a job that runs on them.
fn all_is_well() -> ObservedRun {
    ObservedRun {
        job_manager: ObservedProcess::Answers,
        task_managers: ObservedTaskManagers { alive: 2, registered: 2, wanted: 2 },
        job: job(JobStatus::Running),
        ..ObservedRun::nothing()
    }
}

fn job_manager_is_dead() -> ObservedRun {
    let why = Reason::new("EXIT_137", "It was killed.");
    ObservedRun { job_manager: ObservedProcess::Ended { why, by_itself: false }, job: None, ..all_is_well() }
}

fn next(step: &Decision) -> &Next {
    match &step.phase {
        Phase::Ending { next, .. } => next,
        other => panic!("expected the run to end, not {other:?}"),
    }
}

fn next_launch(step: &Decision) -> &Launch {
    match next(step) {
        Next::Launch { launch, .. } => launch,
        other => panic!("expected a next run, not {other:?}"),
    }
}

fn failure(step: &Decision) -> &Reason {
    match &step.outcome {
        Some(Outcome::Failed(reason)) => reason,
        other => panic!("expected a failure, not {other:?}"),
    }
}

#[test]
fn a_short_job_that_has_finished_already_was_started_with_success() {
    let ask = Ask::Start { revision: 2, from: savepoint("old") };
    let step = pass(
        Some(ask),
        &starting(minutes(1)),
        ObservedRun { job: job(JobStatus::Finished), ..all_is_well() },
    );
    assert_eq!(next(&step), &Next::Finished);
    assert_eq!(step.outcome, Some(Outcome::Succeeded { savepoint: None }));
}

#[test]
fn a_launch_that_takes_too_long_says_how_far_it_came() {
    let ask = Ask::Start { revision: 2, from: savepoint("old") };
    let managers = ObservedTaskManagers { alive: 2, registered: 1, wanted: 2 };
    let observed = ObservedRun { task_managers: managers, job: None, ..all_is_well() };
    let step = pass(Some(ask), &starting(NOW), observed);
    assert_eq!(step.act, Some(Act::End));
    insta::assert_snapshot!(failure(&step).message, @"Nothing moved for 3 min: 1 of 2 task managers registered. The processes are ended; the logs are kept.");
}

#[test]
fn a_job_that_runs_has_been_launched_however_long_it_took() {
    let ask = Ask::Start { revision: 2, from: savepoint("old") };
    let step = pass(Some(ask), &starting(NOW), all_is_well());
    assert_eq!(step.phase, running(Recoveries::default()));
    assert_eq!(step.outcome, Some(Outcome::Succeeded { savepoint: None }));
}

#[test]
fn a_cancel_before_there_is_a_job_just_ends_the_processes() {
    let observed = ObservedRun { job_manager: ObservedProcess::Silent, job: None, ..all_is_well() };
    let step = pass(Some(Ask::Cancel), &starting(minutes(1)), observed);
    assert_eq!((next(&step), step.act.as_ref()), (&Next::Canceled, Some(&Act::End)));
}

#[test]
fn a_silent_job_manager_is_waited_for() {
    let phase = running(Recoveries::default());
    let step =
        pass(None, &phase, ObservedRun { job_manager: ObservedProcess::Silent, job: None, ..all_is_well() });
    assert_eq!((step.phase, step.act), (phase, None));
}

#[test]
fn a_lost_task_manager_is_replaced_in_the_same_run() {
    let managers = ObservedTaskManagers { alive: 1, registered: 1, wanted: 2 };
    let phase = running(Recoveries::default());
    let step = pass(None, &phase, ObservedRun { task_managers: managers, ..all_is_well() });
    assert_eq!((step.phase, step.act), (phase, Some(Act::Launch(launch()))));
}

#[test]
fn a_task_manager_that_is_alive_and_silent_is_replaced_in_the_same_run() {
    let phase = running(Recoveries::default());
    let step = pass(None, &phase, ObservedRun { silent_task_managers: vec![2], ..all_is_well() });
    assert_eq!((step.phase, step.act), (phase, Some(Act::Launch(launch()))));
}

#[test]
fn a_lost_job_manager_means_the_next_run_from_the_newest_checkpoint() {
    let observed = ObservedRun { checkpoint: Some("chk-9".to_owned()), ..job_manager_is_dead() };
    let step = pass(None, &running(Recoveries::default()), observed);
    let expected = Restore::Checkpoint { path: "chk-9".to_owned() };
    assert_eq!(
        next_launch(&step),
        &Launch {
            run: 5,
            revision: 2,
            from: expected,
            asked_by: None,
            fresh: false,
            fallback: None,
            back_from: None,
            checkpoints_off: false,
        }
    );
    assert_eq!(step.phase.state(&Observation::Absent, false), State::Restarting);
}

#[test]
fn losses_in_a_row_are_counted_and_forgiven_after_an_hour_of_peace() {
    let ten = |last| running(Recoveries { count: 10, last: Some(last) });
    let step = pass(None, &ten(minutes(-59)), job_manager_is_dead());
    assert!(matches!(next(&step), Next::Failed { newest, .. } if *newest == savepoint("old")));
    let step = pass(None, &ten(minutes(-60)), job_manager_is_dead());
    assert!(matches!(next(&step), Next::Launch { recoveries: Recoveries { count: 1, .. }, .. }));
}

#[test]
fn a_run_of_which_nothing_is_left_waits_for_a_person() {
    let step = pass(None, &running(Recoveries::default()), ObservedRun::nothing());
    assert!(matches!(next(&step), Next::Failed { reason, .. } if reason.code == "RUN_VANISHED"));
}

#[test]
fn a_lost_run_is_replaced_from_the_newest_state_that_was_ever_seen_of_it() {
    let completed = ObservedSavepoint::Completed { path: "new".to_owned() };
    let observed = ObservedRun { savepoint: completed, ..job_manager_is_dead() };
    let known = |run, minute| KnownState { run, state: savepoint("new"), at: minutes(minute) };
    let lost = |observed: &ObservedRun, known: &KnownState| {
        let intent = Intent {
            operation: OPERATION,
            ask: Ask::Savepoint,
            probation_off: false,
            format: Default::default(),
        };
        let seen = Observation::Present(observed.clone());
        decide(Some(&intent), &saving(minutes(1)), Some(known), &seen, &Limits::default(), NOW)
    };
    let step = lost(&observed, &known(4, 5));
    assert_eq!(step.outcome, Some(Outcome::Succeeded { savepoint: Some("new".to_owned()) }));
    assert_eq!(next_launch(&step).from, savepoint("new"));

    let checkpoint = |minute| ObservedRun {
        checkpoint: Some("chk-9".to_owned()),
        checkpoint_at: Some(minutes(minute)),
        ..observed.clone()
    };
    let newer = Restore::Checkpoint { path: "chk-9".to_owned() };
    assert_eq!(next_launch(&lost(&checkpoint(6), &known(4, 5))).from, newer);
    assert_eq!(next_launch(&lost(&checkpoint(4), &known(4, 5))).from, savepoint("new"));
    assert_eq!(
        next_launch(&lost(&observed, &known(3, 5))).from,
        savepoint("old"),
        "another run's is another's"
    );
}

#[test]
fn a_state_that_cannot_be_used_is_waited_for_and_nothing_starts_from_less() {
    let next = Launch { run: 5, ..launch().again(Restore::Checkpoint { path: "chk-9".to_owned() }) };
    let recoveries = Recoveries { count: 1, last: Some(NOW) };
    let ending = Phase::Ending { launch: launch(), next: Next::Launch { launch: next.clone(), recoveries } };
    let gone =
        ObservedRun { state_missing: Some("The storage is not there.".to_owned()), ..ObservedRun::nothing() };
    let step = pass(None, &ending, gone.clone());
    let Phase::Waiting { why, .. } = &step.phase else { panic!("it waits, not {:?}", step.phase) };
    assert_eq!(
        (why.as_str(), step.phase.state(&Observation::Absent, false)),
        ("The storage is not there.", State::Waiting)
    );
    assert_eq!(pass(None, &step.phase, gone.clone()).phase, step.phase);

    let found = ObservedRun { checkpoint: Some("chk-9".to_owned()), ..ObservedRun::nothing() };
    let started = pass(None, &step.phase, found);
    assert!(matches!(&started.act, Some(Act::Launch(launch)) if *launch == next), "{:?}", started.act);

    let chosen = pass(Some(Ask::Start { revision: 2, from: Restore::Fresh }), &step.phase, gone);
    assert!(matches!(&chosen.act, Some(Act::Launch(Launch { run: 5, from: Restore::Fresh, .. }))));
}

#[test]
fn a_job_that_switches_its_checkpoints_off_waits_for_a_person_when_it_is_lost() {
    let tells = ObservedRun { checkpoints_off: true, ..all_is_well() };
    let told = pass(None, &running(Recoveries::default()), tells);
    assert!(matches!(&told.phase, Phase::Running { launch, .. } if launch.checkpoints_off));
    let lost = pass(None, &told.phase, job_manager_is_dead());
    let waits = pass(None, &lost.phase, ObservedRun::nothing());
    let Phase::Waiting { why, .. } = &waits.phase else { panic!("it waits, not {:?}", waits.phase) };
    assert!(why.contains("switches checkpoints off"), "{why}");
    assert_eq!(pass(None, &waits.phase, ObservedRun::nothing()).phase, waits.phase);
    let chosen =
        pass(Some(Ask::Start { revision: 2, from: Restore::Fresh }), &waits.phase, ObservedRun::nothing());
    let Some(Act::Launch(begins)) = &chosen.act else { panic!("{:?}", chosen.act) };
    assert!(!begins.checkpoints_off && begins.run == 5, "that one has still to tell: {begins:?}");

    // A savepoint of the very run is its newest state.
    let saved = Some(KnownState { run: 4, state: savepoint("new"), at: NOW });
    let decide = |phase: &Phase| {
        let seen = Observation::Present(ObservedRun::nothing());
        decide(None, phase, saved.as_ref(), &seen, &Limits::default(), NOW)
    };
    let Some(Act::Launch(goes_on)) = decide(&lost.phase).act else { panic!("it goes on") };
    assert_eq!(goes_on.from, savepoint("new"));
}

#[test]
fn a_program_that_ended_itself_is_not_lost() {
    let why = Reason::new("MAIN_THREW", "Its main threw.");
    let main = MainMethod::Failed { why: why.clone() };
    let step = pass(None, &running(Recoveries::default()), ObservedRun { main, ..job_manager_is_dead() });
    assert!(matches!(next(&step), Next::Failed { reason, .. } if *reason == why));
}

#[test]
fn a_launch_that_was_cut_short_from_outside_is_made_again() {
    let ask = Some(Ask::Start { revision: 2, from: savepoint("old") });
    let step = pass(ask, &starting(minutes(1)), job_manager_is_dead());
    assert_eq!(next_launch(&step), &Launch { run: 5, ..launch() });
    assert_eq!(step.outcome, None);
}

#[test]
fn a_finished_job_has_finished_when_its_main_has_returned() {
    let finished = |main| ObservedRun { job: job(JobStatus::Finished), main, ..all_is_well() };
    let phase = running(Recoveries::default());
    assert_eq!(pass(None, &phase, finished(MainMethod::Runs)).phase, phase);
    assert_eq!(next(&pass(None, &phase, finished(MainMethod::Returned))), &Next::Finished);
    let why = Reason::new("SEVERAL_JOBS", "It has several jobs.");
    let step = pass(None, &phase, finished(MainMethod::Failed { why }));
    assert!(matches!(next(&step), Next::Failed { .. }));
}

#[test]
fn what_progresses_has_all_the_time_that_it_needs() {
    let ask = || Some(Ask::Start { revision: 2, from: savepoint("old") });
    let runs = ObservedRun { job: None, main: MainMethod::Runs, ..all_is_well() };
    let step = pass(ask(), &starting(minutes(1)), runs);
    assert_eq!(step.phase, starting(minutes(3)), "its main runs");
    let silent = ObservedRun { job: None, ..all_is_well() };
    assert_eq!(pass(ask(), &starting(minutes(1)), silent).phase, starting(minutes(1)));
}

#[test]
fn a_savepoint_that_takes_too_long_fails_and_the_job_goes_on() {
    let writing = ObservedRun { savepoint: ObservedSavepoint::InProgress, ..all_is_well() };
    let step = pass(Some(Ask::Savepoint), &saving(NOW), writing);
    assert_eq!(step.phase, running(Recoveries::default()));
    insta::assert_snapshot!(failure(&step).message, @"The savepoint was not complete within 30 min. The job goes on.");
}

#[test]
fn a_cancellation_that_was_lost_is_asked_for_again() {
    let phase = Phase::Canceling { launch: launch(), until: minutes(1), then: Then::Rest };
    let step = pass(Some(Ask::Cancel), &phase, all_is_well());
    assert_eq!((step.phase, step.act), (phase, Some(Act::Cancel { run: 4 })));
}

#[test]
fn a_stop_whose_job_has_finished_waits_a_minute_for_its_savepoint() {
    let finished = ObservedRun {
        job: job(JobStatus::Finished),
        savepoint: ObservedSavepoint::InProgress,
        ..all_is_well()
    };
    let step = pass(Some(Ask::Stop), &stopping(minutes(30), Then::Rest), finished.clone());
    assert_eq!(step.phase, stopping(minutes(1), Then::Rest));
    assert_eq!((step.act, step.outcome), (None, None));

    let step = pass(Some(Ask::Stop), &stopping(NOW, Then::Rest), finished);
    assert_eq!(next(&step), &Next::Finished);
    assert_eq!(failure(&step).code, "JOB_ENDED");
}

#[test]
fn a_stop_is_done_if_its_savepoint_lies_on_disk_though_the_job_manager_is_gone() {
    let completed = ObservedSavepoint::Completed { path: "new".to_owned() };
    let observed = ObservedRun { savepoint: completed, ..job_manager_is_dead() };
    let step = pass(Some(Ask::Stop), &stopping(minutes(1), Then::Rest), observed);
    assert_eq!(next(&step), &Next::Stopped { savepoint: "new".to_owned() });
    assert_eq!(step.outcome, None, "it has succeeded when the processes have ended");
}

#[test]
fn a_stop_waits_for_a_silent_job_manager_to_say_whether_the_job_has_ended() {
    let completed = ObservedSavepoint::Completed { path: "new".to_owned() };
    let observed = ObservedRun {
        job_manager: ObservedProcess::Silent,
        job: None,
        savepoint: completed,
        ..all_is_well()
    };
    let phase = stopping(minutes(1), Then::Rest);
    let step = pass(Some(Ask::Stop), &phase, observed.clone());
    assert_eq!((step.phase, step.act), (phase, None));
    let step = pass(Some(Ask::Stop), &stopping(NOW, Then::Rest), observed);
    assert_eq!(next(&step), &Next::Stopped { savepoint: "new".to_owned() });
}

#[test]
fn an_update_that_is_overdue_has_failed_but_flink_may_still_stop_the_job() {
    let update = |revision, asked_by| Then::Launch { revision, asked_by, last_state: false };
    let writing = ObservedRun { savepoint: ObservedSavepoint::InProgress, ..all_is_well() };
    let ask = Ask::Update { revision: 3, keep_state: true };
    let step = pass(Some(ask), &stopping(NOW, update(3, Some(OPERATION))), writing.clone());
    assert_eq!(failure(&step).code, "SAVEPOINT_DEADLINE");
    assert_eq!(step.phase, stopping(NOW, update(2, None)), "the old revision goes on afterwards");

    let completed = ObservedSavepoint::Completed { path: "late".to_owned() };
    let step = pass(None, &step.phase, ObservedRun { savepoint: completed, ..writing });
    assert_eq!((next_launch(&step).revision, &next_launch(&step).from), (2, &savepoint("late")));
}

#[test]
fn a_start_waits_until_everything_older_is_gone() {
    let phase = Phase::Stopped { launch: launch(), savepoint: "new".to_owned() };
    let ask = || Some(Ask::Start { revision: 2, from: savepoint("new") });
    let step = pass(ask(), &phase, ObservedRun { others_alive: true, ..ObservedRun::nothing() });
    assert_eq!((&step.phase, step.act), (&phase, Some(Act::End)));
    let step = pass(ask(), &phase, ObservedRun::nothing());
    assert!(matches!(step.act, Some(Act::Launch(Launch { run: 5, .. }))));
}

#[test]
fn a_delete_does_not_wait_for_flink() {
    let ask = Ask::Delete { keep_savepoints: true, unseen: false };
    let step = pass(Some(ask), &stopping(minutes(1), Then::Rest), job_manager_is_dead());
    assert_eq!(step.act, Some(Act::Remove { keep_savepoints: true }));
    assert_eq!(step.phase, Phase::Deleting { launch: Some(launch()), keep_savepoints: true });
}

#[test]
fn what_comes_too_late_is_refused_with_a_sentence() {
    let phase = running(Recoveries::default());
    let step = pass(Some(Ask::Start { revision: 3, from: Restore::Fresh }), &phase, all_is_well());
    assert_eq!(step.phase, phase);
    insta::assert_snapshot!(failure(&step).message, @"Start came too late: by then its job runs. Nothing was done; look at the state and ask again.");
}
