//! Which bytes: what a revision names beside the address of its jar. An address leads to whatever lies there today; an
//! artifact is the same for ever.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::address::Address;

/// A file by its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Artifact {
    /// Which bytes.
    pub sha256: Sha256,
    /// How many.
    pub size: u64,
    /// When the file was last written from which they were read; none if its disk does not tell.
    pub modified: Option<Timestamp>,
}

/// A jar beside the job's own, by where it was read and by its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptJar {
    /// Where it was read.
    pub address: Address,
    /// Which bytes.
    pub artifact: Artifact,
}

/// The bytes of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevisionJars {
    /// The job's jar.
    pub jar: Artifact,
    /// More jars in its class path, in their order.
    pub more: Vec<KeptJar>,
}

/// The SHA-256 of some bytes: 64 hex digits in lower case, so that it can name a file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256(String);

/// Hex digits that tell two jars apart at a glance.
const SHORT: usize = 12;

impl Sha256 {
    /// All of it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Its beginning, for people: `3f2a90c1d4be`.
    pub fn short(&self) -> &str {
        &self.0[..SHORT]
    }
}

impl FromStr for Sha256 {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        if text.len() == 64 && digits {
            Ok(Self(text.to_owned()))
        } else {
            Err("It is no SHA-256: 64 hex digits in lower case.")
        }
    }
}

impl TryFrom<String> for Sha256 {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Sha256> for String {
    fn from(digest: Sha256) -> String {
        digest.0
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// It is joined to a folder's path.
    #[test]
    fn nothing_but_a_digest_is_one() {
        let digest = "0123456789abcdef".repeat(4);
        assert_eq!(digest.parse::<Sha256>().expect("a digest").short(), "0123456789ab");
        for text in ["", "../../etc/passwd", &digest[1..], &digest.to_uppercase(), &format!("{digest}0")] {
            assert!(text.parse::<Sha256>().is_err(), "{text}");
        }
        assert!(serde_json::from_str::<Sha256>("\"../x\"").is_err());
    }
}
