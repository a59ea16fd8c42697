//! Questions about one cluster.

use domain::id::ClusterId;
use domain::view::{
    ActivityPage, ClusterView, ComparedRevisions, FitsView, LogFile, LogPart, OperationView, Plot,
    ReportedView, RunView, StatesView, TimelineView,
};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// One cluster, whole.
#[server(prefix = "/api/ui", endpoint = "cluster", input = Json, output = Json)]
pub(crate) async fn cluster(id: ClusterId) -> Result<ClusterView, ApiError> {
    Ok(desk().await?.cluster(id).await?)
}

/// Its name, for those who need no more of it.
#[server(prefix = "/api/ui", endpoint = "cluster-name", input = Json, output = Json)]
pub(crate) async fn cluster_name(id: ClusterId) -> Result<String, ApiError> {
    Ok(desk().await?.cluster_name(id).await?)
}

/// The cluster as pretty JSON text, exactly what the API has.
#[server(prefix = "/api/ui", endpoint = "cluster-json", input = Json, output = Json)]
pub(crate) async fn cluster_json(id: ClusterId) -> Result<String, ApiError> {
    let view = desk().await?.cluster(id).await?;
    Ok(serde_json::to_string_pretty(&view).unwrap_or_default())
}

/// A cluster's operations, newest first.
#[server(prefix = "/api/ui", endpoint = "operations", input = Json, output = Json)]
pub(crate) async fn operations(id: ClusterId) -> Result<Vec<OperationView>, ApiError> {
    Ok(desk().await?.operations(id).await?)
}

/// A cluster's history, newest first.
#[server(prefix = "/api/ui", endpoint = "activity-of", input = Json, output = Json)]
pub(crate) async fn activity_of(id: ClusterId) -> Result<ActivityPage, ApiError> {
    Ok(desk().await?.activity_of(id).await?)
}

/// A cluster's runs, newest first.
#[server(prefix = "/api/ui", endpoint = "runs", input = Json, output = Json)]
pub(crate) async fn runs(id: ClusterId) -> Result<Vec<RunView>, ApiError> {
    Ok(desk().await?.runs(id).await?)
}

/// Every state that the job can start from, and the default.
#[server(prefix = "/api/ui", endpoint = "states", input = Json, output = Json)]
pub(crate) async fn states(id: ClusterId) -> Result<StatesView, ApiError> {
    Ok(desk().await?.states(id).await?)
}

/// Whether each fits the revision that Start takes, as far as it is known by now.
#[server(prefix = "/api/ui", endpoint = "fits", input = Json, output = Json)]
pub(crate) async fn fits(id: ClusterId) -> Result<FitsView, ApiError> {
    Ok(desk().await?.fits(id).await?)
}

/// What is being deleted of them: the path of each, and why its files are still there, if that is known.
#[server(prefix = "/api/ui", endpoint = "doomed-snapshots", input = Json, output = Json)]
pub(crate) async fn doomed_snapshots(id: ClusterId) -> Result<Vec<(String, String)>, ApiError> {
    Ok(desk().await?.doomed_snapshots(id).await?)
}

/// The overview's plots.
#[server(prefix = "/api/ui", endpoint = "plots", input = Json, output = Json)]
pub(crate) async fn plots(id: ClusterId, minutes: u32) -> Result<Vec<Plot>, ApiError> {
    Ok(desk().await?.plots(id, minutes).await?)
}

/// Runs, operations and notable events over one axis.
#[server(prefix = "/api/ui", endpoint = "timeline", input = Json, output = Json)]
pub(crate) async fn timeline(id: ClusterId, minutes: u32) -> Result<TimelineView, ApiError> {
    Ok(desk().await?.timeline(id, minutes).await?)
}

/// The log files of every run, newest run first.
#[server(prefix = "/api/ui", endpoint = "logs", input = Json, output = Json)]
pub(crate) async fn logs(id: ClusterId) -> Result<Vec<LogFile>, ApiError> {
    Ok(desk().await?.logs(id).await?)
}

/// A part of a log file: from `from` on, or its end.
#[server(prefix = "/api/ui", endpoint = "log", input = Json, output = Json)]
pub(crate) async fn log(
    id: ClusterId,
    run: u32,
    name: String,
    from: Option<u64>,
) -> Result<LogPart, ApiError> {
    Ok(desk().await?.log(id, run, &name, from).await?)
}

/// The newest run and the end of its job manager's log; nothing before that has written.
#[server(prefix = "/api/ui", endpoint = "job-manager-log", input = Json, output = Json)]
pub(crate) async fn job_manager_log(id: ClusterId) -> Result<Option<(u32, String)>, ApiError> {
    let desk = desk().await?;
    let mut files = desk.logs(id).await?.into_iter();
    let ours = |file: &LogFile| file.name.starts_with("jobmanager") && file.name.ends_with(".log");
    let Some(file) = files.find(ours) else { return Ok(None) };
    let end = desk.log(id, file.run, &file.name, None).await?;
    Ok((!end.text.is_empty()).then_some((file.run, end.text)))
}

/// What differs between two revisions.
#[server(prefix = "/api/ui", endpoint = "compare", input = Json, output = Json)]
pub(crate) async fn compare(id: ClusterId, from: u32, to: u32) -> Result<ComparedRevisions, ApiError> {
    Ok(desk().await?.compare(id, from, to).await?)
}

/// How the log of a run's job manager begins; none where it has none.
#[server(prefix = "/api/ui", endpoint = "first-log-lines", input = Json, output = Json)]
pub(crate) async fn first_log_lines(id: ClusterId, run: u32) -> Result<Option<String>, ApiError> {
    /// As many as tell how it began; more is on its own page.
    const LINES: usize = 120;
    let desk = desk().await?;
    let ours = |file: &LogFile| {
        file.run == run && file.name.starts_with("jobmanager") && file.name.ends_with(".log")
    };
    let Some(file) = desk.logs(id).await?.into_iter().find(ours) else { return Ok(None) };
    let begin = desk.log(id, run, &file.name, Some(0)).await?;
    let lines: Vec<&str> = begin.text.lines().take(LINES).collect();
    Ok((!lines.is_empty()).then(|| lines.join("\n")))
}

/// What the job that runs says of its own settings; none while none answers.
#[server(prefix = "/api/ui", endpoint = "reported", input = Json, output = Json)]
pub(crate) async fn reported(id: ClusterId) -> Result<Option<ReportedView>, ApiError> {
    Ok(desk().await?.reported(id).await?)
}
