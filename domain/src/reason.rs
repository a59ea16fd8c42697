//! Why something failed: a code for programs, plain words for people, the whole exception for engineers.

pub mod code;
mod explain;

use serde::{Deserialize, Serialize};

pub use explain::explain;

/// Why an action or a job failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// For programs: `JOB_LAUNCH_FAILED`, `STATE_INCOMPATIBLE`, `PORTAL_DISK_FULL`, ...
    pub code: String,
    /// For people: what happened and what to do, one or two sentences.
    pub message: String,
    /// The exception as Flink or Java gave it, whole; empty if there is none.
    pub exception: String,
}

impl Reason {
    /// A reason without an exception.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), exception: String::new() }
    }
}
