//! What a control plane is given when it opens.

use std::path::PathBuf;

use domain::lifecycle::Limits;

use crate::confine::Launcher;
use crate::retention::Retention;
use crate::sign_in::SessionLimits;

/// What the control plane needs to know.
#[derive(Clone, Debug)]
pub struct PlaneConfig {
    /// The data folder. It is locked: a second portal on it is refused.
    pub data: PathBuf,
    /// `sqlite:...` or `postgres://...`; none means SQLite within the data folder.
    pub database: Option<String>,
    /// The file of the key by which secrets are sealed; none means `portal.key` within the data folder.
    pub key_file: Option<PathBuf>,
    /// The Flink distribution that cluster version 1.2.1 runs (1.20.5).
    pub flink_home: PathBuf,
    /// The folder that holds `penstock-probe.jar`, `penstock-launcher.jar`, `penstock-sql.jar` and `penstock-samples.jar`.
    pub jars: PathBuf,
    /// What confines a checked program and a cluster's processes.
    pub launcher: Launcher,
    /// The loopback range of this portal's pools: `127.4` means 127.4.0.0/16.
    pub loopback: (u8, u8),
    /// How long sessions last.
    pub sessions: SessionLimits,
    /// How long the phases of a job may take, and an update must hold.
    pub limits: Limits,
    /// How long what was measured and what happened is kept.
    pub retention: Retention,
}
