//! The keys of one run: made for it alone, for its processes and for the portal, and gone with its folder.
//!
//! Two keys. Flink's is what its processes show each other and the portal; the portal's is the only one that Flink's
//! REST interface lets in. Each trusts just the other's certificate; there is no authority that could sign a third.

use std::net::{IpAddr, Ipv4Addr};
use std::os::unix::fs::DirBuilderExt;

use p12_keystore::{KeyStore, KeyStoreEntry, PrivateKey, PrivateKeyChain};
use rcgen::{
    CertificateParams, CertifiedKey, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256, SanType,
    date_time_ymd,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::folder::RunFolder;
use super::state::gone;
use crate::file;
use crate::flink::Keys;
use domain::option::FlinkOptions;

/// Flink's key with its certificate.
const FLINK: &str = "flink.p12";
/// What Flink's processes trust in each other: Flink's certificate.
const TRUSTED_INSIDE: &str = "trusted-inside.p12";
/// What Flink's REST interface trusts: the portal's certificate.
const TRUSTED_OUTSIDE: &str = "trusted-outside.p12";
/// Flink's certificate, for the portal.
const FLINK_CERTIFICATE: &str = "flink.pem";
/// The portal's key with its certificate.
const PORTAL: &str = "portal.pem";

/// Rounds that would make guessing a short password slow. This one has 256 random bits, and each round is time of a
/// start.
const ROUNDS: u32 = 1;

/// Flink knows RSA suites by default; these are for elliptic curves. TLS 1.2 is Flink's default and all that it needs.
const SUITES: &str = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384";

/// Makes new keys in the run's folder, readable for the portal's user alone, and gives the options by which Flink
/// uses them.
///
/// # Errors
/// When the disk refuses or the system gives no randomness.
pub(super) fn make(folder: &RunFolder, address: Ipv4Addr) -> std::io::Result<FlinkOptions> {
    let flink = key("Penstock cluster", vec![SanType::IpAddress(IpAddr::V4(address))])?;
    let portal = key("Penstock", Vec::new())?;
    let password = password()?;
    gone(std::fs::remove_dir_all(folder.tls()))?;
    std::fs::DirBuilder::new().mode(0o700).create(folder.tls())?;
    let write = |name: &str, bytes: &[u8]| file::write(&folder.tls().join(name), bytes);
    write(FLINK, &store(own(&flink)?, &password)?)?;
    write(TRUSTED_INSIDE, &store(trusted(&flink)?, &password)?)?;
    write(TRUSTED_OUTSIDE, &store(trusted(&portal)?, &password)?)?;
    write(FLINK_CERTIFICATE, flink.cert.pem().as_bytes())?;
    let both = format!("{}{}", portal.signing_key.serialize_pem(), portal.cert.pem());
    write(PORTAL, both.as_bytes())?;
    Ok(options(folder, &password))
}

/// What the portal shows to a run and trusts in it.
///
/// # Errors
/// When they cannot be read.
pub(super) fn read(folder: &RunFolder) -> std::io::Result<Keys> {
    let place = |name: &str| folder.tls().join(name);
    let portal = place(PORTAL);
    Ok(Keys {
        certificate: CertificateDer::from_pem_file(&portal).map_err(unreadable)?,
        key: PrivateKeyDer::from_pem_file(&portal).map_err(unreadable)?,
        trusted: CertificateDer::from_pem_file(place(FLINK_CERTIFICATE)).map_err(unreadable)?,
    })
}

fn unreadable(error: rustls::pki_types::pem::Error) -> std::io::Error {
    std::io::Error::other(format!("the run's keys cannot be read: {error}"))
}

fn options(folder: &RunFolder, password: &str) -> FlinkOptions {
    let mut options = FlinkOptions::new();
    let mut set = |key: String, value: &str| options.insert(key, value.to_owned());
    for (part, trusted) in [("internal", TRUSTED_INSIDE), ("rest", TRUSTED_OUTSIDE)] {
        let mut of = |word: &str, value: &str| set(format!("security.ssl.{part}.{word}"), value);
        of("enabled", "true");
        for (store, name) in [("keystore", FLINK), ("truststore", trusted)] {
            of(store, &folder.tls().join(name).display().to_string());
            of(&format!("{store}-type"), "PKCS12");
            of(&format!("{store}-password"), password);
        }
        of("key-password", password);
    }
    set("security.ssl.rest.authentication-enabled".to_owned(), "true");
    set("security.ssl.algorithms".to_owned(), SUITES);
    options
}

/// A key with a certificate that it has signed itself. It has no end (RFC 5280, 4.1.2.5): a run may last for years,
/// and the key goes with it.
fn key(name: &str, addresses: Vec<SanType>) -> std::io::Result<CertifiedKey<KeyPair>> {
    let signing_key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).map_err(std::io::Error::other)?;
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.subject_alt_names = addresses;
    params.not_before = date_time_ymd(2000, 1, 1); // A machine whose clock is slow must not refuse it.
    params.not_after = date_time_ymd(9999, 12, 31);
    let cert = params.self_signed(&signing_key).map_err(std::io::Error::other)?;
    Ok(CertifiedKey { cert, signing_key })
}

