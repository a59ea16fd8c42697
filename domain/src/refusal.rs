//! Every reason to say no: a stable code for programs, the fields that it is about, and the sentence that a person reads.

use serde::{Deserialize, Serialize};

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The field's name in [`crate::draft::ClusterDraft`], with an index for rows: `options[2].value`.
    pub field: String,
    /// The sentence: the rule, the value, and the way out.
    pub message: String,
    /// What was given.
    pub value: String,
}

/// A request that must be declined. Its `Display` is the sentence that the person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// A cluster's specification breaks rules; all of them at once.
    #[error("{}", sentence(.0))]
    InvalidSpec(Vec<Finding>),
    /// Another argument of the request breaks its rule.
    #[error("{}", .0.message)]
    InvalidArgument(Finding),
    /// Other arguments of the request break their rules; all of them at once.
    #[error("{}", sentence(.0))]
    InvalidArguments(Vec<Finding>),
    /// Nobody is signed in.
    #[error("Sign in first.")]
    SignedOut,
    /// The caller's role does not suffice.
    #[error("{0}")]
    Forbidden(String),
    /// There is no such thing, or the caller may not know of it.
    #[error("{0}")]
    NotFound(String),
    /// The thing is in a state in which this is not done.
    #[error("{0}")]
    NotAllowed(String),
    /// A name or a key is taken.
    #[error("{0}")]
    Exists(String),
    /// Somebody else changed it meanwhile.
    #[error("{0}")]
    Changed(String),
    /// Somebody else needs it: it stays.
    #[error("{0}")]
    InUse(String),
    /// It is more than what is left.
    #[error("{0}")]
    OverQuota(String),
    /// Something outside does not answer or is full; nothing was done.
    #[error("{0}")]
    Unavailable(String),
}

impl Refusal {
    /// One field, one message.
    pub fn field(field: &str, value: &str, message: impl Into<String>) -> Self {
        Self::InvalidArgument(Finding {
            field: field.to_owned(),
            message: message.into(),
            value: value.to_owned(),
        })
    }

    /// What is wrong, field by field; a refusal of another kind is about none.
    pub fn findings(&self) -> Vec<Finding> {
        match self {
            Refusal::InvalidSpec(findings) | Refusal::InvalidArguments(findings) => findings.clone(),
            Refusal::InvalidArgument(finding) => vec![finding.clone()],
            Refusal::SignedOut
            | Refusal::Forbidden(_)
            | Refusal::NotFound(_)
            | Refusal::NotAllowed(_)
            | Refusal::Exists(_)
            | Refusal::Changed(_)
            | Refusal::InUse(_)
            | Refusal::OverQuota(_)
            | Refusal::Unavailable(_) => {
                vec![Finding { field: String::new(), message: self.to_string(), value: String::new() }]
            }
        }
    }

    /// What it is about, for a program: the first field; none if it is about the whole request.
    pub fn target(&self) -> Option<&str> {
        match self {
            Refusal::InvalidSpec(findings) | Refusal::InvalidArguments(findings) => {
                findings.first().map(|finding| finding.field.as_str())
            }
            Refusal::InvalidArgument(finding) => Some(&*finding.field).filter(|field| !field.is_empty()),
            Refusal::SignedOut
            | Refusal::Forbidden(_)
            | Refusal::NotFound(_)
            | Refusal::NotAllowed(_)
            | Refusal::Exists(_)
            | Refusal::Changed(_)
            | Refusal::InUse(_)
            | Refusal::OverQuota(_)
            | Refusal::Unavailable(_) => None,
        }
    }

    /// Its name for programs, which stays: that of Azure Resource Manager where it has one.
    pub fn code(&self) -> &'static str {
        self.wire().0
    }

    /// The HTTP status that says the same.
    pub fn status(&self) -> u16 {
        self.wire().1
    }

    fn wire(&self) -> (&'static str, u16) {
        match self {
            Refusal::InvalidSpec(_) => ("InvalidClusterSpec", 400),
            Refusal::InvalidArgument(_) | Refusal::InvalidArguments(_) => ("InvalidParameter", 400),
            Refusal::SignedOut => ("AuthenticationFailed", 401),
            Refusal::Forbidden(_) => ("AuthorizationFailed", 403),
            Refusal::NotFound(_) => ("ResourceNotFound", 404),
            Refusal::NotAllowed(_) => ("OperationNotAllowed", 409),
            Refusal::Exists(_) => ("ResourceAlreadyExists", 409),
            Refusal::Changed(_) => ("ConcurrentUpdate", 409),
            Refusal::InUse(_) => ("ResourceInUse", 409),
            Refusal::OverQuota(_) => ("QuotaExceeded", 409),
            Refusal::Unavailable(_) => ("ServiceUnavailable", 503),
        }
    }
}

fn sentence(findings: &[Finding]) -> String {
    findings.iter().map(|finding| finding.message.as_str()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Programs rely on them: a changed line breaks somebody's.
    #[test]
    fn every_refusal_has_its_code_and_status() {
        let finding = |field: &str| Finding {
            field: field.to_owned(),
            message: format!("{field} is wrong."),
            value: String::new(),
        };
        let said = || "So it is.".to_owned();
        let table: Vec<String> = [
            Refusal::InvalidSpec(vec![finding("name"), finding("jar")]),
            Refusal::field("from", "x", "from is wrong."),
            Refusal::InvalidArguments(vec![finding("region"), finding("cpu")]),
            Refusal::SignedOut,
            Refusal::Forbidden(said()),
            Refusal::NotFound(said()),
            Refusal::NotAllowed(said()),
            Refusal::Exists(said()),
            Refusal::Changed(said()),
            Refusal::InUse(said()),
            Refusal::OverQuota(said()),
            Refusal::Unavailable(said()),
        ]
        .iter()
        .map(|refusal| {
            let (code, status) = (refusal.code(), refusal.status());
            let (target, details) = (refusal.target().unwrap_or("-"), refusal.findings().len());
            format!("{status} {code}, target {target}, {details}: {refusal}")
        })
        .collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        400 InvalidClusterSpec, target name, 2: name is wrong. jar is wrong.
        400 InvalidParameter, target from, 1: from is wrong.
        400 InvalidParameter, target region, 2: region is wrong. cpu is wrong.
        401 AuthenticationFailed, target -, 1: Sign in first.
        403 AuthorizationFailed, target -, 1: So it is.
        404 ResourceNotFound, target -, 1: So it is.
        409 OperationNotAllowed, target -, 1: So it is.
        409 ResourceAlreadyExists, target -, 1: So it is.
        409 ConcurrentUpdate, target -, 1: So it is.
        409 ResourceInUse, target -, 1: So it is.
        409 QuotaExceeded, target -, 1: So it is.
        503 ServiceUnavailable, target -, 1: So it is.
        ");
    }
}
