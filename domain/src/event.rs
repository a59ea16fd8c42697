//! What happened, as data: stored with every field, asked by its kind, and told in sentences that are made in one place
//! (its `sentences`). How an operation ended: [`crate::operation`].

mod sentences;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::lifecycle::Restore;
use crate::operation::OperationEnd;
use crate::reason::Reason;
use crate::state::State;

pub use sentences::{KEEPS_FAILING, Sentence, act_failed, goes_on, task_managers_silent};

/// Whether it is good that it happened: what a shape and a colour say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// It went well.
    Good,
    /// It is under way.
    Move,
    /// Look at it.
    Warn,
    /// It went wrong.
    Bad,
    /// It is of no weight for a job.
    Idle,
}

impl Tone {
    /// The tone of that [`name`](Self::name); idle for a word that is none.
    pub fn named(name: &str) -> Self {
        [Tone::Good, Tone::Move, Tone::Warn, Tone::Bad]
            .into_iter()
            .find(|tone| tone.name() == name)
            .unwrap_or(Tone::Idle)
    }

    /// Its word in the database and in style classes.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Good => "good",
            Tone::Move => "move",
            Tone::Warn => "warn",
            Tone::Bad => "bad",
            Tone::Idle => "idle",
        }
    }
}

/// What can be done in a storage account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorageAct {
    /// A container was made.
    ContainerMade,
    /// A file was uploaded.
    FileUploaded,
    /// A file or folder was deleted.
    FileDeleted,
    /// A savepoint was downloaded as an archive.
    SavepointDownloaded,
    /// A savepoint was uploaded as an archive.
    SavepointUploaded,
    /// A storage account was made.
    AccountMade,
    /// How a storage account is reached was changed.
    AccountChanged,
    /// A storage account was taken out of the portal.
    AccountDeleted,
}

impl StorageAct {
    /// Its name in the audit trail.
    pub fn name(self) -> &'static str {
        match self {
            StorageAct::ContainerMade => "container/CREATE",
            StorageAct::FileUploaded => "file/UPLOAD",
            StorageAct::FileDeleted => "file/DELETE",
            StorageAct::SavepointDownloaded => "savepoint/DOWNLOAD",
            StorageAct::SavepointUploaded => "savepoint/UPLOAD",
            StorageAct::AccountMade => "account/CREATE",
            StorageAct::AccountChanged => "account/UPDATE",
            StorageAct::AccountDeleted => "account/DELETE",
        }
    }

    fn word(self) -> &'static str {
        match self {
            StorageAct::ContainerMade => "Container made",
            StorageAct::FileUploaded => "File uploaded",
            StorageAct::FileDeleted => "File deleted",
            StorageAct::SavepointDownloaded => "Savepoint downloaded",
            StorageAct::SavepointUploaded => "Savepoint uploaded",
            StorageAct::AccountMade => "Storage account made",
            StorageAct::AccountChanged => "Storage account changed",
            StorageAct::AccountDeleted => "Storage account deleted",
        }
    }
}

/// What can be done with what stands around clusters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResourceAct {
    /// A key vault was made.
    VaultMade,
    /// A key vault was deleted.
    VaultDeleted,
    /// A version of a secret was written.
    SecretWritten,
    /// A version of a secret was enabled, disabled or limited.
    SecretChanged,
    /// A secret was deleted.
    SecretDeleted,
    /// A SQL database was named.
    DatabaseMade,
    /// Where a SQL database is was changed.
    DatabaseChanged,
    /// A SQL database was forgotten.
    DatabaseDeleted,
}

impl ResourceAct {
    /// A reading of a secret in the audit trail: it is no event.
    pub const SECRET_READ: &'static str = "secret/READ";

    /// Its name in the audit trail.
    pub fn name(self) -> &'static str {
        match self {
            ResourceAct::VaultMade => "vault/CREATE",
            ResourceAct::VaultDeleted => "vault/DELETE",
            ResourceAct::SecretWritten => "secret/WRITE",
            ResourceAct::SecretChanged => "secret/CHANGE",
            ResourceAct::SecretDeleted => "secret/DELETE",
            ResourceAct::DatabaseMade => "database/CREATE",
            ResourceAct::DatabaseChanged => "database/CHANGE",
            ResourceAct::DatabaseDeleted => "database/DELETE",
        }
    }

    fn word(self) -> &'static str {
        match self {
            ResourceAct::VaultMade => "Key vault made",
            ResourceAct::VaultDeleted => "Key vault deleted",
            ResourceAct::SecretWritten => "Secret written",
            ResourceAct::SecretChanged => "Secret changed",
            ResourceAct::SecretDeleted => "Secret deleted",
            ResourceAct::DatabaseMade => "SQL database made",
            ResourceAct::DatabaseChanged => "SQL database changed",
            ResourceAct::DatabaseDeleted => "SQL database deleted",
        }
    }
}

