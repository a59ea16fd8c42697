//! Storage accounts: list, upload, download, delete.

use bytes::Bytes;
use domain::address::{Address, Path};
use domain::event::{Event, StorageAct};
use domain::free_space;
use domain::name::{AccountName, ContainerName};
use domain::offer::StorageAccount;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::{Entry, Listing};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio_util::io::ReaderStream;

use super::Desk;
use crate::storage::{Storage, StorageError};
use crate::store::account::Account;
use crate::store::audit::Audit;
use crate::store::event::NewEvent;

impl Desk {
    /// The accounts that the caller may use.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn accounts(&self) -> Result<Vec<StorageAccount>, Refusal> {
        self.authorize(Permission::See)?;
        let accounts = self.plane.store().accounts().await?;
        self.on_disk(move |storage| {
            let view = |account: Account| {
                let name: AccountName = account.name.as_str().try_into().map_err(StorageError::NotFound)?;
                Ok(StorageAccount {
                    folder: storage.folder(&name),
                    containers: storage.containers(&name)?,
                    free_space: storage.free_space(&name, account.allowance())?,
                    kind: account.kind,
                    name: account.name,
                })
            };
            accounts.into_iter().map(view).collect()
        })
        .await
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a path that breaks the rules.
    pub async fn list(&self, account: &str, container: &str, path: &str) -> Result<Listing, Refusal> {
        self.authorize(Permission::See)?;
        let address = address(account, container, path)?;
        let users = self.plane.store().users_of_jars(&address).await?;
        let (mut entries, truncated) = self.on_disk(move |storage| storage.list(&address)).await?;
        for entry in &mut entries {
            entry.clusters = clusters(&users, &entry.address);
        }
        Ok(Listing {
            account: account.to_owned(),
            container: container.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
            entries,
            truncated,
        })
    }

    /// What one file or folder is.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a path that breaks the rules.
    pub async fn entry(&self, account: &str, container: &str, path: &str) -> Result<Entry, Refusal> {
        self.authorize(Permission::See)?;
        let address = address(account, container, path)?;
        let users = self.plane.store().users_of_jars(&address).await?;
        let entry = self.on_disk(move |storage| storage.entry_at(&address)).await?;
        Ok(Entry { clusters: clusters(&users, &entry.address), ..entry })
    }

    /// Makes a container.
    ///
    /// # Errors
    /// `Exists`; `InvalidArgument` for a name that breaks the rules.
    pub async fn new_container(&self, account: &str, container: &str) -> Result<(), Refusal> {
        self.authorize(Permission::UseStorage)?;
        let account = self.known_account(account).await?;
        let container: ContainerName =
            container.try_into().map_err(|rule: String| Refusal::field("container", container, rule))?;
        self.plane.storage().make_container(&account, &container)?;
        self.note(StorageAct::ContainerMade, format!("{account}/{container}")).await
    }

    /// Writes a file from a stream; it appears whole or not at all. Larger than memory is fine.
    ///
    /// # Errors
    /// `InvalidArgument` for the path; `Exists` if `replace` is false; `Unavailable` when the disk is
    /// full or the stream breaks.
    pub async fn upload(
        &self,
        account: &str,
        container: &str,
        path: &str,
        replace: bool,
        bytes: BoxStream<'static, Result<Bytes, std::io::Error>>,
    ) -> Result<Entry, Refusal> {
        self.authorize(Permission::UseStorage)?;
        let allowance = self.account_row(account).await?.allowance();
        let address = address(account, container, path)?;
        self.only_a_job_writes(&address).await?;
        let users = self.plane.store().users_of_jars(&address).await?;
        let written = self.plane.storage().write(&address, replace, allowance, bytes).await;
        let mut entry = match written {
            // Who is asked whether to replace it is told what that means.
            Err(StorageError::Taken(_)) => {
                let there = self.plane.storage().entry_at(&address)?;
                let there = Entry { clusters: clusters(&users, &there.address), ..there };
                let taken = StorageError::Taken(address.to_string()).to_string();
                let hint = there.hint().map(|hint| format!(" {hint}")).unwrap_or_default();
                return Err(Refusal::Exists(taken + &hint));
            }
            written => written?,
        };
        entry.clusters = clusters(&users, &entry.address);
        self.note(StorageAct::FileUploaded, address.to_string()).await?;
        Ok(entry)
    }

    /// Reads a file: its size and its bytes.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for the path.
    pub async fn download(
        &self,
        account: &str,
        container: &str,
        path: &str,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, std::io::Error>>), Refusal> {
        self.authorize(Permission::UseStorage)?;
        let address = address(account, container, path)?;
        let (size, file) = self.on_disk(move |storage| storage.read(&address)).await?;
        Ok((size, ReaderStream::new(tokio::fs::File::from_std(file)).boxed()))
    }

