//! The job's own code has its checkpoints elsewhere, or none: the review says so before anything is launched, and a loss
//! is never followed by a silent start from nothing.

use std::time::Duration;

use domain::action::Action;
use domain::form::ClusterForm;
use domain::lifecycle::Restore;
use domain::state::State;
use domain::view::{CheckResult, Setting};
use orchestrator::desk::Arguments;
use orchestrator::first_pool as lab;

use crate::ledger::{Line, OFTEN};
use crate::line::ended;
use crate::world::test;

const CHECK: &str = "Its checkpoints are those of the options";

/// What the running job says of itself that is not what its run was given.
async fn differing(line: &Line) -> Vec<Setting> {
    let reported = line.desk.reported(line.id).await.unwrap().expect("it runs");
    reported.settings.into_iter().filter(|setting| setting.differs).map(|setting| setting.setting).collect()
}

#[test]
fn checkpoints_in_a_folder_of_the_jobs_own_choice_are_gone_on_from() {
    test(async |mut world| {
        let line = Line::open(&mut world, "elsewhere", &[OFTEN]).await;
        let warned = warned(&line, "elsewhere").await;
        assert!(warned.contains("in file:///elsewhere"), "{warned}");
        let reached = line.checkpointed(1).await;
        assert_eq!(differing(&line).await, [Setting::Folder], "the job itself says where");
        world.kill("jobmanager");
        line.until_run(2).await;
        line.grows(2).await;
        let begun = line.lives(2)[0].start;
        assert!(begun >= reached && begun <= line.lives(1)[0].end, "{begun}, reached {reached}");
        let runs = line.desk.runs(line.id).await.unwrap();
        assert!(runs[0].from.as_deref().is_some_and(|from| from.contains("/own-choice/")), "{runs:?}");
        // They are states like others.
        line.checkpointed(2).await;
        line.succeeds(Action::Cancel, State::Canceled).await;
        let end = line.lives(2)[0].end;
        line.succeeds(Action::Start, State::Running).await;
        line.grows(3).await;
        let resumed = line.lives(3)[0].start;
        assert!(resumed > begun && resumed <= end, "{resumed}, {begun}..{end}");
        line.plane.close().await;
    });
}

#[test]
fn a_job_that_switches_checkpoints_off_waits_for_a_person_when_it_is_lost() {
    test(async |mut world| {
        let line = Line::open(&mut world, "off", &[OFTEN]).await;
        assert!(
            warned(&line, "off").await.contains("switches checkpoints off, though the options ask for one")
        );
        line.grows(1).await;
        assert_eq!(differing(&line).await, [Setting::Interval], "it says that it takes none");
        line.succeeds(Action::Stop, State::Stopped).await;
        let stopped = line.count(1);
        line.succeeds(Action::Start, State::Running).await;
        line.grows(2).await;
        assert_eq!(line.lives(2)[0].start, stopped);
        world.kill("jobmanager");
        line.until(State::Waiting).await;
        let view = line.desk.cluster(line.id).await.unwrap();
        let reason = view.reason.unwrap().message;
        assert!(reason.contains("switches checkpoints off"), "{reason}");
        // Longer than it takes to look at it again.
        tokio::time::sleep(Duration::from_secs(3)).await;
        assert_eq!(line.desk.runs(line.id).await.unwrap().len(), 2, "nothing is launched from less");

        let from = line.desk.runs(line.id).await.unwrap()[0].from.clone().unwrap();
        let arguments = Arguments { from: Some(Restore::at(&from)), ..Arguments::default() };
        let start = line.desk.act(line.id, Action::Start, arguments).await.unwrap();
        let start = ended(&line.desk, start).await;
        assert_eq!(start.succeeded, Some(true), "{}", start.message);
        line.grows(3).await;
        assert_eq!(line.lives(3)[0].start, stopped);
        line.plane.close().await;
    });
}

#[test]
fn checkpoints_that_are_left_to_the_job_managers_memory_are_gone_on_from() {
    test(async |mut world| {
        let line = Line::open(&mut world, "memory", &[OFTEN]).await;
        line.loses_its_job_manager(&mut world).await;
        line.plane.close().await;
    });
}

#[test]
fn a_job_that_would_keep_its_checkpoints_where_it_may_not_write_does_not_come_up() {
    test(async |mut world| {
        let line = Line::open(&mut world, "", &[OFTEN]).await;
        line.grows(1).await;
        let form = ClusterForm { args: "outside".to_owned(), ..line.form.clone() };
        assert!(warned(&line, "outside").await.contains("anywhere else it may not write"));
        let arguments = Arguments { form: Some(form), ..Arguments::default() };
        let update = line.desk.act(line.id, Action::Update, arguments).await.unwrap();
        let update = ended(&line.desk, update).await;
        assert!(
            update.succeeded == Some(false) && update.message.contains("Failed to create directory"),
            "{}",
            update.message
        );
        // It went back by itself, with all that it had counted.
        line.until_run(3).await;
        line.grows(3).await;
        assert_eq!(line.lives(3)[0].start, line.lives(1).last().unwrap().end);
        line.plane.close().await;
    });
}

/// What the review says of the same job with these arguments.
async fn warned(line: &Line, args: &str) -> String {
    let form = ClusterForm { name: "another".to_owned(), args: args.to_owned(), ..line.form.clone() };
    let review = line.desk.preflight(&lab(), &form, None, false).await.unwrap();
    let check = review.checks.into_iter().find(|check| check.title == CHECK).unwrap();
    assert_eq!(check.result, CheckResult::Warned);
    check.detail
}
