//! A launch: what belonged to other runs is cleared first, then whatever this run lacks is started.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use domain::address::Address;
use domain::lifecycle::Launch;
use domain::memory::{JobManagerMemory, MemoryError, TaskManagerMemory};
use domain::option::FlinkOptions;
use domain::spec::ClusterSpec;
use rustix::process::Signal;
use serde::Serialize;

use super::bounds::Sees;
use super::configuration::{self, RunSetting};
use super::folder::{ClusterFolder, Role, RunFolder};
use super::forget;
use super::processes::Process;
use super::spawn::{self, CommandLine};
use super::state::gone;
use super::stores::Stores;
use super::{Local, address, blocking, keys, refusing};
use crate::confine::remove_empty;
use crate::file;
use crate::provider::{ActError, Target};
use crate::storage::FlinkPlace;

/// What a run needs: its jar is there already; logs, temporary files, a first checkpoint.
const ROOM: u64 = 128 << 20;

impl Local {
    pub(super) async fn launch(&self, target: &Target, launch: &Launch) -> Result<(), ActError> {
        let run = launch.run;
        let silent = self.registrations.found(target.cluster);
        // One that is frozen hears of no request.
        silent.iter().try_for_each(|process| process.signal(Signal::KILL)).map_err(refusing::disk)?;
        let ends = |process: &Process| process.run != run || process.stray || silent.contains(process);
        self.end_and_wait(target.cluster, ends).await?;
        self.clients.keep_only(target.cluster, run);
        self.start(target, launch).await
    }

