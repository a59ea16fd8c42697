//! Storage accounts as rows: made, changed, tried, taken out. Nothing is written down that did not work a moment before.

use domain::account::{AccountForm, AccountKind, AccountSpec};
use domain::address::{Address, Path};
use domain::event::{Event, StorageAct};
use domain::name::ContainerName;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::{AccountView, Try};

use super::Desk;
use crate::storage::remote::Remote;
use crate::storage::{Fault, StorageError};
use crate::store::audit::Audit;
use crate::store::event::NewEvent;
use crate::store::{At, StoreError};

impl Desk {
    /// One account: what it is, its containers, and who uses it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn account(&self, name: &str) -> Result<AccountView, Refusal> {
        self.authorize(Permission::See, At::Account(name)).await?;
        let row = self.account_row(name).await?;
        let spec = row.spec()?;
        let containers = self.containers_of(&spec).await?;
        let users = self.users_of_account(&spec, &containers).await?;
        let tested = self.plane.storage().last_tests(&spec.name);
        Ok(AccountView { spec, containers, users, tested })
    }

    /// Makes an account; a remote one with its first container, which is made there or taken as it is.
    ///
    /// # Errors
    /// `InvalidArguments` with everything that is wrong; `InvalidArgument` for what the account's server refuses; `Exists`;
    /// `Forbidden` for those who are no owner.
    pub async fn new_account(&self, form: &AccountForm, container: &str) -> Result<(), Refusal> {
        let permit = self.owns_accounts().await?;
        let spec = form.read(false).map_err(Refusal::InvalidArguments)?;
        let container: ContainerName = container
            .trim()
            .try_into()
            .map_err(|rule: String| Refusal::field("container", container, rule))?;
        if self.plane.store().account(&spec.name).await?.is_some() {
            return Err(taken(&spec));
        }
        let secret = form.secret.trim();
        self.first_container(&spec, secret, &container).await?;
        let (entry, event) = self.account_told(StorageAct::AccountMade, &spec, String::new());
        let (store, now) = (self.plane.store(), self.plane.now());
        let made = store.new_account(&permit, &spec, (secret, &container), (&entry, event), now).await;
        let event = made.map_err(|error| match error {
            StoreError::Taken(_) => taken(&spec),
            error => error.into(),
        })?;
        self.accounts_changed().await?;
        self.plane.inner.hint(event, None);
        Ok(())
    }

    /// Changes how an account is reached; its kind and name stay. An empty secret keeps the one that is there.
    ///
    /// # Errors
    /// As [`Desk::new_account`]; `NotFound`.
    pub async fn change_account(&self, form: &AccountForm) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::Account(&form.name)).await?;
        let permit = self.owns_accounts().await?;
        let before = self.account_row(&form.name).await?.spec()?;
        let form = AccountForm { kind: before.kind.name().to_owned(), ..form.clone() };
        let known = self.plane.storage().remotes().get(&before.name);
        let named = domain::account::Access::named(&form.access);
        let same = form.access.is_empty() || named == Some(before.access);
        let spec = form.read(same).map_err(Refusal::InvalidArguments)?;
        if !spec.kind.is_remote() {
            return Err(Refusal::NotAllowed(format!(
                "{} is a folder: there is nothing to change.",
                spec.name
            )));
        }
        let secret = Some(form.secret.trim()).filter(|secret| !secret.is_empty());
        let opened = match (secret, known) {
            (Some(secret), _) => Ok(secret.to_owned()),
            (None, Some(known)) => known.opened(),
            (None, None) => Ok(String::new()),
        };
        let changed = Remote::new(spec.clone(), opened);
        for container in self.plane.store().containers(&spec.name).await? {
            let Ok(container) = ContainerName::try_from(container.as_str()) else { continue };
            let asked = spec.clone();
            let (looked, back) = self
                .on_disk(move |_| {
                    let looked = changed.looked_for(&container);
                    Ok((looked, container))
                })
                .await?;
            looked.map_err(|error| at_its_field(error, &asked, &back))?;
            // One that answers says that address and key are right.
            break;
        }
        let before = serde_json::to_string(&before).unwrap_or_default();
        let (entry, event) = self.account_told(StorageAct::AccountChanged, &spec, before);
        let (store, now) = (self.plane.store(), self.plane.now());
        let event = store.change_account(&permit, &spec, secret, (&entry, event), now).await?;
        self.accounts_changed().await?;
        self.plane.inner.hint(event, None);
        Ok(())
    }

    /// Takes an account out of the portal. What is stored in it stays where it is.
    ///
    /// # Errors
    /// `NotFound`; `InUse` with the clusters that have their state in it; `Forbidden` for those who are no owner.
    pub async fn delete_account(&self, name: &str) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::Account(name)).await?;
        let permit = self.owns_accounts().await?;
        let view = self.account(name).await?;
        if !view.users.is_empty() {
            let names: Vec<&str> =
                view.users.iter().map(|user| user.as_deref().unwrap_or("one that you do not see")).collect();
            return Err(Refusal::InUse(format!(
                "The storage account {name} holds the state of clusters: {}. Delete them first.",
                names.join(", ")
            )));
        }
        let before = serde_json::to_string(&view.spec).unwrap_or_default();
        let (mut entry, event) = self.account_told(StorageAct::AccountDeleted, &view.spec, before);
        entry.after = String::new();
        let (store, now) = (self.plane.store(), self.plane.now());
        let event = store.delete_account(&permit, name, (&entry, event), now).await?;
        self.accounts_changed().await?;
        self.plane.inner.hint(event, None);
        Ok(())
    }

    /// Tries a container for real: lists it, writes a small object, reads and deletes it, all within ten seconds.
    ///
    /// # Errors
    /// `NotFound`; `Unavailable` where the account cannot even be asked.
    pub async fn test_account(&self, account: &str, container: &str) -> Result<Vec<Try>, Refusal> {
        self.authorize(Permission::UseStorage, At::Account(account)).await?;
        let spec = self.account_row(account).await?.spec()?;
        let container: ContainerName =
            container.try_into().map_err(|rule: String| Refusal::field("container", container, rule))?;
        let (name, at) = (spec.name, self.plane.now());
        let steps = self.on_disk(move |storage| storage.tried(&name, &container, at)).await;
        // Whoever looks at the account sees it.
        self.plane.inner.hint(None, None);
        steps
    }

    /// Has a new account's server make its first container, or make a folder of this machine one.
    async fn first_container(
        &self,
        spec: &AccountSpec,
        secret: &str,
        container: &ContainerName,
    ) -> Result<(), Refusal> {
        let (at, secret, made) = (spec.clone(), secret.to_owned(), container.clone());
        let result = self
            .on_disk(move |storage| {
                Ok(match at.kind {
                    AccountKind::Local => storage.make_container(&at.name, &made),
                    _ => Remote::new(at, Ok(secret)).make_container(&made),
                })
            })
            .await?;
        match result {
            // It is known as this account's already: one that was taken out comes back.
            Ok(()) | Err(StorageError::Taken(_)) => Ok(()),
            Err(error) => Err(at_its_field(error, spec, container)),
        }
    }

    async fn containers_of(&self, spec: &AccountSpec) -> Result<Vec<String>, Refusal> {
        if spec.kind.is_remote() {
            return Ok(self.plane.store().containers(&spec.name).await?);
        }
        let name = spec.name.clone();
        self.on_disk(move |storage| storage.containers(&name)).await
    }

    async fn users_of_account(
        &self,
        spec: &AccountSpec,
        containers: &[String],
    ) -> Result<Vec<Option<String>>, Refusal> {
        let mut users = std::collections::BTreeSet::new();
        for container in containers {
            let Ok(container) = ContainerName::try_from(container.as_str()) else { continue };
            let root = Address::new(spec.name.clone(), container, Path::default());
            for need in self.plane.store().needed(&root).await? {
                let seen = self.authorize(Permission::See, At::Cluster(need.cluster)).await.is_ok();
                users.insert(seen.then_some(need.name));
            }
        }
        Ok(users.into_iter().collect())
    }

    /// Reads the rows anew: what they say of remote accounts is what everybody goes by.
    async fn accounts_changed(&self) -> Result<(), Refusal> {
        self.plane.storage().remotes().set(self.plane.store().remote_accounts().await?);
        Ok(())
    }

    fn account_told(&self, what: StorageAct, spec: &AccountSpec, before: String) -> (Audit<'_>, NewEvent) {
        let actor = &self.actor;
        let entry = Audit {
            actor,
            action: what.name().to_owned(),
            target: spec.name.to_string(),
            before,
            after: serde_json::to_string(spec).unwrap_or_default(),
        };
        let event = Event::Storage { what, path: spec.name.to_string(), by: actor.name.clone() };
        (entry, NewEvent::done_by(actor, event))
    }
}

fn taken(spec: &AccountSpec) -> Refusal {
    Refusal::Exists(format!("There is a storage account {} already. Choose another name.", spec.name))
}

/// What an account's server refused, at the field of the form that it is about.
fn at_its_field(error: StorageError, spec: &AccountSpec, container: &ContainerName) -> Refusal {
    let sentence = error.to_string();
    match error {
        StorageError::Server(Fault::Address, _) => match &spec.endpoint {
            Some(endpoint) => Refusal::field("endpoint", endpoint, sentence),
            None => Refusal::field("name", &spec.name, sentence),
        },
        StorageError::Server(Fault::Key, _) => Refusal::field("secret", "", sentence),
        StorageError::Server(Fault::Container, _) => Refusal::field("container", container, sentence),
        error => error.into(),
    }
}
