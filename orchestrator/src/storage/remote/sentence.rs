//! What servers say, in words: what is wrong, and what to do about it. No answer is repeated as it came: some of them
//! repeat what was signed.

use std::error::Error as _;

use object_store::Error;
use object_store::client::HttpError;

use crate::storage::{Fault, StorageError};

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Nothing answers there.
    Away,
    /// It takes the connection and says nothing.
    Silent,
    /// The key is wrong.
    Unknown,
    /// The key is right and may not do this.
    Forbidden,
    /// The machine's clock is wrong.
    Clock,
    /// There is no such container.
    NoContainer,
    /// There is no such object.
    NotFound,
    /// There is one already.
    Taken,
    /// Something else.
    Other,
}

/// Which of the words that servers use for it stands in an answer.
const WORDS: [(&str, Meaning); 18] = [
    ("RequestTimeTooSkewed", Meaning::Clock),
    ("RequestExpired", Meaning::Clock),
    ("Request date header too old", Meaning::Clock),
    ("not within the allowed time", Meaning::Clock),
    ("NoSuchBucket", Meaning::NoContainer),
    ("ContainerNotFound", Meaning::NoContainer),
    ("ContainerBeingDeleted", Meaning::NoContainer),
    ("The specified bucket does not exist", Meaning::NoContainer),
    ("InvalidAccessKeyId", Meaning::Unknown),
    ("XAdminUserNotFound", Meaning::Unknown),
    ("SignatureDoesNotMatch", Meaning::Unknown),
    ("AuthenticationFailed", Meaning::Unknown),
    ("AuthorizationFailure", Meaning::Unknown),
    ("InvalidAuthenticationInfo", Meaning::Unknown),
    ("invalid_grant", Meaning::Unknown),
    ("AccessDenied", Meaning::Forbidden),
    ("AuthorizationPermissionMismatch", Meaning::Forbidden),
    ("InsufficientAccountPermissions", Meaning::Forbidden),
];

/// What an error means.
pub(super) fn meaning(error: &Error) -> Meaning {
    let text = whole(error);
    if let Some(meaning) = in_words(&text) {
        return meaning;
    }
    match error {
        Error::NotFound { .. } => Meaning::NotFound,
        Error::AlreadyExists { .. } | Error::Precondition { .. } => Meaning::Taken,
        Error::Unauthenticated { .. } => Meaning::Unknown,
        Error::PermissionDenied { .. } => Meaning::Forbidden,
        error => connection(error).unwrap_or(Meaning::Other),
    }
}

/// What an answer means by the words in it.
pub(super) fn in_words(text: &str) -> Option<Meaning> {
    WORDS.iter().find(|(word, _)| text.contains(word)).map(|(_, meaning)| *meaning)
}

/// What became of the connection, where that is it.
fn connection(error: &Error) -> Option<Meaning> {
    use object_store::client::HttpErrorKind::{Connect, Interrupted, Request, Timeout};
    let mut below = error.source();
    while let Some(one) = below {
        if let Some(http) = one.downcast_ref::<HttpError>() {
            return match http.kind() {
                Timeout if text_of(one).contains("connect") => Some(Meaning::Away),
                Timeout => Some(Meaning::Silent),
                Connect | Interrupted | Request => Some(Meaning::Away),
                _ => None,
            };
        }
        below = one.source();
    }
    None
}

/// An error with all that it came from.
fn whole(error: &Error) -> String {
    format!("{error} {}", error.source().map(text_of).unwrap_or_default())
}

fn text_of(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut below = error.source();
    while let Some(one) = below {
        text += " ";
        text += &one.to_string();
        below = one.source();
    }
    text
}

/// The error of an account, or of a place in one, as people are told it.
pub(super) fn of(what: &dyn std::fmt::Display, error: &Error) -> StorageError {
    tracing::debug!(error = %whole(error), "a storage account did not do it");
    match meaning(error) {
        Meaning::NotFound => StorageError::NotFound(what.to_string()),
        Meaning::Taken => StorageError::Taken(what.to_string()),
        Meaning::Silent => silent(&what.to_string()),
        meaning => failed(meaning, &what.to_string()),
    }
}

/// Nothing was answered in time.
pub(super) fn silent(what: &str) -> StorageError {
    failed(Meaning::Silent, what)
}

/// A server's refusal.
pub(super) fn failed(meaning: Meaning, what: &str) -> StorageError {
    let fault = match meaning {
        Meaning::Away | Meaning::Silent | Meaning::Clock => Fault::Address,
        Meaning::Unknown | Meaning::Forbidden => Fault::Key,
        Meaning::NoContainer => Fault::Container,
        Meaning::NotFound | Meaning::Taken | Meaning::Other => Fault::Other,
    };
    StorageError::Server(fault, said(meaning, what))
}

fn said(meaning: Meaning, what: &str) -> String {
    match meaning {
        Meaning::Away => format!(
            "The storage server of {what} cannot be reached: nothing answers there. Look at the account's endpoint and \
             at the network."
        ),
        Meaning::Silent => format!(
            "The storage server of {what} takes connections and does not answer. Look at the account's endpoint, or \
             wait until the server is well again."
        ),
        Meaning::Unknown => format!(
            "The storage server of {what} does not accept the account's key. Write the right one under Storage."
        ),
        Meaning::Forbidden => format!(
            "The storage server lets the account's key not do this with {what}. Give it the right to list, read, write \
             and delete there, or use another key."
        ),
        Meaning::Clock => format!(
            "The storage server of {what} refuses requests of this time: the clock of the portal's machine, or the \
             server's, is wrong. Set it right."
        ),
        Meaning::NoContainer => {
            format!("The container of {what} is not there. Make it under Storage, or choose another one.")
        }
        Meaning::NotFound => format!("There is nothing at {what}."),
        Meaning::Taken => format!("There is already something at {what}."),
        Meaning::Other => format!(
            "The storage server of {what} did not do it, and gave a reason that the portal does not know; its log has \
             it. Try again."
        ),
    }
}
