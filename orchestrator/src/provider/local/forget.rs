//! Runs whose processes have ended, or are being ended, need no secrets any more: what is left of them can be looked at, and no more.

use std::collections::HashSet;

use domain::id::ClusterId;

use super::folder::RunFolder;
use super::state::gone;
use super::{LocalProvider, blocking, configuration, record};

/// Takes the secrets out of a run's folder.
pub(super) fn secrets(folder: &RunFolder) -> std::io::Result<()> {
    gone(std::fs::remove_file(folder.job()))?;
    gone(std::fs::remove_file(folder.storage_key()))?;
    record::forget_the_rest(folder)?;
    configuration::forget_secrets(folder)
}

impl LocalProvider {
    /// The same with every run of this cluster but these.
    pub(super) async fn forget_secrets(&self, cluster: ClusterId, but: HashSet<u32>) -> std::io::Result<()> {
        let folder = self.local.folder(cluster);
        blocking(move || {
            let runs = folder.runs()?.into_iter().filter(|run| !but.contains(run));
            runs.map(|run| folder.run(run)).try_for_each(|folder| secrets(&folder))
        })
        .await
    }

    /// The same with every run of the data folder that has no process: an older portal left their secrets where they
    /// were, and one whose processes all ended by themselves was not asked to end.
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
            let alive = self.local.processes.of_cluster(cluster).await?;
            self.forget_secrets(cluster, alive.iter().map(|process| process.run).collect()).await?;
        }
        Ok(())
    }
}
