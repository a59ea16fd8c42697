//! Uploads: a file appears whole or not at all, however large it is and whenever the portal dies.

use bytes::Bytes;
use domain::address::Address;
use domain::free_space::FreeSpace;
use domain::view::Entry;
use futures::{Stream, StreamExt};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::free_space::{Allowance, Growing};
use super::{Storage, StorageError, disk};

/// Between two looks at the disk an upload grows by so much, bytes.
const LOOK: usize = 16 << 20;

impl Storage {
    /// Writes a file from a stream.
    ///
    /// # Errors
    /// `Taken` when it is there and `replace` is false; `Refused` for folders and links on the way; `Full` when the
    /// account has no room, or none any more; the disk; a stream that breaks.
    pub async fn write(
        &self,
        address: &Address,
        replace: bool,
        allowance: Allowance,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send,
    ) -> Result<Entry, StorageError> {
        if let Some(remote) = self.remotes().get(address.account()) {
            if address.path().is_root() {
                return Err(StorageError::Refused("A file needs a name.".to_owned()));
            }
            let (asked, container) = (remote.clone(), address.container().clone());
            let away = tokio::task::spawn_blocking(move || asked.not_there(&container)).await;
            if let Some(why) = away.map_err(|error| disk(address, &std::io::Error::other(error)))? {
                return Err(StorageError::Disk(why));
            }
            return remote.write(address, replace, bytes).await;
        }
        let refused = self.refused(address, replace);
        if let Some(refused) = refused? {
            return Err(refused);
        }
        let room = self.free_space_of(address, allowance).await?;
        if let Some(why) = room.too_little(address.account().as_str()) {
            return Err(StorageError::Full(why));
        }
        let mut growing = self.growing(address.account());
        let part = self.uploads.join(Uuid::now_v7().simple().to_string());
        let written = self
            .grow(address, &part, (allowance, &mut growing), bytes)
            .await
            .and_then(|()| self.publish(address, replace, &part));
        match &written {
            Ok(_) => growing.done(),
            // Best effort: what stays is removed when the portal starts.
            Err(_) => drop(std::fs::remove_file(&part)),
        }
        written
    }

    /// The room of an address's account. Counting takes a while, and nobody else waits for it.
    pub(super) async fn free_space_of(
        &self,
        address: &Address,
        allowance: Allowance,
    ) -> Result<FreeSpace, StorageError> {
        let (storage, account) = (self.clone(), address.account().clone());
        tokio::task::spawn_blocking(move || storage.free_space(&account, allowance))
            .await
            .map_err(|error| disk(address, &std::io::Error::other(error)))?
    }

    /// Why nothing may be written there.
    fn refused(&self, address: &Address, replace: bool) -> Result<Option<StorageError>, StorageError> {
        if address.path().is_root() {
            return Ok(Some(StorageError::Refused("A file needs a name.".to_owned())));
        }
        let container = self.root.join(address.account().as_str()).join(address.container().as_str());
        if !container.is_dir() {
            return Ok(Some(StorageError::NotFound(format!(
                "{}/{}",
                address.account(),
                address.container()
            ))));
        }
        let place = self.resolve(address)?;
        Ok(if place.is_dir() {
            Some(StorageError::Refused(format!("{address} is a folder; choose another name.")))
        } else if place.exists() && !replace {
            Some(StorageError::Taken(address.to_string()))
        } else {
            None
        })
    }

    pub(super) async fn grow(
        &self,
        address: &Address,
        part: &std::path::Path,
        (allowance, growing): (Allowance, &mut Growing),
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send,
    ) -> Result<(), StorageError> {
        let failed = |error: std::io::Error| disk(address, &error);
        let mut file = tokio::fs::File::create(part).await.map_err(failed)?;
        let mut bytes = std::pin::pin!(bytes);
        let mut unlooked = 0;
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|error| {
                StorageError::Refused(format!(
                    "The upload broke off: {error}. Nothing was written; send it again."
                ))
            })?;
            let used = growing.by(chunk.len()).saturating_add(allowance.kept);
            unlooked += chunk.len();
            let mut room = FreeSpace { used, quota: allowance.quota, ..FreeSpace::default() };
            if unlooked > LOOK {
                unlooked = 0;
                room = FreeSpace { used, ..self.free_space_of(address, allowance).await? };
            }
            if let Some(why) = room.overrun(address.account().as_str()) {
                return Err(StorageError::Full(why));
            }
            file.write_all(&chunk).await.map_err(failed)?;
        }
        file.flush().await.map_err(failed)?;
        file.sync_all().await.map_err(failed)
    }

    fn publish(
        &self,
        address: &Address,
        replace: bool,
        part: &std::path::Path,
    ) -> Result<Entry, StorageError> {
        if let Some(refused) = self.refused(address, replace)? {
            return Err(refused); // Something came to stand there meanwhile.
        }
        let place = self.resolve(address)?;
        let folder = place.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder).map_err(|error| disk(address, &error))?;
        std::fs::rename(part, &place).map_err(|error| disk(address, &error))?;
        self.entry_at(address)
    }
}
