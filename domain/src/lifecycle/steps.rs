//! An operation's steps: which there are, at which one it is, and how that reads.
//!
//! Only words. Nothing is decided by them.

use serde::{Deserialize, Serialize};

use super::{MainMethod, Next, Observation, ObservedProcess, ObservedRun, Phase, Then};
use crate::action::Action;
use crate::operation::words::origin;
use crate::state::State;

/// A step of an operation. Each is recorded once, with its times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKey {
    /// Asked for and recorded.
    Accepted,
    /// The savepoint is being written.
    Savepoint,
    /// The job is being canceled.
    Cancel,
    /// The old run's processes end, so that the next can start.
    OldRunEnds,
    /// The run's folder is being filled: jar and configuration.
    Jar,
    /// The job manager is coming up.
    JobManager,
    /// Task managers register with it.
    TaskManagers,
    /// The job is coming up on its slots.
    Job,
    /// The updated job has still to hold.
    Probation,
    /// The update did not hold: what ran before comes up again.
    Back,
    /// The last processes end.
    Ends,
    /// Processes end and files are removed.
    Removed,
}

impl StepKey {
    /// While it is in progress or to come.
    pub fn word(self) -> &'static str {
        match self {
            StepKey::Accepted => "Accepted",
            StepKey::Savepoint => "Savepoint is written",
            StepKey::Cancel => "Job is canceled",
            StepKey::OldRunEnds => "The old run ends",
            StepKey::Jar => "Jar and configuration are put in place",
            StepKey::JobManager => "Job manager starts",
            StepKey::TaskManagers => "Task managers register",
            StepKey::Job => "Job runs on all its slots",
            StepKey::Probation => "New revision keeps running",
            StepKey::Back => "Revision before runs again",
            StepKey::Ends => "Processes end",
            StepKey::Removed => "Processes end, files are removed",
        }
    }

    /// Once it is done.
    pub fn done(self) -> &'static str {
        match self {
            StepKey::Accepted => "Accepted",
            StepKey::Savepoint => "Savepoint written",
            StepKey::Cancel => "Job canceled",
            StepKey::OldRunEnds => "Old run ended",
            StepKey::Jar => "Jar and configuration in place",
            StepKey::JobManager => "Job manager started",
            StepKey::TaskManagers => "Task managers registered",
            StepKey::Job => "Job runs on all its slots",
            StepKey::Probation => "New revision kept running",
            StepKey::Back => "Revision before runs again",
            StepKey::Ends => "Processes ended",
            StepKey::Removed => "Cluster removed",
        }
    }
}

/// The steps of an action that nothing holds up, in their order.
pub fn steps_of(action: Action) -> &'static [StepKey] {
    use StepKey::*;
    match action {
        Action::Create | Action::Start | Action::Relaunch => &[Accepted, Jar, JobManager, TaskManagers, Job],
        Action::Update | Action::Rollback => {
            &[Accepted, Savepoint, OldRunEnds, Jar, JobManager, TaskManagers, Job, Probation]
        }
        Action::StatelessUpdate | Action::LastStateUpdate => {
            &[Accepted, Cancel, OldRunEnds, Jar, JobManager, TaskManagers, Job, Probation]
        }
        Action::Savepoint => &[Accepted, Savepoint],
        Action::Stop => &[Accepted, Savepoint, Ends],
        Action::Cancel => &[Accepted, Cancel, Ends],
        Action::Delete => &[Accepted, Removed],
    }
}

/// The steps that are still to come after the furthest of those that are recorded. A step that was passed over is
/// not to come any more: an update of a stopped job takes no savepoint.
pub fn steps_to_come(action: Action, recorded: &[StepKey]) -> &'static [StepKey] {
    let steps = steps_of(action);
    let passed = steps.iter().rposition(|step| recorded.contains(step)).map_or(0, |furthest| furthest + 1);
    &steps[passed..]
}

