//! How processes and files of a cluster come to an end.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use domain::address::Address;
use domain::id::ClusterId;
use rustix::process::Signal;

use super::processes::{Process, Processes};
use super::state::{Left, gone};
use super::{Local, LocalProvider, blocking, refusing};
use crate::confine::remove_empty;
use crate::file;
use crate::provider::{ActError, Target};

/// How long a process has to end by itself. Its job has ended before, so nothing is lost when it is cut short;
/// longer makes every update wait.
const TIMEOUT: Duration = Duration::from_millis(1000);

/// Between two looks at whether it has ended.
const LOOK: Duration = Duration::from_millis(100);

/// When to give up waiting for processes that even force does not end.
const GIVE_UP_AFTER: Duration = Duration::from_secs(15);

impl Local {
    /// Asks those processes of the cluster to end, by force if they were asked a while ago. Never waits.
    ///
    /// Gives whether all of them have ended.
    pub(super) async fn end(
        &self,
        cluster: ClusterId,
        which: impl Fn(&Process) -> bool + Send,
    ) -> std::io::Result<bool> {
        self.processes.look_anew().await;
        let mut processes = self.processes.of_cluster(cluster).await?;
        processes.retain(|process| which(process));
        {
            let mut asked = self.asked_to_end.lock().expect("nobody panics while holding this lock");
            asked.retain(|process, _| process.cluster != cluster || processes.contains(process));
            for process in &processes {
                let since = asked.get(process).map(Instant::elapsed);
                match since {
                    None => {
                        process.signal(Signal::TERM)?;
                        asked.insert(process.clone(), Instant::now());
                    }
                    Some(since) if since >= TIMEOUT => process.signal(Signal::KILL)?,
                    Some(_) => {}
                }
            }
        }
        self.processes.look_anew().await;
        Ok(processes.is_empty())
    }

    /// Ends those processes and waits until they have.
    pub(super) async fn end_and_wait(
        &self,
        cluster: ClusterId,
        which: impl Fn(&Process) -> bool + Send + Copy,
    ) -> Result<(), ActError> {
        let began = Instant::now();
        while !self.end(cluster, which).await.map_err(refusing::disk)? {
            if began.elapsed() > GIVE_UP_AFTER {
                return Err(refusing::kill_failed());
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Ends everything of the cluster; once it has ended, removes its files. Those in storage that is not there stay, and
    /// so does the cluster.
    pub(super) async fn remove(&self, target: &Target, keep_savepoints: bool) -> Result<(), ActError> {
        if !self.end(target.cluster, |_| true).await.map_err(refusing::disk)? {
            return Ok(());
        }
        let (folder, state) = (self.folder(target.cluster), self.state(target).map_err(refusing::disk)?);
        let storage = self.storage.clone();
        let at: Vec<Address> = std::iter::once(state.address())
            .chain(target.homes.iter().filter(|_| !keep_savepoints))
            .cloned()
            .collect();
        let away = blocking(move || Ok(at.iter().find_map(|home| storage.not_there(home))));
        let away = away.await.map_err(refusing::disk)?;
        let left = Left::of(&self.storage, target, keep_savepoints).map_err(refusing::disk)?;
        let groups = self.processes.groups(target.cluster);
        let there = away.is_none();
        let removed = blocking(move || {
            remove_empty(&groups);
            if there {
                state.remove(&left)?;
            }
            gone(file::remove_tree(folder.path()))
        });
        removed.await.map_err(refusing::disk)?;
        away.map_or(Ok(()), |why| Err(refusing::not_removed(&why)))
    }
}

impl LocalProvider {
    /// The clusters of the data folder that have processes alive, each once.
    ///
    /// # Errors
    /// When processes cannot be looked at.
    pub(crate) async fn running(&self) -> std::io::Result<Vec<ClusterId>> {
        let alive = self.local.processes.alive().await?;
        let clusters: BTreeSet<ClusterId> = alive.iter().map(|process| process.cluster).collect();
        Ok(clusters.into_iter().collect())
    }

    /// Ends every process of a data folder at once, for those who throw the folder away; how many there were.
    ///
    /// # Errors
    /// When processes cannot be looked at, belong to somebody else, or do not end.
    pub async fn end_all(data: &Path) -> std::io::Result<usize> {
        let processes = Processes::of(&data.canonicalize()?);
        let began = Instant::now();
        let mut ended = 0;
        loop {
            processes.look_anew().await;
            let alive = processes.alive().await?;
            if alive.is_empty() {
                remove_empty(&processes.all_groups());
                return Ok(ended);
            }
            ended = ended.max(alive.iter().count());
            if began.elapsed() > GIVE_UP_AFTER {
                return Err(std::io::Error::other(format!("{} processes do not end", alive.len())));
            }
            for process in alive.iter() {
                process.signal(Signal::KILL)?;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}
