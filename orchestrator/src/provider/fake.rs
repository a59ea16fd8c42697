//! A pretend world with a switch for each failure: what reconciler and screens are tested against.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use domain::address::Address;
use domain::artifact::Artifact;
use domain::id::{ClusterId, OperationId};
use domain::lifecycle::{
    Act, FlinkRestarts, JobStatus, Observation, ObservedJob, ObservedProcess, ObservedRun, ObservedSavepoint,
    ObservedTaskManagers,
};
use domain::reason::Reason;
use domain::spec::ClusterSpec;
use domain::view::{LogFile, LogPart, Reported};
use jiff::Timestamp;
use tokio::sync::Notify;

use super::{ActError, Checkpoint, Provider, Runtime, Target};
use crate::sampler::Sample;

/// Pretends that everything works at once, until told otherwise.
#[derive(Debug, Default)]
pub struct FakeProvider {
    worlds: Mutex<HashMap<ClusterId, FakeCluster>>,
    snapshots: Mutex<Snapshots>,
    /// The Flink that is here; `1.20.5` if none is named.
    pub flink: Mutex<Option<String>>,
    /// How many clusters may be started at once; 0 for any number.
    pub starts_at_once: AtomicUsize,
    /// Told when a portal dies, as [`FakeCluster::dies_at`] says.
    pub died: Notify,
}

/// What becomes of snapshots that are deleted.
#[derive(Debug, Default)]
pub struct Snapshots {
    /// Why their files cannot be deleted, if they cannot.
    pub stay: Option<String>,
    /// Those that were deleted, in order.
    pub deleted: Vec<String>,
}

/// One pretend cluster.
#[derive(Clone, Debug, Default)]
pub struct FakeCluster {
    /// The run whose processes are alive.
    pub alive: Option<u32>,
    /// Task managers that have died, until the next launch.
    pub lost: u32,
    /// The last run that was launched.
    pub last: Option<u32>,
    /// The subnet that it was launched in.
    pub subnet: String,
    /// The word of its job.
    pub job: Option<JobStatus>,
    /// Why it failed, if it did.
    pub failure: Option<Reason>,
    /// When Flink has restarted it within its run.
    pub restarts: Vec<Timestamp>,
    /// Numbers of task managers that are alive and not registered; a launch ends and replaces them.
    pub frozen: Vec<u32>,
    /// Its job manager is alive and does not answer.
    pub silent: bool,
    /// When it ended, if it has and Flink says it.
    pub ended_at: Option<Timestamp>,
    /// Savepoints by their triggers.
    pub savepoints: HashMap<OperationId, ObservedSavepoint>,
    /// Its job manager answers in clear, as those of earlier portals do.
    pub in_clear: bool,
    /// How often it was looked at.
    pub looks: u32,
    /// Whoever looks at it never gets an answer.
    pub hangs: bool,
    /// Nothing can be seen.
    pub unreachable: bool,
    /// Launched processes do not come up further than this: the job is never seen running.
    pub never_runs: bool,
    /// The portal dies as it is about to do such an act: the act is neither done nor answered.
    pub dies_at: Option<fn(&Act) -> bool>,
    /// The newest complete checkpoint of the run that is alive or was last.
    pub checkpoint: Option<String>,
    /// Its job takes no checkpoints, though its options ask for them.
    pub checkpoints_off: bool,
    /// Its storage is not there, and why: what a run left is seen only while its job manager is alive to tell.
    pub storage_away: Option<String>,
    /// The next acts fail like this.
    pub refuses: Option<(String, bool)>,
    /// Savepoints fail like this.
    pub savepoint_fails: Option<Reason>,
    /// Savepoints stay in progress.
    pub savepoint_hangs: bool,
    /// The specification of the last launch.
    pub launched: Option<ClusterSpec>,
    /// The bytes of the last launch.
    pub jar: Option<Artifact>,
    /// The jar that an earlier portal put beside its runs.
    pub earlier_jar: Option<PathBuf>,
    /// What its deletion left to other clusters.
    pub left: Vec<Address>,
    /// The runs whose logs were removed.
    pub logs_removed: Vec<u32>,
    /// What its figures are.
    pub figures: Option<Sample>,
    /// What its job says of its own settings.
    pub reported: Option<Reported>,
    /// What was done, in order.
    pub acts: Vec<Act>,
}

