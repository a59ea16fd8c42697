//! Where the job manager of a run answers: its own configuration says it, whichever portal has written that.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::id::ClusterId;

use super::configuration;
use super::folder::RunFolder;
use super::{Local, blocking, keys};
use crate::flink::{Endpoint, JobManager};

/// One client a run: its connections are kept while the run lives.
#[derive(Debug, Default)]
pub(super) struct Clients(Mutex<HashMap<(ClusterId, u32), Client>>);

#[derive(Debug)]
struct Client {
    job_manager: JobManager,
    /// It was asked for all that happened before.
    caught_up: bool,
}

impl Clients {
    fn of(&self, cluster: ClusterId, run: u32) -> Option<JobManager> {
        let clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clients.get(&(cluster, run)).map(|client| client.job_manager.clone())
    }

    fn keep(&self, cluster: ClusterId, run: u32, job_manager: &JobManager) {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clients.insert((cluster, run), Client { job_manager: job_manager.clone(), caught_up: false });
    }

    /// Every other run of the cluster is over.
    pub(super) fn keep_only(&self, cluster: ClusterId, run: u32) {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        clients.retain(|(of, other), _| *of != cluster || *other == run);
    }

    /// Whether somebody has asked this client for all that happened before; from now on it counts as asked.
    pub(super) fn caught_up(&self, cluster: ClusterId, run: u32) -> bool {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let client = clients.get_mut(&(cluster, run));
        client.is_some_and(|client| std::mem::replace(&mut client.caught_up, true))
    }

    /// The run is over, or gets other keys.
    pub(super) fn forget(&self, cluster: ClusterId, run: u32) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&(cluster, run));
    }
}

impl Local {
    /// The job manager of a run.
    ///
    /// # Errors
    /// When the run's configuration or keys cannot be read.
    pub(super) async fn job_manager(&self, cluster: ClusterId, run: u32) -> std::io::Result<JobManager> {
        if let Some(client) = self.clients.of(cluster, run) {
            return Ok(client);
        }
        let folder = self.folder(cluster).run(run);
        let client = blocking(move || JobManager::at(&read(&folder)?).map_err(std::io::Error::other)).await?;
        self.clients.keep(cluster, run, &client);
        Ok(client)
    }
}

/// The endpoint of a run's job manager.
///
/// # Errors
/// When the run's configuration or keys cannot be read.
pub(super) fn read(folder: &RunFolder) -> std::io::Result<Endpoint> {
    let options = configuration::read(folder)?;
    let said = |key: &str| {
        let lacks = || std::io::Error::other(format!("the run's configuration lacks {key}"));
        options.get(key).map(String::as_str).ok_or_else(lacks)
    };
    let (address, port) = (said("rest.address")?, said("rest.port")?);
    // A run that an earlier portal started has no keys: it is spoken to in clear until it ends.
    let protected = options.get("security.ssl.rest.enabled").is_some_and(|value| value == "true");
    let keys = protected.then(|| keys::read(folder)).transpose()?;
    let scheme = if keys.is_some() { "https" } else { "http" };
    Ok(Endpoint { url: format!("{scheme}://{address}:{port}"), keys })
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::super::folder::ClusterFolder;
    use super::*;
    use domain::option::FlinkOptions;

    #[test]
    fn a_run_says_itself_where_it_answers_and_whether_in_clear() {
        let data = tempfile::tempdir().expect("a folder");
        let run = ClusterFolder::of(data.path(), ClusterId(uuid::Uuid::nil())).run(1);
        std::fs::create_dir_all(run.conf()).expect("a folder");
        assert!(read(&run).is_err(), "nothing is said yet");
        let option = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let mut options =
            FlinkOptions::from([option("rest.address", "127.4.0.7"), option("rest.port", "8081")]);
        configuration::write(&run, &options, &options).expect("written");
        let endpoint = read(&run).expect("said");
        assert_eq!((endpoint.url.as_str(), endpoint.keys.is_none()), ("http://127.4.0.7:8081", true));

        options.extend(keys::make(&run, Ipv4Addr::new(127, 4, 0, 7)).expect("made"));
        configuration::write(&run, &options, &options).expect("written");
        let endpoint = read(&run).expect("said");
        assert_eq!((endpoint.url.as_str(), endpoint.keys.is_some()), ("https://127.4.0.7:8081", true));

        // Keys that are gone are never a reason to speak in clear.
        std::fs::remove_dir_all(run.tls()).expect("removed");
        assert!(read(&run).is_err());
    }
}
