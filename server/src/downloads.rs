//! What is downloaded: files of storage accounts, savepoints, logs, a cluster as JSON.

use axum::body::Body;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use domain::id::ClusterId;
use domain::refusal::Refusal;
use futures::StreamExt;

use crate::mishap::refused;
use crate::session::CurrentUser;

/// Downloads a file of a storage account.
pub(crate) async fn file(
    Extension(desk): CurrentUser,
    Path((account, container, path)): Path<(String, String, String)>,
) -> Response {
    match desk.download(&account, &container, &path).await {
        Ok((size, bytes)) => {
            let name = path.rsplit('/').next().unwrap_or(&path);
            let headers = [
                (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
                (header::CONTENT_LENGTH, size.to_string()),
                (header::CONTENT_DISPOSITION, attachment(name)),
            ];
            (headers, Body::from_stream(bytes.fuse())).into_response()
        }
        Err(refusal) => refused(&refusal),
    }
}

/// Downloads a savepoint as one archive.
pub(crate) async fn archive(
    Extension(desk): CurrentUser,
    Path((account, container, path)): Path<(String, String, String)>,
) -> Response {
    match desk.download_savepoint(&account, &container, &path).await {
        Ok((size, bytes)) => {
            let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or(&path);
            let headers = [
                (header::CONTENT_TYPE, "application/x-tar".to_owned()),
                (header::CONTENT_LENGTH, size.to_string()),
                (header::CONTENT_DISPOSITION, attachment(&format!("{name}.tar"))),
            ];
            (headers, Body::from_stream(bytes.fuse())).into_response()
        }
        Err(refusal) => refused(&refusal),
    }
}

/// A cluster as JSON.
pub(crate) async fn json(Extension(desk): CurrentUser, Path(id): Path<String>) -> Response {
    let view = match id.parse::<ClusterId>() {
        Ok(id) => desk.cluster(id).await,
        Err(_) => Err(Refusal::NotFound("There is no such cluster.".to_owned())),
    };
    match view {
        Ok(view) => Json(view).into_response(),
        Err(refusal) => refused(&refusal),
    }
}

/// Downloads a log file, whole.
pub(crate) async fn log(
    Extension(desk): CurrentUser,
    Path((id, run, name)): Path<(String, u32, String)>,
) -> Response {
    let Ok(id) = id.parse::<ClusterId>() else {
        return refused(&Refusal::NotFound("There is no such cluster.".to_owned()));
    };
    let first = match desk.log(id, run, &name, Some(0)).await {
        Ok(chunk) => chunk,
        Err(refusal) => return refused(&refusal),
    };
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&name)),
    ];
    // Fused, for compression asks once more after the end.
    let chunks = futures::stream::unfold(Some(first), move |chunk| {
        let (desk, name) = (desk.clone(), name.clone());
        async move {
            let chunk = chunk?;
            if chunk.text.is_empty() {
                return None;
            }
            let next = desk.log(id, run, &name, Some(chunk.next)).await.ok();
            Some((Ok::<_, std::convert::Infallible>(chunk.text), next))
        }
    });
    (headers, Body::from_stream(chunks.fuse())).into_response()
}

fn attachment(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"")
}