impl FakeProvider {
    /// Turns switches, or looks at what was done.
    pub fn with<T>(&self, cluster: ClusterId, change: impl FnOnce(&mut FakeCluster) -> T) -> T {
        change(self.worlds().entry(cluster).or_default())
    }

    /// The same with snapshots.
    pub fn snapshots(&self) -> MutexGuard<'_, Snapshots> {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The job manager is lost, and its task managers with it.
    pub fn lose(&self, cluster: ClusterId) {
        self.with(cluster, |world| world.alive = None);
    }

    fn worlds(&self) -> MutexGuard<'_, HashMap<ClusterId, FakeCluster>> {
        self.worlds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Provider for FakeProvider {
    fn runtime(&self) -> Runtime {
        let flink = self.flink.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Runtime { flink: flink.unwrap_or_else(|| "1.20.5".to_owned()), java: 17 }
    }

    fn starts_at_once(&self) -> usize {
        match self.starts_at_once.load(Ordering::Relaxed) {
            0 => usize::MAX,
            limit => limit,
        }
    }

    async fn observe(&self, target: &Target) -> Observation {
        let hangs = self.with(target.cluster, |world| {
            world.looks += 1;
            world.hangs
        });
        if hangs {
            return std::future::pending().await;
        }
        self.with(target.cluster, |world| world.observe(target))
    }

    async fn checkpoints(&self, target: &Target) -> std::io::Result<Vec<Checkpoint>> {
        let kept = self.with(target.cluster, |world| world.checkpoint.clone());
        let checkpoint = |address| Checkpoint { address, completed: Timestamp::UNIX_EPOCH };
        Ok(kept.map(checkpoint).into_iter().collect())
    }

    async fn missing(&self, address: &str) -> Option<String> {
        let _ = address;
        None
    }

    async fn act(&self, target: &Target, act: &Act) -> Result<(), ActError> {
        if self.with(target.cluster, |world| world.dies_at.is_some_and(|at| at(act))) {
            self.died.notify_one();
            return std::future::pending().await;
        }
        self.with(target.cluster, |world| world.act(target, act))
    }

    async fn earlier_jar(&self, cluster: ClusterId, _: u32) -> Option<std::fs::File> {
        let path = self.with(cluster, |world| world.earlier_jar.clone())?;
        std::fs::File::open(path).ok()
    }

    async fn sample(&self, target: &Target) -> Option<Sample> {
        self.with(target.cluster, |world| world.figures)
    }

    async fn reported(&self, cluster: ClusterId, _: u32) -> Option<Reported> {
        self.with(cluster, |world| world.reported.clone())
    }

    async fn configuration(&self, _: ClusterId, run: u32) -> std::io::Result<BTreeMap<String, String>> {
        Ok(BTreeMap::from([("fake.run".to_owned(), run.to_string())]))
    }

    /// Pretend processes write nothing.
    async fn logs(&self, _: ClusterId) -> std::io::Result<Vec<LogFile>> {
        Ok(Vec::new())
    }

    async fn log(&self, _: ClusterId, _: u32, _: &str, _: Option<u64>) -> std::io::Result<LogPart> {
        Err(std::io::ErrorKind::NotFound.into())
    }

    async fn snapshot_size(&self, path: &str) -> std::io::Result<u64> {
        let why = format!("The snapshot {path} is a pretended one and has no files.");
        Err(std::io::Error::new(std::io::ErrorKind::Unsupported, why))
    }

    async fn remove_logs(&self, cluster: ClusterId, run: u32) -> std::io::Result<()> {
        self.with(cluster, |world| world.logs_removed.push(run));
        Ok(())
    }

    async fn delete_snapshot(&self, path: &str) -> std::io::Result<()> {
        let mut snapshots = self.snapshots();
        match &snapshots.stay {
            Some(why) => Err(std::io::Error::other(why.clone())),
            None => {
                snapshots.deleted.push(path.to_owned());
                Ok(())
            }
        }
    }
}

impl FakeCluster {
    fn observe(&self, target: &Target) -> Observation {
        if self.unreachable {
            return Observation::Unreachable {
                why: "The fake provider was told to be unreachable.".to_owned(),
            };
        }
        let run = target.phase.launch().map(|launch| launch.run);
        if self.alive.is_none() && (run.is_none() || self.last != run) {
            return Observation::Absent;
        }
        let mine = self.alive.is_some() && self.alive == run;
        let wanted = target.task_managers;
        let up = if mine { wanted.saturating_sub(self.lost) } else { 0 };
        let ended = self.job.as_ref().is_some_and(JobStatus::ended);
        let away = self.storage_away.clone().filter(|_| !mine || ended);
        let savepoint = target.phase.trigger().and_then(|trigger| self.savepoints.get(&trigger));
        Observation::Present(ObservedRun {
            others_alive: self.alive.is_some() && !mine,
            job_manager: match (mine, self.last == run) {
                (true, _) if self.silent => ObservedProcess::Silent,
                (true, _) => ObservedProcess::Answers,
                (false, true) => ObservedProcess::Ended {
                    why: Reason::new(domain::reason::code::JOB_MANAGER_ENDED, "The job manager ended."),
                    by_itself: false,
                },
                (false, false) => ObservedProcess::NotStarted,
            },
            task_managers: ObservedTaskManagers { alive: up, registered: up, wanted },
            job: self.job.clone().filter(|_| mine && !self.silent).map(|status| ObservedJob {
                up: status == JobStatus::Running,
                batch: false,
                restoring: false,
                restarted_at: self.restarts.iter().max().copied(),
                restarts: (!self.restarts.is_empty()).then(|| FlinkRestarts {
                    count: u32::try_from(self.restarts.len()).unwrap_or(u32::MAX),
                    at: self.restarts.clone(),
                    why: self.failure.clone(),
                }),
                status,
                failure: self.failure.clone(),
                ended_at: self.ended_at,
            }),
            savepoint: savepoint.filter(|_| away.is_none()).cloned().unwrap_or(ObservedSavepoint::Unknown),
            checkpoint: self.checkpoint.clone().filter(|_| away.is_none()),
            state_missing: away,
            checkpoints_off: mine && self.checkpoints_off,
            endpoint: mine.then(|| self.endpoint()),
            silent_task_managers: self.frozen.clone(),
            ..ObservedRun::nothing()
        })
    }

