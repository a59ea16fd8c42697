//! What connects a cluster with the world around it: identities, secrets, catalog, logs, network, access. All of it
//! is optional. The words are those of the ARM API, which carries them there and back.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Resources;
use crate::address::Address;

/// What connects a cluster with the world around it. Empty for a cluster that needs nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Integration {
    /// Managed identities that its processes use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<Identity>,
    /// Named secrets of a key vault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secrets: Option<Secrets>,
    /// The Hive catalog for Flink SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hive: Option<HiveCatalog>,
    /// The history server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_server: Option<Resources>,
    /// Job log aggregation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_aggregation: Option<LogAggregation>,
    /// Log analytics.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_analytics: Option<LogAnalytics>,
    /// Metrics can be found by Prometheus' service discovery.
    #[serde(skip_serializing_if = "is_false")]
    pub prometheus: bool,
    /// Where it listens: network and subnet of the pool.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<Network>,
    /// Who may use it: directory object ids.
    #[serde(skip_serializing_if = "AccessProfile::is_empty")]
    pub access: AccessProfile,
    /// Files that services of the cluster read, apart from Flink's own configuration (that is `job.options`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<ConfigFile>,
    /// Nodes to sign in to by SSH, 0 to 5.
    #[serde(skip_serializing_if = "is_none")]
    pub ssh_nodes: SshNodes,
}

impl Integration {
    /// Nothing is connected.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A managed identity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// What for.
    pub kind: IdentityKind,
    /// Its resource id.
    pub resource: String,
    /// Its client id.
    pub client: uuid::Uuid,
    /// Its object id.
    pub object: uuid::Uuid,
}

/// What an identity is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IdentityKind {
    /// For the cluster.
    Cluster,
    /// For users' code.
    User,
    /// For the service itself.
    Internal,
}

/// Secrets of one key vault. Names only; values never stand in a specification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secrets {
    /// The key vault's resource id.
    pub vault: String,
    /// By the name under which the cluster refers to them.
    pub references: BTreeMap<String, Secret>,
}

/// A secret of a key vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Secret {
    /// What it is.
    pub kind: SecretKind,
    /// Its name in the vault.
    pub name: String,
    /// Its version; none for the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretKind {
    /// A key.
    Key,
    /// A secret.
    Secret,
    /// A certificate.
    Certificate,
}

/// A Hive metastore on a SQL database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiveCatalog {
    /// The database, as JDBC address.
    pub database: String,
    /// How to sign in to it.
    pub sign_in: MetastoreSignIn,
    /// Where tables lie; none for the cluster's own container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warehouse: Option<Address>,
}

/// How the metastore signs in to its database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MetastoreSignIn {
    /// By user name and password.
    Sql {
        /// The user.
        user: String,
        /// The password's name among the [`Secrets`].
        password: String,
    },
    /// By the cluster's identity.
    Identity,
}

/// Logs of the job, copied to storage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogAggregation {
    /// Where to; none for the cluster's own container.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<Address>,
    /// Every so many seconds.
    pub every_s: std::num::NonZeroU32,
}

/// What goes to the pool's log analytics workspace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogAnalytics {
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// Metrics.
    pub metrics: bool,
}

/// A network and a subnet of the pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Network {
    /// The virtual network's name.
    pub network: String,
    /// The subnet's name.
    pub subnet: String,
}

/// Who may use the cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AccessProfile {
    /// Persons' object ids.
    pub users: Vec<String>,
    /// Groups' object ids.
    pub groups: Vec<String>,
}

impl AccessProfile {
    fn is_empty(&self) -> bool {
        self.users.is_empty() && self.groups.is_empty()
    }
}

/// A file that a service of the cluster reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfigFile {
    /// `flink-operator`.
    pub service: String,
    /// `hadoop-configs`.
    pub component: String,
    /// `core-site.xml`.
    pub file: String,
    /// Key and value.
    pub values: BTreeMap<String, String>,
}

/// How many nodes there are to sign in to by SSH: 0 to 5.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct SshNodes(u8);

impl TryFrom<u8> for SshNodes {
    type Error = String;

    fn try_from(count: u8) -> Result<Self, String> {
        if count <= 5 {
            Ok(Self(count))
        } else {
            Err(format!("{count} SSH nodes are too many; 0 to 5 are allowed."))
        }
    }
}

impl From<SshNodes> for u8 {
    fn from(nodes: SshNodes) -> u8 {
        nodes.0
    }
}

fn is_none(nodes: &SshNodes) -> bool {
    nodes.0 == 0
}

fn is_false(flag: &bool) -> bool {
    !flag
}
