//! What is outside of the portal: the processes of every run, Flink's job in them, the disk.

use std::collections::BTreeMap;

use crate::id::OperationId;
use crate::lifecycle::{JobStatus, Launch, Restore};

/// How many task managers every revision asks for.
pub(super) const WANTED: u32 = 2;

/// The world of one cluster.
#[derive(Debug, Default)]
pub(super) struct World {
    /// Every run that was ever launched, by number.
    pub(super) runs: BTreeMap<u32, Run>,
    /// Savepoints and checkpoints: how much input each of them has taken in.
    pub(super) disk: BTreeMap<String, u64>,
    /// When each of them was complete.
    pub(super) completed: BTreeMap<String, i64>,
    /// The storage is not there.
    pub(super) storage_gone: bool,
    /// The cluster's own files exist.
    pub(super) files: bool,
    /// A process of no known run is alive.
    pub(super) stray: bool,
    /// Nothing can be seen.
    pub(super) hidden: bool,
    /// Savepoints make no progress.
    pub(super) slow: bool,
    /// The job ignores that it was cancelled.
    pub(super) clings: bool,
    /// Revisions that never come up, and how they fail.
    pub(super) bad: BTreeMap<u32, Flaw>,
    /// What is committed: no start that nobody explicitly asked for may begin with less.
    pub(super) floor: u64,
}

/// How a bad revision fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Its job manager exits.
    Exits,
    /// Its job fails.
    Fails,
    /// Its job never gets its slots.
    Hangs,
}

/// A run's processes and its job.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) launch: Launch,
    pub(super) job_manager: Process,
    pub(super) task_managers: u32,
    pub(super) registered: u32,
    pub(super) job: Option<Job>,
    pub(super) checkpoint: Option<String>,
    pub(super) savepoints: BTreeMap<OperationId, Savepoint>,
    /// The job has run on all its slots at some time.
    pub(super) ran: bool,
    /// Its job manager exited by itself.
    pub(super) exited: bool,
    /// How often Flink restarted the job.
    pub(super) restarts: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Process {
    Never,
    Booting,
    Up,
    Hung,
    Dead,
}

#[derive(Debug)]
pub(super) struct Job {
    pub(super) status: JobStatus,
    /// How much input it has taken in.
    pub(super) amount: u64,
}

#[derive(Debug)]
pub(super) struct Savepoint {
    pub(super) stops: bool,
    pub(super) stage: Stage,
    pub(super) path: String,
}

/// A savepoint is complete on disk (and a stopped job finished) some time before Flink reports so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    Writing,
    Written,
    Reported,
    Broken,
}

/// What happens by itself.
#[derive(Clone, Copy, Debug)]
pub(super) enum Happening {
    JobManagerDies,
    JobManagerHangs,
    JobManagerWakes,
    TaskManagerDies,
    JobFails,
    JobFinishes,
    JobIsCanceledElsewhere,
    CheckpointCompletes,
    SavepointBreaks,
    StrayAppears,
    Hide,
    Show,
    Slow,
    Fast,
    JobClings,
    StorageGoes,
    StorageReturns,
}

impl Process {
    pub(super) fn alive(self) -> bool {
        matches!(self, Process::Booting | Process::Up | Process::Hung)
    }
}

impl Run {
    pub(super) fn alive(&self) -> bool {
        self.job_manager.alive() || self.task_managers > 0
    }

    pub(super) fn runs(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.status == JobStatus::Running)
    }

    fn is_cancelling(&self) -> bool {
        self.job.as_ref().is_some_and(|job| job.status == JobStatus::Cancelling)
    }

    pub(super) fn set_job(&mut self, status: JobStatus) {
        if let Some(job) = self.job.as_mut().filter(|job| !job.status.ended()) {
            job.status = status;
        }
    }
}

impl World {
    pub(super) fn anything_alive(&self) -> bool {
        self.stray || self.runs.values().any(Run::alive)
    }

    pub(super) fn kill(&mut self, except: Option<u32>) {
        self.stray = false;
        for run in self.runs.values_mut().filter(|run| Some(run.launch.run) != except) {
            if run.job_manager.alive() {
                run.job_manager = Process::Dead;
            }
            run.task_managers = 0;
            run.registered = 0;
        }
    }

    /// The amount of a state to start from.
    pub(super) fn amount(&self, from: &Restore) -> u64 {
        from.path().map_or(0, |path| *self.disk.get(path).expect("what is started from exists"))
    }

