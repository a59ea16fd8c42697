//! Key vaults: named secrets with versions. What is shown of one; a value has no field here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::ClusterId;
use crate::refusal::Refusal;

/// The most that a secret holds, bytes.
pub const LARGEST_SECRET: usize = 25 * 1024;

/// A value that can be kept.
///
/// # Errors
/// `InvalidArgument` at `value`; what was given is not repeated.
pub fn value(text: &str) -> Result<(), Refusal> {
    let why = if text.is_empty() {
        "A secret has a value. Write one."
    } else if text.len() > LARGEST_SECRET {
        "A secret holds up to 25 KB. Keep a larger one elsewhere."
    } else if text.contains('\0') {
        "A secret cannot contain the character 0. Remove it."
    } else {
        return Ok(());
    };
    Err(Refusal::field("value", "", why))
}

/// The end that was typed: empty for never, else a day (`2027-01-31`, its last moment in UTC) or an exact time.
///
/// # Errors
/// `InvalidArgument` at `expires`.
pub fn expiry(text: &str) -> Result<Option<Timestamp>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let day = || format!("{text}T23:59:59Z").parse::<Timestamp>();
    text.parse::<Timestamp>().or_else(|_| day()).map(Some).map_err(|_| {
        Refusal::field(
            "expires",
            text,
            format!("“{text}” is no day. Write it like 2027-01-31, or leave it empty for a secret that does not expire."),
        )
    })
}

/// A version of a secret, without its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretVersion {
    /// Its number, 1 for the first.
    pub number: u32,
    /// Whether it may be used.
    pub enabled: bool,
    /// Until when; none for ever.
    pub expires: Option<Timestamp>,
    /// When it was written.
    pub made: Timestamp,
    /// Who wrote it.
    pub made_by: String,
}

/// A secret, without its values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretView {
    /// Its name.
    pub name: String,
    /// Its versions, the newest first.
    pub versions: Vec<SecretVersion>,
    /// The clusters that name it in one of their revisions.
    pub used_by: Vec<(ClusterId, String)>,
}

/// Why a secret cannot be had at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// There is no such vault.
    NoVault,
    /// The vault has no such secret.
    NoSecret,
    /// The secret has no such version.
    NoVersion,
    /// It is disabled; of a secret that is named without a version, every one is.
    Disabled,
    /// It has expired.
    Expired,
}

impl SecretView {
    /// The version that a reference means.
    ///
    /// # Errors
    /// Why it cannot be had at this moment.
    pub fn meant(&self, version: Option<u32>, now: Timestamp) -> Result<&SecretVersion, Withheld> {
        let meant = match version {
            Some(number) => {
                let found =
                    self.versions.iter().find(|one| one.number == number).ok_or(Withheld::NoVersion)?;
                if found.enabled { found } else { return Err(Withheld::Disabled) }
            }
            None => self.versions.iter().find(|one| one.enabled).ok_or(Withheld::Disabled)?,
        };
        if meant.expires.is_some_and(|end| end <= now) { Err(Withheld::Expired) } else { Ok(meant) }
    }
}

impl Withheld {
    /// What is said of a reference that is withheld: why, and the way out.
    pub fn sentence(self, reference: &crate::secret::Reference) -> String {
        let crate::secret::Reference { vault, secret, version } = reference;
        let which = match version {
            Some(version) => format!("Version {version} of the secret {vault}/{secret}"),
            None => format!("The secret {vault}/{secret}"),
        };
        match self {
            Withheld::NoVault => {
                format!("There is no key vault “{vault}”. Make it under Key vaults, or name another one.")
            }
            Withheld::NoSecret => format!(
                "The key vault {vault} has no secret “{secret}”. Write it there, or name another one."
            ),
            Withheld::NoVersion => {
                format!("{which} does not exist. Name another version, or none for the newest.")
            }
            Withheld::Disabled => {
                format!("{which} is disabled. Enable it in the key vault, or write a new version there.")
            }
            Withheld::Expired => format!("{which} has expired. Write a new version in the key vault."),
        }
    }
}

/// One reading of a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretReading {
    /// When.
    pub at: Timestamp,
    /// Who asked; the portal for a launch.
    pub by: String,
    /// `db-password, version 2`.
    pub what: String,
    /// For what: `run 3 of orders`, `a check of orders`.
    pub purpose: String,
}

/// A key vault in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultLine {
    /// Its name.
    pub name: String,
    /// How many secrets it has.
    pub secrets: u32,
    /// How many clusters name one of them.
    pub clusters: u32,
    /// When it was made.
    pub made: Timestamp,
    /// Who made it.
    pub made_by: String,
}

/// A key vault's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VaultView {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub made: Timestamp,
    /// Who made it.
    pub made_by: String,
    /// Its secrets, by name.
    pub secrets: Vec<SecretView>,
    /// Who read them last, the newest first.
    pub readings: Vec<SecretReading>,
    /// Whether the caller may change it.
    pub administers: bool,
}

/// A key vault as a pool's form offers it: names alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfferedVault {
    /// Its name.
    pub name: String,
    /// Its secrets by name, each with why its newest version cannot be had.
    pub secrets: Vec<(String, Option<Withheld>)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Reference;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).expect("a time")
    }

    fn secret(versions: &[(u32, bool, Option<i64>)]) -> SecretView {
        let version = |&(number, enabled, expires): &(u32, bool, Option<i64>)| SecretVersion {
            number,
            enabled,
            expires: expires.map(at),
            made: at(0),
            made_by: String::new(),
        };
        let versions = versions.iter().map(version).collect();
        SecretView { name: "db".to_owned(), versions, used_by: Vec::new() }
    }

    #[test]
    fn a_reference_means_the_newest_enabled_version_or_the_one_it_names() {
        let one = secret(&[(3, false, None), (2, true, Some(10)), (1, true, None)]);
        let meant = |version, now| one.meant(version, at(now)).map(|found| found.number);
        assert_eq!(meant(None, 9), Ok(2));
        // Never silently an older one.
        assert_eq!(meant(None, 10), Err(Withheld::Expired));
        assert_eq!(meant(Some(1), 10), Ok(1));
        assert_eq!(meant(Some(3), 1), Err(Withheld::Disabled));
        assert_eq!(meant(Some(4), 1), Err(Withheld::NoVersion));
        assert_eq!(secret(&[(1, false, None)]).meant(None, at(1)), Err(Withheld::Disabled));
    }

    #[test]
    fn what_is_withheld_is_said_with_the_way_out() {
        let reference = |text: &str| Reference::parse(text).expect("a reference");
        let said = Withheld::Expired.sentence(&reference("${kv/db}"));
        assert_eq!(said, "The secret kv/db has expired. Write a new version in the key vault.");
        let said = Withheld::Disabled.sentence(&reference("${kv/db/2}"));
        assert!(said.starts_with("Version 2 of the secret kv/db is disabled."), "{said}");
    }

    #[test]
    fn what_is_typed_is_held_to_its_rule_and_never_repeated() {
        assert!(value("x").is_ok());
        for wrong in [String::new(), "x".repeat(LARGEST_SECRET + 1), "a\0b".to_owned()] {
            let refused = value(&wrong).expect_err("no value");
            assert!(refused.findings()[0].value.is_empty(), "{refused}");
        }
        assert_eq!(expiry("  ").expect("never"), None);
        assert_eq!(expiry("2027-01-31").expect("a day").expect("an end").to_string(), "2027-01-31T23:59:59Z");
        assert!(expiry("2027-01-31T10:00:00Z").expect("a time").is_some());
        assert_eq!(expiry("soon").expect_err("no day").target(), Some("expires"));
    }
}
