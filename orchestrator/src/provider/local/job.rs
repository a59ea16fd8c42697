//! What a job is started with: a file that only its owner may read. `flink/launcher` reads it, since every user of the
//! machine sees a command line and Flink writes it into its log.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use serde::Serialize;

use super::state::gone;

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
    pub(super) fn write(&self, file: &Path) -> std::io::Result<()> {
        write_private(file, &serde_json::to_vec(self)?)
    }
}

/// Writes a file that only its owner may read, from its first byte on.
pub(super) fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let part = path.with_extension("part");
    gone(std::fs::remove_file(&part))?;
    std::fs::File::options().write(true).create_new(true).mode(0o600).open(&part)?.write_all(bytes)?;
    // What stood there, whatever it was, is replaced and not written into.
    std::fs::rename(part, path)
}
