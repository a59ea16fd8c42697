//! Flink options as a person types them: whether a value is of its option's kind, and which keys the portal owns.
//! Which values nobody is shown: [`crate::secret`].

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod kind;
mod owned;
mod reporter;

pub use kind::{check, millis};
pub use owned::why_owned;
pub use reporter::why_refused;

/// Flink options as key and value.
pub type FlinkOptions = BTreeMap<String, String>;

/// The option by which a job goes on without the state that none of its operators takes (`allowNonRestoredState`), by
/// its present name and by its old one.
pub(crate) const IGNORES_UNCLAIMED_STATE: [&str; 2] =
    ["execution.state-recovery.ignore-unclaimed-state", "execution.savepoint.ignore-unclaimed-state"];
/// The option's present name.
pub const IGNORE_UNCLAIMED_STATE: &str = IGNORES_UNCLAIMED_STATE[0];

/// Whether these options say so.
pub fn ignores_unclaimed_state(options: &FlinkOptions) -> bool {
    IGNORES_UNCLAIMED_STATE.iter().any(|key| options.get(*key).is_some_and(|value| value.trim() == "true"))
}

/// A Flink option that may be set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionInfo {
    /// `execution.checkpointing.interval`.
    pub key: String,
    /// `Duration`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The default as text; none if it has none.
    pub default: Option<String>,
    /// What it does.
    pub description: String,
    /// Allowed words, for an enumeration.
    #[serde(default)]
    pub values: Vec<String>,
    /// Use something else.
    #[serde(default)]
    pub deprecated: bool,
}
