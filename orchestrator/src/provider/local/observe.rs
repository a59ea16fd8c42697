//! What is seen of a cluster: its processes, what its job manager answers, what lies on the disk.
//!
//! In this order: whoever sees a process gone and looks at the disk *afterwards* misses nothing that it left.

use std::time::Instant;

use domain::address::Address;
use domain::id::OperationId;
use domain::lifecycle::{
    FlinkRestarts, JobStatus, KnownState, Launch, MainMethod, Observation, ObservedJob, ObservedProcess,
    ObservedRun, ObservedSavepoint, ObservedTaskManagers, Phase, Restore,
};
use domain::reason::{Reason, explain};
use jiff::{SignedDuration, Timestamp};

use super::folder::Role;
use super::processes::Process;
use super::state::Left;
use super::{Local, blocking, record, why};
use crate::flink::{Exceptions, FlinkError, JobManager, Savepoint};
use crate::provider::{Checkpoint, Target};
use crate::sampler;
use crate::storage::Storage;

/// As many of its restarts as Flink is asked to describe: enough for the rule that counts them.
const NEWEST: usize = 6;
/// A job of which nothing has changed for so long was not restarted since the last look, nor since the one before.
const RECENT: SignedDuration = SignedDuration::from_secs(10);

/// What a job manager answers.
struct Answers {
    registered: u32,
    job: Option<ObservedJob>,
    savepoint: Savepoint,
    /// Where the newest complete checkpoint lies, as Flink names it, and when it was complete.
    checkpoint: Option<(String, Timestamp)>,
    /// It takes none.
    checkpoints_off: bool,
}

impl Local {
    pub(super) async fn observe(&self, target: &Target) -> std::io::Result<Observation> {
        let processes = self.processes.of_cluster(target.cluster).await?;
        let Some(launch) = target.phase.launch() else {
            return Ok(match processes.is_empty() && !self.left_overs(target).await? {
                true => Observation::Absent,
                false => Observation::Present(ObservedRun {
                    others_alive: !processes.is_empty(),
                    state_missing: self.not_there(target).await?,
                    ..nothing(target)
                }),
            });
        };
        let of_run = processes.iter().filter(|process| process.run == launch.run && !process.child);
        let (job_managers, task_managers): (Vec<Process>, Vec<Process>) =
            of_run.cloned().partition(|process| process.role == Role::JobManager);
        let managers = u32::try_from(task_managers.len()).unwrap_or(u32::MAX);
        let job_manager_alive = !job_managers.is_empty();

        let job_id = target.cluster.job_id(launch.run);
        let (mut endpoint, mut silent) = (None, Vec::new());
        let answers = match job_manager_alive {
            true => {
                let flink = self.job_manager(target.cluster, launch.run).await?;
                endpoint = Some(flink.url().to_owned());
                let caught_up = self.clients.caught_up(target.cluster, launch.run);
                let answers = ask(&flink, &job_id, target.phase.trigger(), caught_up).await;
                if answers.as_ref().is_err_and(|error| error.not_reached() || !caught_up) {
                    // The next look begins with what the run's folder says then.
                    self.clients.forget(target.cluster, launch.run);
                }
                match answers {
                    Ok(answers) => {
                        silent = self.silent(&flink, target, &task_managers, answers.registered).await;
                        Some(answers)
                    }
                    Err(_) => None,
                }
            }
            false => {
                self.clients.forget(target.cluster, launch.run);
                None
            }
        };

        let (folder, state) = (self.folder(target.cluster).run(launch.run), self.state(target)?);
        let (trigger, job, wanted) = (target.phase.trigger(), job_id.clone(), Wanted::of(target, launch));
        let (storage, named) = (self.storage.clone(), state.clone());
        let ended = answers.as_ref().and_then(|told| told.job.as_ref()).is_some_and(|job| job.status.ended());
        // What is behind a network is not asked with each look at a job that runs: the job itself is.
        let saves = answers.as_ref().is_some_and(|told| matches!(told.savepoint, Savepoint::InProgress));
        let quiet = state.path().is_none() && job_manager_alive && !ended && (trigger.is_none() || saves);
        let left = blocking(move || {
            let started = !job_manager_alive && folder.was_started(Role::JobManager);
            let away = match trigger {
                _ if quiet => None,
                Some(_) => state.not_there(&storage),
                None => storage.not_there(state.address()),
            };
            let trigger = trigger.filter(|_| !quiet);
            let on_disk = match (&trigger, &away) {
                (Some(trigger), None) => state.savepoint(*trigger)?,
                (Some(_) | None, _) => None,
            };
            let newest = match (job_manager_alive, &away) {
                (false, None) => state.kept_checkpoints(&job)?.pop(),
                (true | false, _) => None,
            };
            let missing = match job_manager_alive {
                true => away.filter(|_| ended),
                false => away.or_else(|| wanted.missing(&storage, newest.as_ref(), &job)),
            };
            Ok(Traces {
                ended: started.then(|| why::ended(&folder)),
                main: record::main(&folder, job_manager_alive),
                archived: if started { record::archived(&folder, &job) } else { None },
                on_disk,
                newest,
                missing,
            })
        })
        .await?;

        let job_manager = match (job_manager_alive, left.ended) {
            (true, _) if answers.is_some() => ObservedProcess::Answers,
            (true, _) => ObservedProcess::Silent,
            (false, Some((why, by_itself))) => ObservedProcess::Ended { why, by_itself },
            (false, None) => ObservedProcess::NotStarted,
        };
        if processes.is_empty()
            && job_manager == ObservedProcess::NotStarted
            && !self.left_overs(target).await?
        {
            return Ok(Observation::Absent);
        }
        let (registered, job, asked, told, checkpoints_off) = match answers {
            Some(Answers { registered, job, savepoint, checkpoint, checkpoints_off }) => {
                let told = checkpoint.map(|(path, at)| (named.named(&path), at));
                (
                    registered,
                    job,
                    savepoint,
                    told,
                    checkpoints_off && target.spec.checkpoint_interval().is_some(),
                )
            }
            None => (0, left.archived, Savepoint::Unknown, None, false),
        };
        let found = left.newest.map(|checkpoint| (checkpoint.address, checkpoint.completed));
        let (checkpoint, checkpoint_at) = told.or(found).unzip();
        Ok(Observation::Present(ObservedRun {
            others_alive: processes.iter().any(|process| process.run != launch.run || process.stray),
            job_manager,
            task_managers: ObservedTaskManagers {
                alive: managers,
                registered: registered.min(managers),
                wanted: target.task_managers,
            },
            job,
            savepoint: savepoint(asked, left.on_disk),
            checkpoint,
            checkpoint_at,
            checkpoints_off,
            endpoint,
            silent_task_managers: silent,
            main: left.main,
            state_missing: left.missing,
        }))
    }

