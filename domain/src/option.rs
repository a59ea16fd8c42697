//! Flink options as a person types them: whether a value is of its option's kind, and which keys the portal owns.
//! Which values nobody is shown: [`crate::secret`].

use std::collections::BTreeMap;

mod kind;
mod owned;
mod reporter;
mod unclaimed;

pub use kind::check;
pub use owned::why_owned;
pub use reporter::why_refused;
pub use unclaimed::{IGNORE_UNCLAIMED_STATE, ignores_unclaimed_state};

/// Flink options as key and value.
pub type FlinkOptions = BTreeMap<String, String>;
