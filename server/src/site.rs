//! The site's own files: scripts, styles, fonts, icons. Within the binary in a release build, read from the build's
//! folder in a development build.

use std::collections::HashMap;
use std::path::Path;
use std::sync::LazyLock;

use anyhow::Context;
use app::LaterFiles;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "$PENSTOCK_SITE"]
#[allow_missing = true]
struct Site;

/// The jars that the portal itself runs; never served.
const JARS: &str = "flink/";

/// A browser keeps the site's files and asks each time whether they are still the same.
const KEEP: &str = "no-cache";

/// In which files of the browser side the code of each part of the pages lies. Their names change with their content.
static PARTS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let parts = Site::get("pkg/parts.json").and_then(|file| serde_json::from_slice(&file.data).ok());
    parts.unwrap_or_default()
});
const KEEP_FOR_EVER: &str = "max-age=31536000, immutable";

/// Whether a path is one of the site's files.
pub(crate) fn has(path: &str) -> bool {
    let path = path.trim_start_matches('/');
    // By its name: a development build would read and hash the whole file.
    !path.starts_with(JARS) && Site::iter().any(|known| known == path)
}

/// Serves a file of the site, compressed as it was at build time where there is such a form of it.
pub(crate) async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let Some(plain) = file(path) else {
        return (StatusCode::NOT_FOUND, "There is nothing at this address.").into_response();
    };
    let later = PARTS.values().flatten().any(|file| file == uri.path());
    let keep = if later { KEEP_FOR_EVER } else { KEEP };
    let tag = format!("\"{}\"", hex::encode(&plain.metadata.sha256_hash()[..8]));
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        // The same word on keeping it as with the file itself: without one a 304 would make browsers forget it.
        let same = [(header::CACHE_CONTROL, keep), (header::ETAG, tag.as_str())];
        return (StatusCode::NOT_MODIFIED, same).into_response();
    }
    let kind = plain.metadata.mimetype().to_owned();
    let accepted =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (bytes, encoding) = [("br", "br"), ("gz", "gzip")]
        .into_iter()
        .filter(|(_, name)| accepted.contains(name))
        .find_map(|(end, name)| Some((file(&format!("{path}.{end}"))?.data, Some(name))))
        .unwrap_or((plain.data, None));
    let mut response = Body::from(bytes.into_owned()).into_response();
    let set = response.headers_mut();
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    for (name, value) in [(header::CONTENT_TYPE, kind), (header::ETAG, tag)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            set.insert(name, value);
        }
    }
    if let Some(encoding) = encoding {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The files with the code of the pages behind the first one.
pub(crate) fn later() -> LaterFiles {
    LaterFiles(&PARTS)
}

/// Writes the probe's, the launcher's and the samples' jars into a folder, as real files that Java can open.
///
/// # Errors
/// The binary was built without them, or the folder cannot be written.
pub(crate) fn unpack_jars(folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("Cannot make {}", folder.display()))?;
    for name in ["penstock-probe.jar", "penstock-launcher.jar", "penstock-sql.jar", "penstock-samples.jar"] {
        let jar = Site::get(&format!("{JARS}{name}"))
            .with_context(|| format!("This build lacks {name}; build it with `cargo xtask build`."))?;
        let place = folder.join(name);
        if std::fs::read(&place).ok().as_deref() != Some(&*jar.data) {
            let part = folder.join(format!("{name}.part"));
            std::fs::write(&part, &jar.data)
                .and_then(|()| std::fs::rename(&part, &place))
                .with_context(|| format!("Cannot write {}", place.display()))?;
        }
    }
    Ok(())
}

fn file(path: &str) -> Option<EmbeddedFile> {
    if path.is_empty() || path.starts_with(JARS) || path.contains("..") { None } else { Site::get(path) }
}
