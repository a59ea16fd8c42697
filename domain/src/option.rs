//! Flink options as a person types them: whether a value is of its option's kind, which keys the portal owns,
//! and which values nobody is shown.

mod kind;
mod owned;
mod secret;

pub use kind::check;
pub use owned::why_owned;
pub use secret::{HIDDEN, hide_secrets};
