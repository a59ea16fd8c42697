//! Roles: who gives and takes them. They have effect at once, also on pages that are open.

use domain::id::{AssignmentId, PrincipalId};
use domain::policy::{Permission, Role};
use domain::refusal::Refusal;
use domain::rights::Rights;
use domain::scope::Scope;
use domain::view::Caller;

use super::Desk;
use crate::store::At;
use crate::store::assignment::RoleTaken;

impl Desk {
    /// Gives a person a role in a scope; what they have there already stays.
    ///
    /// # Errors
    /// `NotFound` for scope and person; `Forbidden` for those who are no owner of the scope; `Exists` when they have it.
    pub async fn give_role(
        &self,
        person: PrincipalId,
        role: Role,
        scope: &Scope,
    ) -> Result<AssignmentId, Refusal> {
        let permit = self.authorize(Permission::Administer, At::Scope(scope)).await?;
        let to = self.plane.store().person(person).await?;
        let to = to.ok_or_else(|| Refusal::NotFound("There is no such person.".to_owned()))?;
        let given = self.plane.store().give_role(&permit, &to, role, self.plane.now()).await?;
        self.plane.inner.roles_changed();
        given.ok_or_else(|| {
            let whose = scope.words();
            Refusal::Exists(format!("{} has the role {} for {whose} already.", to.name, role.name()))
        })
    }

    /// Takes a role from whoever has it.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for those who are no owner of its scope; `InUse` for the last owner of everything.
    pub async fn take_role(&self, assignment: AssignmentId) -> Result<(), Refusal> {
        let gone = || Refusal::NotFound("There is no such role; it may have been taken already.".to_owned());
        let store = self.plane.store();
        let given = store.role_assignment(assignment).await?;
        let scope = given.map(|given| given.scope).unwrap_or_default();
        let permit = self.authorize(Permission::Administer, At::Scope(&scope)).await;
        let permit = permit.map_err(|refusal| match refusal {
            Refusal::NotFound(_) => gone(),
            refusal => refusal,
        })?;
        let taken = store.take_role(&permit, assignment, self.plane.now()).await?;
        self.plane.inner.roles_changed();
        match taken {
            RoleTaken::Done => Ok(()),
            RoleTaken::NotThere => Err(gone()),
            RoleTaken::LastOwner => Err(Refusal::InUse(
                "This is the last owner of everything; nobody could give roles any more. Make somebody else one first."
                    .to_owned(),
            )),
        }
    }

    /// Who the caller is, as pages know them.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn caller(&self) -> Result<Caller, Refusal> {
        Ok(Caller::of(&self.actor.name, &self.rights().await?))
    }

    /// What the caller may: every role with its scope.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn rights(&self) -> Result<Rights, Refusal> {
        Ok(self.plane.store().rights(&self.actor).await?)
    }
}
