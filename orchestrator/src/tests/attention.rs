//! What needs a person says so, and what is older than it should be says of when it is.

use domain::action::Action;
use domain::id::ClusterId;
use domain::lifecycle::JobStatus;
use domain::reason::Reason;
use domain::state::{Group, State};
use domain::view::{JobPage, JobQuery, JobRow, Scope, Sort};
use jiff::SignedDuration;

use super::database::on_both;
use super::{TestPortal, lab};

on_both!(
    a_job_that_is_restarted_again_and_again_needs_a_person,
    lost_runs_and_flinks_restarts_are_counted_together,
    a_replaced_run_says_what_ended_the_one_before,
    a_silent_job_manager_is_called_so_while_it_is_stopped,
    a_task_manager_that_is_alive_and_silent_is_named_and_replaced,
    what_nobody_could_look_at_says_of_when_it_is,
);

impl TestPortal {
    /// Flink restarts the job, and a look finds it running again.
    async fn restarted(&self, id: ClusterId, times: usize) {
        for _ in 0..times {
            self.second().await;
            let now = self.plane.now();
            self.fake.with(id, |world| {
                world.failure = Some(Reason::new("UNREACHABLE", "The database of the job does not answer."));
                world.restarts.push(now);
            });
        }
        self.second().await;
    }

    async fn grid(&self, group: &str) -> JobPage {
        let query = JobQuery { group: group.to_owned(), ..JobQuery::default() };
        self.desk.jobs(&query).await.expect("a page")
    }

    async fn row(&self, id: ClusterId) -> JobRow {
        self.view(id).await.row
    }
}

async fn a_job_that_is_restarted_again_and_again_needs_a_person(portal: TestPortal) {
    let quiet = portal.running("quiet").await;
    let id = portal.running("orders").await;
    portal.restarted(id, 2).await;
    let two = portal.row(id).await;
    assert_eq!((two.group, two.restarts, two.note.as_str()), (Group::Running, 2, ""));
    portal.restarted(id, 1).await;

    let row = portal.row(id).await;
    assert_eq!((row.state, row.group, row.restarts), (State::Running, Group::Failing, 3));
    let why = "Restarted 3 times without a new checkpoint: The database of the job does not answer.";
    assert!(row.note.starts_with(why), "{}", row.note);
    let reason = portal.view(id).await.reason.expect("the reason on its page");
    assert_eq!((reason.code.as_str(), reason.message.as_str()), ("RESTARTS", row.note.as_str()));
    // The same on Home, in the grid, in its pool, in the bell.
    let home = portal.desk.home().await.expect("home");
    assert_eq!((home.counts.failing, home.counts.running), (1, 1));
    assert_eq!(home.attention.iter().map(|row| row.cluster).collect::<Vec<_>>(), [id]);
    assert_eq!(portal.desk.pool(&lab()).await.expect("a pool").counts.failing, 1);
    let page = portal.grid("failing").await;
    assert_eq!((page.total, page.rows[0].cluster), (1, id));
    let first = portal.grid("").await.rows[0].cluster;
    assert_eq!(first, id, "what needs a person comes first");
    let bell = portal.desk.notices().await.expect("notices");
    assert_eq!(bell.attention.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["orders"]);
    assert_eq!(portal.history(id).await.last().map(String::as_str), Some("The job keeps failing"));
    // It still holds what it holds, and whatever a running job can be asked it can be.
    let pool = portal.desk.pool(&lab()).await.expect("a pool");
    assert!(pool.cpu_used > 0.0);
    let alone = portal.plane.store().held_by(id).await.expect("read");
    assert!(
        alone.cores() > 0.0 && pool.cpu_used == (alone + alone).cores(),
        "{alone:?} of {}",
        pool.cpu_used
    );
    assert!(row.actions.iter().any(|offer| offer.action == Action::Savepoint && offer.refused.is_none()));

    // It comes and goes; the history says once that it does.
    let told = portal.history(id).await;
    for _ in 0..3 {
        portal.fake.with(id, |world| world.job = Some(JobStatus::Restarting));
        portal.until(id, State::Restarting).await;
        portal.fake.with(id, |world| world.job = Some(JobStatus::Running));
        portal.until(id, State::Running).await;
    }
    assert_eq!(portal.history(id).await, told);

    // Another portal knows it too; after ten minutes without a restart it is over.
    let portal = portal.reopened().await;
    portal.second().await;
    assert_eq!(portal.row(id).await.group, Group::Failing);
    portal.clock.advance(SignedDuration::from_mins(9));
    portal.second().await;
    assert_eq!(portal.row(id).await.group, Group::Failing);
    portal.clock.advance(SignedDuration::from_mins(1));
    portal.second().await;
    let row = portal.row(id).await;
    assert_eq!((row.group, row.restarts, row.note.as_str()), (Group::Running, 3, ""));
    assert_eq!(portal.history(id).await.last().map(String::as_str), Some("The job holds again"));
    assert_eq!(portal.row(quiet).await.restarts, 0);
    let by_restarts = JobQuery { sort: Sort::Restarts, descending: true, ..JobQuery::default() };
    assert_eq!(portal.desk.jobs(&by_restarts).await.expect("a page").rows[0].cluster, id);
}

