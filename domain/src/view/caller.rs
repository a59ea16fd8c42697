//! Who asks, as their pages know them.

use serde::{Deserialize, Serialize};

use crate::policy::{Permission, Role, may};
use crate::rights::Rights;
use crate::scope::Scope;

/// Who asks, and what they may, as far as every page must know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Caller {
    /// The name in histories.
    pub name: String,
    /// The role for everything, if there is one.
    pub everywhere: Option<Role>,
    /// The strongest role that is had in any scope.
    pub anywhere: Option<Role>,
    /// Every role with the scope that it begins in.
    pub roles: Vec<(Role, Scope)>,
}

impl Caller {
    /// Of these rights.
    pub fn of(name: &str, rights: &Rights) -> Self {
        Self {
            name: name.to_owned(),
            everywhere: rights.role_at(&Scope::root()),
            anywhere: rights.anywhere(),
            roles: rights.own.iter().map(|given| (given.role, given.scope.clone())).collect(),
        }
    }

    /// Whether they may do it with everything.
    pub fn may_everywhere(&self, deed: Permission) -> bool {
        self.everywhere.is_some_and(|role| may(role, deed))
    }

    /// Whether they may do it somewhere.
    pub fn may_somewhere(&self, deed: Permission) -> bool {
        self.anywhere.is_some_and(|role| may(role, deed))
    }

    /// Their roles in words: `Owner of everything`.
    pub fn words(&self) -> Vec<String> {
        let words = |(role, scope): &(Role, Scope)| format!("{} of {}", role.name(), scope.words());
        self.roles.iter().map(words).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_portal_may_everything_and_who_has_no_role_nothing() {
        let portal = Caller::of("Penstock", &Rights::of_the_portal());
        assert!(portal.may_everywhere(Permission::Administer) && portal.may_somewhere(Permission::See));
        let nobody = Caller::of("Ann", &Rights::default());
        assert!(!nobody.may_somewhere(Permission::See) && nobody.words().is_empty());
    }

    #[test]
    fn roles_are_told_with_their_scopes() {
        let roles = vec![(Role::Owner, Scope::root()), (Role::Reader, Scope::of(["s", "g", "lab"]))];
        let caller = Caller { name: String::new(), everywhere: None, anywhere: None, roles };
        assert_eq!(caller.words(), ["Owner of everything", "Reader of the pool lab"]);
    }
}
