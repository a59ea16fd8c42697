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

use super::{Desk, hidden};
use crate::storage::{Storage, StorageError};
use crate::store::account::Account;
use crate::store::audit::Audit;
use crate::store::event::NewEvent;
use crate::store::{At, Permit, owner};

impl Desk {
    /// The accounts, for whoever has a role: every pool lends them all.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn accounts(&self) -> Result<Vec<StorageAccount>, Refusal> {
        if self.rights().await?.anywhere().is_none() {
            return Ok(Vec::new());
        }
        let mut accounts = Vec::new();
        for account in self.plane.store().accounts().await? {
            let known = self.plane.store().containers(&account.name).await?;
            accounts.push((account, known));
        }
        self.on_disk(move |storage| {
            let view = |(account, known): (Account, Vec<String>)| {
                let name: AccountName = account.name.as_str().try_into().map_err(StorageError::NotFound)?;
                Ok(StorageAccount {
                    folder: storage.folder(&name),
                    containers: if account.is_remote() { known } else { storage.containers(&name)? },
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
    /// `NotFound`; `InvalidArgument` for a path that breaks the rules.
    pub async fn list(&self, account: &str, container: &str, path: &str) -> Result<Listing, Refusal> {
        self.list_after(account, container, path, "").await
    }

    /// The page after the one that named this as its next; none for the first.
    ///
    /// # Errors
    /// As [`Desk::list`].
    pub async fn list_after(
        &self,
        account: &str,
        container: &str,
        path: &str,
        after: &str,
    ) -> Result<Listing, Refusal> {
        let address = address(account, container, path)?;
        let after = Some(after.to_owned()).filter(|after| !after.is_empty());
        self.authorize(Permission::See, At::Files(&address)).await?;
        let users = self.users_of(&address).await?;
        let (mut entries, next) = self.on_disk(move |storage| storage.page(&address, after)).await?;
        self.without_unseen(&mut entries).await?;
        for entry in &mut entries {
            entry.clusters = clusters(&users, &entry.address);
        }
        Ok(Listing {
            account: account.to_owned(),
            container: container.to_owned(),
            path: path.trim_end_matches('/').to_owned(),
            entries,
            truncated: next.is_some(),
            next: next.filter(|next| !next.is_empty()),
        })
    }

    /// What one file or folder is.
    ///
    /// # Errors
    /// `NotFound`; `InvalidArgument` for a path that breaks the rules.
    pub async fn entry(&self, account: &str, container: &str, path: &str) -> Result<Entry, Refusal> {
        let address = address(account, container, path)?;
        self.authorize(Permission::See, At::Files(&address)).await?;
        let users = self.users_of(&address).await?;
        let entry = self.on_disk(move |storage| storage.entry_at(&address)).await?;
        Ok(Entry { clusters: clusters(&users, &entry.address), ..entry })
    }

    /// Makes a container.
    ///
    /// # Errors
    /// `Exists`; `InvalidArgument` for a name that breaks the rules.
    pub async fn new_container(&self, account: &str, container: &str) -> Result<(), Refusal> {
        let permit = self.authorize(Permission::UseStorage, At::Account(account)).await?;
        let account = self.known_account(account).await?;
        let container: ContainerName =
            container.try_into().map_err(|rule: String| Refusal::field("container", container, rule))?;
        let (at, made) = (account.clone(), container.clone());
        self.on_disk(move |storage| storage.make_container(&at, &made)).await?;
        if self.plane.storage().remotes().get(&account).is_some() {
            self.plane.store().know_container(&permit, &account, &container, self.plane.now()).await?;
        }
        self.note(&permit, StorageAct::ContainerMade, format!("{account}/{container}")).await
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
        self.authorize(Permission::UseStorage, At::Account(account)).await?;
        let allowance = self.account_row(account).await?.allowance();
        let address = address(account, container, path)?;
        let permit = self.authorize(Permission::UseStorage, At::Files(&address)).await?;
        self.only_a_job_writes(&address).await?;
        let users = self.users_of(&address).await?;
        let written = self.plane.storage().write(&address, replace, allowance, bytes).await;
        let mut entry = match written {
            // Who is asked whether to replace it is told what that means.
            Err(StorageError::Taken(_)) => {
                let at = address.clone();
                let there = self.on_disk(move |storage| storage.entry_at(&at)).await?;
                let there = Entry { clusters: clusters(&users, &there.address), ..there };
                let taken = StorageError::Taken(address.to_string()).to_string();
                let hint = there.hint().map(|hint| format!(" {hint}")).unwrap_or_default();
                return Err(Refusal::Exists(taken + &hint));
            }
            written => written?,
        };
        entry.clusters = clusters(&users, &entry.address);
        self.note(&permit, StorageAct::FileUploaded, address.to_string()).await?;
        Ok(entry)
    }

    /// Reads a file: its size and its bytes.
    ///
    /// # Errors
    /// `NotFound`; `InvalidArgument` for the path.
    pub async fn download(
        &self,
        account: &str,
        container: &str,
        path: &str,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, std::io::Error>>), Refusal> {
        let address = address(account, container, path)?;
        self.authorize(Permission::UseStorage, At::Files(&address)).await?;
        if let Some(remote) = self.plane.storage().remotes().get(address.account()) {
            return Ok(remote.stream(&address).await?);
        }
        let (size, file) = self.on_disk(move |storage| storage.read(&address)).await?;
        Ok((size, ReaderStream::new(tokio::fs::File::from_std(file)).boxed()))
    }

    /// Deletes a file, or a folder with everything in it.
    ///
    /// # Errors
    /// `NotFound`; `InUse` when state that a cluster needs is in it. A jar may go: who runs it has its bytes.
    pub async fn delete(&self, account: &str, container: &str, path: &str) -> Result<(), Refusal> {
        let address = address(account, container, path)?;
        let permit = self.authorize(Permission::UseStorage, At::Files(&address)).await?;
        if let Some(need) = self.plane.store().needed(&address).await?.first() {
            let seen = self.authorize(Permission::See, At::Cluster(need.cluster)).await.is_ok();
            let sentence = if seen { need.sentence(&address) } else { needed_by_others(&address) };
            return Err(Refusal::InUse(sentence));
        }
        let deleted = address.to_string();
        self.on_disk(move |storage| storage.delete(&address)).await?;
        self.note(&permit, StorageAct::FileDeleted, deleted).await
    }

    /// Leaves out what is the state of clusters that the caller does not see.
    pub(super) async fn without_unseen(&self, entries: &mut Vec<Entry>) -> Result<(), Refusal> {
        let sight = self.sight().await?;
        if !sight.sees_everything() {
            let unseen = self.plane.store().unseen(&sight).await?;
            let whose = |entry: &Entry| Address::parse(&entry.address).ok().as_ref().and_then(owner);
            entries.retain(|entry| !whose(entry).is_some_and(|cluster| unseen.contains(&cluster)));
        }
        Ok(())
    }

    /// Refuses what lies in the state of a cluster that the caller does not see, as what is not there.
    pub(super) async fn may_read(&self, field: &str, address: &Address) -> Result<(), Refusal> {
        match self.authorize(Permission::See, At::Files(address)).await {
            Ok(_) => Ok(()),
            Err(Refusal::NotFound(sentence)) => Err(Refusal::field(field, &address.to_string(), sentence)),
            Err(refusal) => Err(refusal),
        }
    }

    /// The clusters that have their jar from a place, as far as the caller sees them.
    async fn users_of(&self, address: &Address) -> Result<Vec<(String, Address)>, Refusal> {
        let mut users = self.plane.store().users_of_jars(address).await?;
        let sight = self.sight().await?;
        if !sight.sees_everything() && !users.is_empty() {
            let unseen = self.plane.store().unseen(&sight).await?;
            users.retain(|(cluster, _)| cluster.parse().is_ok_and(|cluster| !unseen.contains(&cluster)));
        }
        Ok(users)
    }

    /// Refuses to write into the state of a cluster.
    pub(super) async fn only_a_job_writes(&self, address: &Address) -> Result<(), Refusal> {
        let needs = self.plane.store().needed(address).await?;
        match needs.into_iter().find(|need| need.at.holds(address)) {
            None => Ok(()),
            Some(need) if self.authorize(Permission::See, At::Cluster(need.cluster)).await.is_err() => {
                Err(Refusal::NotAllowed(needed_by_others(address)))
            }
            Some(need) => Err(Refusal::NotAllowed(format!(
                "{address} lies in the state of the cluster {}, which only its job writes. Choose another folder.",
                need.name
            ))),
        }
    }

    /// Writes down what was done to storage: who, what, where.
    pub(super) async fn note(&self, permit: &Permit, what: StorageAct, path: String) -> Result<(), Refusal> {
        let actor = &self.actor;
        let entry = Audit {
            actor,
            action: what.name().to_owned(),
            target: path.clone(),
            before: String::new(),
            after: String::new(),
        };
        let event = NewEvent::done_by(actor, Event::Storage { what, path, by: actor.name.clone() });
        let event = self.plane.store().note(permit, &entry, event, self.plane.now()).await?;
        self.plane.inner.hint(event, None);
        Ok(())
    }

    async fn known_account(&self, name: &str) -> Result<AccountName, Refusal> {
        self.account_row(name).await?.name.as_str().try_into().map_err(Refusal::NotFound)
    }

    pub(super) async fn account_row(&self, name: &str) -> Result<Account, Refusal> {
        self.plane.store().account(name).await?.ok_or_else(|| hidden(At::Account(name)))
    }

    /// Sets what an account may hold, as a person types it.
    ///
    /// # Errors
    /// `InvalidArgument` at `quota`; as [`Desk::set_quota`].
    pub async fn set_quota_text(&self, account: &str, text: &str) -> Result<(), Refusal> {
        let quota = free_space::quota(text).map_err(|rule| Refusal::field("quota", text, rule))?;
        self.set_quota(account, quota).await
    }

    /// Sets what an account may hold, bytes; none for as much as its disk.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for those who are no owner.
    pub async fn set_quota(&self, account: &str, quota: Option<u64>) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::Account(account)).await?;
        let permit = self.owns_accounts().await?;
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
        let event =
            self.plane.store().set_quota(&permit, account, quota, &entry, event, self.plane.now()).await?;
        self.plane.inner.hint(event, None);
        Ok(())
    }

    /// What only an owner of everything may: an account belongs to the portal, and is seen by others all the same.
    pub(super) async fn owns_accounts(&self) -> Result<Permit, Refusal> {
        self.authorize(Permission::Administer, At::Portal).await.map_err(|refusal| match refusal {
            Refusal::NotFound(_) | Refusal::Forbidden(_) => Refusal::Forbidden(
                "A storage account is the portal's own: this takes an owner of everything. Ask one."
                    .to_owned(),
            ),
            refusal => refusal,
        })
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

/// What is said of a cluster that the caller does not see.
fn needed_by_others(place: &Address) -> String {
    format!("Another cluster needs {place}, one that you do not see. Ask an owner to find out which.")
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
            StorageError::Disk(_) | StorageError::Server(..) | StorageError::Full(_) => {
                Refusal::Unavailable(sentence)
            }
        }
    }
}
