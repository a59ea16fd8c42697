//! Cluster pools.

use domain::pool::PoolPath;
use domain::view::{PoolName, PoolView};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// Every pool.
#[server(prefix = "/api/ui", endpoint = "pools", input = Json, output = Json)]
pub(crate) async fn pools() -> Result<Vec<PoolView>, ApiError> {
    Ok(desk().await?.pools().await?)
}

/// Every pool, for the frame.
#[server(prefix = "/api/ui", endpoint = "pool-names", input = Json, output = Json)]
pub(crate) async fn pool_names() -> Result<Vec<PoolName>, ApiError> {
    Ok(desk().await?.pool_names().await?)
}

/// One pool.
#[server(prefix = "/api/ui", endpoint = "pool", input = Json, output = Json)]
pub(crate) async fn pool(path: PoolPath) -> Result<PoolView, ApiError> {
    Ok(desk().await?.pool(&path).await?)
}

/// Lets the jobs of a pool read these folders, separated by commas. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "let-read", output = Json)]
pub(crate) async fn let_read(
    pool: PoolPath,
    folders: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.let_read(&pool, &folders).await?;
    if !back.is_empty() {
        crate::navigation::go(&back);
    }
    Ok(())
}
