//! Questions about many jobs.

use domain::view::{JobPage, JobQuery, JobRow};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

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
