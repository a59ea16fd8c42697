//! Key vaults: seen by whoever has a role, changed by owners of everything. No method gives a value.

use domain::id::EventId;
use domain::name::{SecretName, VaultName};
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::spec::ClusterSpec;
use domain::vault::{self, OfferedVault, VaultLine, VaultView};

use super::{Desk, hidden};
use crate::store::vault::{Dropped, VersionChange};
use crate::store::{At, Permit};

impl Desk {
    /// Every vault, by name.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn vaults(&self) -> Result<Vec<VaultLine>, Refusal> {
        if self.rights().await?.anywhere().is_none() {
            return Ok(Vec::new());
        }
        Ok(self.plane.store().vaults().await?)
    }

    /// One vault: its secrets without their values, and which of the clusters that the caller sees name them. Who read them
    /// is for whoever may change it.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn vault(&self, name: &str) -> Result<VaultView, Refusal> {
        self.authorize(Permission::See, At::Vault(name)).await?;
        let administers = self.authorize(Permission::Administer, At::Portal).await.is_ok();
        let store = self.plane.store();
        let line = store.vaults().await?.into_iter().find(|line| line.name == name);
        let line = line.ok_or_else(|| hidden(At::Vault(name)))?;
        let mut secrets = store.secrets_in(name).await?.unwrap_or_default();
        let mut users = store.users_of_secrets(name).await?;
        let unseen = store.unseen(&self.sight().await?).await?;
        for secret in &mut secrets {
            secret.used_by = users.remove(&secret.name).unwrap_or_default();
            secret.used_by.retain(|(cluster, _)| !unseen.contains(cluster));
        }
        let readings = if administers { store.readings(name).await? } else { Vec::new() };
        Ok(VaultView {
            name: line.name,
            made: line.made,
            made_by: line.made_by,
            secrets,
            readings,
            administers,
        })
    }

    /// Makes a vault.
    ///
    /// # Errors
    /// `InvalidArgument` at `name`; `Exists`; `Forbidden` for those who are no owner of everything.
    pub async fn new_vault(&self, name: &str) -> Result<(), Refusal> {
        let permit = self.keeper().await?;
        let given = name.trim();
        let name = VaultName::try_from(given).map_err(|rule| Refusal::field("name", given, rule))?;
        let made = self.plane.store().make_vault(&permit, &name, self.plane.now()).await;
        self.told(made.map_err(|error| match error {
            crate::store::StoreError::Taken(_) => {
                Refusal::Exists(format!("There is a key vault “{name}” already. Choose another name."))
            }
            error => error.into(),
        })?);
        Ok(())
    }

    /// Deletes a vault with its secrets.
    ///
    /// # Errors
    /// `NotFound`; `InUse` while a cluster names one of them; `Forbidden`.
    pub async fn delete_vault(&self, name: &str) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::Vault(name)).await?;
        let permit = self.keeper().await?;
        let dropped = self.plane.store().delete_vault(&permit, name, self.plane.now()).await?;
        self.dropped(dropped, &format!("the key vault {name}"))
    }

    /// Writes the next version of a secret; the first makes it. `expires` as it was typed. Jobs get it with their next
    /// launch.
    ///
    /// # Errors
    /// `InvalidArgument` at `secret`, `value` or `expires`; `NotFound`; `Forbidden`; `Unavailable` without the portal's key.
    pub async fn write_secret(
        &self,
        vault: &str,
        secret: &str,
        value: &str,
        expires: &str,
    ) -> Result<u32, Refusal> {
        self.authorize(Permission::See, At::Vault(vault)).await?;
        let permit = self.keeper().await?;
        let given = secret.trim();
        let secret = SecretName::try_from(given).map_err(|rule| Refusal::field("secret", given, rule))?;
        vault::value(value)?;
        let expires = vault::expiry(expires)?;
        let (store, now) = (self.plane.store(), self.plane.now());
        let written = store.write_secret(&permit, (vault, &secret), (value, expires), now).await?;
        let (version, event) = written.ok_or_else(|| hidden(At::Vault(vault)))?;
        self.told(event);
        Ok(version)
    }

    /// Enables or disables a version of a secret and sets its end, as it was typed. A job that runs goes on.
    ///
    /// # Errors
    /// `InvalidArgument` at `expires`; `NotFound`; `Forbidden`.
    pub async fn change_secret(
        &self,
        vault: &str,
        secret: &str,
        version: u32,
        enabled: bool,
        expires: &str,
    ) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::Vault(vault)).await?;
        let permit = self.keeper().await?;
        let change = VersionChange { number: version, enabled, expires: vault::expiry(expires)? };
        let (store, now) = (self.plane.store(), self.plane.now());
        let (there, event) = store.change_secret(&permit, (vault, secret), change, now).await?;
        self.told(event);
        let gone = || Refusal::NotFound(format!("The secret {vault}/{secret} has no version {version}."));
        there.then_some(()).ok_or_else(gone)
    }

    /// Deletes a secret with all its versions.
    ///
    /// # Errors
    /// `NotFound`; `InUse` while a cluster names it; `Forbidden`.
    pub async fn delete_secret(&self, vault: &str, secret: &str) -> Result<(), Refusal> {
        self.authorize(Permission::See, At::Vault(vault)).await?;
        let permit = self.keeper().await?;
        let dropped = self.plane.store().delete_secret(&permit, (vault, secret), self.plane.now()).await?;
        self.dropped(dropped, &format!("the secret {vault}/{secret}"))
    }

    /// The permit to change what stands around clusters.
    pub(super) async fn keeper(&self) -> Result<Permit, Refusal> {
        self.authorize(Permission::Administer, At::Portal).await.map_err(|refusal| match refusal {
            Refusal::NotFound(_) | Refusal::Forbidden(_) => Refusal::Forbidden(
                "This is the portal's own: changing it takes an owner of everything. Ask one.".to_owned(),
            ),
            refusal => refusal,
        })
    }

    pub(super) fn told(&self, event: Option<EventId>) {
        self.plane.inner.hint(event, None);
    }

    pub(super) fn dropped(&self, dropped: Dropped, what: &str) -> Result<(), Refusal> {
        match dropped {
            Dropped::Done(event) => {
                self.told(event);
                Ok(())
            }
            Dropped::NotThere => Err(Refusal::NotFound(format!("There is no such thing any more: {what}."))),
            Dropped::Used(users) => {
                let names: Vec<&str> = users.iter().map(|(_, name)| name.as_str()).collect();
                let them = if names.len() == 1 { "that cluster" } else { "those clusters" };
                Err(Refusal::InUse(format!(
                    "Not deleted: {what} is named by {}. Delete {them} first.",
                    names.join(", ")
                )))
            }
        }
    }

    /// What the form of a pool offers of the vaults: names.
    pub(super) async fn offered_vaults(&self) -> Result<Vec<OfferedVault>, Refusal> {
        let (store, now) = (self.plane.store(), self.plane.now());
        let mut offered = Vec::new();
        for line in store.vaults().await? {
            let secrets = store.secrets_in(&line.name).await?.unwrap_or_default();
            let state = |secret: vault::SecretView| {
                let why = secret.meant(None, now).err();
                (secret.name, why)
            };
            offered.push(OfferedVault { name: line.name, secrets: secrets.into_iter().map(state).collect() });
        }
        Ok(offered)
    }

    /// A revision as its job is given it, `checked`: its program may be run. Else nobody is given the values: the program is
    /// only recognised by them. None where they cannot be had.
    pub(super) async fn with_values(&self, spec: &ClusterSpec, checked: bool) -> Option<ClusterSpec> {
        let (store, now) = (self.plane.store(), self.plane.now());
        let named = store.named_secrets(spec, now).await.ok()?;
        if checked {
            let purpose = format!("a check of {}", spec.name);
            store.note_readings(&self.actor, &named.given, &purpose, now).await.ok()?;
        }
        named.given.resolved(spec).ok()
    }
}
