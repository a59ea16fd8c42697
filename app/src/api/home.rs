//! What is asked over all clusters: home, bell, grid, search, history.

use domain::view::{ActivityPage, ActivityQuery, HomeView, JobPage, JobQuery, JobRow, NoticesView};
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

/// What needs a person and what was done in the last day, for the bell.
#[server(prefix = "/api/ui", endpoint = "notices", input = Json, output = Json)]
pub(crate) async fn notices() -> Result<NoticesView, ApiError> {
    Ok(desk().await?.notices().await?)
}

/// A page of the grid.
#[server(prefix = "/api/ui", endpoint = "jobs", input = Json, output = Json)]
pub(crate) async fn jobs(query: JobQuery) -> Result<JobPage, ApiError> {
    Ok(desk().await?.jobs(&query).await?)
}

/// Clusters whose name holds the text.
#[server(prefix = "/api/ui", endpoint = "search", input = Json, output = Json)]
pub(crate) async fn search(text: String) -> Result<Vec<JobRow>, ApiError> {
    Ok(desk().await?.search(text.trim()).await?)
}

/// The activity log.
#[server(prefix = "/api/ui", endpoint = "activity", input = Json, output = Json)]
pub(crate) async fn activity(query: ActivityQuery) -> Result<ActivityPage, ApiError> {
    Ok(desk().await?.activity(&query).await?)
}
