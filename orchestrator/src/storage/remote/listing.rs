//! Listings of Azure as `object_store` can read them: an entry without a content type would break the whole of one, and
//! the markers that Flink's `wasb` writes for folders have none at some servers.

use async_trait::async_trait;
use bytes::Bytes;
use futures::TryStreamExt;
use object_store::client::{
    HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpResponseBody, HttpService,
};

/// No page of a listing is longer, bytes: 5,000 entries of 2 kB.
const LONGEST: usize = 32 << 20;

/// Connections whose listings are mended.
#[derive(Debug)]
pub(super) struct Mended(pub(super) reqwest::Client);

#[async_trait]
impl HttpService for Mended {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let lists =
            request.uri().query().is_some_and(|query| query.split('&').any(|part| part == "comp=list"));
        let response = HttpService::call(&self.0, request).await?;
        if !lists || !response.status().is_success() {
            return Ok(response);
        }
        let (mut parts, body) = response.into_parts();
        let mut text = Vec::new();
        let mut chunks = body.bytes_stream();
        while let Some(chunk) = chunks.try_next().await? {
            text.extend_from_slice(&chunk);
            if text.len() > LONGEST {
                let long = std::io::Error::other("the listing is longer than any should be");
                return Err(HttpError::new(HttpErrorKind::Decode, long));
            }
        }
        let text = String::from_utf8(text).map_err(|error| HttpError::new(HttpErrorKind::Decode, error))?;
        parts.headers.remove("content-length");
        Ok(HttpResponse::from_parts(parts, HttpResponseBody::from(Bytes::from(mended(&text)))))
    }
}

/// The same listing with a content type in every entry.
fn mended(text: &str) -> String {
    const BEGIN: &str = "<Properties>";
    const END: &str = "</Properties>";
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        whole += before;
        whole += BEGIN;
        let inside = after.split_once(END).map_or(after, |(inside, _)| inside);
        if !inside.contains("<Content-Type") {
            whole += "<Content-Type>application/octet-stream</Content-Type>";
        }
        whole += inside;
        rest = &after[inside.len()..];
    }
    whole + rest
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn an_entry_without_a_content_type_gets_one_and_no_other_is_touched() {
        let typed = "<Blob><Name>a</Name><Properties><Content-Type>x</Content-Type></Properties></Blob>";
        let empty = "<Blob><Name>b</Name><Properties><Content-Type/></Properties></Blob>";
        let bare = "<Blob><Name>c</Name><Properties><Content-Length>0</Content-Length></Properties></Blob>";
        let text = format!("<Blobs>{typed}{bare}{empty}</Blobs><NextMarker/>");
        let put = "<Content-Type>application/octet-stream</Content-Type><Content-Length>";
        assert_eq!(mended(&text), text.replace("<Content-Length>", put));
        assert_eq!(
            mended("<Properties><a"),
            "<Properties><Content-Type>application/octet-stream</Content-Type><a"
        );
        assert_eq!(mended(""), "");
    }
}
