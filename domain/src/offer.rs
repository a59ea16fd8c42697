//! What a pool offers to a specification: versions, storage accounts, node sizes, and what is left of it. A form is held
//! against it ([`crate::form`]), by the browser and by the server; how a pool is shown, [`crate::view`] says.

use serde::{Deserialize, Serialize};

use crate::address::Known;
use crate::free_space::FreeSpace;
use crate::network::Range;
use crate::vault::OfferedVault;

/// What a pool offers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Offer {
    /// Cluster versions.
    pub versions: Vec<Version>,
    /// Storage accounts, with their containers.
    pub accounts: Vec<StorageAccount>,
    /// Node sizes.
    pub node_sizes: Vec<NodeSize>,
    /// Key vaults, with the names of their secrets.
    #[serde(default)]
    pub vaults: Vec<OfferedVault>,
    /// Cores that are left in the pool.
    pub cpu_left: f64,
    /// Memory that is left in the pool, MB.
    pub memory_left_mb: u64,
    /// What prices are in; empty where nothing is counted.
    pub currency: String,
    /// Where its clusters can listen, the oldest first.
    pub subnets: Vec<SubnetOffer>,
}

impl Offer {
    /// The free space of the storage account of that name.
    pub fn free_space(&self, account: &str) -> Option<FreeSpace> {
        self.accounts.iter().find(|one| one.name == account).map(|one| one.free_space)
    }
}

/// A subnet of the pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubnetOffer {
    /// The virtual network's name.
    pub network: String,
    /// Its own.
    pub name: String,
    /// Its addresses.
    pub range: Range,
    /// How many clusters have one of them.
    pub used: u32,
}

/// A cluster version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// `1.2.1`.
    pub version: String,
    /// `1.20.5`.
    pub flink: String,
    /// The Java that runs it: 17.
    pub java: u32,
}

/// A storage account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorageAccount {
    /// Its name.
    pub name: String,
    /// `local`.
    pub kind: String,
    /// Its folder on the portal's machine, as Flink's logs spell it; empty where it has none.
    #[serde(default)]
    pub folder: String,
    /// Its containers.
    pub containers: Vec<String>,
    /// What it holds and may hold.
    #[serde(default)]
    pub free_space: FreeSpace,
}

impl StorageAccount {
    /// As far as it takes to know its places again.
    pub fn known(&self) -> Known<'_> {
        Known { name: &self.name, folder: &self.folder, containers: &self.containers }
    }
}

/// A node size of a pool's catalogue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NodeSize {
    /// `Standard_D2`.
    pub name: String,
    /// Cores.
    pub cpu: f64,
    /// Memory, MB.
    pub memory_mb: u32,
    /// Price per hour, where set.
    pub price: Option<f64>,
}