    /// The numbers of the task managers that have not been registered for too long. Flink is asked by name only while
    /// its count does not say it all.
    async fn silent(
        &self,
        flink: &JobManager,
        target: &Target,
        managers: &[Process],
        registered: u32,
    ) -> Vec<u32> {
        let all = u32::try_from(managers.len()) == Ok(registered) && self.registrations.all_came(managers);
        let names = match all {
            true => managers.iter().filter_map(|process| process.name.clone()).collect(),
            false => match flink.task_managers().await {
                Ok(names) => names,
                Err(_) => return Vec::new(),
            },
        };
        let silent = self.registrations.silent(target.cluster, managers, &names, Instant::now());
        let numbers = silent.iter().filter_map(|process| match process.role {
            Role::TaskManager(number) => Some(number),
            Role::JobManager => None,
        });
        numbers.collect()
    }

    /// Why the container of a cluster's state is not there; none if it is.
    async fn not_there(&self, target: &Target) -> std::io::Result<Option<String>> {
        let (storage, state) = (self.storage.clone(), self.state(target)?);
        blocking(move || Ok(storage.not_there(state.address()))).await
    }

    /// Whether a phase that removes the cluster still has something to remove.
    async fn left_overs(&self, target: &Target) -> std::io::Result<bool> {
        let Phase::Deleting { keep_savepoints, .. } = target.phase else { return Ok(false) };
        let (folder, state) = (self.folder(target.cluster), self.state(target)?);
        // What is not there now has not gone.
        let at: Vec<Address> = std::iter::once(state.address())
            .chain(target.homes.iter().filter(|_| !keep_savepoints))
            .cloned()
            .collect();
        let storage = self.storage.clone();
        if blocking(move || Ok(at.iter().find_map(|home| storage.not_there(home)))).await?.is_some() {
            return Ok(true);
        }
        let left = Left::of(&self.storage, target, keep_savepoints)?;
        blocking(move || Ok(folder.path().exists() || state.has_left_overs(&left)?)).await
    }
}

fn nothing(target: &Target) -> ObservedRun {
    let task_managers = ObservedTaskManagers { alive: 0, registered: 0, wanted: target.task_managers };
    ObservedRun { task_managers, ..ObservedRun::nothing() }
}

/// What a run left on the disk.
struct Traces {
    /// Why its job manager ended, and whether for certain by itself.
    ended: Option<(Reason, bool)>,
    main: MainMethod,
    archived: Option<ObservedJob>,
    on_disk: Option<String>,
    newest: Option<Checkpoint>,
    missing: Option<String>,
}

/// The state that the next run would start from, as far as is known without a look at the disk.
struct Wanted {
    awaits: Option<Restore>,
    known: Option<KnownState>,
    from: Restore,
}

impl Wanted {
    fn of(target: &Target, launch: &Launch) -> Self {
        if matches!(target.phase, Phase::Deleting { .. }) {
            // Nothing starts any more.
            return Self { awaits: None, known: None, from: Restore::Fresh };
        }
        let known = target.known.clone().filter(|known| known.run == launch.run);
        Self { awaits: target.phase.awaits().cloned(), known, from: launch.from.clone() }
    }

