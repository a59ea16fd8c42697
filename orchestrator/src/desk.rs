//! The one door: every command and every query of one principal.
//!
//! The portal's pages, the REST API and the command line all come through here; every method asks
//! `Desk::authorize` for a permit at the true place of what it touches, or reads through the caller's sight.

mod accounts;
mod checks;
mod clusters;
mod creation;
mod databases;
mod drafts;
mod home;
mod live;
mod networks;
mod pool_changes;
mod pools;
mod readable;
mod roles;
mod savepoints;
mod scopes;
mod sessions;
mod storage;
mod tokens;
mod vaults;
mod written;

pub use clusters::Arguments;
use domain::policy::{Actor, Permission};
use domain::refusal::Refusal;
use domain::scope::Scope;
pub use live::Changes;
pub use savepoints::SavepointUpload;

use crate::plane::{ControlPlane, gone};
use crate::storage::StorageError;
use crate::store::{At, Denied, Permit, Sight};

/// The control plane as one principal may use it.
#[derive(Clone)]
pub struct Desk {
    pub(crate) plane: ControlPlane,
    pub(crate) actor: Actor,
    /// Hash of the secret of the session by which the person asks; none for a token and for the portal itself.
    pub(crate) session: Option<String>,
}

impl Desk {
    /// Who sits here.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The one check: whether the caller may do this with that. What the caller may not see is refused as what is not
    /// there.
    pub(crate) async fn authorize(&self, permission: Permission, at: At<'_>) -> Result<Permit, Refusal> {
        self.plane.store().authorize(&self.actor, permission, at).await.map_err(|denied| match denied {
            Denied::Hidden => hidden(at),
            Denied::Lacking(sentence) => Refusal::Forbidden(sentence),
            Denied::Unknown(error) => error.into(),
        })
    }

    /// A permit for a scope: for whatever the caller may do there, with one thing.
    ///
    /// # Errors
    /// `NotFound` for what is not there or must not be known of; `Forbidden`.
    pub async fn permit(&self, permission: Permission, scope: &Scope) -> Result<Permit, Refusal> {
        self.authorize(permission, At::Scope(scope)).await
    }

    /// What the caller sees: for lists, which hold nothing else.
    pub(crate) async fn sight(&self) -> Result<Sight, Refusal> {
        Ok(self.plane.store().sight(&self.actor).await?)
    }
}

/// What is said of what is not there, or must not be known of.
fn hidden(at: At<'_>) -> Refusal {
    match at {
        At::Cluster(_) | At::ClusterEver(_) => gone(),
        At::Operation(_) => Refusal::NotFound("There is no such operation.".to_owned()),
        At::Draft(_) => drafts::no_draft(),
        At::Pool(path) => Refusal::NotFound(format!(
            "There is no pool {} in the resource group {} of {}.",
            path.name(),
            path.group(),
            path.subscription()
        )),
        At::Named { pool, name } => {
            Refusal::NotFound(format!("There is no cluster {name} in pool {}.", pool.name()))
        }
        At::Account(name) => Refusal::NotFound(format!("There is no storage account “{name}”.")),
        At::Vault(name) => Refusal::NotFound(format!("There is no key vault “{name}”.")),
        At::Files(address) => StorageError::NotFound(address.to_string()).into(),
        At::Scope(scope) => Refusal::NotFound(format!("There is nothing at {scope}.")),
        At::Portal | At::Anywhere | At::Own => {
            Refusal::NotFound("There is nothing here for you yet. Ask an owner for a role.".to_owned())
        }
    }
}