/// At which of its steps an operation is, if that can be seen.
pub fn step_key(phase: &Phase, seen: &Observation, action: Action) -> Option<StepKey> {
    let updates = steps_of(action).contains(&StepKey::Probation);
    let key = match phase {
        Phase::Starting { launch, .. } if updates && launch.back_from.is_some() => {
            return Some(StepKey::Back);
        }
        Phase::Ending { next: Next::Launch { launch, .. }, .. } if updates && launch.back_from.is_some() => {
            return Some(StepKey::Back);
        }
        Phase::Running { probation: Some(_), .. } => StepKey::Probation,
        Phase::Accepted
        | Phase::Running { .. }
        | Phase::Waiting { .. }
        | Phase::Stopped { .. }
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Failed { .. } => StepKey::Accepted,
        Phase::Starting { .. } => match seen {
            Observation::Unreachable { .. } => return None,
            Observation::Absent => StepKey::Jar,
            Observation::Present(observed) => starting(observed),
        },
        Phase::Saving { .. } | Phase::Stopping { .. } => StepKey::Savepoint,
        Phase::Canceling { .. } => StepKey::Cancel,
        Phase::Ending { next: Next::Launch { .. }, .. } => StepKey::OldRunEnds,
        Phase::Ending { .. } => StepKey::Ends,
        Phase::Deleting { .. } => StepKey::Removed,
        Phase::Deleted => return None,
    };
    steps_of(action).contains(&key).then_some(key)
}

fn starting(observed: &ObservedRun) -> StepKey {
    let managers = observed.task_managers;
    match observed.job_manager {
        ObservedProcess::NotStarted if observed.others_alive => StepKey::OldRunEnds,
        ObservedProcess::NotStarted => StepKey::Jar,
        ObservedProcess::Silent | ObservedProcess::Ended { .. } => StepKey::JobManager,
        ObservedProcess::Answers if managers.registered < managers.wanted => StepKey::TaskManagers,
        ObservedProcess::Answers => StepKey::Job,
    }
}

/// The present step in words: its name with what is counted, and a detail, which may be empty.
pub fn step_name(phase: &Phase, seen: &Observation, action: Action) -> (String, String) {
    if let Observation::Unreachable { .. } = seen {
        return ("No answer".to_owned(), "nothing is done until the cluster answers".to_owned());
    }
    if let Some(why) = phase.waits_for(seen) {
        return (State::Waiting.word().to_owned(), why.to_owned());
    }
    let Some(key) = step_key(phase, seen, action) else { return (String::new(), String::new()) };
    let name = match (key, seen) {
        (StepKey::TaskManagers, Observation::Present(ObservedRun { task_managers: managers, .. })) => {
            format!("{}, {} of {}", key.word(), managers.registered, managers.wanted)
        }
        _ => key.word().to_owned(),
    };
    (name, detail(phase, seen))
}

/// What is said of the step in which an update did not hold, once what ran before is to run again.
pub fn step_failed(phase: &Phase) -> Option<String> {
    let (Phase::Starting { launch, .. } | Phase::Ending { next: Next::Launch { launch, .. }, .. }) = phase
    else {
        return None;
    };
    let back_from = launch.back_from.as_ref()?;
    Some(match back_from.restarts {
        0 => format!("revision {} failed", back_from.revision),
        1 => format!("revision {} was restarted once", back_from.revision),
        times => format!("revision {} was restarted {times} times", back_from.revision),
    })
}

