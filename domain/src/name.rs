//! Names that obey their rule by construction.

use serde::{Deserialize, Serialize};

/// A cluster's name: `[a-z]([-a-z0-9]{0,43}[a-z0-9])?`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClusterName(String);

impl ClusterName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClusterName {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut inner = text.chars();
        let head = inner.next().is_some_and(|c| c.is_ascii_lowercase());
        let body = inner.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        if head && body && text.len() <= 45 && !text.ends_with('-') {
            Ok(Self(text))
        } else {
            Err("A name has up to 45 lower-case letters, digits and hyphens, begins with a letter and does not end \
                 with a hyphen."
                .to_owned())
        }
    }
}

impl From<ClusterName> for String {
    fn from(name: ClusterName) -> String {
        name.0
    }
}

impl std::fmt::Display for ClusterName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