fn password() -> std::io::Result<String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| std::io::Error::other(error.to_string()))?;
    Ok(hex::encode(bytes))
}

fn own(key: &CertifiedKey<KeyPair>) -> std::io::Result<KeyStoreEntry> {
    let certificate = certificate(key)?;
    let private = PrivateKey::from_der(&key.signing_key.serialize_der()).map_err(std::io::Error::other)?;
    Ok(KeyStoreEntry::PrivateKeyChain(PrivateKeyChain::new(vec![1], private, [certificate])))
}

fn trusted(key: &CertifiedKey<KeyPair>) -> std::io::Result<KeyStoreEntry> {
    certificate(key).map(KeyStoreEntry::Certificate)
}

fn certificate(key: &CertifiedKey<KeyPair>) -> std::io::Result<p12_keystore::Certificate> {
    p12_keystore::Certificate::from_der(key.cert.der()).map_err(std::io::Error::other)
}

/// A key store as Java reads it, with this one entry.
fn store(entry: KeyStoreEntry, password: &str) -> std::io::Result<Vec<u8>> {
    let mut store = KeyStore::new();
    store.add_entry("only", entry);
    let writer = store.writer(password).encryption_iterations(ROUNDS).mac_iterations(ROUNDS);
    writer.write().map_err(std::io::Error::other)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::super::folder::ClusterFolder;
    use super::*;
    use crate::flink::{Endpoint, JobManager};

    #[test]
    fn every_run_gets_keys_of_its_own_that_nobody_else_may_read() {
        let data = tempfile::tempdir().expect("a folder");
        let cluster = ClusterFolder::of(data.path(), domain::id::ClusterId(uuid::Uuid::nil()));
        let mut passwords = Vec::new();
        let mut certificates = Vec::new();
        for run in [1, 2, 2] {
            let folder = cluster.run(run);
            std::fs::create_dir_all(folder.path()).expect("a folder");
            let options = make(&folder, Ipv4Addr::LOCALHOST).expect("made");
            passwords.push(options["security.ssl.rest.key-password"].clone());
            let keys = read(&folder).expect("read");
            certificates.extend([keys.certificate.to_vec(), keys.trusted.to_vec()]);
            let endpoint = Endpoint { url: "https://127.0.0.1:1".to_owned(), keys: Some(keys) };
            JobManager::at(&endpoint).expect("keys that can be used");
            let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode() & 0o777;
            assert_eq!(mode(&folder.tls()), 0o700);
            for file in std::fs::read_dir(folder.tls()).expect("listed").flatten() {
                assert_eq!(mode(&file.path()), 0o600, "{}", file.path().display());
            }
        }
        passwords.sort();
        passwords.dedup();
        certificates.sort();
        certificates.dedup();
        assert_eq!((passwords.len(), certificates.len()), (3, 6), "also where a launch is repeated");
    }
}
