//! Whether the states of a cluster fit the revision that Start takes, as data.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::StateFit;

/// What is known of a cluster's states by now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FitsView {
    /// The revision that Start takes.
    pub revision: u32,
    /// Each state by its path; one that is not there has none.
    pub by_path: BTreeMap<String, Fits>,
    /// Those that are not there: since when that is known. It may have been so before.
    #[serde(default)]
    pub away: BTreeMap<String, Timestamp>,
}

/// Whether a state fits a revision's job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fits", rename_all = "snake_case")]
pub enum Fits {
    /// The job takes it up.
    Yes {
        /// So many operators have state in it; none where the same program wrote it and nobody has counted.
        operators: Option<u32>,
        /// So many operators of the job are new and begin without state.
        new: u32,
    },
    /// Some of its operators are not in the job.
    LeftOver {
        /// What they are called, or their ids.
        operators: Vec<String>,
        /// Bytes of their state, where they are known.
        size: Option<u64>,
        /// The revision leaves such state behind on purpose.
        chosen: bool,
    },
    /// None of its operators is in the job.
    AnotherJob {
        /// How many it has.
        operators: u32,
    },
    /// An operator is there and cannot take its state.
    Clash {
        /// Why.
        why: StateFit,
        /// What it is called, or its id.
        operator: String,
        /// What the state was written with.
        was: String,
        /// What the job wants.
        wants: String,
    },
    /// It is there and cannot be read.
    Unreadable {
        /// Why.
        why: String,
    },
    /// It is being looked at.
    Looking,
    /// Nothing tells.
    NotKnown {
        /// Why.
        why: NotKnown,
    },
}

/// Why it is not known whether a state fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum NotKnown {
    /// The job graph of the revision was not built by a check yet, and its `main` runs for nobody who only looks.
    NoGraph,
    /// It is still being written: the run goes on.
    Moves,
    /// There are so many newer ones.
    TooMany {
        /// As many as are looked at.
        looked_at: u32,
    },
    /// What would have to be read is too large.
    TooLarge,
    /// Flink's classes gave no answer.
    NoAnswer {
        /// Their words.
        why: String,
    },
}
