//! Answers that are no page of the portal: refusals at the door, a database that is away, a mistake of the portal's own.
//! A program gets a sentence, a person a page in the portal's look, which asks no database.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use domain::inside::Inside;
use domain::refusal::Refusal;

/// The sentence of a response that is not what was asked for.
#[derive(Clone)]
struct Sentence(String);

/// Of a page that stands alone: styles and icons of the portal's own, and nothing else.
pub(crate) const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; base-uri 'none'; \
                      frame-ancestors 'none'; form-action 'none'";

/// A sentence instead of what was asked for.
pub(crate) fn declined(status: StatusCode, sentence: &str) -> Response {
    said((status, sentence.to_owned()).into_response(), sentence)
}

/// A refusal as a response, for routes that are no pages.
pub(crate) fn refused(refusal: &Refusal) -> Response {
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let sentence = refusal.to_string();
    said((status, Json(serde_json::json!({ "error": sentence }))).into_response(), &sentence)
}

fn said(mut response: Response, sentence: &str) -> Response {
    response.extensions_mut().insert(Sentence(sentence.to_owned()));
    response
}

/// Who asked, and for what: a response is turned into a page for a person alone.
pub(crate) struct Requester {
    person: bool,
    theme: Option<&'static str>,
    again: Option<Inside>,
}

impl Requester {
    /// Of a request.
    pub(crate) fn of(method: &Method, uri: &Uri, headers: &HeaderMap) -> Self {
        let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let address = uri.path_and_query().map_or("/", |address| address.as_str());
        let again = (method == Method::GET).then(|| Inside::parse(address)).flatten();
        Self { person: accept.contains("text/html"), theme: theme(headers), again }
    }

    /// A page for a person who did not get what was asked for; everything else as it is.
    pub(crate) fn told(&self, response: Response) -> Response {
        let status = response.status();
        let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
        let page = kind.is_some_and(|kind| kind.starts_with(b"text/html"));
        let sentence = response.extensions().get::<Sentence>().map(|said| said.0.clone());
        let sentence = sentence.or_else(|| status.is_server_error().then(|| MISTAKE.to_owned()));
        let Some(sentence) = sentence.filter(|_| self.person && !page) else { return response };
        let again = self.again.as_ref().map(Inside::as_str).filter(|_| status.is_server_error());
        let document = app::mishap(title(status), &sentence, again, self.theme);
        let mut whole = (status, Html(document)).into_response();
        let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        whole.headers_mut().insert(policy.0, policy.1);
        // What the response said beside its words still holds, such as when to come again.
        let of_its_words = [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CONTENT_ENCODING];
        for (name, value) in response.headers() {
            if !of_its_words.contains(name) {
                whole.headers_mut().append(name, value.clone());
            }
        }
        whole
    }
}

/// What is said where a handler broke off: what it said itself is in the portal's log, and nobody else's business.
pub(crate) const MISTAKE: &str =
    "The portal made a mistake with this request. Load the page again to see what was done.";

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "You are signed out",
        StatusCode::NOT_FOUND => "This is not here",
        StatusCode::SERVICE_UNAVAILABLE => "The portal cannot answer now",
        status if status.is_server_error() => "Something went wrong",
        _ => "The portal declined",
    }
}

/// The theme that the browser keeps.
pub(crate) fn theme(headers: &HeaderMap) -> Option<&'static str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
    let mut cookies = cookies.flat_map(|cookies| cookies.split(';'));
    cookies.find_map(|cookie| match cookie.trim() {
        "theme=light" => Some("light"),
        "theme=dark" => Some("dark"),
        _ => None,
    })
}
