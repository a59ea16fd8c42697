//! What a run needs of the storage accounts that it uses: its own, and the one that it starts from.

use domain::address::Address;
use domain::lifecycle::Launch;
use domain::option::FlinkOptions;

use super::folder::RunFolder;
use super::{Local, refusing};
use crate::provider::{ActError, Target};

/// What a run's processes come to storage with.
#[derive(Debug, Default)]
pub(super) struct Stores {
    pub(super) options: FlinkOptions,
    /// The content of the file in which a key is kept that is a file.
    pub(super) key: Option<String>,
    /// Flink's plugins, each once.
    pub(super) plugins: Vec<&'static str>,
}

impl Local {
    pub(super) fn stores(
        &self,
        target: &Target,
        launch: &Launch,
        folder: &RunFolder,
    ) -> Result<Stores, ActError> {
        let mut places =
            vec![target.spec.state_folder(target.cluster), target.spec.savepoint_home(target.cluster)];
        if let Some(path) = launch.from.path() {
            places
                .push(Address::parse(path).map_err(|error| refusing::for_good(format!("{path}: {error}")))?);
        }
        let keys = folder.storage_key().display().to_string();
        let mut stores = Stores::default();
        // The cluster's own account comes last: where two want to set the same, it is the one that is written to.
        for place in places.iter().rev() {
            let (options, key) = self.storage.flink_options(place, &keys).map_err(refusing::for_now)?;
            stores.options.extend(options);
            stores.key = key.or(stores.key);
            let plugin = self.storage.flink(place).map_err(refusing::storage)?.plugin;
            if plugin == Some("flink-s3-fs-hadoop") {
                // What waits to be sent lies on the disk, and a run's processes may write to no other place of it.
                stores.options.insert("s3.buffer.dir".to_owned(), folder.tmp().display().to_string());
            }
            stores.plugins.extend(plugin.filter(|plugin| !stores.plugins.contains(plugin)));
        }
        Ok(stores)
    }
}
