//! What a job is started with: a file that only its owner may read. `flink/launcher` reads it, since every user of the
//! machine sees a command line and Flink writes it into its log.

use std::path::Path;

use serde::Serialize;

use crate::file;

/// What is asked of the job manager beside its configuration.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    pub(super) id: String,
    /// None leaves it to the manifest.
    pub(super) entry_class: Option<String>,
    /// A URI.
    pub(super) from: Option<String>,
    pub(super) allow_non_restored_state: bool,
    pub(super) arguments: Vec<String>,
}

impl Job {
    pub(super) fn write(&self, path: &Path) -> std::io::Result<()> {
        file::write(path, &serde_json::to_vec(self)?)
    }
}
