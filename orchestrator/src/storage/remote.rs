//! Storage accounts behind a network: Azure, S3 and Google, through `object_store`. How long a server may be silent is
//! bounded everywhere: a person waits for the answer, or a job does.

mod connect;
mod containers;
pub(crate) mod files;
mod flink;
mod known;
mod listing;
mod sentence;
mod states;
mod tried;
mod upload;

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::time::Duration;

use domain::account::AccountSpec;
use domain::name::{AccountName, ContainerName};
use tokio::runtime::Runtime;

use self::connect::Client;
use self::known::Known;
use super::StorageError;

/// So long one request may take that moves no file.
const PATIENCE: Duration = Duration::from_secs(10);

/// The remote accounts that the portal knows, as their rows say. Cloning it is cheap and gives the same one.
#[derive(Clone, Debug, Default)]
pub(crate) struct Remotes(Arc<RwLock<HashMap<AccountName, Arc<Remote>>>>);

/// One remote account.
#[derive(Debug)]
pub(crate) struct Remote {
    spec: AccountSpec,
    /// What it is signed in to by, or the sentence that says why that cannot be read.
    secret: Result<String, String>,
    clients: Mutex<Clients>,
    known: Known,
}

/// What asks: one pool of connections, and a client for each container.
#[derive(Debug, Default)]
struct Clients {
    http: Option<reqwest::Client>,
    of: HashMap<ContainerName, Client>,
}

impl Remotes {
    /// The account of that name, where it is a remote one.
    pub(crate) fn get(&self, name: &AccountName) -> Option<Arc<Remote>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    /// From now on these are known and no others. One that has not changed keeps its connections.
    pub(crate) fn set(&self, accounts: Vec<(AccountSpec, Result<String, String>)>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::take(&mut *known);
        for (spec, secret) in accounts {
            let same = before.get(&spec.name).filter(|old| old.spec == spec && old.secret == secret).cloned();
            known.insert(spec.name.clone(), same.unwrap_or_else(|| Arc::new(Remote::new(spec, secret))));
        }
    }
}

impl Remote {
    pub(crate) fn new(spec: AccountSpec, secret: Result<String, String>) -> Self {
        Self { spec, secret, clients: Mutex::default(), known: Known::default() }
    }

    /// What its row says.
    pub(crate) fn spec(&self) -> &AccountSpec {
        &self.spec
    }

    fn client(&self, container: &ContainerName) -> Result<Client, StorageError> {
        let known = self.clients().of.get(container).cloned();
        if let Some(client) = known {
            return Ok(client);
        }
        let client = Client::of(&self.spec, self.secret()?, container, self.http()?)?;
        self.clients().of.insert(container.clone(), client.clone());
        Ok(client)
    }

    fn http(&self) -> Result<reqwest::Client, StorageError> {
        let mut clients = self.clients();
        if let Some(http) = &clients.http {
            return Ok(http.clone());
        }
        Ok(clients.http.insert(connect::http()?).clone())
    }

    fn clients(&self) -> MutexGuard<'_, Clients> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it is signed in to by.
    pub(crate) fn opened(&self) -> Result<String, String> {
        self.secret.clone()
    }

    fn secret(&self) -> Result<&str, StorageError> {
        self.secret.as_deref().map_err(|why| StorageError::Disk(why.clone()))
    }
}

/// Waits for what goes over the network, on a thread that may wait. The portal's own threads are not asked to drive it:
/// whoever waits on one of them would wait for himself.
fn wait<T: Send + 'static>(
    work: impl Future<Output = Result<T, StorageError>> + Send + 'static,
) -> Result<T, StorageError> {
    static RUNTIME: OnceLock<Option<Runtime>> = OnceLock::new();
    let runtime = RUNTIME.get_or_init(|| {
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("storage").enable_all().build().ok()
    });
    let no_thread =
        || StorageError::Disk("The machine gives no thread for the storage account; try again.".to_owned());
    let (tell, told) = std::sync::mpsc::sync_channel(1);
    runtime.as_ref().ok_or_else(no_thread)?.spawn(async move {
        // Nobody waits any more: as well.
        let _ = tell.send(work.await);
    });
    told.recv().map_err(|_| no_thread())?
}

/// The same, for what has to be answered soon.
fn soon<T: Send + 'static>(
    what: String,
    work: impl Future<Output = Result<T, StorageError>> + Send + 'static,
) -> Result<T, StorageError> {
    wait(async move {
        tokio::time::timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(sentence::silent(&what)))
    })
}
