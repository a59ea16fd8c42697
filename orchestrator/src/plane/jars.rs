//! Jars that are kept for revisions: put there when one is about to name them, thrown away when none does any more.

use domain::address::Address;
use domain::artifact::{KeptJar, RevisionJars};
use domain::draft::MOST_JARS;
use domain::refusal::Refusal;
use domain::spec::JobSpec;

use super::{ControlPlane, Inner};
use crate::jar::{KeepError, Lease};
use crate::probe::SCRIPTS;

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

    /// Keeps every jar of a specification: the job's own, and those of each address of more jars.
    ///
    /// # Errors
    /// As [`keep_jar`](Self::keep_jar); for more jars at `more_jars`.
    pub(crate) async fn keep_jars(&self, job: &JobSpec) -> Result<KeptJars, Refusal> {
        let jar = match &job.jar {
            Some(address) => self.keep_jar(address).await?,
            None => {
                let kept = self.inner.keep_program(job).await;
                kept.map_err(|error| Refusal::Unavailable(error.to_string()))?
            }
        };
        let mut kept = KeptJars { jar, more: Vec::new() };
        for address in &job.more_jars {
            for jar in self.jars_at(address).await? {
                let lease = self.inner.keep_jar(&jar).await.map_err(|error| match error {
                    KeepError::Full(_) | KeepError::Disk(_) => Refusal::Unavailable(error.to_string()),
                    _ => Refusal::field("more_jars", &jar.to_string(), error.to_string()),
                })?;
                kept.more.push((jar, lease));
            }
        }
        if kept.more.len() > MOST_JARS {
            let many = kept.more.len();
            let why = format!(
                "They are {many} jars; up to {MOST_JARS} are allowed. Name those that the job needs."
            );
            return Err(Refusal::field("more_jars", "", why));
        }
        Ok(kept)
    }

    /// The jars that an address leads to: itself, or those in the folder, by name.
    ///
    /// # Errors
    /// At `more_jars`: nothing is there, or no jar.
    pub(crate) async fn jars_at(&self, address: &Address) -> Result<Vec<Address>, Refusal> {
        let at = address.clone();
        let found = self.storage().off(move |storage| storage.jars_at(&at)).await.and_then(|found| found);
        found.map_err(|why| Refusal::field("more_jars", &address.to_string(), why.to_string()))
    }

    /// Throws away jars that no revision needs any more, behind the back of whoever says so.
    pub(crate) fn collect_jars(&self) {
        self.inner.collect_jars();
    }
}

/// Jars that are kept for a revision until it names them.
pub(crate) struct KeptJars {
    /// The job's own.
    pub(crate) jar: Lease,
    /// More of them, in their order.
    pub(crate) more: Vec<(Address, Lease)>,
}

impl KeptJars {
    /// As a revision names them.
    pub(crate) fn named(&self) -> RevisionJars {
        let more = self
            .more
            .iter()
            .map(|(address, lease)| KeptJar { address: address.clone(), artifact: lease.artifact().clone() });
        RevisionJars { jar: self.jar.artifact().clone(), more: more.collect() }
    }
}

impl Inner {
    pub(crate) async fn keep_jar(&self, address: &Address) -> Result<Lease, KeepError> {
        let (jars, storage, address) = (self.jars.clone(), self.storage.clone(), address.clone());
        let kept = tokio::task::spawn_blocking(move || jars.keep_from(&storage, &address)).await;
        kept.map_err(|error| KeepError::Disk(std::io::Error::other(error)))?
    }

    /// The bytes that run a job: of the jar at its address, or of the portal's own that runs scripts.
    pub(crate) async fn keep_program(&self, job: &JobSpec) -> Result<Lease, KeepError> {
        let Some(address) = &job.jar else {
            let (jars, own) = (self.jars.clone(), self.config.jars.join(SCRIPTS));
            let kept = tokio::task::spawn_blocking(move || jars.keep(crate::file::open(&own)?)).await;
            return kept.map_err(|error| KeepError::Disk(std::io::Error::other(error)))?;
        };
        self.keep_jar(address).await
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
