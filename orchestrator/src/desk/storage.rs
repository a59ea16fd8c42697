//! Storage accounts: list, upload, download, delete.

use bytes::Bytes;
use domain::refusal::Refusal;
use domain::view::{AccountView, Entry, Listing};
use futures::stream::BoxStream;

use super::Desk;

impl Desk {
    /// The accounts that the caller may use.
    ///
    /// # Errors
    /// `Forbidden`.
    pub async fn accounts(&self) -> Result<Vec<AccountView>, Refusal> {
        unimplemented!()
    }

    /// What stands at a path.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for a path that breaks the rules.
    pub async fn list(&self, account: &str, container: &str, path: &str) -> Result<Listing, Refusal> {
        let _ = (account, container, path);
        unimplemented!()
    }

    /// Makes a container.
    ///
    /// # Errors
    /// `Conflict` if it is there; `Invalid` for a name that breaks the rules.
    pub async fn new_container(&self, account: &str, container: &str) -> Result<(), Refusal> {
        let _ = (account, container);
        unimplemented!()
    }

    /// Writes a file from a stream; it appears whole or not at all. Larger than memory is fine.
    ///
    /// # Errors
    /// `Invalid` for the path; `Conflict` if it is there and `replace` is false; `Unavailable` when the disk is
    /// full or the stream breaks.
    pub async fn upload(
        &self,
        account: &str,
        container: &str,
        path: &str,
        replace: bool,
        bytes: BoxStream<'static, Result<Bytes, std::io::Error>>,
    ) -> Result<Entry, Refusal> {
        let _ = (account, container, path, replace, bytes);
        unimplemented!()
    }

    /// Reads a file: its size and its bytes.
    ///
    /// # Errors
    /// `NotFound`; `Invalid` for the path.
    pub async fn download(
        &self,
        account: &str,
        container: &str,
        path: &str,
    ) -> Result<(u64, BoxStream<'static, Result<Bytes, std::io::Error>>), Refusal> {
        let _ = (account, container, path);
        unimplemented!()
    }

    /// Deletes a file, or a folder with everything in it.
    ///
    /// # Errors
    /// `NotFound`; `Conflict` when a cluster's jar or state is in it.
    pub async fn delete(&self, account: &str, container: &str, path: &str) -> Result<(), Refusal> {
        let _ = (account, container, path);
        unimplemented!()
    }
}
