//! Questions about home, pools and the history.

use domain::view::{
    ActivityPage, ActivityQuery, HomeView, OperationView, PoolName, PoolView, ReconcilerView, Safeguard,
};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// The home page.
#[server(prefix = "/api/ui", endpoint = "home", input = Json, output = Json)]
pub(crate) async fn home() -> Result<HomeView, ApiError> {
    Ok(desk().await?.home().await?)
}

/// The newest operations of the last day, for the bell.
#[server(prefix = "/api/ui", endpoint = "notices", input = Json, output = Json)]
pub(crate) async fn notices() -> Result<Vec<OperationView>, ApiError> {
    Ok(desk().await?.notices().await?)
}

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

/// One pool, by name.
#[server(prefix = "/api/ui", endpoint = "pool", input = Json, output = Json)]
pub(crate) async fn pool(name: String) -> Result<PoolView, ApiError> {
    Ok(desk().await?.pool(&name).await?)
}

/// Lets the jobs of a pool read these folders, separated by commas. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "let-read", output = Json)]
pub(crate) async fn let_read(
    pool: String,
    folders: String,
    #[server(default)] back: String,
) -> Result<(), ApiError> {
    desk().await?.let_read(&pool, &folders).await?;
    if !back.is_empty() {
        crate::route::go(&back);
    }
    Ok(())
}

/// What programs of other people are kept from on this machine.
#[server(prefix = "/api/ui", endpoint = "safeguards", input = Json, output = Json)]
pub(crate) async fn safeguards() -> Result<Vec<Safeguard>, ApiError> {
    Ok(desk().await?.safeguards()?)
}

/// How the reconciler stands.
#[server(prefix = "/api/ui", endpoint = "reconciler", input = Json, output = Json)]
pub(crate) async fn reconciler() -> Result<ReconcilerView, ApiError> {
    Ok(desk().await?.reconciler()?)
}

/// The activity log.
#[server(prefix = "/api/ui", endpoint = "activity", input = Json, output = Json)]
pub(crate) async fn activity(query: ActivityQuery) -> Result<ActivityPage, ApiError> {
    Ok(desk().await?.activity(&query).await?)
}
