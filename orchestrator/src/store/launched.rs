//! What a cluster's last launch launched, in its row of `status`: what is shown of it, and what it holds of its pool.

use std::collections::BTreeMap;

use sqlx::FromRow;

use super::StoreError;
use super::value::{from_json, small};

/// What was launched last; before the first launch, what that is to launch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Launched {
    /// Which revision.
    pub revision: u32,
    /// Flink's version: `1.20.5`.
    pub flink: String,
    /// The tags of that revision.
    pub tags: BTreeMap<String, String>,
    /// Cores (thousandths) and memory (MB) that it holds; none at rest.
    pub holds: (i64, i64),
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
            holds: (self.cpu_milli, self.memory_mb),
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
