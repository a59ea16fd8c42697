//! HTTPS by the portal itself, and what stands in its place: a proxy, or an address that no other program has.

use std::path::Path;
use std::sync::Arc;

use rcgen::{Certificate, CertifiedKey, KeyPair, generate_simple_self_signed};
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::portal::{Process, fresh_folder, said, serve_unaddressed};
use crate::wire;

/// A certificate that vouches for itself, and a client that believes no other.
struct Identity {
    certificate: Certificate,
    key: KeyPair,
}

impl Identity {
    fn new() -> Self {
        let names = ["flink.example.org".to_owned(), "localhost".to_owned()];
        let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).expect("a certificate");
        Self { certificate: cert, key: signing_key }
    }

    async fn trusting(&self, port: u16) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.certificate.der().clone()).expect("a root");
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_no_client_auth();
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        let name = ServerName::try_from("flink.example.org").expect("a name");
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    /// One request and its whole answer.
    async fn ask(&self, port: u16, head: &str) -> String {
        exchange(self.trusting(port).await.expect("a handshake"), head).await
    }
}

async fn exchange(mut stream: impl AsyncRead + AsyncWrite + Unpin, head: &str) -> String {
    stream
        .write_all(format!("{head}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").as_bytes())
        .await
        .expect("sent");
    wire::rest(&mut stream).await
}

async fn asked_plainly(port: u16, head: &str) -> String {
    exchange(TcpStream::connect(("127.0.0.1", port)).await.expect("a connection"), head).await
}

