//! Who may do what: one table. Where a role holds: [`crate::rights`].

use serde::{Deserialize, Serialize};

use crate::id::PrincipalId;
use crate::scope::Scope;

/// What somebody may do in a scope. Later roles hold everything that earlier ones hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Looks.
    Reader,
    /// Creates, runs and deletes clusters; uses storage.
    Contributor,
    /// Also gives roles and manages pools.
    Owner,
}

impl Role {
    /// Every role, the one that may least first.
    pub const ALL: [Role; 3] = [Role::Reader, Role::Contributor, Role::Owner];

    /// Its word, in the database and for people.
    pub fn name(self) -> &'static str {
        match self {
            Role::Reader => "Reader",
            Role::Contributor => "Contributor",
            Role::Owner => "Owner",
        }
    }

    /// The role of that [`name`](Self::name), in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name().eq_ignore_ascii_case(name))
    }
}

impl Role {
    /// What it may and no lesser role: who may that has at least this role.
    pub fn deed(self) -> Permission {
        match self {
            Role::Reader => Permission::See,
            Role::Contributor => Permission::Run,
            Role::Owner => Permission::Administer,
        }
    }
}

/// What kind of principal asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrincipalKind {
    /// A person who has signed in.
    Person,
    /// An access token.
    Token,
    /// The portal itself, or whoever starts it on its data folder: nobody is above that.
    Portal,
}

impl PrincipalKind {
    /// Its word in the database.
    pub fn name(self) -> &'static str {
        match self {
            PrincipalKind::Person => "person",
            PrincipalKind::Token => "token",
            PrincipalKind::Portal => "portal",
        }
    }

    /// The kind of that [`name`](Self::name).
    pub fn named(name: &str) -> Option<Self> {
        [Self::Person, Self::Token, Self::Portal].into_iter().find(|kind| kind.name() == name)
    }
}

/// Who asks. What it may is not in it: that is asked anew each time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The principal.
    pub id: PrincipalId,
    /// What it is.
    pub kind: PrincipalKind,
    /// As shown in histories.
    pub name: String,
}

impl Actor {
    /// The portal itself, under a name for its histories.
    pub fn portal(name: &str) -> Self {
        Self { id: PrincipalId(uuid::Uuid::nil()), kind: PrincipalKind::Portal, name: name.to_owned() }
    }

    /// A person.
    pub fn person(id: PrincipalId, name: &str) -> Self {
        Self { id, kind: PrincipalKind::Person, name: name.to_owned() }
    }
}

/// What is asked, coarse enough to fit one table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See jobs, clusters, pools, histories, logs, storage listings.
    See,
    /// Create a cluster, act on a job, use drafts and preflight.
    Run,
    /// Download, upload and delete files of a storage account.
    UseStorage,
    /// Invite people, give roles, change pools.
    Administer,
}

impl Permission {
    /// The role that may least of those that may this.
    pub fn takes(self) -> Role {
        Role::ALL.into_iter().find(|role| may(*role, self)).unwrap_or(Role::Owner)
    }
}

/// The table.
pub fn may(role: Role, deed: Permission) -> bool {
    match deed {
        Permission::See => role >= Role::Reader,
        Permission::Run | Permission::UseStorage => role >= Role::Contributor,
        Permission::Administer => role >= Role::Owner,
    }
}

/// What is said to somebody who sees a thing and may not do this with it: the role there, the role that it takes, and
/// the way out.
pub fn lacking(role: Role, deed: Permission, scope: &Scope) -> String {
    let whose = scope.words();
    let (role, takes) = (role.name(), deed.takes().name());
    format!("Your role for {whose} is {role}, and this takes {takes}. Ask an owner of {whose} for it.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEEDS: [Permission; 4] =
        [Permission::See, Permission::Run, Permission::UseStorage, Permission::Administer];

    #[test]
    fn who_may_do_what() {
        let line = |role: Role| {
            let may = DEEDS.into_iter().filter(|deed| may(role, *deed));
            format!("{role:?}: {}", may.map(|deed| format!("{deed:?}")).collect::<Vec<_>>().join(", "))
        };
        let table = Role::ALL.map(line).join("\n");
        insta::assert_snapshot!(table, @r"
        Reader: See
        Contributor: See, Run, UseStorage
        Owner: See, Run, UseStorage, Administer
        ");
    }

    #[test]
    fn a_later_role_holds_what_an_earlier_one_holds() {
        for deed in DEEDS {
            let held = Role::ALL.map(|role| may(role, deed));
            assert!(held.is_sorted() && held[Role::ALL.len() - 1], "{deed:?}");
            assert!(may(deed.takes(), deed), "{deed:?}");
        }
        assert!(Role::ALL.is_sorted());
        assert!(Role::ALL.iter().all(|role| role.deed().takes() == *role));
        assert!(Role::ALL.iter().all(|role| Role::named(&role.name().to_lowercase()) == Some(*role)));
    }

    #[test]
    fn who_lacks_a_role_is_told_which() {
        let scope = Scope::of(["s", "g", "lab"]);
        assert_eq!(
            lacking(Role::Reader, Permission::Run, &scope),
            "Your role for the pool lab is Reader, and this takes Contributor. Ask an owner of the pool lab for it."
        );
    }
}
