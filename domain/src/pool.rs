//! Which pool is meant: a pool's name is unique in its resource group, so whoever names one names its group too.

mod form;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::scope::Scope;

pub use form::{MOST_SIZES, PoolForm, PoolSpec, Quota, SizeRow};

/// The names of a pool and of what it lies in, written `subscription/group/pool`. Names are compared without regard to
/// case, as all names of resources are; the subscription may be called by its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PoolPath {
    subscription: String,
    group: String,
    pool: String,
}

/// A text that names no pool.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "“{0}” does not name a pool. Write subscription/resource group/pool, such as Penstock/streaming/lab."
)]
pub struct PoolPathError(String);

impl PoolPath {
    /// Of these names.
    pub fn of(subscription: &str, group: &str, pool: &str) -> Self {
        Self { subscription: subscription.to_owned(), group: group.to_owned(), pool: pool.to_owned() }
    }

    /// The subscription's name.
    pub fn subscription(&self) -> &str {
        &self.subscription
    }

    /// The resource group's name.
    pub fn group(&self) -> &str {
        &self.group
    }

    /// The pool's own name.
    pub fn name(&self) -> &str {
        &self.pool
    }

    /// The same as a scope.
    pub fn scope(&self) -> Scope {
        Scope::of([&*self.subscription, &*self.group, &*self.pool])
    }
}

impl fmt::Display for PoolPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.subscription, self.group, self.pool)
    }
}

impl FromStr for PoolPath {
    type Err = PoolPathError;

    fn from_str(text: &str) -> Result<Self, PoolPathError> {
        let mut names = text.split('/').map(str::trim).filter(|name| !name.is_empty());
        match (names.next(), names.next(), names.next(), names.next()) {
            (Some(subscription), Some(group), Some(pool), None) => Ok(Self::of(subscription, group, pool)),
            _ => Err(PoolPathError(text.to_owned())),
        }
    }
}

impl TryFrom<String> for PoolPath {
    type Error = PoolPathError;

    fn try_from(text: String) -> Result<Self, PoolPathError> {
        text.parse()
    }
}

impl From<PoolPath> for String {
    fn from(path: PoolPath) -> String {
        path.to_string()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(names in "[A-Za-z][ A-Za-z0-9-]{0,8}[a-z]/[a-z(){}._-]{1,9}/[a-z0-9-]{1,26}") {
            let path: PoolPath = names.parse().expect("three names");
            prop_assert_eq!(path.to_string(), names.as_str());
            let json = serde_json::to_string(&path).expect("text");
            prop_assert_eq!(serde_json::from_str::<PoolPath>(&json).expect("text"), path);
        }
    }

    #[test]
    fn a_name_alone_is_no_pool() {
        for wrong in ["", "lab", "streaming/lab", "a/b/c/d", "//lab", "a/ /lab"] {
            let refused = wrong.parse::<PoolPath>().expect_err(wrong);
            assert!(refused.to_string().contains("Penstock/streaming/lab"), "{refused}");
        }
    }
}
