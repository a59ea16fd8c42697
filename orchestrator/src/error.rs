//! Why a control plane cannot open, in a sentence: everything that is opened with it says so by this one error.
//! Refusals of what a person asks are [`domain::refusal`].

/// Why a control plane cannot open.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct OpenError(pub String);
