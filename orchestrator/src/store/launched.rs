//! What a cluster's last launch launched, in its row of `status`: what is shown of it, and what it holds of its pool.

use std::collections::BTreeMap;

use domain::spec::Capacity;
use sqlx::FromRow;

use super::StoreError;
use super::value::{capacity, from_json, small};

/// What was launched last; before the first launch, what that is to launch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launched {
    /// Which revision.
    pub revision: u32,
    /// Flink's version: `1.20.5`.
    pub flink: String,
    /// The tags of that revision.
    pub tags: BTreeMap<String, String>,
    /// What it holds; nothing at rest.
    pub holds: Capacity,
}

#[derive(FromRow)]
pub(super) struct Row {
    revision: i64,
    flink: String,
    tags: String,
    cpu_milli: i64,
    memory_mb: i64,
}

impl Row {
    pub(super) fn launched(self) -> Result<Launched, StoreError> {
        Ok(Launched {
            revision: small(self.revision),
            flink: self.flink,
            tags: from_json("status.tags", &self.tags)?,
            holds: capacity((self.cpu_milli, self.memory_mb)),
        })
    }
}

/// `;team:orders;tier:2;`: each tag between semicolons, so that one `like` finds name or pair.
pub(super) fn tag_words(tags: &BTreeMap<String, String>) -> String {
    let mut words = String::from(";");
    for (name, value) in tags {
        words.push_str(&format!("{name}:{value};"));
    }
    words
}
