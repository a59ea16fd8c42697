//! The session's cookie: its name, what a browser must keep to about it, and its value in a request.

use std::path::Path;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use sha2::{Digest, Sha256};

/// The cookie of one portal. Browsers give a cookie to every port of its host, so two portals on one machine have two
/// names.
pub(crate) struct SessionCookie {
    name: String,
    secure: bool,
}

impl SessionCookie {
    /// Of the portal with this data folder on this port. `secure`: browsers reach it by HTTPS alone.
    pub(crate) fn new(data: &Path, port: u16, secure: bool) -> Self {
        let mut digest = Sha256::new_with_prefix(data.as_os_str().as_encoded_bytes());
        digest.update(port.to_be_bytes());
        let own = hex::encode(&digest.finalize()[..4]);
        // A browser takes a name with this prefix only by HTTPS, for this very host and all of its paths.
        let prefix = if secure { "__Host-" } else { "" };
        Self { name: format!("{prefix}penstock-{own}"), secure }
    }

    /// The header that hands a browser its secret, for so long.
    pub(crate) fn given(&self, secret: &str, lasts: Duration) -> (header::HeaderName, HeaderValue) {
        let secure = if self.secure { "; Secure" } else { "" };
        let seconds = lasts.as_secs();
        let text =
            format!("{}={secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", self.name);
        let value = HeaderValue::from_str(&text).expect("a secret is hexadecimal digits");
        (header::SET_COOKIE, value)
    }

    /// The header that has a browser forget it.
    pub(crate) fn taken(&self) -> (header::HeaderName, HeaderValue) {
        self.given("", Duration::ZERO)
    }

    /// The secret that a request brings.
    pub(crate) fn secret(&self, headers: &HeaderMap) -> Option<String> {
        let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut cookies = cookies.flat_map(|cookies| cookies.split(';'));
        cookies
            .find_map(|cookie| cookie.trim().strip_prefix(&self.name)?.strip_prefix('=').map(str::to_owned))
    }
}
