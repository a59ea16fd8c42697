//! Typed identifiers: a type for each kind of thing, so that they cannot be mixed up.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

id! {
    /// A cluster. Its 32 hex digits are also the ARM `deploymentId`.
    ClusterId,
    /// A cluster pool.
    PoolId,
    /// One thing that someone asked for. Its bytes are also the trigger id that Flink is given for a savepoint.
    OperationId,
    /// A savepoint or a retained checkpoint.
    SnapshotId,
    /// Who asks: a person who has signed in, or an access token.
    PrincipalId,
    /// A role that somebody has in a scope.
    AssignmentId,
    /// An access token. As a principal it has the same id.
    TokenId,
    /// A create-cluster form that was begun.
    DraftId,
}

/// An entry of the history: its number, in the order in which they were written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub i64);

impl std::fmt::Display for EventId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for EventId {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

impl OperationId {
    /// The trigger id under which Flink runs this operation's savepoint: 32 hex digits.
    pub fn trigger(self) -> String {
        self.0.simple().to_string()
    }
}

impl ClusterId {
    /// The name of its folders in storage: 32 hex digits.
    pub fn folder(self) -> String {
        self.0.simple().to_string()
    }

    /// The cluster whose folder it would be by its name.
    pub fn of_folder(name: &str) -> Option<Self> {
        Uuid::try_parse(name).ok().map(Self).filter(|id| id.folder() == name)
    }

    /// The Flink job id of a run: the same for every attempt to launch that run, different for every run.
    ///
    /// The last four bytes of the cluster's id give way to the run's number.
    pub fn job_id(self, run: u32) -> String {
        let mut bytes = *self.0.as_bytes();
        for (byte, number) in bytes[12..].iter_mut().zip(run.to_be_bytes()) {
            *byte ^= number;
        }
        Uuid::from_bytes(bytes).simple().to_string()
    }
}