fn detail(phase: &Phase, seen: &Observation) -> String {
    match phase {
        Phase::Starting { launch, .. } => match seen {
            Observation::Present(ObservedRun { job: Some(job), .. })
                if job.restoring && launch.from.path().is_some() =>
            {
                "its tasks take their state in".to_owned()
            }
            Observation::Present(ObservedRun { job: Some(job), .. }) if !job.up => {
                format!("Flink says {}", job.status.word())
            }
            Observation::Present(ObservedRun { job: None, main: MainMethod::Runs, .. }) => {
                "its main runs and has not submitted a job yet".to_owned()
            }
            _ => origin(&launch.from),
        },
        Phase::Saving { .. } => "the job goes on".to_owned(),
        Phase::Stopping { .. } => "the job goes on until it is complete".to_owned(),
        Phase::Canceling { then: Then::Rest, .. } => "without savepoint".to_owned(),
        Phase::Canceling { then: Then::Launch { revision, last_state: true, .. }, .. } => {
            format!("revision {revision} starts from the newest checkpoint")
        }
        Phase::Canceling { then: Then::Launch { revision, .. }, .. } => {
            format!("revision {revision} starts without state")
        }
        Phase::Running { launch, probation: Some(probation), .. } => {
            let restarts = match probation.restarts {
                0 => String::new(),
                times => format!(", restarted {times} of 3 times"),
            };
            format!(
                "revision {} on probation, {} of 2 checkpoints{restarts}",
                launch.revision, probation.checkpoints
            )
        }
        Phase::Ending { next: Next::Launch { launch, .. }, .. } => {
            format!("revision {} starts {}", launch.revision, origin(&launch.from))
        }
        Phase::Deleting { keep_savepoints: true, .. } => "savepoints stay".to_owned(),
        Phase::Accepted
        | Phase::Running { .. }
        | Phase::Ending { .. }
        | Phase::Waiting { .. }
        | Phase::Stopped { .. }
        | Phase::Canceled { .. }
        | Phase::Finished { .. }
        | Phase::Failed { .. }
        | Phase::Deleting { keep_savepoints: false, .. }
        | Phase::Deleted => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::{JobStatus, Launch, ObservedJob, ObservedTaskManagers, Recoveries, Restore};

    fn starting() -> Phase {
        let from = Restore::Savepoint { path: "file:///lake/savepoints/savepoint-ab12cd".to_owned() };
        let launch = Launch {
            run: 2,
            revision: 2,
            from,
            asked_by: None,
            fresh: false,
            fallback: None,
            back_from: None,
            checkpoints_off: false,
        };
        Phase::Starting { launch, until: jiff::Timestamp::UNIX_EPOCH, recoveries: Recoveries::default() }
    }

    #[test]
    fn task_managers_are_counted_while_they_register() {
        let task_managers = ObservedTaskManagers { alive: 9, registered: 6, wanted: 9 };
        let observed =
            ObservedRun { job_manager: ObservedProcess::Answers, task_managers, ..ObservedRun::nothing() };
        let (name, detail) = step_name(&starting(), &Observation::Present(observed), Action::Update);
        assert_eq!(name, "Task managers register, 6 of 9");
        assert_eq!(detail, "from savepoint-ab12cd");
    }

    #[test]
    fn who_takes_state_in_is_waited_for_by_that_word() {
        let job = ObservedJob {
            status: JobStatus::Running,
            up: false,
            restoring: true,
            failure: None,
            ended_at: None,
            restarted_at: None,
            restarts: None,
            batch: false,
        };
        let seen = Observation::Present(ObservedRun { job: Some(job), ..ObservedRun::nothing() });
        assert_eq!(step_name(&starting(), &seen, Action::Start).1, "its tasks take their state in");
    }

    #[test]
    fn a_step_that_was_passed_over_does_not_come_any_more() {
        use StepKey::*;
        assert_eq!(
            steps_to_come(Action::Update, &[Accepted, Jar]),
            [JobManager, TaskManagers, Job, Probation]
        );
        assert_eq!(steps_to_come(Action::Create, &[]), steps_of(Action::Create));
        assert_eq!(steps_to_come(Action::Delete, &[Accepted, Removed]), []);
    }

    #[test]
    fn what_is_not_seen_is_no_step() {
        let seen = Observation::Unreachable { why: "no route".to_owned() };
        assert_eq!(step_key(&starting(), &seen, Action::Start), None);
        assert_eq!(step_name(&starting(), &seen, Action::Start).0, "No answer");
    }
}
