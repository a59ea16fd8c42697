//! How the world is seen and touched: the contract that every provider keeps, in small.

use jiff::{SignedDuration, Timestamp};

use super::world::{Process, Run, Savepoint, Stage, WANTED, World};
use crate::id::OperationId;
use crate::lifecycle::{
    Act, JobStatus, Launch, Observation, ObservedJob, ObservedProcess, ObservedRun, ObservedSavepoint,
    ObservedTaskManagers, Phase,
};
use crate::reason::Reason;

/// How much of an act gets done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// All of it.
    Whole,
    /// Nothing: the portal was killed after it had recorded the phase, or the act failed.
    Lost,
    /// A part: the portal was killed in the middle.
    Half,
    /// It is done, and then done again.
    Twice,
}

impl World {
    pub(super) fn observe(&self, phase: &Phase) -> Observation {
        if self.hidden {
            return Observation::Unreachable { why: "no route".to_owned() };
        }
        let run = phase.launch().and_then(|launch| self.runs.get(&launch.run));
        let removed = !self.files || !matches!(phase, Phase::Deleting { .. });
        if !self.anything_alive() && removed && run.is_none_or(|_| !self.files) {
            return Observation::Absent;
        }
        let number = phase.launch().map(|launch| launch.run);
        let others_alive =
            self.stray || self.runs.values().any(|run| Some(run.launch.run) != number && run.alive());
        Observation::Present(match run {
            Some(run) => {
                let seen = run.observed(phase.trigger());
                let over = !seen.job_manager.alive() || seen.ended_job().is_some();
                let gone = over && self.storage_gone;
                ObservedRun {
                    others_alive,
                    checkpoint_at: seen.checkpoint.as_deref().map(|path| self.completed(path)),
                    state_missing: gone.then(|| "the storage is not there".to_owned()),
                    checkpoint: seen.checkpoint.clone().filter(|_| !gone),
                    savepoint: if gone { ObservedSavepoint::Unknown } else { seen.savepoint.clone() },
                    ..seen
                }
            }
            None => ObservedRun {
                others_alive,
                task_managers: ObservedTaskManagers { alive: 0, registered: 0, wanted: WANTED },
                ..ObservedRun::nothing()
            },
        })
    }

    /// A launch is refused while the state that it starts from is not there.
    pub(super) fn launches(&self, launch: &Launch) -> bool {
        !self.storage_gone || launch.from.path().is_none() || self.runs.contains_key(&launch.run)
    }

    pub(super) fn act(&mut self, act: &Act, fault: Fault) {
        if matches!(act, Act::Launch(launch) if !self.launches(launch)) {
            return;
        }
        match fault {
            Fault::Lost => {}
            Fault::Half => self.act_in_part(act),
            Fault::Whole => self.act_wholly(act),
            Fault::Twice => {
                self.act_wholly(act);
                self.act_wholly(act);
            }
        }
    }

    fn act_wholly(&mut self, act: &Act) {
        match act {
            Act::Launch(launch) => {
                let run = self.launch(launch);
                run.task_managers = WANTED;
                if run.job_manager == Process::Never {
                    run.job_manager = Process::Booting;
                }
            }
            Act::Savepoint { run, trigger, .. } => self.trigger(*run, *trigger, false),
            Act::StopWithSavepoint { run, trigger } => self.trigger(*run, *trigger, true),
            Act::Cancel { run } => {
                if let Some(run) = self.runs.get_mut(run).filter(|run| run.job_manager == Process::Up) {
                    run.set_job(JobStatus::Cancelling);
                }
            }
            Act::End => self.kill(None),
            Act::Remove { .. } => {
                self.kill(None);
                self.files = false;
            }
        }
    }

    fn act_in_part(&mut self, act: &Act) {
        match act {
            Act::Launch(launch) => {
                self.launch(launch).task_managers = WANTED;
            }
            Act::End | Act::Remove { .. } => {
                for run in self.runs.values_mut().filter(|run| run.job_manager.alive()) {
                    run.job_manager = Process::Dead;
                }
            }
            Act::Savepoint { .. } | Act::StopWithSavepoint { .. } | Act::Cancel { .. } => {}
        }
    }

    /// Ends the others, then makes room for this run.
    fn launch(&mut self, launch: &Launch) -> &mut Run {
        self.kill(Some(launch.run));
        self.files = true;
        self.runs.entry(launch.run).or_insert_with(|| Run {
            launch: launch.clone(),
            job_manager: Process::Never,
            task_managers: 0,
            registered: 0,
            job: None,
            checkpoint: None,
            savepoints: Default::default(),
            ran: false,
            exited: false,
            restarts: 0,
        })
    }

    fn trigger(&mut self, run: u32, trigger: OperationId, stops: bool) {
        let run = self.runs.get_mut(&run).expect("only a run that was launched is asked for a savepoint");
        if run.job_manager != Process::Up || run.job.as_ref().is_none_or(|job| job.status.ended()) {
            return;
        }
        let stage = if run.runs() { Stage::Writing } else { Stage::Broken };
        let path = format!("savepoints/{trigger}");
        run.savepoints.entry(trigger).or_insert(Savepoint { stops, stage, path });
    }
}

impl Run {
    fn observed(&self, trigger: Option<OperationId>) -> ObservedRun {
        let answers = self.job_manager == Process::Up;
        ObservedRun {
            others_alive: false,
            job_manager: match self.job_manager {
                Process::Never => ObservedProcess::NotStarted,
                Process::Booting | Process::Hung => ObservedProcess::Silent,
                Process::Up => ObservedProcess::Answers,
                Process::Dead => {
                    ObservedProcess::Ended { why: Reason::new("EXIT", "It is gone."), by_itself: self.exited }
                }
            },
            task_managers: ObservedTaskManagers {
                alive: self.task_managers,
                registered: if answers { self.registered } else { 0 },
                wanted: WANTED,
            },
            job: self.job.as_ref().filter(|_| answers).map(|job| ObservedJob {
                status: job.status.clone(),
                up: job.status == JobStatus::Running && self.registered == WANTED,
                batch: false,
                restoring: false,
                failure: None,
                ended_at: None,
                restarted_at: (self.restarts > 0)
                    .then(|| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(self.restarts)),
                restarts: None,
            }),
            savepoint: self.savepoint(trigger),
            checkpoint: self.checkpoint.clone(),
            ..ObservedRun::nothing()
        }
    }

    fn savepoint(&self, trigger: Option<OperationId>) -> ObservedSavepoint {
        let Some(savepoint) = trigger.and_then(|trigger| self.savepoints.get(&trigger)) else {
            return ObservedSavepoint::Unknown;
        };
        let completed = ObservedSavepoint::Completed { path: savepoint.path.clone() };
        match (self.job_manager, savepoint.stage) {
            (Process::Up, Stage::Writing | Stage::Written) => ObservedSavepoint::InProgress,
            (Process::Up, Stage::Reported) => completed,
            (Process::Up, Stage::Broken) => {
                ObservedSavepoint::Failed { why: Reason::new("SAVEPOINT_FAILED", "A task was not running.") }
            }
            (Process::Dead | Process::Hung, Stage::Written | Stage::Reported) => completed,
            (Process::Dead | Process::Hung | Process::Booting | Process::Never, _) => {
                ObservedSavepoint::Unknown
            }
        }
    }
}
