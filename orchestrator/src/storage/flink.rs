//! What Flink is told of a place: where it lies, by which options it comes there, and by which plugin.

use std::path::PathBuf;

use domain::address::Address;
use domain::option::FlinkOptions;

use super::{Storage, StorageError};

/// A place as Flink sees it.
#[derive(Clone, Debug)]
pub(crate) struct FlinkPlace {
    /// Its URI. Flink takes it as it is, nothing is escaped.
    pub(crate) uri: String,
    /// The plugin that speaks for it; none for a file.
    pub(crate) plugin: Option<&'static str>,
    /// The file or folder itself, where it is one of this machine.
    pub(crate) local: Option<PathBuf>,
}

impl Storage {
    /// A place as Flink sees it.
    ///
    /// # Errors
    /// `Refused` when a link stands on the way to a file.
    pub(crate) fn flink(&self, address: &Address) -> Result<FlinkPlace, StorageError> {
        match self.remotes().get(address.account()) {
            Some(remote) => {
                Ok(FlinkPlace { uri: remote.uri(address), plugin: remote.spec().kind.plugin(), local: None })
            }
            None => {
                let place = self.resolve(address)?;
                Ok(FlinkPlace {
                    uri: format!("file://{}", place.display()),
                    plugin: None,
                    local: Some(place),
                })
            }
        }
    }

    /// The options without which Flink does not come to a place, with what is secret in them, and the content of the file
    /// `keys` where the account has a key that is one.
    ///
    /// # Errors
    /// The sentence that says why its key cannot be read.
    pub(crate) fn flink_options(
        &self,
        address: &Address,
        keys: &str,
    ) -> Result<(FlinkOptions, Option<String>), String> {
        let Some(remote) = self.remotes().get(address.account()) else { return Ok(Default::default()) };
        let file = remote.key_file().map(str::to_owned);
        Ok((remote.options(address.container(), keys)?, file))
    }
}
