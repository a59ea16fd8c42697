//! Where a job manager answers and how it and the portal know each other.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// Sessions that a client keeps for its one server: enough for the connections that it opens at once.
const SESSIONS: usize = 4;

/// A job manager's endpoint, as the run says it that the job manager belongs to.
#[derive(Debug)]
pub struct Endpoint {
    /// `https://127.4.0.7:8081`, without a slash at its end.
    pub url: String,
    /// What both sides show; none where Flink answers everybody, in clear.
    pub keys: Option<Keys>,
}

/// The portal's own key for one run, and the one certificate that it trusts there.
#[derive(Debug)]
pub struct Keys {
    /// What the portal shows.
    pub certificate: CertificateDer<'static>,
    /// The key of that certificate.
    pub key: PrivateKeyDer<'static>,
    /// What Flink shows. It names Flink's address.
    pub trusted: CertificateDer<'static>,
}

impl Endpoint {
    /// Both sides' part of a handshake. Without keys nobody is trusted, so that nothing is ever asked by TLS.
    pub(super) fn tls(&self) -> Result<ClientConfig, rustls::Error> {
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let mut trusted = RootCertStore::empty();
        if let Some(keys) = &self.keys {
            trusted.add(keys.trusted.clone())?;
        }
        let tls = ClientConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(trusted);
        let mut tls = match &self.keys {
            Some(keys) => tls.with_client_auth_cert(vec![keys.certificate.clone()], keys.key.clone_key())?,
            None => tls.with_no_client_auth(),
        };
        tls.resumption = Resumption::in_memory_sessions(SESSIONS);
        Ok(tls)
    }
}
