//! What runs clusters. Two methods rule: [`Provider::observe`] looks and never touches, [`Provider::act`] touches. The
//! others read what a run left (its configuration, its logs, its figures) and remove it when it is old.
//!
//! No method has a default: what a provider cannot do it says itself, with an error of the kind `Unsupported`.

pub mod fake;
pub mod local;

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::address::Address;
use domain::artifact::Artifact;
use domain::id::ClusterId;
use domain::lifecycle::{Act, KnownState, Observation, Phase};
use domain::spec::ClusterSpec;
use domain::view::{LogFile, LogPart, Reported};

use crate::sampler::Sample;
use crate::vault::GivenSecrets;

/// What a provider must know of the cluster that it looks at or acts on.
#[derive(Clone, Debug)]
pub struct Target {
    /// The cluster.
    pub cluster: ClusterId,
    /// The newest complete state that is known of it.
    pub known: Option<KnownState>,
    /// The subnet of its pool, in which its runs have their addresses: `127.4.0.0/16`.
    pub subnet: String,
    /// Where it stands.
    pub phase: Phase,
    /// The specification of the revision that the phase's launch runs (the current one if there was no launch).
    pub spec: ClusterSpec,
    /// Why the secrets of the specification, or those that it names, cannot be had; none if they can. Only a launch needs
    /// them.
    pub locked: Option<String>,
    /// The secrets of key vaults that the specification names. Only a launch needs them, and has them.
    pub given: GivenSecrets,
    /// The bytes that the revision names. Only a launch needs them, and has them.
    pub jar: Option<Artifact>,
    /// More jars in its class path, by their bytes. Only a launch needs them, and has them.
    pub more_jars: Vec<Artifact>,
    /// What of its state a deletion leaves, since other clusters need it.
    pub needed: Vec<Address>,
    /// The folders of its own, of every revision. Only a deletion needs them, and has them.
    pub homes: Vec<Address>,
    /// How many task managers that revision has on its nodes.
    pub task_managers: u32,
    /// Folders that the pool lets its jobs read.
    pub readable: Vec<std::path::PathBuf>,
}

/// A complete checkpoint that a run left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its address.
    pub address: String,
    /// When it was complete.
    pub completed: jiff::Timestamp,
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

/// What clusters run on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Runtime {
    /// Flink's version: `1.20.5`.
    pub flink: String,
    /// Java's feature version: 17.
    pub java: u32,
}

/// Runs clusters somewhere.
#[async_trait]
pub trait Provider: Send + Sync {
    /// What clusters run on here.
    fn runtime(&self) -> Runtime;

    /// How many clusters may be started at once: each wants every core for a while.
    fn starts_at_once(&self) -> usize;

    /// Looks at the run that the target's phase names. Never touches. Whatever goes wrong is `Observation::Unreachable`.
    async fn observe(&self, target: &Target) -> Observation;

    /// Does one act. Safe to repeat for the same run, over any crash in between.
    ///
    /// # Errors
    /// When the world refuses; the next pass tries again or gives up by what it then sees.
    async fn act(&self, target: &Target, act: &Act) -> Result<(), ActError>;

    /// Every complete checkpoint that is kept of the run that the target's phase names.
    ///
    /// # Errors
    /// When they cannot be looked for.
    async fn checkpoints(&self, target: &Target) -> std::io::Result<Vec<Checkpoint>>;

    /// Why a state cannot be started from now; none if it can.
    async fn missing(&self, address: &str) -> Option<String>;

    /// The jar that an earlier portal put beside its newest run of this revision, which named no bytes then.
    async fn earlier_jar(&self, cluster: ClusterId, revision: u32) -> Option<std::fs::File>;

    /// Figures of the job of the target's run; none if it does not answer.
    async fn sample(&self, target: &Target) -> Option<Sample>;

    /// What the job of a run says of its own settings; none if it does not answer.
    async fn reported(&self, cluster: ClusterId, run: u32) -> Option<Reported>;

    /// The Flink configuration that a run was given. Secrets are left out.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn configuration(&self, cluster: ClusterId, run: u32) -> std::io::Result<BTreeMap<String, String>>;

    /// The log files of a cluster's runs, newest run first; also of runs whose processes are gone.
    ///
    /// # Errors
    /// When they cannot be listed.
    async fn logs(&self, cluster: ClusterId) -> std::io::Result<Vec<LogFile>>;

    /// A part of a log file: from `from` on, or its last 64 KiB.
    ///
    /// # Errors
    /// `NotFound` for a file that is not one of the run's logs; otherwise when it cannot be read.
    async fn log(
        &self,
        cluster: ClusterId,
        run: u32,
        name: &str,
        from: Option<u64>,
    ) -> std::io::Result<LogPart>;

    /// Removes the logs of a run that has ended. One that has none is done.
    ///
    /// # Errors
    /// When they stay.
    async fn remove_logs(&self, cluster: ClusterId, run: u32) -> std::io::Result<()>;

    /// Bytes of a snapshot that Flink named so.
    ///
    /// # Errors
    /// When it cannot be read.
    async fn snapshot_size(&self, path: &str) -> std::io::Result<u64>;

    /// Deletes the files of a snapshot that Flink named so. One that is gone is deleted.
    ///
    /// # Errors
    /// When its files stay.
    async fn delete_snapshot(&self, path: &str) -> std::io::Result<()>;
}
