//! Every reason to say no, with its sentence and its field.

use serde::{Deserialize, Serialize};

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in [`crate::form::ClusterForm`], with an index for rows: `options[2].value`.
    pub field: String,
    /// The sentence: the rule, the value, and the way out.
    pub message: String,
    /// What was typed.
    pub value: String,
}

/// A request that must be declined. Its `Display` is the sentence that the person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// Fields break their rules; all of them at once. HTTP 400.
    #[error("{}", invalid_sentence(.0))]
    Invalid(Vec<FieldError>),
    /// Nobody is signed in. HTTP 401.
    #[error("Sign in first.")]
    SignedOut,
    /// The caller's role does not suffice. HTTP 403.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or the caller may not know of it. HTTP 404.
    #[error("{0}")]
    NotFound(String),
    /// It does not fit the present state: wrong state, name taken, someone was faster. HTTP 409.
    #[error("{0}")]
    Conflict(String),
    /// Something outside does not answer or is full; nothing was done. HTTP 503.
    #[error("{0}")]
    Unavailable(String),
}

impl Refusal {
    /// One field, one message.
    pub fn field(field: &str, value: &str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            field: field.to_owned(),
            message: message.into(),
            value: value.to_owned(),
        }])
    }

    /// What is wrong, field by field; a refusal of another kind is about none.
    pub fn fields(&self) -> Vec<FieldError> {
        match self {
            Refusal::Invalid(errors) => errors.clone(),
            Refusal::SignedOut
            | Refusal::Forbidden(_)
            | Refusal::NotFound(_)
            | Refusal::Conflict(_)
            | Refusal::Unavailable(_) => {
                vec![FieldError { field: String::new(), message: self.to_string(), value: String::new() }]
            }
        }
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::Invalid(_) => 400,
            Refusal::SignedOut => 401,
            Refusal::Forbidden(_) => 403,
            Refusal::NotFound(_) => 404,
            Refusal::Conflict(_) => 409,
            Refusal::Unavailable(_) => 503,
        }
    }
}

fn invalid_sentence(errors: &[FieldError]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join(" ")
}
