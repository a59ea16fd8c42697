//! Cluster pools.

use serde::{Deserialize, Serialize};

use super::GroupCounts;
use crate::id::PoolId;
use crate::policy::Role;
use crate::pool::PoolPath;

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
    /// The loopback range of its clusters: `127.4.0.0/24`.
    pub subnet: String,
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