/// What clusters stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The words say it.
pub enum Around {
    Subscription,
    ResourceGroup,
    Pool,
    Network,
    Subnet,
}

impl Around {
    /// As a sentence calls it.
    pub fn word(self) -> &'static str {
        match self {
            Around::Subscription => "subscription",
            Around::ResourceGroup => "resource group",
            Around::Pool => "cluster pool",
            Around::Network => "virtual network",
            Around::Subnet => "subnet",
        }
    }
}

/// What was done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // The words say it.
pub enum Done {
    Created,
    Changed,
    Deleted,
}

impl Done {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Done::Created => "created",
            Done::Changed => "changed",
            Done::Deleted => "deleted",
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// Somebody asked for something.
    OperationAsked {
        /// What.
        action: Action,
        /// Who.
        by: String,
    },
    /// What was asked has ended.
    OperationEnded {
        /// What was asked.
        action: Action,
        /// Who had asked.
        by: String,
        /// How it ended.
        end: OperationEnd,
    },
    /// A run was launched.
    RunLaunched {
        /// Its number.
        run: u32,
        /// The revision that it runs.
        revision: u32,
        /// The state that it starts from.
        from: Restore,
    },
    /// A run was lost, and another one goes on.
    JobManagerLost {
        /// What is known of why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
        /// The lost run, where nothing is kept of what it did: its own code switches checkpoints off.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unkept: Option<u32>,
        /// The run that goes on.
        run: u32,
        /// The revision that it runs.
        revision: u32,
        /// The state that it starts from.
        from: Restore,
    },
    /// An update did not hold.
    UpdateDidNotHold {
        /// Why.
        reason: Reason,
        /// The revision that was tried.
        tried: u32,
        /// The revision that runs again.
        revision: u32,
        /// The state that it starts from.
        from: Restore,
    },
    /// A stop's savepoint is complete, but its job failed before it had stopped.
    FailedWhileStopping {
        /// Why.
        reason: Reason,
    },
    /// Somebody cancelled the job past the portal.
    CanceledOutside {
        /// When it ended.
        at: Timestamp,
    },
    /// The state became another one by itself.
    StateChanged {
        /// What it was.
        from: State,
        /// What it is.
        to: State,
        /// What is known of why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        why: String,
    },
    /// Task managers are alive and have not been registered for long: they are ended and replaced.
    TaskManagersSilent {
        /// Their numbers.
        numbers: Vec<u32>,
    },
    /// The job is restarted so often that it counts as failing.
    KeepsFailing {
        /// How often, in words.
        why: String,
    },
    /// It has run long enough not to count as failing any more.
    HoldsAgain,
    /// What is written of the cluster cannot be read.
    Unreadable {
        /// Why, and what to do.
        why: String,
    },
    /// The portal could not do what it had decided; it is tried again.
    ActFailed {
        /// Why.
        why: String,
    },
    /// What had failed before went through.
    CarriedOn,
    /// A savepoint is complete.
    SavepointTaken {
        /// Where.
        path: String,
        /// Who asked for it.
        by: String,
    },
    /// A run has ended and its newest checkpoint stays.
    CheckpointRetained {
        /// Where.
        path: String,
    },
    /// Somebody asked for the deletion of a savepoint.
    SavepointDeletionAsked {
        /// Where.
        path: String,
        /// Who.
        by: String,
    },
    /// Its files are gone.
    SavepointDeleted {
        /// Where.
        path: String,
        /// Who had asked.
        by: String,
    },
    /// Its files are still there; it is tried again.
    SavepointDeletionFailed {
        /// Where.
        path: String,
        /// Why.
        why: String,
    },
    /// Of a deleted cluster's state others need a part.
    StateLeftToOthers {
        /// Where, and the name of the cluster that starts from it.
        left: Vec<(String, String)>,
    },
    /// Somebody changed or carried away what a storage account holds.
    Storage {
        /// What was done.
        what: StorageAct,
        /// Where.
        path: String,
        /// Who.
        by: String,
    },
    /// What an account may hold was set.
    QuotaSet {
        /// The account's name.
        account: String,
        /// What it may hold, bytes; none for as much as its disk.
        quota: Option<u64>,
        /// Who.
        by: String,
    },
    /// Somebody changed what stands around clusters.
    Resource {
        /// What was done.
        what: ResourceAct,
        /// To what: `kv/db-password`.
        name: String,
        /// Who.
        by: String,
    },
    /// The folders that a pool lends its jobs were changed.
    ReadableChanged {
        /// The pool's name.
        pool: String,
        /// The folders.
        folders: Vec<String>,
    },
    /// Somebody changed what clusters stand in.
    Around {
        /// What it is.
        what: Around,
        /// What was done.
        done: Done,
        /// Its name, with that of what it lies in.
        name: String,
        /// Who.
        by: String,
    },
}