    /// Why it cannot be used now; none if it can, or if there is nothing to start from.
    fn missing(&self, storage: &Storage, newest: Option<&Checkpoint>, job: &str) -> Option<String> {
        // A checkpoint of the run that ended is given up for a newer one.
        let older = |path: &str| path.contains(job) && newest.is_some();
        let known =
            self.known.as_ref().filter(|known| newest.is_none_or(|newest| known.at > newest.completed));
        let path = match &self.awaits {
            Some(state) => state.path().filter(|path| !older(path)),
            None if newest.is_some() && known.is_none() => None,
            None => known.map_or(&self.from, |known| &known.state).path(),
        }?;
        storage.missing(path)
    }
}

/// Asks; a job manager that leaves one question open counts as silent. Questions follow each other on one connection,
/// and none is broken off: a starting job manager has better to do than handshakes.
async fn ask(
    flink: &JobManager,
    job_id: &str,
    trigger: Option<OperationId>,
    caught_up: bool,
) -> Result<Answers, FlinkError> {
    let overview = flink.overview().await?;
    let savepoint = async {
        match trigger {
            Some(trigger) => flink.savepoint(job_id, &trigger.trigger()).await,
            None => Ok(Savepoint::Unknown),
        }
    };
    let (job, savepoint) = tokio::join!(flink.job(job_id), savepoint);
    let job = match job? {
        None => None,
        Some(job) => {
            let troubled =
                matches!(job.status, JobStatus::Failed | JobStatus::Failing | JobStatus::Restarting);
            // Flink calls it running again before its tasks are.
            let troubled = troubled || (job.status == JobStatus::Running && !job.up);
            let changed = !caught_up || job.unchanged_for.is_none_or(|quiet| quiet < RECENT);
            let exceptions = match troubled || changed {
                true => Some(flink.exceptions(job_id, NEWEST).await?),
                false => None,
            };
            let restarts = match &exceptions {
                Some(exceptions) if !job.status.ended() => Some(restarts(flink, job_id, exceptions).await?),
                Some(_) | None => None,
            };
            let root = exceptions.and_then(|exceptions| exceptions.root).filter(|_| troubled);
            Some(ObservedJob {
                batch: flink.is_batch(job_id).await?,
                status: job.status,
                up: job.up,
                restoring: job.restoring,
                failure: root.map(|exception| explain(&exception)),
                ended_at: job.ended_at,
                restarted_at: restarts.as_ref().and_then(|told| told.at.last().copied()),
                restarts,
            })
        }
    };
    let checkpoint = match &job {
        Some(job) if !job.status.ended() => flink.checkpoint(job_id).await?,
        Some(_) | None => None,
    };
    let checkpoint = checkpoint.and_then(|checkpoint| {
        let at = Timestamp::from_millisecond(checkpoint.latest_ack_timestamp).ok()?;
        Some((checkpoint.external_path?, at))
    });
    // What has one takes them.
    let checkpoints_off = match &job {
        Some(job) if job.up && !job.batch && checkpoint.is_none() => flink.checkpoints_off(job_id).await?,
        Some(_) | None => false,
    };
    let registered = overview.taskmanagers;
    Ok(Answers { registered, job, savepoint: savepoint?, checkpoint, checkpoints_off })
}

/// What Flink tells of its restarts of a job.
async fn restarts(
    flink: &JobManager,
    job_id: &str,
    exceptions: &Exceptions,
) -> Result<FlinkRestarts, FlinkError> {
    const COUNT: &str = "numRestarts";
    let entries = &exceptions.history.entries;
    let at = entries.iter().rev().filter_map(|entry| Timestamp::from_millisecond(entry.timestamp).ok());
    let at: Vec<Timestamp> = at.collect();
    // A job that was never restarted need not be asked how often it was.
    let count = match at.len() {
        0 => 0,
        seen if seen < NEWEST => u32::try_from(seen).unwrap_or(u32::MAX),
        _ => flink.job_figures(job_id, &[COUNT]).await?.get(COUNT).copied().map_or(0, sampler::count),
    };
    let why = entries.first().map(|entry| explain(&entry.stacktrace));
    Ok(FlinkRestarts { count, at, why })
}

/// Why a savepoint was not taken. What became of the job is another fact.
fn not_taken(exception: &str) -> Reason {
    let why = explain(exception);
    let code = if why.code == "JOB_FAILED" { "SAVEPOINT_FAILED".to_owned() } else { why.code };
    Reason { code, ..why }
}

/// Whether there is a complete savepoint of this trigger, the disk tells, whatever Flink says of the rest. It is asked
/// last: what the job manager still has in hand is not done.
fn savepoint(asked: Savepoint, on_disk: Option<String>) -> ObservedSavepoint {
    match (asked, on_disk) {
        (Savepoint::InProgress, _) => ObservedSavepoint::InProgress,
        (Savepoint::Completed(_) | Savepoint::Unknown | Savepoint::Failed(_), Some(path)) => {
            ObservedSavepoint::Completed { path }
        }
        (Savepoint::Failed(exception), None) => ObservedSavepoint::Failed { why: not_taken(&exception) },
        // Complete, but not to be found on the disk: to be looked at again, for nothing may rely on it.
        (Savepoint::Completed(_), None) => ObservedSavepoint::InProgress,
        (Savepoint::Unknown, None) => ObservedSavepoint::Unknown,
    }
}
