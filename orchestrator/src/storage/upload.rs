//! Uploads: a file appears whole or not at all, however large it is and whenever the portal dies.

use bytes::Bytes;
use domain::address::Address;
use domain::view::Entry;
use futures::{Stream, StreamExt};
use tokio::io::AsyncWriteExt;
use uuid::Uuid;

use super::{Storage, StorageError, disk};

impl Storage {
    /// Writes a file from a stream.
    ///
    /// # Errors
    /// `Taken` when it is there and `replace` is false; `Refused` for folders and links on the way; the disk; a
    /// stream that breaks.
    pub async fn write(
        &self,
        address: &Address,
        replace: bool,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send,
    ) -> Result<Entry, StorageError> {
        let refused = self.refused(address, replace);
        if let Some(refused) = refused? {
            return Err(refused);
        }
        let part = self.uploads.join(Uuid::now_v7().simple().to_string());
        let written =
            self.grow(address, &part, bytes).await.and_then(|()| self.publish(address, replace, &part));
        if written.is_err() {
            // Best effort: what stays is removed when the portal starts.
            let _ = std::fs::remove_file(&part);
        }
        written
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
        let place = self.place(address)?;
        Ok(if place.is_dir() {
            Some(StorageError::Refused(format!("{address} is a folder; choose another name.")))
        } else if place.exists() && !replace {
            Some(StorageError::Taken(address.to_string()))
        } else {
            None
        })
    }

    async fn grow(
        &self,
        address: &Address,
        part: &std::path::Path,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send,
    ) -> Result<(), StorageError> {
        let failed = |error: std::io::Error| disk(address, &error);
        let mut file = tokio::fs::File::create(part).await.map_err(failed)?;
        let mut bytes = std::pin::pin!(bytes);
        while let Some(chunk) = bytes.next().await {
            let chunk = chunk.map_err(|error| {
                StorageError::Refused(format!(
                    "The upload broke off: {error}. Nothing was written; send it again."
                ))
            })?;
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
        let place = self.place(address)?;
        let folder = place.parent().unwrap_or(&self.root);
        std::fs::create_dir_all(folder).map_err(|error| disk(address, &error))?;
        std::fs::rename(part, &place).map_err(|error| disk(address, &error))?;
        Self::entry(address.clone(), &place).ok_or_else(|| StorageError::NotFound(address.to_string()))
    }
}
