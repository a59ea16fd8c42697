//! Who may do what: one table.

use serde::{Deserialize, Serialize};

use crate::id::PersonId;

/// What a person may do in a scope. Later roles hold everything that earlier ones hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Role {
    /// Looks.
    Reader,
    /// Creates, runs and deletes clusters; uses storage.
    Contributor,
    /// Also gives roles and manages pools.
    Owner,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person.
    pub id: PersonId,
    /// As shown in histories.
    pub name: String,
    /// The role in the scope that is asked about.
    pub role: Role,
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
    /// Invite people, change pools.
    Administer,
}

/// The table.
pub fn may(role: Role, deed: Permission) -> bool {
    match deed {
        Permission::See => role >= Role::Reader,
        Permission::Run | Permission::UseStorage => role >= Role::Contributor,
        Permission::Administer => role >= Role::Owner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_do_what() {
        let deeds = [Permission::See, Permission::Run, Permission::UseStorage, Permission::Administer];
        let line = |role: Role| {
            let may = deeds.into_iter().filter(|deed| may(role, *deed));
            format!("{role:?}: {}", may.map(|deed| format!("{deed:?}")).collect::<Vec<_>>().join(", "))
        };
        let table = [Role::Reader, Role::Contributor, Role::Owner].map(line).join("\n");
        insta::assert_snapshot!(table, @r"
        Reader: See
        Contributor: See, Run, UseStorage
        Owner: See, Run, UseStorage, Administer
        ");
    }
}
