//! The portal's key at its start: found or made, and what lay open before is sealed by it. Without its key a portal
//! starts all the same, and says what it lacks.

use jiff::Timestamp;

use crate::config::PlaneConfig;
use crate::error::OpenError;
use crate::seal::{self, Seal};
use crate::store::{Store, StoreError};

/// The store with its key.
///
/// # Errors
/// A sentence: the key cannot be made, or the database fails.
pub(super) async fn open(store: Store, config: &PlaneConfig, now: Timestamp) -> Result<Store, OpenError> {
    let failed = |error: StoreError| OpenError(format!("The database cannot be prepared: {error}."));
    let file = config.key_file.clone().unwrap_or_else(|| config.data.join(seal::FILE));
    let known = store.recipient().await.map_err(failed)?;
    let seal = Seal::of(&file, known).map_err(|error| OpenError(error.to_string()))?;
    let ready = seal.ready();
    let store = store.sealed_by(seal, now).await.map_err(failed)?;
    match ready {
        Ok(()) => store.scrub(now).await.map_err(failed)?,
        Err(error) => tracing::error!("{error}"),
    }
    Ok(store)
}