    /// When a state was complete.
    pub(super) fn completed(&self, path: &str) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(self.completed[path])
    }

    /// What was written since the last look is complete now.
    fn date(&mut self) {
        for path in self.disk.keys() {
            let next = self.completed.len();
            self.completed.entry(path.clone()).or_insert(i64::try_from(next).expect("few"));
        }
    }

    /// Time passes: what is alive gets one step further.
    pub(super) fn advance(&mut self) {
        self.advance_all();
        self.date();
    }

    fn advance_all(&mut self) {
        let Self { runs, disk, slow, clings, bad, floor, storage_gone, .. } = self;
        for run in runs.values_mut().filter(|run| run.job_manager.alive()) {
            match run.job_manager {
                Process::Booting => run.job_manager = Process::Up,
                _ if *clings && run.is_cancelling() => {}
                _ => run.step(bad.get(&run.launch.revision).copied(), disk),
            }
            if !*slow && !*storage_gone {
                run.write_savepoints(disk, floor);
            }
        }
    }

    /// Something happens to the run that is alive, if one is.
    pub(super) fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Hide => self.hidden = true,
            Happening::Show => self.hidden = false,
            Happening::Slow => self.slow = true,
            Happening::Fast => self.slow = false,
            Happening::StrayAppears => self.stray = true,
            Happening::JobClings => self.clings = true,
            Happening::StorageGoes => self.storage_gone = true,
            Happening::StorageReturns => self.storage_gone = false,
            _ => {}
        }
        let Some(run) = self.runs.values_mut().find(|run| run.job_manager.alive()) else { return };
        match happening {
            Happening::JobManagerDies => run.job_manager = Process::Dead,
            Happening::JobManagerHangs => run.job_manager = Process::Hung,
            Happening::JobManagerWakes => run.job_manager = Process::Up,
            Happening::TaskManagerDies => {
                run.task_managers = run.task_managers.saturating_sub(1);
                run.registered = run.registered.min(run.task_managers);
            }
            Happening::JobFails => run.set_job(JobStatus::Failed),
            Happening::JobFinishes if run.ran => run.set_job(JobStatus::Finished),
            Happening::JobIsCanceledElsewhere => run.set_job(JobStatus::Canceled),
            Happening::CheckpointCompletes if run.runs() && !self.storage_gone => {
                run.complete_checkpoint(&mut self.disk, &mut self.floor);
            }
            Happening::SavepointBreaks => {
                for savepoint in run.savepoints.values_mut().filter(|s| s.stage == Stage::Writing) {
                    savepoint.stage = Stage::Broken;
                }
            }
            _ => {}
        }
        self.date();
    }

    /// The faults are over.
    pub(super) fn calm(&mut self) {
        for happening in
            [Happening::Show, Happening::Fast, Happening::StorageReturns, Happening::JobManagerWakes]
        {
            self.happen(happening);
        }
    }
}

impl Run {
    /// The job manager and its job get one step further.
    fn step(&mut self, flaw: Option<Flaw>, disk: &BTreeMap<String, u64>) {
        let restored = self.checkpoint.as_deref().or(self.launch.from.path());
        let restored = restored.map_or(0, |path| disk[path]);
        self.registered = self.task_managers;
        let Some(job) = &mut self.job else {
            match flaw {
                Some(Flaw::Exits) => {
                    self.job_manager = Process::Dead;
                    self.exited = true;
                }
                Some(Flaw::Fails) => self.job = Some(Job { status: JobStatus::Failed, amount: restored }),
                None | Some(Flaw::Hangs) => {
                    self.job = Some(Job { status: JobStatus::Created, amount: restored });
                }
            }
            return;
        };
        let complete = self.registered == WANTED && flaw.is_none();
        match job.status {
            JobStatus::Running if complete => job.amount += 1,
            JobStatus::Created | JobStatus::Restarting if complete => {
                job.status = JobStatus::Running;
                self.ran = true;
            }
            JobStatus::Running => {
                job.status = JobStatus::Restarting;
                job.amount = restored;
                self.restarts += 1;
                // Flink gives up a savepoint whose tasks are gone.
                for savepoint in self.savepoints.values_mut().filter(|s| s.stage == Stage::Writing) {
                    savepoint.stage = Stage::Broken;
                }
            }
            JobStatus::Cancelling => job.status = JobStatus::Canceled,
            _ => {}
        }
    }

    fn complete_checkpoint(&mut self, disk: &mut BTreeMap<String, u64>, floor: &mut u64) {
        let Some(job) = &self.job else { return };
        let path = format!("checkpoints/run-{}/chk-{}", self.launch.run, job.amount);
        disk.insert(path.clone(), job.amount);
        *floor = job.amount.max(*floor);
        self.checkpoint = Some(path);
    }

    fn write_savepoints(&mut self, disk: &mut BTreeMap<String, u64>, floor: &mut u64) {
        let Some(job) = &mut self.job else { return };
        for savepoint in self.savepoints.values_mut() {
            match savepoint.stage {
                Stage::Writing if job.status == JobStatus::Running => {
                    savepoint.stage = Stage::Written;
                    disk.insert(savepoint.path.clone(), job.amount);
                    if savepoint.stops {
                        job.status = JobStatus::Finished;
                        *floor = job.amount.max(*floor);
                    }
                }
                Stage::Writing if job.status.ended() => savepoint.stage = Stage::Broken,
                Stage::Written => savepoint.stage = Stage::Reported,
                Stage::Writing | Stage::Reported | Stage::Broken => {}
            }
        }
    }
}