    fn endpoint(&self) -> String {
        format!("{}://127.99.0.2:8081", if self.in_clear { "http" } else { "https" })
    }

    fn act(&mut self, target: &Target, act: &Act) -> Result<(), ActError> {
        self.acts.push(act.clone());
        if let Some((message, retry)) = self.refuses.clone() {
            return Err(ActError { message, retry });
        }
        match act {
            Act::Launch(_) if target.locked.is_some() => {
                let message = target.locked.clone().unwrap_or_default();
                return Err(ActError { message, retry: true });
            }
            Act::Launch(launch) => {
                self.launched = target.given.resolved(&target.spec).ok();
                self.jar.clone_from(&target.jar);
                self.lost = 0;
                self.frozen.clear();
                if self.last != Some(launch.run) {
                    self.checkpoint = None;
                    self.failure = None;
                    self.restarts.clear();
                    self.ended_at = None;
                    self.job = Some(if self.never_runs { JobStatus::Created } else { JobStatus::Running });
                    self.last = Some(launch.run);
                    self.subnet.clone_from(&target.subnet);
                    self.alive = Some(launch.run);
                }
            }
            Act::Savepoint { run, trigger, .. } => self.save(target, *run, *trigger),
            Act::StopWithSavepoint { run, trigger } => {
                self.save(target, *run, *trigger);
                if matches!(self.savepoints.get(trigger), Some(ObservedSavepoint::Completed { .. })) {
                    self.job = Some(JobStatus::Finished);
                }
            }
            Act::Cancel { .. } => self.job = Some(JobStatus::Canceled),
            Act::End => self.alive = None,
            Act::Remove { .. } => {
                let (acts, looks) = (std::mem::take(&mut self.acts), self.looks);
                *self = FakeCluster { acts, looks, left: target.needed.clone(), ..FakeCluster::default() };
            }
        }
        Ok(())
    }

    /// A trigger that is known already triggers nothing new.
    fn save(&mut self, target: &Target, run: u32, trigger: OperationId) {
        let (fails, hangs) = (self.savepoint_fails.clone(), self.savepoint_hangs);
        self.savepoints.entry(trigger).or_insert_with(|| match fails {
            Some(why) => ObservedSavepoint::Failed { why },
            None if hangs => ObservedSavepoint::InProgress,
            None => ObservedSavepoint::Completed {
                path: format!(
                    "{}/savepoints/{}/savepoint-of-run-{run}",
                    target.spec.savepoint_home(target.cluster),
                    trigger.trigger()
                ),
            },
        });
    }
}
