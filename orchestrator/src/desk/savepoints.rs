//! Savepoints that are carried away and brought back: an archive of one, and one that is uploaded.

use std::path::Path;

use bytes::Bytes;
use domain::event::StorageAct;
use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::Entry;
use futures::stream::{BoxStream, Stream, StreamExt};

use super::Desk;
use super::storage::address;
use crate::probe::ProbeError;
use crate::storage::Incoming;
use crate::store::At;

/// A savepoint that is being uploaded. What has come of it is removed with it, unless it is kept.
pub struct SavepointUpload(Incoming);

impl SavepointUpload {
    /// Takes in a tar archive of its folder, called `file`.
    ///
    /// # Errors
    /// `InvalidArgument` with what is wrong in it; `Unavailable` when there is no room for it.
    pub async fn archive(
        &mut self,
        file: &str,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send + Unpin,
    ) -> Result<(), Refusal> {
        Ok(self.0.archive(file, bytes).await?)
    }

    /// Takes in one of its files.
    ///
    /// # Errors
    /// `InvalidArgument` for its name; `Unavailable` when there is no room for it.
    pub async fn file(
        &mut self,
        name: &str,
        bytes: impl Stream<Item = std::io::Result<Bytes>> + Send,
    ) -> Result<(), Refusal> {
        Ok(self.0.file(name, bytes).await?)
    }
}

impl Desk {
    /// A savepoint as a tar archive: its size and its bytes, written while they are sent.
    ///
    /// # Errors
    /// `NotFound`; `InvalidArgument` where it is no savepoint, or holds what is no file.
    pub async fn download_savepoint(
        &self,
        account: &str,
        container: &str,
        path: &str,
    ) -> Result<(u64, BoxStream<'static, std::io::Result<Bytes>>), Refusal> {
        let address = address(account, container, path)?;
        let permit = self.authorize(Permission::UseStorage, At::Files(&address)).await?;
        let target = address.to_string();
        let (size, bytes) = self.on_disk(move |storage| storage.packed(&address)).await?;
        self.note(&permit, StorageAct::SavepointDownloaded, target).await?;
        Ok((size, bytes.boxed()))
    }

    /// Begins to receive a savepoint for a folder. Without a `name` it is called as its archive says.
    ///
    /// # Errors
    /// `InvalidArgument` for the folder; `NotAllowed` where only a job writes; `Unavailable` when there is no room.
    pub async fn receive_savepoint(
        &self,
        account: &str,
        container: &str,
        folder: &str,
        name: Option<&str>,
    ) -> Result<SavepointUpload, Refusal> {
        self.authorize(Permission::UseStorage, At::Account(account)).await?;
        let allowance = self.account_row(account).await?.allowance();
        let folder = address(account, container, folder)?;
        self.authorize(Permission::UseStorage, At::Files(&folder)).await?;
        self.only_a_job_writes(&folder).await?;
        Ok(SavepointUpload(self.plane.storage().receive(&folder, name, allowance).await?))
    }

    /// Reads what was received, and puts it at its place if it is a savepoint.
    ///
    /// # Errors
    /// `InvalidArgument` where it is none; `Exists` where something stands at its place already.
    pub async fn keep_savepoint(&self, upload: SavepointUpload) -> Result<Entry, Refusal> {
        let SavepointUpload(incoming) = upload;
        let address = incoming.address()?;
        let permit = self.authorize(Permission::UseStorage, At::Files(&address)).await?;
        self.only_a_job_writes(&address).await?;
        let place = incoming.complete()?;
        self.plane.probe().savepoint(place).await.map_err(|error| unreadable(error, place))?;
        let entry = self.on_disk(move |_| incoming.publish()).await?;
        self.note(&permit, StorageAct::SavepointUploaded, entry.address.clone()).await?;
        Ok(entry)
    }
}

/// Where it lay while it was read is nobody's concern.
fn unreadable(error: ProbeError, place: &Path) -> Refusal {
    if !error.certain() {
        return error.into();
    }
    let why = error.message.replace(&place.display().to_string(), "its folder");
    let sentence =
        format!("What was uploaded cannot be read as a savepoint, and nothing of it was kept: {why}");
    Refusal::field("file", "", sentence)
}
