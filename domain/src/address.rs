//! Where something lies in storage: account, container, path. The one owner of the rules for paths; the stores of
//! files use it and check nothing again.

mod pasted;

pub use pasted::Known;

use serde::{Deserialize, Serialize};

use crate::name::{AccountName, ContainerName};

/// The longest address that is read, in bytes.
pub const LONGEST: usize = 1024;

const DFS: &str = ".dfs.core.windows.net";
const BLOB: &str = ".blob.core.windows.net";

/// A place in a storage account. Its `Display` is the canonical form
/// `abfs://container@account.dfs.core.windows.net/path`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address {
    account: AccountName,
    container: ContainerName,
    path: Path,
}

/// A path within a container: segments joined by `/`, without leading or trailing slash; empty for the root.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Path(String);

/// Why an address cannot be used, with the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Neither of the forms.
    #[error(
        "It is not an address. Write abfs://container@account.dfs.core.windows.net/dir/file, the wasb form of it, or \
         account/container/dir/file."
    )]
    Form,
    /// A scheme of another world.
    #[error(
        "{0}:// addresses are not known here. Write abfs://container@account.dfs.core.windows.net/dir/file."
    )]
    Scheme(String),
    /// The host does not belong to the scheme.
    #[error("The part after @ must be the account followed by {0}.")]
    Host(&'static str),
    /// The account or the container breaks its rule.
    #[error("{0}")]
    Name(String),
    /// `.` or `..`, also when written with percent signs.
    #[error("A path must not contain “.” or “..” as a folder. Write the folders themselves.")]
    Dots,
    /// Two slashes in a row, or a leading one.
    #[error("A path must not contain an empty folder name (two slashes in a row).")]
    Empty,
    /// A character that storage, Flink or an address cannot carry.
    #[error("A path must not contain {0}.")]
    Character(&'static str),
    /// A store that no job of this portal reaches.
    #[error(
        "{0} addresses are not storage of this portal, and no job here can read them. Copy the savepoint's folder to \
         your machine{fetch}, upload it under Storage, and choose it from there.",
        fetch = fetch(.0)
    )]
    Elsewhere(String),
    /// A folder of the portal's machine that belongs to no account: the folder, and where the accounts are.
    #[error(
        "{0} lies outside the storage accounts, and no job here can read it ({1}). Upload the savepoint under Storage, \
         and choose it from there."
    )]
    Outside(String, String),
    /// `C:\`.
    #[error(
        "It is a path of a Windows machine. Upload the savepoint's folder under Storage, and choose it from there."
    )]
    Drive,
    /// Too long.
    #[error("It is longer than {LONGEST} characters in all or 255 in one part.")]
    Long,
}

impl Address {
    /// A place from its parts.
    pub fn new(account: AccountName, container: ContainerName, path: Path) -> Self {
        Self { account, container, path }
    }

    /// Reads what a person writes: an `abfs[s]` or `wasb[s]` address, or `account/container/path`.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(AddressError::Long);
        }
        match text.split_once("://") {
            Some(("abfs" | "abfss", rest)) => Self::uri(rest, DFS),
            Some(("wasb" | "wasbs", rest)) => Self::uri(rest, BLOB),
            Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) => {
                Err(AddressError::Scheme(scheme.to_owned()))
            }
            Some(_) => Err(AddressError::Form),
            None => {
                let mut parts = text.splitn(3, '/');
                let (Some(account), Some(container), Some(path)) = (parts.next(), parts.next(), parts.next())
                else {
                    return Err(AddressError::Form);
                };
                Self::of(account, container, path)
            }
        }
    }

    fn uri(rest: &str, host: &'static str) -> Result<Self, AddressError> {
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (container, server) = authority.split_once('@').ok_or(AddressError::Form)?;
        let account = server.strip_suffix(host).ok_or(AddressError::Host(host))?;
        Self::of(account, container, path)
    }

    fn of(account: &str, container: &str, path: &str) -> Result<Self, AddressError> {
        Ok(Self {
            account: account.try_into().map_err(AddressError::Name)?,
            container: container.try_into().map_err(AddressError::Name)?,
            path: Path::parse(path)?,
        })
    }

    /// The account.
    pub fn account(&self) -> &AccountName {
        &self.account
    }

    /// The container.
    pub fn container(&self) -> &ContainerName {
        &self.container
    }

    /// The path within the container.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the other place is this one or lies below it.
    pub fn holds(&self, other: &Address) -> bool {
        let below = other.path.0.strip_prefix(&self.path.0);
        let below = below.is_some_and(|rest| self.path.is_root() || rest.is_empty() || rest.starts_with('/'));
        self.account == other.account && self.container == other.container && below
    }

    /// The last part of the path: `job.jar`; empty for a container.
    pub fn name(&self) -> &str {
        self.path.name()
    }
}

impl Path {
    /// Reads a path. One trailing slash is dropped.
    ///
    /// # Errors
    /// The rule that it breaks.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() {
            return Ok(Self::default());
        }
        if text.len() > LONGEST {
            return Err(AddressError::Long);
        }
        text.split('/').try_for_each(segment)?;
        Ok(Self(text.to_owned()))
    }

    /// As text: `dir/job.jar`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// It is the container itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Its parts, in order.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|segment| !segment.is_empty())
    }

    /// The last part.
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or_default()
    }

    /// The folder that it lies in; none for the container itself.
    pub fn parent(&self) -> Option<Self> {
        let (parent, _) = self.0.rsplit_once('/').unwrap_or_default();
        (!self.is_root()).then(|| Self(parent.to_owned()))
    }

    /// What lies below it.
    ///
    /// # Errors
    /// The rule that `name` breaks; it may have several parts.
    pub fn join(&self, name: &str) -> Result<Self, AddressError> {
        if self.is_root() { Self::parse(name) } else { Self::parse(&format!("{}/{name}", self.0)) }
    }
}

/// How a folder comes out of a store of that scheme.
fn fetch(scheme: &str) -> &'static str {
    match scheme {
        "hdfs" | "webhdfs" | "viewfs" => " (hdfs dfs -get)",
        "s3" | "s3a" | "s3n" | "s3p" => " (aws s3 cp --recursive)",
        "gs" => " (gcloud storage cp --recursive)",
        _ => "",
    }
}

fn segment(text: &str) -> Result<(), AddressError> {
    let plain = text.replace("%2e", ".").replace("%2E", ".");
    match plain.as_str() {
        "" => Err(AddressError::Empty),
        "." | ".." => Err(AddressError::Dots),
        _ if text.len() > 255 => Err(AddressError::Long),
        _ if text.contains('\\') => Err(AddressError::Character("a backslash")),
        _ if text.contains(['?', '#', ':']) => Err(AddressError::Character("one of ? # :")),
        _ if text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace) => {
            Err(AddressError::Character("a space at the beginning or the end of a part"))
        }
        _ if text.chars().any(char::is_control) => Err(AddressError::Character("a control character")),
        _ => Ok(()),
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "abfs://{}@{}{DFS}", self.container, self.account)?;
        if self.path.is_root() { Ok(()) } else { write!(f, "/{}", self.path) }
    }
}

impl std::fmt::Display for Path {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.to_string()
    }
}

impl TryFrom<String> for Path {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::parse(&text)
    }
}

impl From<Path> for String {
    fn from(path: Path) -> String {
        path.0
    }
}

#[cfg(test)]
mod tests;
