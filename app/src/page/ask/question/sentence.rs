//! The words of a question: its heading, what the action does and what it destroys.

use domain::action::Action;

use super::Question;
use crate::words::count;

/// `Stop payments-fraud`, `Stop 3 jobs`.
pub(crate) fn title(question: &Question) -> String {
    match question.jobs.as_slice() {
        [job] => format!("{} {}", question.action.word(), job.name),
        jobs => format!("{} {}", question.action.word(), count(jobs.len(), "job", "jobs")),
    }
}

/// What it does and what it destroys.
pub(super) fn sentence(action: Action, jobs: usize) -> &'static str {
    let one = jobs == 1;
    match action {
        Action::Stop if one => "The job takes a savepoint and ends. Start goes on from it later.",
        Action::Stop => "Each job takes a savepoint and ends. Start goes on from it later.",
        Action::Savepoint => "A savepoint is taken. The job runs on.",
        Action::Cancel if one => {
            "The job ends at once, without a savepoint, and Start goes on from what stays; Stop takes a savepoint first."
        }
        Action::Cancel => {
            "These jobs end at once, without a savepoint. Their newest complete checkpoints stay, and Start goes on from \
             them; Stop takes a savepoint first."
        }
        Action::Delete if one => {
            "Its processes end and the cluster is removed, with its configuration, runs and logs. This cannot be undone."
        }
        Action::Delete => {
            "Their processes end and the clusters are removed, with configuration, runs and logs. This cannot be undone."
        }
        Action::Rollback => {
            "An earlier revision runs again, as an update: it is stopped with a savepoint first if it runs, and goes back \
             by itself if that revision does not hold."
        }
        Action::Start | Action::Relaunch if one => {
            "Processes are started and the job begins from the state chosen here."
        }
        Action::Start | Action::Relaunch => {
            "Processes are started and each job goes on from the newest state of its last line."
        }
        Action::Create | Action::Update | Action::StatelessUpdate | Action::LastStateUpdate => "",
    }
}
