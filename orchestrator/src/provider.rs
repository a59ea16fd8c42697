//! What runs clusters. Two methods: [`Provider::see`] looks and never touches, [`Provider::act`] touches.

pub mod local;

use async_trait::async_trait;
use domain::id::ClusterId;
use domain::lifecycle::{Act, Phase, Seen};
use domain::spec::ClusterSpec;

/// What a provider must know of the cluster that it looks at or acts on.
#[derive(Clone, Debug)]
pub struct Target {
    /// The cluster.
    pub cluster: ClusterId,
    /// Its place in its pool's subnet: the cluster's own address is derived from it.
    pub address: std::net::Ipv4Addr,
    /// Where it stands.
    pub phase: Phase,
    /// The specification of the revision that the phase's launch runs (the current one if there was no launch).
    pub spec: ClusterSpec,
    /// How many task managers that revision has on its nodes.
    pub task_managers: u32,
}

/// The world outside failed.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct ActError {
    /// What, why, what now.
    pub message: String,
    /// Trying again later may help. Otherwise the launch has failed for good.
    pub retry: bool,
}

/// Runs clusters somewhere.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Looks at the run that the target's phase names. Never touches. Whatever goes wrong is `Seen::Unreachable`.
    async fn see(&self, target: &Target) -> Seen;

    /// Does one act. Safe to repeat for the same run, over any crash in between.
    ///
    /// # Errors
    /// When the world refuses; the next pass tries again or gives up by what it then sees.
    async fn act(&self, target: &Target, act: &Act) -> Result<(), ActError>;
}
