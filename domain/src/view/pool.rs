//! Cluster pools.

use serde::{Deserialize, Serialize};

use super::GroupCounts;
use crate::id::PoolId;
use crate::network::Range;
use crate::offer::{NodeSize, Version};
use crate::policy::Role;
use crate::pool::{PoolForm, PoolPath};

/// As much of a cluster pool as stands around every page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolName {
    /// Its id.
    pub id: PoolId,
    /// Its name, with those of what it lies in.
    pub path: PoolPath,
    /// Where: "this machine".
    pub region: String,
    /// How many clusters it has.
    pub clusters: u32,
}

/// A cluster pool.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolView {
    /// Its id.
    pub id: PoolId,
    /// Its name, with those of what it lies in.
    pub path: PoolPath,
    /// Where: "this machine".
    pub region: String,
    /// `1.2`.
    pub version: String,
    /// `local`.
    pub provider: String,
    /// Its jobs.
    pub counts: GroupCounts,
    /// Cores in use.
    pub cpu_used: f64,
    /// Cores in all.
    pub cpu_total: f64,
    /// Memory in use, MB.
    pub memory_used_mb: u64,
    /// Memory in all, MB.
    pub memory_total_mb: u64,
    /// Records per second of all its jobs over the last 30 minutes, oldest first.
    pub throughput: Vec<f32>,
    /// Folders of the machine that its jobs may read, beside their own.
    pub readable: Vec<String>,
    /// The caller's role for the pool.
    pub role: Role,
}

/// A cluster pool with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolDetails {
    /// The pool.
    pub pool: PoolView,
    /// How many clusters it may have; none for any number.
    pub most_clusters: Option<u32>,
    /// All that its provider has, which its pools share: cores and MB.
    pub shared: (f64, u64),
    /// What the clusters of all of them hold: cores and MB.
    pub shared_used: (f64, u64),
    /// What prices are in; empty where nothing is counted.
    pub currency: String,
    /// Cluster versions that it offers, each with how many clusters have it.
    pub versions: Vec<(Version, u32)>,
    /// Node sizes, each with how many clusters have it.
    pub sizes: Vec<(NodeSize, u32)>,
    /// Virtual networks, the oldest first.
    pub networks: Vec<NetworkView>,
    /// Storage accounts that its clusters may use.
    pub accounts: Vec<String>,
}

/// What the form of a pool is filled in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PoolEdit {
    /// Where a new one can be made: subscriptions and resource groups. Of one that is there: its own.
    pub groups: Vec<(String, String)>,
    /// The form.
    pub form: PoolForm,
    /// Cluster versions that can be offered.
    pub versions: Vec<String>,
    /// Storage accounts that there are.
    pub accounts: Vec<String>,
}

/// A virtual network of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkView {
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub range: Range,
    /// Its subnets, the oldest first.
    pub subnets: Vec<SubnetView>,
}

/// A subnet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubnetView {
    /// Its name.
    pub name: String,
    /// Its addresses.
    pub range: Range,
    /// How many clusters have one of them.
    pub used: u32,
    /// How many can.
    pub total: u32,
}

/// A subscription as far as the caller sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The caller's role for it; none for who has one in it alone.
    pub role: Option<Role>,
    /// Its resource groups.
    pub groups: Vec<GroupView>,
}

/// A resource group as far as the caller sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupView {
    /// Its name.
    pub name: String,
    /// The caller's role for it; none for who has one in it alone.
    pub role: Option<Role>,
    /// The names of its pools.
    pub pools: Vec<String>,
}
