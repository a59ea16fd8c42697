//! The storage browser.

use crate::account::AccountSpec;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What stands at a path of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The account.
    pub account: String,
    /// The container.
    pub container: String,
    /// The folder within it, without leading or trailing slash; empty for its root.
    pub path: String,
    /// Folders first, then files, by name.
    pub entries: Vec<Entry>,
    /// There are more than were listed.
    pub truncated: bool,
    /// By what the next page is asked for, where there are pages.
    #[serde(default)]
    pub next: Option<String>,
}

/// A storage account on its page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountView {
    /// What it is, without its secret.
    pub spec: AccountSpec,
    /// Its containers.
    pub containers: Vec<String>,
    /// The clusters that have their state in it, as far as the caller sees them; `None` stands for one that he does not.
    pub users: Vec<Option<String>>,
    /// How the last test of each container went, since the portal started.
    pub tested: Vec<Tested>,
}

/// How a test of a container went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tested {
    /// The container.
    pub container: String,
    /// When.
    pub at: Timestamp,
    /// What was tried, in order; nothing after what failed.
    pub steps: Vec<Try>,
}

/// One thing that was tried with a storage account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    /// What: `List`, `Write`, `Read`, `Delete`.
    pub step: String,
    /// Why it failed; none if it was done.
    pub failed: Option<String>,
}

/// A file or a folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its full address: `abfs://container@account.dfs.core.windows.net/dir/job.jar`.
    pub address: String,
    /// Bytes, for a file.
    pub size: u64,
    /// When it was last written, for a file.
    pub modified: Option<Timestamp>,
    /// How many clusters have their jar from it, or from within it.
    #[serde(default)]
    pub clusters: u32,
}

impl Entry {
    /// What replacing or deleting it means for clusters that have their jar from it; none if there are none.
    pub fn hint(&self) -> Option<String> {
        match self.clusters {
            0 => None,
            1 => Some(
                "1 cluster uses it; it goes on with the bytes that it has until it is updated.".to_owned(),
            ),
            many => Some(format!(
                "{many} clusters use it; they go on with the bytes that they have until they are updated."
            )),
        }
    }
}

/// What an entry is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// A folder.
    Folder,
    /// A folder that holds a savepoint (`_metadata`).
    Savepoint,
    /// A file.
    File,
}
