//! Who has which role where. A role holds for its scope and for everything in it; who has none there may nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{AssignmentId, PrincipalId};
use crate::policy::{Permission, PrincipalKind, Role, may};
use crate::scope::Scope;

/// A role that somebody has in a scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleAssignment {
    /// Which assignment it is.
    pub id: AssignmentId,
    /// What has the role.
    pub kind: PrincipalKind,
    /// Who has it.
    pub principal: PrincipalId,
    /// The role.
    pub role: Role,
    /// Where.
    pub scope: Scope,
    /// Who gave it, as histories call them.
    pub given_by: String,
    /// When.
    pub given: Timestamp,
}

/// Everything that somebody may.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rights {
    /// Their own roles.
    pub own: Vec<RoleAssignment>,
    /// Those of whoever made the token by which is asked: it may no more than they do at that moment.
    pub at_most: Option<Vec<RoleAssignment>>,
    /// It is the portal itself.
    pub portal: bool,
}

impl Rights {
    /// Those of the portal itself.
    pub fn of_the_portal() -> Self {
        Self { portal: true, ..Self::default() }
    }

    /// The role in a scope; none where nothing may be seen of it.
    pub fn role_at(&self, scope: &Scope) -> Option<Role> {
        if self.portal {
            return Some(Role::Owner);
        }
        let own = strongest(&self.own, scope);
        // No role is less than any.
        self.at_most.as_ref().map_or(own, |most| own.min(strongest(most, scope)))
    }

    /// Whether this may be done in a scope.
    pub fn may(&self, deed: Permission, scope: &Scope) -> bool {
        self.role_at(scope).is_some_and(|role| may(role, deed))
    }

    /// The scopes in which a role begins.
    pub fn scopes(&self) -> impl Iterator<Item = &Scope> {
        self.own.iter().chain(self.at_most.iter().flatten()).map(|given| &given.scope)
    }

    /// The strongest role that is had in any scope: for what belongs to all of them.
    pub fn anywhere(&self) -> Option<Role> {
        if self.portal {
            return Some(Role::Owner);
        }
        // Roles only grow on the way down, so the strongest is had where one of them begins.
        self.scopes().filter_map(|scope| self.role_at(scope)).max()
    }
}

fn strongest(roles: &[RoleAssignment], scope: &Scope) -> Option<Role> {
    roles.iter().filter(|given| given.scope.contains(scope)).map(|given| given.role).max()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn scope() -> impl Strategy<Value = Scope> {
        proptest::collection::vec("[aAb]", 0..=4)
            .prop_map(|names| Scope::of(names.iter().map(String::as_str)))
    }

    fn roles() -> impl Strategy<Value = Vec<RoleAssignment>> {
        proptest::collection::vec((proptest::sample::select(&Role::ALL[..]), scope()), 0..4).prop_map(
            |roles| {
                let given = |(role, scope)| RoleAssignment {
                    id: AssignmentId(uuid::Uuid::nil()),
                    kind: PrincipalKind::Person,
                    principal: PrincipalId(uuid::Uuid::nil()),
                    role,
                    scope,
                    given_by: String::new(),
                    given: Timestamp::UNIX_EPOCH,
                };
                roles.into_iter().map(given).collect()
            },
        )
    }

    fn rights() -> impl Strategy<Value = Rights> {
        (roles(), proptest::option::of(roles())).prop_map(|(own, at_most)| Rights {
            own,
            at_most,
            portal: false,
        })
    }

    #[test]
    fn who_has_no_role_may_nothing_and_the_portal_everything() {
        let (nobody, everything) = (Rights::default(), Scope::root());
        assert!(nobody.role_at(&everything).is_none() && nobody.anywhere().is_none());
        assert!(!nobody.may(Permission::See, &Scope::of(["s", "g", "p", "c"])));
        assert!(Rights::of_the_portal().may(Permission::Administer, &everything));
    }

    proptest! {
        #[test]
        fn a_role_is_inherited_downwards_and_never_lost_on_the_way(rights in rights(), scope in scope(), name in "[ab]") {
            prop_assert!(rights.role_at(&scope.within(&name)) >= rights.role_at(&scope));
        }

        #[test]
        fn a_role_is_had_by_an_assignment_above_and_by_no_other(own in roles(), scope in scope()) {
            let rights = Rights { own: own.clone(), ..Rights::default() };
            let role = rights.role_at(&scope);
            let mut above = std::iter::successors(Some(scope), Scope::parent);
            let given = |scope: &Scope| own.iter().any(|one| one.scope == *scope && Some(one.role) == role);
            prop_assert_eq!(role.is_some(), above.any(|scope| given(&scope)));
        }

        #[test]
        fn a_token_may_no_more_than_it_was_given_nor_than_its_maker(rights in rights(), scope in scope()) {
            let alone = |own: &Vec<RoleAssignment>| Rights { own: own.clone(), ..Rights::default() }.role_at(&scope);
            prop_assert!(rights.role_at(&scope) <= alone(&rights.own));
            if let Some(most) = &rights.at_most {
                prop_assert_eq!(rights.role_at(&scope), alone(&rights.own).min(alone(most)));
            }
        }

        #[test]
        fn what_is_had_anywhere_is_the_most_that_is_had_somewhere(rights in rights(), scope in scope()) {
            prop_assert!(rights.anywhere() >= rights.role_at(&scope));
        }

        #[test]
        fn a_role_more_takes_nothing_away(rights in rights(), more in roles(), scope in scope()) {
            let mut richer = rights.clone();
            richer.own.extend(more);
            prop_assert!(richer.role_at(&scope) >= rights.role_at(&scope));
        }
    }
}
