//! Uploads into a remote account: in parts, of which two at most are in memory; the object appears with the last one, or
//! not at all.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use domain::address::Address;
use domain::view::Entry;
use futures::{Stream, StreamExt};
use object_store::{ObjectStoreExt, PutMode, PutOptions, PutPayload};
use tokio_util::io::ReaderStream;

use super::files::key;
use super::states::METADATA;
use super::{Remote, sentence, wait};
use crate::storage::StorageError;

/// Bytes of one part. Ten thousand of them, the most that S3 takes, are 80 GB.
const PART: usize = 8 << 20;

impl Remote {
    /// Writes an object from a stream.
    ///
    /// # Errors
    /// `Taken` when it is there and `replace` is false; `Refused` for a stream that breaks; what the server says.
    pub(crate) async fn write(
        &self,
        address: &Address,
        replace: bool,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send,
    ) -> Result<Entry, StorageError> {
        let (client, key, what) = (self.client(address.container())?, key(address)?, address.to_string());
        let failed = |error: object_store::Error| sentence::of(&what, &error);
        if !replace {
            match client.store.head(&key).await {
                Ok(_) => return Err(StorageError::Taken(what)),
                Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(failed(error)),
            }
        }
        let mut bytes = std::pin::pin!(bytes);
        let Some(first) = part(&mut bytes).await? else {
            return self.written_whole(address, replace, Bytes::new()).await;
        };
        if first.len() < PART {
            return self.written_whole(address, replace, first).await;
        }
        let mut upload = client.store.put_multipart(&key).await.map_err(failed)?;
        let parts = async {
            let mut next = Some(first);
            while let Some(chunk) = next {
                upload.put_part(PutPayload::from(chunk)).await.map_err(failed)?;
                next = part(&mut bytes).await?;
            }
            Ok(())
        };
        match parts.await {
            Ok(()) => upload.complete().await.map_err(failed)?,
            Err(error) => {
                // Best effort: parts without their last one are nothing that a listing shows.
                let _ = upload.abort().await;
                return Err(error);
            }
        };
        self.uploaded(address).await
    }

    /// Puts the files of a state at its place, that by which it is one last.
    pub(crate) fn put_state(
        self: &Arc<Self>,
        address: &Address,
        folder: &std::path::Path,
        files: &BTreeSet<String>,
    ) -> Result<Entry, StorageError> {
        if self.has_any(address, &[])? {
            return Err(StorageError::Taken(address.to_string()));
        }
        let mut names: Vec<String> = files.iter().cloned().collect();
        names.sort_by_key(|name| name == METADATA);
        let (remote, folder, state) = (self.clone(), folder.to_owned(), address.clone());
        wait(async move {
            for name in names {
                let path = state.path().join(&name).map_err(|why| StorageError::Refused(why.to_string()))?;
                let at = Address::new(state.account().clone(), state.container().clone(), path);
                let failed = |error: std::io::Error| crate::storage::disk(&at, &error);
                let file = tokio::fs::File::open(folder.join(&name)).await.map_err(failed)?;
                remote.write(&at, true, ReaderStream::with_capacity(file, 1 << 20)).await?;
            }
            Ok(())
        })?;
        self.entry_at(address)
    }

    async fn written_whole(
        &self,
        address: &Address,
        replace: bool,
        bytes: Bytes,
    ) -> Result<Entry, StorageError> {
        let (client, key) = (self.client(address.container())?, key(address)?);
        let mode = if replace { PutMode::Overwrite } else { PutMode::Create };
        let options = PutOptions { mode, ..PutOptions::default() };
        let put = client.store.put_opts(&key, PutPayload::from(bytes), options).await;
        put.map_err(|error| sentence::of(address, &error))?;
        self.uploaded(address).await
    }

    async fn uploaded(&self, address: &Address) -> Result<Entry, StorageError> {
        self.known.forget();
        let (client, key) = (self.client(address.container())?, key(address)?);
        let object = client.store.head(&key).await.map_err(|error| sentence::of(address, &error))?;
        let seen = super::files::seen(&object);
        self.known.saw(address.container(), address.path().as_str(), Some(seen));
        Ok(Entry {
            name: address.name().to_owned(),
            kind: domain::view::EntryKind::File,
            address: address.to_string(),
            size: seen.size,
            modified: Some(seen.modified),
            clusters: 0,
        })
    }
}

/// The next part; shorter than the others only at the end, none after it.
async fn part(
    bytes: &mut (impl Stream<Item = std::io::Result<Bytes>> + Unpin),
) -> Result<Option<Bytes>, StorageError> {
    let mut part = BytesMut::new();
    while part.len() < PART {
        match bytes.next().await {
            Some(Ok(chunk)) => part.extend_from_slice(&chunk),
            Some(Err(error)) => {
                return Err(StorageError::Refused(format!(
                    "The upload broke off: {error}. Nothing was written; send it again."
                )));
            }
            None => break,
        }
    }
    Ok((!part.is_empty()).then(|| part.freeze()))
}
