//! Log files of a cluster's runs.

use domain::id::ClusterId;
use domain::refusal::Refusal;
use domain::secret::Secrets;
use domain::view::{LogFile, LogPart};

use super::Desk;

impl Desk {
    /// The log files of every run, newest run first.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn logs(&self, id: ClusterId) -> Result<Vec<LogFile>, Refusal> {
        self.known(id).await?;
        self.plane.inner.provider.logs(id).await.map_err(unreadable)
    }

    /// A part of a log file: from `from` on, or its last 64 KiB.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn log(
        &self,
        id: ClusterId,
        run: u32,
        name: &str,
        from: Option<u64>,
    ) -> Result<LogPart, Refusal> {
        self.known(id).await?;
        match self.plane.inner.provider.log(id, run, name, from).await {
            Ok(chunk) => {
                let text = self.secrets_of(id, run).await.hide(&chunk.text);
                Ok(LogPart { text, ..chunk })
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Refusal::NotFound(format!("Run {run} has no log file {name}.")))
            }
            Err(error) => Err(unreadable(error)),
        }
    }
}

impl Desk {
    /// The secrets that a run was given: a job may print them. Without them only what looks like one is found.
    async fn secrets_of(&self, id: ClusterId, run: u32) -> Secrets {
        let Ok(runs) = self.plane.store().runs(id).await else { return Secrets::default() };
        let Some(run) = runs.into_iter().find(|one| one.run == run) else { return Secrets::default() };
        let own = self.open_spec(id, run.revision).await.map(|spec| Secrets::of(&spec)).unwrap_or_default();
        let store = self.plane.store();
        own.and(store.open_values(&store.sealed_values_of(id).await.unwrap_or_default()))
    }
}

fn unreadable(error: std::io::Error) -> Refusal {
    Refusal::Unavailable(format!("The log files cannot be read: {error}."))
}