/// The cookie that an answer gives, with what a browser must keep to.
fn cookie(answer: &str) -> &str {
    let line = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
    line.unwrap_or_else(|| panic!("no session: {answer}"))
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

/// A folder with a certificate, and the portal that shows it.
fn portal_with(identity: &Identity, folder: &Path) -> (Process, String, u16) {
    std::fs::create_dir_all(folder).expect("made");
    let (chain, key) = (folder.join("chain.pem"), folder.join("key.pem"));
    std::fs::write(&chain, identity.certificate.pem()).expect("written");
    std::fs::write(&key, identity.key.serialize_pem()).expect("written");
    let data = folder.join("data");
    let mut command = serve_unaddressed(&data, "");
    command.args(["--listen", "127.0.0.1:0"]).arg("--tls-cert").arg(chain).arg("--tls-key").arg(key);
    let (process, link) = Process::started(command, data);
    let (url, path) = link.split_once("/sign-in/").expect("a link");
    let port = url.strip_prefix("https://flink.example.org:").expect("the certificate's name").parse();
    (process, format!("/sign-in/{path}"), port.expect("a port"))
}

#[tokio::test]
async fn the_portal_speaks_https_itself_under_the_names_of_its_certificate() {
    let (identity, folder) = (Identity::new(), fresh_folder());
    let (process, link, port) = portal_with(&identity, &folder);
    let head = |line: &str, host: &str| format!("{line} HTTP/1.1\r\nhost: {host}:{port}");
    let own = "flink.example.org";

    let foreign = format!("{}\r\norigin: http://{own}:{port}", head(&format!("POST {link}"), own));
    assert_eq!(status(&identity.ask(port, &foreign).await), "403", "the same name by another scheme");
    let pressed = format!("{}\r\norigin: https://{own}:{port}", head(&format!("POST {link}"), own));
    let answer = identity.ask(port, &pressed).await;
    assert!(cookie(&answer).starts_with("__Host-penstock-"), "{answer}");
    assert!(cookie(&answer).ends_with("; Secure") && !cookie(&answer).contains("Domain"), "{answer}");
    let session = cookie(&answer).split(';').next().expect("a cookie");
    let known = |host: &str| format!("{}\r\ncookie: {session}", head("GET /jobs", host));
    for (host, expected) in
        [(own, "200"), ("localhost", "200"), ("127.0.0.1", "421"), ("evil.example", "421")]
    {
        assert_eq!(status(&identity.ask(port, &known(host)).await), expected, "{host}");
    }
    assert!(!asked_plainly(port, &known(own)).await.contains("200 OK"), "nothing is said in clear");
    drop(process);
    std::fs::remove_dir_all(folder).expect("removed");
}

#[tokio::test]
async fn a_new_certificate_is_shown_and_a_bad_one_is_not() {
    let (old, new, folder) = (Identity::new(), Identity::new(), fresh_folder());
    let (process, link, port) = portal_with(&old, &folder);
    let host = format!("host: flink.example.org:{port}");
    let answer = old.ask(port, &format!("POST {link} HTTP/1.1\r\n{host}")).await;
    let session = cookie(&answer).split(';').next().expect("a cookie").to_owned();
    let settings = format!("GET /settings HTTP/1.1\r\n{host}\r\naccept: text/html\r\ncookie: {session}");

    // The new certificate without its key.
    std::fs::write(folder.join("chain.pem"), new.certificate.pem()).expect("written");
    let page = loop {
        let page = old.ask(port, &settings).await;
        if page.contains("goes on with the old one") {
            break page;
        }
    };
    assert!(page.contains("chain.pem"), "{page}");
    assert!(new.trusting(port).await.is_err());

    std::fs::write(folder.join("key.pem"), new.key.serialize_pem()).expect("written");
    while new.trusting(port).await.is_err() {}
    let page = new.ask(port, &settings).await;
    assert!(page.contains("Where you are signed in") && !page.contains("goes on with the old one"), "{page}");
    drop(process);
    std::fs::remove_dir_all(folder).expect("removed");
}

#[tokio::test]
async fn behind_a_proxy_only_the_public_name_and_scheme_are_answered() {
    let data = fresh_folder();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let mut command = serve_unaddressed(&data, "");
    command.args(["--listen", &format!("127.0.0.1:{port}")]);
    command.args(["--behind-proxy", "--public-url", "https://flink.example.org"]);
    let (process, link) = Process::started(command, data);
    let path = link.strip_prefix("https://flink.example.org").expect("the public name").to_owned();
    let head = |line: &str, host: &str, scheme: &str| {
        format!(
            "{line} HTTP/1.1\r\nhost: {host}\r\nx-forwarded-proto: {scheme}\r\nx-forwarded-for: 10.9.9.9, 192.0.2.7"
        )
    };
    let press = |host: &str, scheme: &str| head(&format!("POST {path}"), host, scheme);
    let own = "flink.example.org";
    for (host, scheme) in
        [(own, "http"), ("127.0.0.1", "https"), (&format!("127.0.0.1:{port}"), "https"), ("x", "https")]
    {
        assert_eq!(status(&asked_plainly(port, &press(host, scheme)).await), "421", "{scheme}://{host}");
    }
    let foreign = format!("{}\r\norigin: http://{own}", press(own, "https"));
    assert_eq!(status(&asked_plainly(port, &foreign).await), "403");
    let answer = asked_plainly(port, &format!("{}\r\norigin: https://{own}", press(own, "https"))).await;
    assert!(
        cookie(&answer).starts_with("__Host-penstock-") && cookie(&answer).ends_with("; Secure"),
        "{answer}"
    );
    let session = cookie(&answer).split(';').next().expect("a cookie");
    let settings =
        format!("{}\r\ncookie: {session}\r\naccept: text/html", head("GET /settings", own, "https"));
    let page = asked_plainly(port, &settings).await;
    assert!(page.contains("192.0.2.7"), "the one that the proxy saw: {page}");
    drop(process);
}

/// Browsers give a cookie to every port of an address, so each portal has an address that nobody else answers at.
#[tokio::test]
async fn without_tls_a_portal_has_an_address_and_a_cookie_of_its_own() {
    let mut cookies = Vec::new();
    for _ in 0..2 {
        let data = fresh_folder();
        let mut command = serve_unaddressed(&data, "");
        command.args(["--port", "0"]);
        let (process, link) = Process::started(command, data);
        let (host, path) =
            link.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("a link");
        let address: std::net::SocketAddrV4 = host.parse().expect("an address");
        let [first, second, third, last] = address.ip().octets();
        assert!(first == 127 && (200..248).contains(&second) && (third, last) == (0, 1), "{link}");
        let stream = || TcpStream::connect(address);
        let press = |host: &str| format!("POST /{path} HTTP/1.1\r\nhost: {host}");
        let port = address.port();
        for other in [format!("127.0.0.1:{port}"), format!("localhost:{port}")] {
            let answer = exchange(stream().await.expect("a connection"), &press(&other)).await;
            assert_eq!(status(&answer), "421", "{other}");
        }
        let answer = exchange(stream().await.expect("a connection"), &press(host)).await;
        cookies.push(cookie(&answer).split('=').next().expect("a name").to_owned());
        drop(process);
    }
    assert!(
        cookies.iter().all(|name| name.starts_with("penstock-")) && cookies[0] != cookies[1],
        "{cookies:?}"
    );
}

#[tokio::test]
async fn what_would_be_open_or_cannot_work_is_refused_at_the_start() {
    for (arguments, sentence) in [
        (&["--listen", "0.0.0.0:0"] as &[&str], "is not a loopback address"),
        (&["--behind-proxy"], "--public-url"),
        (&["--public-url", "flink.example.org"], "write for example https://flink.example.org"),
        (&["--public-url", "https://flink.example.org"], "--public-url says HTTPS"),
        (&["--tls-cert", "/dev/null"], "--tls-key"),
        (&["--tls-cert", "/dev/null", "--tls-key", "/dev/null"], "/dev/null holds no certificate"),
        (
            &["--tls-cert", "/nowhere/chain.pem", "--tls-key", "/dev/null"],
            "/nowhere/chain.pem cannot be read",
        ),
        (&["--session-idle", "soon"], "write for example 168h or 45m"),
    ] {
        let data = fresh_folder();
        let mut portal = serve_unaddressed(&data, "").args(arguments).spawn().expect("started");
        assert!(!portal.wait().expect("ended").success(), "{arguments:?}");
        let said = said(&mut portal);
        assert!(said.contains(sentence), "{arguments:?}: {said}");
        assert!(!data.exists(), "{arguments:?}");
    }
}
