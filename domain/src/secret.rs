//! Secrets: which keys name one, where they stand in what a person writes, and how they are hidden.
//!
//! Everything that is shown, logged or kept goes through [`ClusterSpec::shown`], [`ClusterForm::shown`] or
//! [`Secrets::hide`]; there is no second list and no second rule.
//!
//! [`ClusterSpec::shown`]: crate::spec::ClusterSpec::shown
//! [`ClusterForm::shown`]: crate::form::ClusterForm::shown

mod asked;
mod carry;
mod key;
mod known;
mod line;
mod reference;
mod resolved;
mod sql;
mod text;
mod whole;

pub(crate) use carry::{carried_line, carried_text};
pub use key::is_secret;
pub use known::Secrets;
pub use reference::Reference;
pub use resolved::Place;
pub(crate) use sql::carried_script;
pub use text::hide;

/// What stands in place of a secret value.
pub const HIDDEN: &str = "******";

/// What is made of each secret part of a text, in place.
type Turn<'a, E> = dyn FnMut(&str) -> Result<String, E> + 'a;

/// An option's value: all of it under a secret key, else what is secret within it.
fn turn_option<E>(key: &str, value: &str, turn: &mut Turn<'_, E>) -> Result<String, E> {
    match Reference::parse(value) {
        // Where a secret is kept is none itself.
        Some(_) => Ok(value.to_owned()),
        None if is_secret(key) && !value.is_empty() => turn(value),
        None => text::turn(value, turn),
    }
}

/// Hides what cannot fail to be hidden.
fn hidden(_: &str) -> Result<String, std::convert::Infallible> {
    Ok(HIDDEN.to_owned())
}

fn sure<T>(result: Result<T, std::convert::Infallible>) -> T {
    match result {
        Ok(value) => value,
        Err(never) => match never {},
    }
}

/// An option's value as people see it.
pub fn shown_option(key: &str, value: &str) -> String {
    sure(turn_option(key, value, &mut hidden))
}