async fn lost_runs_and_flinks_restarts_are_counted_together(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.restarted(id, 1).await;
    for run in 2..=3 {
        portal.fake.lose(id);
        portal.second().await;
        portal.until(id, State::Running).await;
        assert_eq!(portal.row(id).await.run, Some(run));
    }
    let row = portal.row(id).await;
    assert_eq!((row.restarts, row.group), (3, Group::Failing));
    assert!(
        row.note.starts_with("Restarted 3 times without a new checkpoint: The job manager ended."),
        "{}",
        row.note
    );
    // What a person asks for begins anew, and a person who is at it needs no call.
    portal.act(id, Action::Stop).await.expect("asked");
    portal.until(id, State::Stopped).await;
    let row = portal.row(id).await;
    assert_eq!((row.restarts, row.group, row.note.as_str()), (3, Group::Stopped, ""));
    portal.act(id, Action::Start).await.expect("asked");
    portal.until(id, State::Running).await;
    let row = portal.row(id).await;
    assert_eq!((row.restarts, row.group), (0, Group::Running));
}

async fn a_replaced_run_says_what_ended_the_one_before(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.never_runs = true);
    portal.fake.lose(id);
    let mut notes = Vec::new();
    for _ in 0..8 {
        portal.second().await;
        let row = portal.row(id).await;
        notes.extend((row.state == State::Restarting).then_some(row.note));
    }
    notes.dedup();
    assert_eq!(notes, ["The job manager ended. Run 2 of revision 1 goes on without state."]);
    // Task managers that are lost while the job manager is there are called so.
    portal.fake.with(id, |world| world.job = Some(JobStatus::Running));
    portal.until(id, State::Running).await;
    portal.fake.with(id, |world| {
        world.job = Some(JobStatus::Restarting);
        world.lost = 1;
    });
    portal.second().await;
    assert_eq!(portal.row(id).await.note, "A task manager was lost; it is started again.");
}

async fn a_silent_job_manager_is_called_so_while_it_is_stopped(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.savepoint_hangs = true);
    portal.act(id, Action::Stop).await.expect("asked");
    portal.pass().await;
    portal.pass().await;
    portal.fake.with(id, |world| world.silent = true);
    portal.second().await;
    assert_eq!(portal.row(id).await.note, "", "one look without an answer is a busy machine");
    portal.second().await;
    let row = portal.row(id).await;
    assert_eq!(row.state, State::Stopping);
    assert!(row.note.starts_with("The job manager's process is alive but does not answer."), "{}", row.note);
    let passes = portal.plane.reconciler().failures;
    portal.fake.with(id, |world| world.silent = false);
    portal.second().await;
    assert_eq!((portal.row(id).await.note.as_str(), passes), ("", 0));
}

async fn a_task_manager_that_is_alive_and_silent_is_named_and_replaced(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.fake.with(id, |world| world.frozen = vec![1]);
    portal.second().await;
    let note = "Task manager 1 does not answer. Its process is alive, but the job manager does not hear of it any \
                more. It is ended, and another takes its place.";
    assert_eq!(portal.row(id).await.note, note);
    portal.second().await;
    portal.second().await;
    let row = portal.row(id).await;
    assert_eq!((row.state, row.run, row.note.as_str()), (State::Running, Some(1), ""));
    let told = portal.history(id).await;
    let named = told.iter().filter(|title| *title == "Task manager 1 does not answer").count();
    assert_eq!(named, 1, "{told:?}");
}

async fn what_nobody_could_look_at_says_of_when_it_is(portal: TestPortal) {
    let id = portal.running("orders").await;
    portal.second().await;
    let seen = portal.plane.now();
    assert_eq!(portal.row(id).await.as_of, None);
    portal.fake.with(id, |world| world.silent = true);
    for _ in 0..15 {
        portal.second().await;
    }
    let row = portal.row(id).await;
    assert_eq!((row.state, row.as_of), (State::Unreachable, Some(seen)));
    // Whoever was away knows it from the row.
    let portal = portal.reopened().await;
    assert_eq!(portal.row(id).await.as_of, Some(seen));
    portal.fake.with(id, |world| world.silent = false);
    portal.until(id, State::Running).await;
    assert_eq!(portal.row(id).await.as_of, None);
    // A look that never comes back.
    let seen = portal.plane.now();
    portal.fake.with(id, |world| world.hangs = true);
    portal.clock.advance(SignedDuration::from_secs(40));
    let scope = JobQuery { scope: Scope::Pool(lab()), ..JobQuery::default() };
    assert_eq!(portal.desk.jobs(&scope).await.expect("a page").rows[0].as_of, Some(seen));
    // What rests is as it was left, however long ago.
    portal.fake.with(id, |world| world.hangs = false);
    portal.until(id, State::Running).await;
    portal.act(id, Action::Cancel).await.expect("asked");
    portal.until(id, State::Canceled).await;
    portal.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(portal.row(id).await.as_of, None);
}
