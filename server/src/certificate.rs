//! HTTPS by the portal itself: a certificate and its key from two files, read again whenever they change. What cannot
//! be used is not taken: the portal goes on with what it has, and says so.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use anyhow::{Context, bail};
use app::Warnings;
use rustls::ServerConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio_rustls::TlsAcceptor;
use webpki::EndEntityCert;

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// What a warning is about.
const SUBJECT: &str = "certificate";

/// The certificate that the portal shows, and where it is from.
#[derive(Debug)]
pub(crate) struct Certificate {
    files: Files,
    provider: CryptoProvider,
    held: RwLock<Arc<CertifiedKey>>,
}

/// Chain and key, both PEM.
#[derive(Clone, Debug)]
struct Files {
    chain: PathBuf,
    key: PathBuf,
}

/// What tells that a file has changed.
type Print = [Option<(SystemTime, u64)>; 2];

impl Certificate {
    /// Reads both files.
    ///
    /// # Errors
    /// A sentence: one cannot be read, holds nothing, or they do not belong together.
    pub(crate) fn read(chain: PathBuf, key: PathBuf) -> anyhow::Result<Self> {
        let (files, provider) = (Files { chain, key }, ring::default_provider());
        let held = RwLock::new(Arc::new(files.read(&provider)?));
        Ok(Self { files, provider, held })
    }

    /// What speaks TLS with it.
    ///
    /// # Errors
    /// The provider lacks what TLS needs.
    pub(crate) fn acceptor(self: &Arc<Self>) -> anyhow::Result<TlsAcceptor> {
        let mut config = ServerConfig::builder_with_provider(Arc::new(self.provider.clone()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_cert_resolver(self.clone());
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Whether it is one for this name or address.
    pub(crate) fn is_for(&self, name: &str) -> bool {
        let Ok(name) = ServerName::try_from(name.trim_start_matches('[').trim_end_matches(']')) else {
            return false;
        };
        let held = self.held();
        let certificate = held.cert.first().and_then(|first| EndEntityCert::try_from(first).ok());
        certificate.is_some_and(|certificate| certificate.verify_is_valid_for_subject_name(&name).is_ok())
    }

    /// The first whole name that it is for.
    pub(crate) fn name(&self) -> Option<String> {
        let held = self.held();
        let certificate = EndEntityCert::try_from(held.cert.first()?).ok()?;
        certificate.valid_dns_names().find(|name| !name.starts_with('*')).map(str::to_owned)
    }

    /// Reads the files again whenever they have changed and then stood still for one look: whoever renews a certificate
    /// writes two of them.
    pub(crate) async fn follow(&self, warnings: Warnings) {
        let (mut taken, mut last) = (self.files.print(), self.files.print());
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let print = self.files.print();
            if print == last && print != taken {
                taken = print;
                self.take(&warnings);
            }
            last = print;
        }
    }

    fn take(&self, warnings: &Warnings) {
        match self.files.read(&self.provider) {
            Ok(new) => {
                *self.held.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(new);
                tracing::info!("The portal shows the new certificate in {}.", self.files.chain.display());
                warnings.clear(SUBJECT);
            }
            Err(error) => {
                let sentence = format!(
                    "The new certificate cannot be used, so the portal goes on with the old one. {error:#}"
                );
                tracing::warn!("{sentence}");
                warnings.set(SUBJECT, sentence);
            }
        }
    }

    fn held(&self) -> Arc<CertifiedKey> {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.held())
    }
}

impl Files {
    fn read(&self, provider: &CryptoProvider) -> anyhow::Result<CertifiedKey> {
        let Self { chain, key } = self;
        let read =
            |file: &Path| std::fs::read(file).with_context(|| format!("{} cannot be read", file.display()));
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&read(chain)?)
            .collect::<Result<_, _>>()
            .with_context(|| format!("{} is no PEM file of certificates", chain.display()))?;
        if certificates.is_empty() {
            bail!("{} holds no certificate.", chain.display());
        }
        let private = PrivateKeyDer::from_pem_slice(&read(key)?)
            .with_context(|| format!("{} is no PEM file of a private key", key.display()))?;
        CertifiedKey::from_der(certificates, private, provider).with_context(|| {
            format!("The key in {} cannot serve the certificate in {}", key.display(), chain.display())
        })
    }

    fn print(&self) -> Print {
        [&self.chain, &self.key].map(|file| {
            let about = std::fs::metadata(file).ok()?;
            Some((about.modified().ok()?, about.len()))
        })
    }
}
