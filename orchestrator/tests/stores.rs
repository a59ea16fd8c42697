//! Storage accounts against real servers that stand in for clouds: `cargo xtask test stores` brings them.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "stores/refused.rs"]
mod refused;
#[path = "stores/servers.rs"]
mod servers;
#[path = "stores/used.rs"]
mod used;

use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;

use domain::lifecycle::Limits;
use orchestrator::clock::SystemClock;
use orchestrator::confine::Launcher;
use orchestrator::provider::fake::FakeProvider;
use orchestrator::{ControlPlane, Desk, PlaneConfig, Retention, SessionLimits};

/// A portal with nothing in it.
pub(crate) struct Portal {
    pub(crate) plane: ControlPlane,
    pub(crate) desk: Desk,
    pub(crate) folder: tempfile::TempDir,
}

/// Runs a test on a portal, with the folder of the servers; without one it is left out.
pub(crate) fn test<F: Future<Output = ()>>(body: impl FnOnce(Portal, std::path::PathBuf) -> F) {
    let Some(stores) = servers::stores() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async { body(Portal::open().await, stores).await });
}

impl Portal {
    async fn open() -> Self {
        let private = std::fs::Permissions::from_mode(0o700);
        let folder = tempfile::Builder::new().permissions(private).tempdir().unwrap();
        let plane = Self::on(folder.path()).await;
        Self { desk: plane.own_desk("Ada"), plane, folder }
    }

    /// A portal of that data folder.
    pub(crate) async fn on(data: &Path) -> ControlPlane {
        let config = PlaneConfig {
            data: data.to_owned(),
            database: None,
            key_file: None,
            flink_home: "nowhere".into(),
            jars: "nowhere".into(),
            launcher: Launcher::at(env!("CARGO_BIN_EXE_confine").as_ref()),
            loopback: (127, 4),
            sessions: SessionLimits::default(),
            limits: Limits::default(),
            retention: Retention::default(),
        };
        let provider = Arc::new(FakeProvider::default());
        ControlPlane::with_provider(config, provider, Arc::new(SystemClock)).await.unwrap()
    }
}
