//! Jars that are kept for revisions: put there when one is about to name them, thrown away when none does any more.

use domain::address::Address;
use domain::refusal::Refusal;

use super::{ControlPlane, Inner};
use crate::jar::{KeepError, Lease};

impl ControlPlane {
    /// Reads the jar at an address anew, whole, and keeps its bytes for as long as the lease lives or a revision names
    /// them.
    ///
    /// # Errors
    /// `InvalidArgument` at `jar`: not there, or no jar; `Unavailable`: no room, or the disk.
    pub(crate) async fn keep_jar(&self, address: &Address) -> Result<Lease, Refusal> {
        let refused = |why: String| Refusal::field("jar", &address.to_string(), why);
        // What is no jar is refused before it is copied.
        self.readings().open(self.storage(), address).await.map_err(refused)?;
        self.inner.keep_jar(address).await.map_err(|error| match error {
            KeepError::Missing(_) | KeepError::Refused(_) | KeepError::Changed => refused(error.to_string()),
            KeepError::Full(_) | KeepError::Disk(_) => Refusal::Unavailable(error.to_string()),
        })
    }

    /// Throws away jars that no revision needs any more, behind the back of whoever says so.
    pub(crate) fn collect_jars(&self) {
        self.inner.collect_jars();
    }
}

impl Inner {
    pub(crate) async fn keep_jar(&self, address: &Address) -> Result<Lease, KeepError> {
        let (jars, storage, address) = (self.jars.clone(), self.storage.clone(), address.clone());
        let kept = tokio::task::spawn_blocking(move || jars.keep_from(&storage, &address)).await;
        kept.map_err(|error| KeepError::Disk(std::io::Error::other(error)))?
    }

    /// As [`ControlPlane::collect_jars`]. One that fails is made up for by the next.
    pub(crate) fn collect_jars(&self) {
        let (jars, store) = (self.jars.clone(), self.store.clone());
        self.tasks.spawn(async move {
            let sweep = jars.sweep().await;
            let needed = match store.needed_jars().await {
                Ok(needed) => needed,
                Err(error) => return tracing::debug!(%error, "jars that nobody needs are collected later"),
            };
            match tokio::task::spawn_blocking(move || sweep.finish(&needed)).await {
                Ok(Ok(0)) | Err(_) => {}
                Ok(Ok(gone)) => tracing::info!("{gone} jars that no revision needs any more were removed"),
                Ok(Err(error)) => tracing::warn!(%error, "jars that nobody needs could not be removed"),
            }
        });
    }
}
