//! What a storage account is: of which kind, where it answers, and by what the portal and Flink sign in to it. The form
//! is read here, in the browser and on the server.

mod form;

pub use form::AccountForm;

use serde::{Deserialize, Serialize};

use crate::name::AccountName;

/// What speaks for an account's files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountKind {
    /// A folder of the portal's machine.
    #[default]
    Local,
    /// Azure Data Lake Storage Gen2.
    Abfs,
    /// Azure Blob Storage.
    Wasb,
    /// Amazon S3, and what speaks it.
    S3,
    /// Google Cloud Storage.
    Gs,
}

/// By what an account is signed in to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Access {
    /// Nothing: a folder asks nobody.
    #[default]
    None,
    /// The account's key.
    Key,
    /// A shared access signature of one container or the account.
    Sas,
    /// An access key's id with its secret.
    AccessKey,
    /// The JSON file of a service account.
    ServiceAccount,
    /// Whatever identity the machine has.
    Identity,
}

/// A storage account as it is known, without what is secret in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSpec {
    /// Its name; with Azure, the account's own.
    pub name: AccountName,
    /// What speaks for its files.
    pub kind: AccountKind,
    /// Where it answers, where that does not follow from its name: `http://127.0.0.1:9000`.
    pub endpoint: Option<String>,
    /// The region that requests are signed for; S3 alone.
    pub region: String,
    /// Whether a container stands in the path of an address and not in its host; S3 alone.
    pub path_style: bool,
    /// By what it is signed in to.
    pub access: Access,
    /// The access key's id; S3 alone.
    pub key_id: String,
}

impl AccountKind {
    /// Those that are made by a form; a local one is.
    pub const ALL: [AccountKind; 5] =
        [AccountKind::Local, AccountKind::Abfs, AccountKind::Wasb, AccountKind::S3, AccountKind::Gs];

    /// The word in forms and rows, Flink's scheme where it has one.
    pub fn name(self) -> &'static str {
        match self {
            AccountKind::Local => "local",
            AccountKind::Abfs => "abfs",
            AccountKind::Wasb => "wasb",
            AccountKind::S3 => "s3",
            AccountKind::Gs => "gs",
        }
    }

    /// The kind of that word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            AccountKind::Local => "Local folder",
            AccountKind::Abfs => "Azure Data Lake (abfs)",
            AccountKind::Wasb => "Azure Blob (wasb)",
            AccountKind::S3 => "S3",
            AccountKind::Gs => "Google Cloud Storage (gs)",
        }
    }

    /// By what it can be signed in to, the usual one first.
    pub fn accesses(self) -> &'static [Access] {
        match self {
            AccountKind::Local => &[Access::None],
            AccountKind::Abfs => &[Access::Key, Access::Identity],
            AccountKind::Wasb => &[Access::Key, Access::Sas],
            AccountKind::S3 => &[Access::AccessKey, Access::Identity],
            AccountKind::Gs => &[Access::ServiceAccount, Access::Identity],
        }
    }

    /// Whether its files are behind a network.
    pub fn is_remote(self) -> bool {
        self != AccountKind::Local
    }

    /// The plugin of Flink that speaks it; none where Flink does by itself.
    pub fn plugin(self) -> Option<&'static str> {
        match self {
            AccountKind::Local => None,
            AccountKind::Abfs | AccountKind::Wasb => Some("flink-azure-fs-hadoop"),
            AccountKind::S3 => Some("flink-s3-fs-hadoop"),
            AccountKind::Gs => Some("flink-gs-fs-hadoop"),
        }
    }
}

impl Access {
    /// All there are.
    pub const ALL: [Access; 6] =
        [Access::None, Access::Key, Access::Sas, Access::AccessKey, Access::ServiceAccount, Access::Identity];

    /// The word in forms and rows.
    pub fn name(self) -> &'static str {
        match self {
            Access::None => "none",
            Access::Key => "key",
            Access::Sas => "sas",
            Access::AccessKey => "access-key",
            Access::ServiceAccount => "service-account",
            Access::Identity => "identity",
        }
    }

    /// The one of that word.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.name() == name)
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Access::None => "Nothing",
            Access::Key => "Account key",
            Access::Sas => "Shared access signature (SAS)",
            Access::AccessKey => "Access key and secret",
            Access::ServiceAccount => "Service account (JSON)",
            Access::Identity => "The machine's own identity",
        }
    }

    /// Whether a secret goes with it.
    pub fn has_secret(self) -> bool {
        !matches!(self, Access::None | Access::Identity)
    }
}

impl AccountSpec {
    /// A folder of the portal's machine.
    pub fn local(name: AccountName) -> Self {
        Self {
            name,
            kind: AccountKind::Local,
            endpoint: None,
            region: String::new(),
            path_style: false,
            access: Access::None,
            key_id: String::new(),
        }
    }

    /// Whether what goes there goes in clear.
    pub fn in_clear(&self) -> bool {
        self.endpoint.as_deref().is_some_and(|endpoint| endpoint.starts_with("http://"))
    }

    /// The account's name in the path of its endpoint, as Azure's emulator has it: `devstoreaccount1`.
    pub fn emulated(&self) -> Option<&str> {
        let endpoint = self.endpoint.as_deref()?;
        let (_, rest) = endpoint.split_once("://")?;
        let (_, path) = rest.split_once('/')?;
        Some(path.trim_matches('/')).filter(|path| !path.is_empty())
    }

    /// The host of an endpoint without its scheme, with its port.
    pub fn endpoint_host(&self) -> Option<&str> {
        let (_, rest) = self.endpoint.as_deref()?.split_once("://")?;
        rest.split('/').next()
    }
}
