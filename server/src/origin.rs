//! Where people reach the portal: the one scheme, and the names under which it answers. A request by another name was
//! led here by somebody else (DNS rebinding); a write that comes from another origin is another site's.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::http::{HeaderMap, header};

use crate::certificate::Certificate;

/// `https://flink.example.org`: scheme and name as browsers write them, no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PublicUrl {
    secure: bool,
    host: String,
}

/// Scheme and names.
pub(crate) struct Origin {
    secure: bool,
    names: Names,
    /// A proxy says by which scheme it was asked, and for whom.
    proxied: bool,
}

/// Which names, as browsers write them in `Host`.
enum Names {
    /// These; the first one is printed.
    These(Vec<String>),
    /// Those of the certificate, with the port of this address.
    Certified(Arc<Certificate>, SocketAddr),
}

impl Origin {
    /// Of a portal that browsers reach at the address on which it listens.
    pub(crate) fn listening(address: SocketAddr) -> Self {
        let (ip, port) = (address.ip(), address.port());
        let mut hosts = vec![host(&address.to_string(), false)];
        if ip.is_loopback() && (ip == IpAddr::from([127, 0, 0, 1]) || ip.is_ipv6()) {
            hosts.push(host(&format!("localhost:{port}"), false));
        }
        Self { secure: false, names: Names::These(hosts), proxied: false }
    }

    /// Of a portal that shows this certificate at the address on which it listens.
    pub(crate) fn certified(certificate: Arc<Certificate>, address: SocketAddr) -> Self {
        Self { secure: true, names: Names::Certified(certificate, address), proxied: false }
    }

    /// Of a portal that browsers reach under this name alone.
    pub(crate) fn public(url: &PublicUrl, proxied: bool) -> Self {
        Self { secure: url.secure, names: Names::These(vec![url.host.clone()]), proxied }
    }

    /// Whether browsers reach the portal by HTTPS alone.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether a proxy stands before the portal.
    pub(crate) fn is_proxied(&self) -> bool {
        self.proxied
    }

    /// Whether a request came by this scheme and to one of these names.
    pub(crate) fn answers(&self, headers: &HeaderMap) -> bool {
        let scheme = text(headers, "x-forwarded-proto").filter(|_| self.proxied);
        let asked = text(headers, header::HOST.as_str()).unwrap_or_default();
        let named = match &self.names {
            Names::These(hosts) => hosts.contains(&host(asked, self.secure)),
            Names::Certified(certificate, address) => {
                let port = format!(":{}", address.port());
                let name = asked.strip_suffix(&port).or_else(|| Some(asked).filter(|_| port == ":443"));
                name.is_some_and(|name| certificate.is_for(name))
            }
        };
        named && scheme.is_none_or(|scheme| scheme == self.scheme())
    }

    /// Whether a write comes from the portal's own pages. Browsers say where it comes from; a client that is no browser
    /// says neither and has no cookie to steal.
    pub(crate) fn wrote(&self, headers: &HeaderMap) -> bool {
        let own = |from: &str| {
            from.split_once("://").is_some_and(|(scheme, from)| {
                scheme == self.scheme() && text(headers, header::HOST.as_str()) == Some(from)
            })
        };
        match (text(headers, "sec-fetch-site"), text(headers, header::ORIGIN.as_str())) {
            (Some("same-origin" | "none"), from) => from.is_none_or(own),
            (Some(_), _) => false,
            (None, from) => from.is_none_or(own),
        }
    }

    /// Its address: `http://127.0.0.1:7373`.
    pub(crate) fn url(&self) -> String {
        let name = match &self.names {
            Names::These(hosts) => hosts.first().cloned().unwrap_or_default(),
            Names::Certified(certificate, address) => match certificate.name() {
                Some(name) => host(&format!("{name}:{}", address.port()), true),
                None => host(&address.to_string(), true),
            },
        };
        format!("{}://{name}", self.scheme())
    }

    fn scheme(&self) -> &'static str {
        if self.secure { "https" } else { "http" }
    }
}

impl PublicUrl {
    /// Whether it says HTTPS.
    pub(crate) fn is_secure(&self) -> bool {
        self.secure
    }

    /// Reads it from the command line.
    ///
    /// # Errors
    /// A sentence with an example.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let refused =
            || format!("“{text}” is no address of a portal; write for example https://flink.example.org.");
        let (scheme, rest) = text.split_once("://").ok_or_else(refused)?;
        let secure = match scheme {
            "https" => true,
            "http" => false,
            _ => return Err(refused()),
        };
        let name = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        let uri = format!("{scheme}://{name}").parse::<axum::http::Uri>();
        if name.is_empty() || !name.chars().all(plain) || uri.is_err() {
            return Err(refused());
        }
        Ok(Self { secure, host: host(&name, secure) })
    }
}

/// A name as browsers write it: without the port that its scheme has anyway.
fn host(name: &str, secure: bool) -> String {
    name.strip_suffix(if secure { ":443" } else { ":80" }).unwrap_or(name).to_owned()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
