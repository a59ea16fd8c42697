//! Runs whose processes have ended need no secrets any more: what is left of them can be looked at, and no more.

use std::collections::HashSet;

use domain::id::ClusterId;

use super::folder::RunFolder;
use super::state::gone;
use super::{LocalProvider, blocking, configuration};

/// Takes the secrets out of a run's folder.
pub(super) fn secrets(folder: &RunFolder) -> std::io::Result<()> {
    gone(std::fs::remove_file(folder.job()))?;
    configuration::forget_secrets(folder)
}

impl LocalProvider {
    /// The same with every run of this cluster that has no process.
    pub(super) async fn forget_secrets(&self, cluster: ClusterId) -> std::io::Result<()> {
        let alive: HashSet<u32> =
            self.local.processes.of_cluster(cluster).await?.iter().map(|process| process.run).collect();
        let folder = self.local.folder(cluster);
        blocking(move || {
            let ended = folder.runs()?.into_iter().filter(|run| !alive.contains(run));
            ended.map(|run| folder.run(run)).try_for_each(|folder| secrets(&folder))
        })
        .await
    }

    /// The same with every cluster of the data folder: an older portal left their secrets where they were.
    ///
    /// # Errors
    /// When files or processes cannot be looked at.
    pub(crate) async fn forget_ended(&self) -> std::io::Result<()> {
        let clusters = self.local.data.join("clusters");
        let ids = blocking(move || match std::fs::read_dir(clusters) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            entries => {
                let names = entries?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
                Ok(names.filter_map(|name| name.parse::<ClusterId>().ok()).collect())
            }
        })
        .await?;
        for cluster in ids {
            self.forget_secrets(cluster).await?;
        }
        Ok(())
    }
}