    /// Deletes a file, or a folder with everything in it.
    ///
    /// # Errors
    /// `NotFound`; `InUse` when state that a cluster needs is in it. A jar may go: who runs it has its bytes.
    pub async fn delete(&self, account: &str, container: &str, path: &str) -> Result<(), Refusal> {
        self.authorize(Permission::UseStorage)?;
        let address = address(account, container, path)?;
        if let Some(need) = self.plane.store().needed(&address).await?.first() {
            return Err(Refusal::InUse(need.sentence(&address)));
        }
        let deleted = address.to_string();
        self.on_disk(move |storage| storage.delete(&address)).await?;
        self.note(StorageAct::FileDeleted, deleted).await
    }

    /// Refuses to write into the state of a cluster.
    pub(super) async fn only_a_job_writes(&self, address: &Address) -> Result<(), Refusal> {
        let needs = self.plane.store().needed(address).await?;
        match needs.into_iter().find(|need| need.at.holds(address)) {
            None => Ok(()),
            Some(need) => Err(Refusal::NotAllowed(format!(
                "{address} lies in the state of the cluster {}, which only its job writes. Choose another folder.",
                need.name
            ))),
        }
    }

    /// Writes down what was done to storage: who, what, where.
    pub(super) async fn note(&self, what: StorageAct, path: String) -> Result<(), Refusal> {
        let actor = &self.actor;
        let entry = Audit {
            actor,
            action: what.name().to_owned(),
            target: path.clone(),
            before: String::new(),
            after: String::new(),
        };
        let event = NewEvent::done_by(actor, Event::Storage { what, path, by: actor.name.clone() });
        let event = self.plane.store().note(&entry, event, self.plane.now()).await?;
        self.plane.inner.hint(event, None);
        Ok(())
    }

    async fn known_account(&self, name: &str) -> Result<AccountName, Refusal> {
        self.account_row(name).await?.name.as_str().try_into().map_err(Refusal::NotFound)
    }

    pub(super) async fn account_row(&self, name: &str) -> Result<Account, Refusal> {
        let unknown = || Refusal::NotFound(format!("There is no storage account “{name}”."));
        self.plane.store().account(name).await?.ok_or_else(unknown)
    }

    /// Sets what an account may hold, as a person types it.
    ///
    /// # Errors
    /// `Invalid` at `quota`; as [`Desk::set_quota`].
    pub async fn set_quota_text(&self, account: &str, text: &str) -> Result<(), Refusal> {
        let quota = free_space::quota(text).map_err(|rule| Refusal::field("quota", text, rule))?;
        self.set_quota(account, quota).await
    }

    /// Sets what an account may hold, bytes; none for as much as its disk.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for those who are no owner.
    pub async fn set_quota(&self, account: &str, quota: Option<u64>) -> Result<(), Refusal> {
        self.authorize(Permission::Administer)?;
        let row = self.account_row(account).await?;
        let told = |quota: Option<u64>| quota.map_or_else(|| "none".to_owned(), |bytes| bytes.to_string());
        let actor = &self.actor;
        let entry = Audit {
            actor,
            action: "account/QUOTA".to_owned(),
            target: account.to_owned(),
            before: told(row.quota()),
            after: told(quota),
        };
        let what = Event::QuotaSet { account: account.to_owned(), quota, by: actor.name.clone() };
        let event = NewEvent::done_by(actor, what);
        let event = self.plane.store().set_quota(account, quota, &entry, event, self.plane.now()).await?;
        self.plane.inner.hint(event, None);
        Ok(())
    }

    /// Runs disk work off the async threads.
    pub(crate) async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Storage) -> Result<T, StorageError> + Send + 'static,
    ) -> Result<T, Refusal> {
        let storage = self.plane.storage().clone();
        let done = tokio::task::spawn_blocking(move || work(&storage)).await;
        done.map_err(|_| Refusal::Unavailable("The work on the disk was interrupted; try again.".to_owned()))?
            .map_err(Refusal::from)
    }
}

/// How many clusters have their jar from an address or from below it.
fn clusters(users: &[(String, Address)], address: &str) -> u32 {
    let Ok(address) = Address::parse(address) else { return 0 };
    let mut names: Vec<&str> =
        users.iter().filter(|(_, at)| address.holds(at)).map(|(cluster, _)| cluster.as_str()).collect();
    names.dedup(); // Its current and its running revision may both have theirs from there.
    u32::try_from(names.len()).unwrap_or(u32::MAX)
}

/// An address from the parts of a URL.
pub(super) fn address(account: &str, container: &str, path: &str) -> Result<Address, Refusal> {
    let account = account.try_into().map_err(|rule: String| Refusal::field("account", account, rule))?;
    let container =
        container.try_into().map_err(|rule: String| Refusal::field("container", container, rule))?;
    let path = Path::parse(path).map_err(|rule| Refusal::field("path", path, rule.to_string()))?;
    Ok(Address::new(account, container, path))
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        let sentence = error.to_string();
        match error {
            StorageError::NotFound(_) => Refusal::NotFound(sentence),
            StorageError::Taken(_) => Refusal::Exists(sentence),
            StorageError::Refused(_) => Refusal::field("path", "", sentence),
            StorageError::Disk(_) | StorageError::Full(_) => Refusal::Unavailable(sentence),
        }
    }
}
