//! What is seen of a cluster: its processes, what its job manager answers, what lies on the disk.
//!
//! In this order: whoever sees a process gone and looks at the disk *afterwards* misses nothing that it left.

use domain::id::OperationId;
use domain::lifecycle::{
    JobStatus, Observation, ObservedJob, ObservedProcess, ObservedRun, ObservedSavepoint,
    ObservedTaskManagers, Phase,
};
use domain::reason::explain;

use super::folder::Role;
use super::processes::Process;
use super::state::Left;
use super::{Local, blocking, why};
use crate::flink::{FlinkError, JobManager, Savepoint};
use crate::provider::Target;

/// What a job manager answers.
struct Answers {
    registered: u32,
    job: Option<ObservedJob>,
    savepoint: Savepoint,
}

impl Local {
    pub(super) async fn observe(&self, target: &Target) -> std::io::Result<Observation> {
        let processes = self.processes.of_cluster(target.cluster).await?;
        let Some(launch) = target.phase.launch() else {
            return Ok(match processes.is_empty() && !self.left_overs(target).await? {
                true => Observation::Absent,
                false => Observation::Present(ObservedRun {
                    others_alive: !processes.is_empty(),
                    ..nothing(target)
                }),
            });
        };
        let alive = |role: fn(Role) -> bool| {
            let of_role =
                |process: &&Process| process.run == launch.run && !process.child && role(process.role);
            processes.iter().filter(of_role).count()
        };
        let managers = u32::try_from(alive(|role| role != Role::JobManager)).unwrap_or(u32::MAX);
        let job_manager_alive = alive(|role| role == Role::JobManager) > 0;

        let job_id = target.cluster.job_id(launch.run);
        let answers = match job_manager_alive {
            true => {
                let flink = self.job_manager(target.cluster, launch.run).await?;
                let answers = ask(&flink, &job_id, target.phase.trigger()).await;
                if answers.as_ref().is_err_and(FlinkError::not_reached) {
                    // The next look begins with what the run's folder says then.
                    self.clients.forget(target.cluster);
                }
                answers.ok()
            }
            false => {
                self.clients.forget(target.cluster);
                None
            }
        };

        let (folder, state) = (self.folder(target.cluster).run(launch.run), self.state(target)?);
        let trigger = target.phase.trigger();
        let (ended, on_disk, checkpoint) = blocking(move || {
            let started = !job_manager_alive && folder.was_started(Role::JobManager);
            let ended = started.then(|| why::ended(&folder));
            let on_disk = trigger.map(|trigger| state.savepoint(trigger)).transpose()?.flatten();
            Ok((ended, on_disk, state.newest_checkpoint(&job_id)?))
        })
        .await?;

        let job_manager = match (job_manager_alive, ended) {
            (true, _) if answers.is_some() => ObservedProcess::Answers,
            (true, _) => ObservedProcess::Silent,
            (false, Some(why)) => ObservedProcess::Ended { why },
            (false, None) => ObservedProcess::NotStarted,
        };
        if processes.is_empty()
            && job_manager == ObservedProcess::NotStarted
            && !self.left_overs(target).await?
        {
            return Ok(Observation::Absent);
        }
        let (registered, job, asked) = match answers {
            Some(Answers { registered, job, savepoint }) => (registered, job, savepoint),
            None => (0, None, Savepoint::Unknown),
        };
        Ok(Observation::Present(ObservedRun {
            others_alive: processes.iter().any(|process| process.run != launch.run || process.stray),
            job_manager,
            task_managers: ObservedTaskManagers {
                alive: managers,
                registered: registered.min(managers),
                wanted: target.task_managers,
            },
            job,
            savepoint: savepoint(asked, on_disk),
            checkpoint,
        }))
    }

    /// Whether a phase that removes the cluster still has something to remove.
    async fn left_overs(&self, target: &Target) -> std::io::Result<bool> {
        let Phase::Deleting { keep_savepoints, .. } = target.phase else { return Ok(false) };
        let (folder, state) = (self.folder(target.cluster), self.state(target)?);
        let left = Left::of(&self.storage, target, keep_savepoints)?;
        blocking(move || Ok(folder.path().exists() || state.has_left_overs(&left)?)).await
    }
}

fn nothing(target: &Target) -> ObservedRun {
    ObservedRun {
        others_alive: false,
        job_manager: ObservedProcess::NotStarted,
        task_managers: ObservedTaskManagers { alive: 0, registered: 0, wanted: target.task_managers },
        job: None,
        savepoint: ObservedSavepoint::Unknown,
        checkpoint: None,
    }
}

/// Asks; a job manager that leaves one question open counts as silent. Questions follow each other on one connection,
/// and none is broken off: a starting job manager has better to do than handshakes.
async fn ask(flink: &JobManager, job_id: &str, trigger: Option<OperationId>) -> Result<Answers, FlinkError> {
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
            let failure = match troubled || (job.status == JobStatus::Running && !job.all_running) {
                true => flink.exceptions(job_id).await?.root.map(|exception| explain(&exception)),
                false => None,
            };
            Some(ObservedJob {
                status: job.status,
                all_running: job.all_running,
                failure,
                ended_at: job.ended_at,
            })
        }
    };
    Ok(Answers { registered: overview.taskmanagers, job, savepoint: savepoint? })
}

/// The job manager knows best; what it does not know (any more) the disk may still tell.
fn savepoint(asked: Savepoint, on_disk: Option<String>) -> ObservedSavepoint {
    match (asked, on_disk) {
        (Savepoint::Failed(exception), _) => ObservedSavepoint::Failed { why: explain(&exception) },
        (Savepoint::InProgress, _) => ObservedSavepoint::InProgress,
        (Savepoint::Completed(_) | Savepoint::Unknown, Some(path)) => ObservedSavepoint::Completed { path },
        // Complete, but not to be found on the disk: to be looked at again, for nothing may rely on it.
        (Savepoint::Completed(_), None) => ObservedSavepoint::InProgress,
        (Savepoint::Unknown, None) => ObservedSavepoint::Unknown,
    }
}
