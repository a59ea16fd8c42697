//! Uploads: a file as the body of a request; files, or a savepoint, in a form that a page sends without script.

use axum::body::Bytes;
use axum::extract::multipart::{Field, Multipart, MultipartError};
use axum::extract::{Path, Query, Request};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use domain::refusal::Refusal;
use domain::view::Entry;
use futures::channel::mpsc;
use futures::{SinkExt, Stream, StreamExt, TryStreamExt};
use orchestrator::Desk;
use serde::Deserialize;

use crate::mishap::{declined, refused};
use crate::session::CurrentUser;
use crate::shield;

/// How an upload treats a file that is there.
#[derive(Deserialize)]
pub(crate) struct Upload {
    #[serde(default)]
    replace: bool,
}

/// Uploads a file: the body is its bytes.
pub(crate) async fn put(
    Extension(desk): CurrentUser,
    Path((account, container, path)): Path<(String, String, String)>,
    Query(upload): Query<Upload>,
    request: Request,
) -> Response {
    let place = Destination { account, container, path, replace: upload.replace };
    let bytes = request.into_body().into_data_stream().map_err(std::io::Error::other);
    match place.take(&desk, bytes).await {
        Ok(entry) => (StatusCode::CREATED, Json(entry)).into_response(),
        Err(refusal) => refused(&refusal),
    }
}

/// Uploads the files of a form, whose fields come first: where to, and whether to replace. The browser goes on at that
/// folder, which says what was refused.
pub(crate) async fn post(Extension(desk): CurrentUser, mut form: Multipart) -> Response {
    let mut folder = Destination::default();
    let refused = folder.fill(&desk, &mut form).await.err();
    let Destination { account, container, path, .. } = folder;
    if container.is_empty() {
        let sentence =
            refused.unwrap_or_else(|| "The form does not say where to. Nothing was uploaded.".to_owned());
        return declined(StatusCode::BAD_REQUEST, &sentence);
    }
    Redirect::to(&app::uploaded(&account, &container, &path, refused.as_deref())).into_response()
}

/// Uploads a savepoint in a form: fields first, then its archive or its files. The browser goes on at the folder, which
/// says what was refused.
pub(crate) async fn savepoint(Extension(desk): CurrentUser, mut form: Multipart) -> Response {
    let mut folder = Destination::default();
    let refused = receive(&desk, &mut folder, &mut form).await.err();
    let Destination { account, container, path, .. } = folder;
    if container.is_empty() {
        let sentence =
            refused.unwrap_or_else(|| "The form does not say where to. Nothing was uploaded.".to_owned());
        return declined(StatusCode::BAD_REQUEST, &sentence);
    }
    Redirect::to(&app::uploaded(&account, &container, &path, refused.as_deref())).into_response()
}

async fn receive(desk: &Desk, folder: &mut Destination, form: &mut Multipart) -> Result<(), String> {
    let mut called = String::new();
    let mut upload = None;
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "account" => folder.account = text(field).await?,
            "container" => folder.container = text(field).await?,
            "path" => folder.path = text(field).await?,
            "name" => called = text(field).await?.trim().to_owned(),
            _ => {
                let file = field.file_name().unwrap_or_default().to_owned();
                if file.is_empty() {
                    continue; // a field in which no file was chosen
                }
                let upload = match &mut upload {
                    Some(upload) => upload,
                    none => {
                        let name = Some(called.as_str()).filter(|name| !name.is_empty());
                        let Destination { account, container, path, .. } = &*folder;
                        let begun = desk.receive_savepoint(account, container, path, name).await;
                        none.insert(begun.map_err(|refusal| refusal.to_string())?)
                    }
                };
                let mut bytes = field.map_err(std::io::Error::other);
                let taken = if file.ends_with(".tar") {
                    upload.archive(&file, &mut bytes).await
                } else {
                    upload.file(&file, &mut bytes).await
                };
                if let Err(refusal) = taken {
                    hear_out(bytes).await;
                    return Err(refusal.to_string());
                }
            }
        }
    }
    let Some(upload) = upload else { return Err("No file was chosen. Nothing was uploaded.".to_owned()) };
    desk.keep_savepoint(upload).await.map(drop).map_err(|refusal| refusal.to_string())
}

/// Who is cut off while sending does not hear why.
async fn hear_out(mut bytes: impl Stream<Item = std::io::Result<Bytes>> + Unpin) {
    let mut heard = 0;
    while let Some(Ok(chunk)) = bytes.next().await
        && heard < shield::HEARD_OUT
    {
        heard += chunk.len();
    }
}

/// Where a file goes, or the folder of several.
#[derive(Clone, Default)]
struct Destination {
    account: String,
    container: String,
    path: String,
    replace: bool,
}

impl Destination {
    /// Reads the form to its end, or to the first refusal, whose sentence it gives.
    async fn fill(&mut self, desk: &Desk, form: &mut Multipart) -> Result<(), String> {
        while let Some(field) = form.next_field().await.map_err(broken)? {
            match field.name().unwrap_or_default() {
                "account" => self.account = text(field).await?,
                "container" => self.container = text(field).await?,
                "path" => self.path = text(field).await?,
                "replace" => self.replace = text(field).await? == "true",
                _ => self.receive(desk, field).await?,
            }
        }
        Ok(())
    }

    async fn receive(&self, desk: &Desk, field: Field<'_>) -> Result<(), String> {
        let name = field.file_name().unwrap_or_default().to_owned();
        if name.is_empty() {
            return Ok(()); // a field in which no file was chosen
        }
        let path = if self.path.is_empty() { name.clone() } else { format!("{}/{name}", self.path) };
        let file = Self { path, ..self.clone() };
        let bytes = field.map_err(std::io::Error::other);
        file.take(desk, bytes).await.map(drop).map_err(|refusal| format!("{name}: {refusal}"))
    }

    /// Hands the bytes to the desk. Those of an upload that is refused meanwhile are heard out for a while: who is cut
    /// off while sending does not hear why.
    async fn take(
        &self,
        desk: &Desk,
        mut bytes: impl Stream<Item = std::io::Result<Bytes>> + Unpin,
    ) -> Result<Entry, Refusal> {
        let (mut sender, received) = mpsc::channel(1);
        let uploading =
            desk.upload(&self.account, &self.container, &self.path, self.replace, received.boxed());
        let pump = async move {
            let mut heard = 0;
            while let Some(chunk) = bytes.next().await
                && heard < shield::HEARD_OUT
            {
                let (length, broken) = (chunk.as_ref().map_or(0, Bytes::len), chunk.is_err());
                if sender.send(chunk).await.is_err() {
                    heard += length;
                }
                if broken {
                    break;
                }
            }
        };
        futures::join!(uploading, pump).0
    }
}

/// A field that is no file, which is short.
async fn text(mut field: Field<'_>) -> Result<String, String> {
    let mut text = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        text.extend_from_slice(&chunk);
        if text.len() > LONGEST_FIELD {
            return Err("A field of the form is longer than any path. Nothing was uploaded.".to_owned());
        }
    }
    String::from_utf8(text).map_err(|_| "A field of the form is no text. Nothing was uploaded.".to_owned())
}

/// Longer than the path of a file may be, in bytes.
const LONGEST_FIELD: usize = 8 * 1024;

#[expect(clippy::needless_pass_by_value, reason = "the shape of `map_err`")]
fn broken(error: MultipartError) -> String {
    format!("The portal could not read the form: {}.", error.body_text())
}