    /// Starts what the run lacks, beside whatever runs.
    pub(super) async fn start(&self, target: &Target, launch: &Launch) -> Result<(), ActError> {
        let run = launch.run;
        let folder = self.folder(target.cluster).run(run);
        let alive: Vec<Role> = self
            .processes
            .of_cluster(target.cluster)
            .await
            .map_err(refusing::disk)?
            .into_iter()
            .filter(|process| process.run == run && !process.child)
            .map(|process| process.role)
            .collect();
        let job_manager_ended = !alive.contains(&Role::JobManager) && folder.was_started(Role::JobManager);
        if job_manager_ended {
            // A run has one job manager in its life. What its end means is not decided here.
            return Ok(());
        }
        let roles =
            std::iter::once(Role::JobManager).chain((1..=target.task_managers).map(Role::TaskManager));
        let missing: Vec<Role> = roles.filter(|role| !alive.contains(role)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let chooses = if alive.is_empty() { Some(self.choosing.lock().await) } else { None };
        let started = self.start_roles(target, launch, &folder, alive.is_empty(), missing).await;
        self.processes.look_anew().await;
        drop(chooses);
        started
    }

    async fn start_roles(
        &self,
        target: &Target,
        launch: &Launch,
        folder: &RunFolder,
        first: bool,
        roles: Vec<Role>,
    ) -> Result<(), ActError> {
        let state = self.state(target).map_err(refusing::disk)?;
        let stores = self.stores(target, launch, folder)?;
        let java_feature = self.distribution.java_feature;
        let setting = RunSetting { folder, state: &state, storage: stores.options.clone(), java_feature };
        // What names a secret says where it is kept, and is shown so.
        let options = configuration::effective(&target.spec, &setting);
        // Every command line first: what cannot work is refused before anything runs.
        let mut lines = Vec::new();
        for role in roles {
            lines.push((role, command_line(target, folder, &options, role)?));
        }
        if first {
            if let Some(why) = &target.locked {
                return Err(refusing::for_now(why.clone()));
            }
            // Only a job manager is started with it; a task manager starts again also when it has been deleted since.
            let spec = target.given.resolved(&target.spec).map_err(refusing::not_given)?;
            let job = self.job(target, &spec, launch, &options).await?;
            let given = configuration::effective(&spec, &setting);
            self.plugins.fetch(&stores.plugins).await.map_err(refusing::for_now)?;
            self.prepare(target, launch, folder, (given, options, job, stores)).await?;
        }
        let from = self.from(launch)?;
        let sees = Sees { target, run: launch.run, folder, state: &state, from };
        for (role, line) in lines {
            self.spawn(&sees, role, line).map_err(refusing::disk)?;
        }
        Ok(())
    }

    /// Where the state lies that the run starts from.
    fn from(&self, launch: &Launch) -> Result<Option<PathBuf>, ActError> {
        Ok(self.begins(launch)?.and_then(|place| place.local))
    }

    /// The same as Flink sees it.
    fn begins(&self, launch: &Launch) -> Result<Option<FlinkPlace>, ActError> {
        let Some(address) = launch.from.path() else { return Ok(None) };
        let place =
            Address::parse(address).map_err(|error| refusing::for_good(format!("{address}: {error}")))?;
        self.storage.flink(&place).map(Some).map_err(refusing::storage)
    }

    /// `spec`: with the values of the secrets that it names.
    async fn job(
        &self,
        target: &Target,
        spec: &ClusterSpec,
        launch: &Launch,
        options: &FlinkOptions,
    ) -> Result<Job, ActError> {
        let job = &spec.job;
        let state = self.state(target).map_err(refusing::disk)?;
        let (storage, from) = (self.storage.clone(), launch.from.path().map(str::to_owned));
        let why = blocking(move || {
            let away = state.not_there(&storage);
            Ok(away.or_else(|| storage.missing(&from?)))
        });
        if let Some(why) = why.await.map_err(refusing::disk)? {
            return Err(refusing::no_state(&why));
        }
        let from = self.begins(launch)?;
        let (entry_class, arguments) = job.started_with().map_err(refusing::for_good)?;
        Ok(Job {
            id: target.cluster.job_id(launch.run),
            entry_class,
            from: from.map(|place| place.uri),
            allow_non_restored_state: domain::option::ignores_unclaimed_state(options),
            arguments,
        })
    }

    /// Makes the run's folder, whole before any process is started.
    async fn prepare(
        &self,
        target: &Target,
        launch: &Launch,
        folder: &RunFolder,
        (mut options, shown, start, stores): (FlinkOptions, FlinkOptions, Job, Stores),
    ) -> Result<(), ActError> {
        let others = self.others_alive(target.cluster, launch.run).await.map_err(refusing::disk)?;
        let beside: BTreeSet<u32> =
            others.iter().filter(|(cluster, _)| *cluster == target.cluster).map(|(_, run)| *run).collect();
        let others: Vec<RunFolder> =
            others.into_iter().map(|(cluster, run)| self.folder(cluster).run(run)).collect();
        let wanted = target.clone();
        let (data, jars) = (self.data.clone(), self.jars.clone());
        let (folder, launcher) = (folder.clone(), self.launcher.clone());
        let lib = self.distribution.home.join("lib");
        let (run, revision) = (launch.run, launch.revision);
        let jar = target.jar.clone().ok_or_else(|| refusing::lost_jar(revision))?;
        let more = target.more_jars.clone();
        let cluster = self.folder(target.cluster);
        let groups = self.processes.groups(target.cluster);
        self.plugins.link(&folder, &stores.plugins).map_err(refusing::disk)?;
        let prepared = tokio::task::spawn_blocking(move || {
            let address = address::choose(&wanted, &others)?;
            clear_earlier(&cluster, run, &beside).map_err(refusing::disk)?;
            remove_empty(&groups);
            enough_room(&data)?;
            lay_out(&folder, &lib, revision).map_err(refusing::disk)?;
            if !jars.link(&jar, &folder.jar()).map_err(refusing::disk)? {
                return Err(refusing::lost_jar(revision));
            }
            for (number, jar) in more.iter().enumerate() {
                if !jars.link(jar, &folder.more_jar(number + 1)).map_err(refusing::disk)? {
                    return Err(refusing::lost_jar(revision));
                }
            }
            std::fs::copy(launcher, folder.launcher()).map_err(refusing::disk)?;
            options.extend(configuration::at(address));
            options.extend(keys::make(&folder, address).map_err(refusing::disk)?);
            configuration::write(&folder, &options, &shown).map_err(refusing::disk)?;
            if let Some(key) = &stores.key {
                file::write(&folder.storage_key(), key.as_bytes()).map_err(refusing::disk)?;
            }
            start.write(&folder.job()).map_err(refusing::disk)
        });
        let prepared = prepared.await.map_err(|error| refusing::disk(std::io::Error::other(error)))?;
        self.clients.forget(target.cluster, launch.run);
        prepared
    }
}

fn command_line(
    target: &Target,
    folder: &RunFolder,
    options: &FlinkOptions,
    role: Role,
) -> Result<CommandLine, ActError> {
    let spec = &target.spec;
    let no_memory = |error: MemoryError| refusing::for_good(error.to_string());
    match role {
        Role::JobManager => {
            let memory = JobManagerMemory::split(spec.job_manager.memory_mb(), options).map_err(no_memory)?;
            Ok(spawn::job_manager(&memory, folder))
        }
        Role::TaskManager(_) => {
            let memory =
                TaskManagerMemory::split(spec.task_manager.memory_mb(), options).map_err(no_memory)?;
            Ok(spawn::task_manager(&memory, folder, role, domain::spec::slots_per_task_manager(spec)))
        }
    }
}

fn lay_out(folder: &RunFolder, lib: &Path, revision: u32) -> std::io::Result<()> {
    for path in [folder.conf(), folder.usrlib(), folder.tmp(), folder.logs(), folder.archive()] {
        std::fs::create_dir_all(path)?;
    }
    file::write(&folder.revision(), revision.to_string().as_bytes())?;
    match std::os::unix::fs::symlink(lib, folder.lib()) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        linked => linked,
    }
}

/// Temporary files of processes that were cut short are of no use to anybody, nor are their secrets.
fn clear_earlier(cluster: &ClusterFolder, run: u32, alive: &BTreeSet<u32>) -> std::io::Result<()> {
    let over = |earlier: &u32| *earlier < run && !alive.contains(earlier);
    cluster.runs()?.into_iter().filter(over).try_for_each(|earlier| {
        let folder = cluster.run(earlier);
        forget::secrets(&folder)?;
        gone(file::remove_tree(&folder.tmp()))
    })
}

fn enough_room(data: &Path) -> Result<(), ActError> {
    let disk = rustix::fs::statvfs(data).map_err(|error| refusing::disk(error.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    if free < ROOM { Err(refusing::little_room(data, free, ROOM)) } else { Ok(()) }
}

/// What a job is started with beside its configuration: a file that only its owner may read. `flink/launcher` reads it,
/// since every user of the machine sees a command line and Flink writes it into its log.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    id: String,
    /// None leaves it to the manifest.
    entry_class: Option<String>,
    /// A URI.
    from: Option<String>,
    allow_non_restored_state: bool,
    arguments: Vec<String>,
}

impl Job {
    fn write(&self, path: &Path) -> std::io::Result<()> {
        file::write(path, &serde_json::to_vec(self)?)
    }
}
