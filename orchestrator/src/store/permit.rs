//! The one check of permission, and the proof of it. Whatever a command changes in the store takes a [`Permit`], and none
//! is made but here: a command that forgot to ask would not compile.

use domain::policy::{Actor, Permission, Role, lacking, may};
use domain::rights::Rights;

use super::place::{At, Place, Target};
use super::{Store, StoreError};

/// Proof that somebody may do something with one thing. It serves for nothing else.
#[derive(Clone, Debug)]
pub struct Permit {
    actor: Actor,
    permission: Permission,
    place: Place,
}

/// Why there is no permit.
#[derive(Debug)]
pub(crate) enum Denied {
    /// It is not there, or the caller may not know of it: nobody can tell which.
    Hidden,
    /// The caller sees it and may not do this with it: the sentence says what it takes.
    Lacking(String),
    /// That cannot be found out.
    Unknown(StoreError),
}

impl Store {
    /// Whether somebody may do something with a thing.
    pub(crate) async fn authorize(
        &self,
        actor: &Actor,
        permission: Permission,
        at: At<'_>,
    ) -> Result<Permit, Denied> {
        // First who asks, then about what: it takes as long for what is hidden as for what is not there.
        let rights = self.rights(actor).await.map_err(Denied::Unknown)?;
        let place = self.place(at, actor).await.map_err(Denied::Unknown)?.ok_or(Denied::Hidden)?;
        let role = role_for(&rights, &place).ok_or(Denied::Hidden)?;
        if may(role, permission) {
            return Ok(Permit { actor: actor.clone(), permission, place });
        }
        Err(Denied::Lacking(lacking(role, permission, &place.scope.unwrap_or_default())))
    }
}

/// What lies in no scope is for whoever has a role in any: every pool lends every storage account.
fn role_for(rights: &Rights, place: &Place) -> Option<Role> {
    match (&place.scope, &place.target) {
        (Some(scope), _) => rights.role_at(scope),
        (None, Target::Own) => Some(Role::Owner),
        (None, _) => rights.anywhere(),
    }
}

impl Permit {
    /// Who has it.
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// What it is for.
    pub(crate) fn target(&self) -> &Target {
        &self.place.target
    }

    /// The thing that it is for, as far as it lies in a scope.
    pub(crate) fn scope(&self) -> Option<&domain::scope::Scope> {
        self.place.scope.as_ref()
    }

    /// Refuses what it is not for.
    pub(super) fn must(
        &self,
        permission: Permission,
        is_it: impl FnOnce(&Target) -> bool,
    ) -> Result<(), StoreError> {
        if self.permission == permission && is_it(&self.place.target) {
            Ok(())
        } else {
            Err(StoreError::Unpermitted)
        }
    }
}
