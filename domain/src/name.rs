//! Names that obey their rule by construction. A field of such a type needs no second check.

use serde::{Deserialize, Serialize};

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $rule:expr, $holds:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The rule in a sentence.
            pub const RULE: &'static str = $rule;

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<Self, String> {
                let holds: fn(&str) -> bool = $holds;
                if holds(&text) { Ok(Self(text)) } else { Err(Self::RULE.to_owned()) }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = String;

            fn try_from(text: &str) -> Result<Self, String> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// A cluster's name: `[a-z]([-a-z0-9]{0,43}[a-z0-9])?`.
    ClusterName,
    "A name has up to 45 lower-case letters, digits and hyphens, begins with a letter and does not end with a hyphen.",
    |text| text.starts_with(|c: char| c.is_ascii_lowercase()) && label(text, ClusterName::LONGEST)
}

impl ClusterName {
    /// So many characters it has at most.
    pub const LONGEST: usize = 45;
}

name! {
    /// A storage account's name: `[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?`.
    AccountName,
    "An account's name has up to 63 lower-case letters, digits and hyphens, with no hyphen at either end.",
    |text| label(text, 63)
}

name! {
    /// A container's name: `[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?`.
    ContainerName,
    "A container's name has up to 63 lower-case letters, digits and hyphens, with no hyphen at either end.",
    |text| label(text, 63)
}

name! {
    /// A key vault's name: `[a-z]([-a-z0-9]{0,22}[a-z0-9])?`.
    VaultName,
    "A key vault's name has up to 24 lower-case letters, digits and hyphens, begins with a letter and does not end with a \
     hyphen.",
    |text| text.starts_with(|c: char| c.is_ascii_lowercase()) && label(text, 24)
}

name! {
    /// The name of a secret in a key vault: `[A-Za-z0-9]([-A-Za-z0-9]{0,125}[A-Za-z0-9])?`.
    SecretName,
    "A secret's name has up to 127 letters, digits and hyphens, with no hyphen at either end.",
    |text| label(&text.to_ascii_lowercase(), 127)
}

name! {
    /// A SQL database's name in the portal: `[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?`.
    DatabaseName,
    "A SQL database's name here has up to 63 lower-case letters, digits and hyphens, with no hyphen at either end.",
    |text| label(text, 63)
}

name! {
    /// A subscription's name.
    SubscriptionName,
    "A subscription's name has 1 to 64 letters, digits, blanks and - _ . ( ), and begins and ends with a letter or digit.",
    |text| words(text, 64, " -_.()")
}

name! {
    /// A resource group's name.
    GroupName,
    "A resource group's name has 1 to 90 letters, digits and - _ . ( ), and begins and ends with a letter or digit.",
    |text| words(text, 90, "-_.()")
}

name! {
    /// A cluster pool's name: `[A-Za-z]([-A-Za-z0-9]{0,24}[A-Za-z0-9])?`.
    PoolName,
    "A pool's name has up to 26 letters, digits and hyphens, begins with a letter and does not end with a hyphen.",
    |text| text.starts_with(|c: char| c.is_ascii_alphabetic()) && words(text, 26, "-")
}

name! {
    /// The name of a virtual network or a subnet.
    NetworkName,
    "A network's name has 1 to 64 letters, digits and - _ ., and begins and ends with a letter or digit.",
    |text| words(text, 64, "-_.")
}

name! {
    /// A node size's name: `Standard_D2`.
    SizeName,
    "A size's name has 1 to 64 letters, digits and - _, and begins and ends with a letter or digit.",
    |text| words(text, 64, "-_")
}

/// Letters and digits, with these between them.
fn words(text: &str, longest: usize, between: &str) -> bool {
    let body = text.chars().all(|c| c.is_ascii_alphanumeric() || between.contains(c));
    let end = |c: char| c.is_ascii_alphanumeric();
    body && text.len() <= longest && text.starts_with(end) && text.ends_with(end)
}

fn label(text: &str, longest: usize) -> bool {
    let body = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    body && (1..=longest).contains(&text.len()) && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_name_obeys_its_rule() {
        let longest = format!("a{}b", "-".repeat(43));
        for good in ["a", "a1", "payments-fraud", &longest] {
            assert!(ClusterName::try_from(good).is_ok(), "{good}");
        }
        let too_long = format!("{longest}c");
        for bad in ["", "1a", "-a", "a-", "A", "a_b", "a b", "a\n", "ä", &too_long] {
            assert!(ClusterName::try_from(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_of_what_holds_clusters_obey_theirs() {
        fn takes<T: for<'a> TryFrom<&'a str>>(good: &[&str], bad: &[&str]) {
            assert!(good.iter().all(|name| T::try_from(name).is_ok()), "{good:?}");
            assert!(bad.iter().all(|name| T::try_from(name).is_err()), "{bad:?}");
        }
        let (long, longer) = ("a".repeat(26), "a".repeat(27));
        takes::<PoolName>(
            &["lab", "Prod-West2", &long],
            &["", "2nd", "a-", "a b", "a/b", "a_b", "ä", &longer],
        );
        takes::<SubscriptionName>(
            &["Penstock", "Team A (test)x"],
            &["", " a", "a ", "a/b", "a%b", "a\n", "(a)"],
        );
        takes::<GroupName>(&["rg-data", "a.b_c"], &["", "a.", "a b", "new/lab", "..", "a\u{0}"]);
        takes::<NetworkName>(&["default", "flink-secure"], &["", "-a", "a b", "a/b"]);
        takes::<SizeName>(&["Standard_D2"], &["", "D 2", "D2/"]);
    }

    #[test]
    fn a_wrong_name_does_not_come_in_as_json() {
        assert!(serde_json::from_str::<ContainerName>("\"../x\"").is_err());
        assert!(serde_json::from_str::<AccountName>("\"lake\"").is_ok());
    }
}
