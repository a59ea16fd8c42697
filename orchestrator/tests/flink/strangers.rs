//! Whoever has no key of the run gets nowhere at any of its ports, and the job goes on.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use orchestrator::flink::JobManager;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};

use crate::world::{World, test};

#[test]
fn whoever_has_no_key_gets_nowhere_and_the_job_goes_on() {
    test(async |mut world| {
        world.create().await;
        let counted = world.count().await;
        let listeners = world.listeners();
        assert!(listeners.len() >= 4, "REST, RPC, BLOB and data: {listeners:?}");
        for listener in &listeners {
            let listener = SocketAddr::from(*listener);
            in_clear(&world, listener);
            by_tls(listener, None);
            by_tls(listener, Some(foreign()));
        }
        by_http(&world).await;
        as_a_page_of_another_origin(&world).await;
        by_reading_the_keys(&world);
        as_a_task_manager(&world).await;

        world.pass().await;
        assert!(world.observed().job.as_ref().is_some_and(|job| job.up));
        assert_eq!(world.run(), 1);
        assert_eq!(world.savepoints(), 0, "nobody has taken one");
        let began = Instant::now();
        while world.count().await <= counted {
            assert!(began.elapsed() < Duration::from_secs(30), "the job counts no more than {counted}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
}

/// Plain HTTP is not answered; the REST port says that it wants TLS and nothing else.
fn in_clear(world: &World, listener: SocketAddr) {
    let job = world.cluster.job_id(1);
    let answer = asked(listener, |mut stream| {
        // A port that hangs up before it has read all of it answers nothing: that is as good.
        let _ = write!(stream, "GET /jobs/{job}/yarn-cancel HTTP/1.1\r\nHost: {listener}\r\n\r\n");
        stream
    });
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let redirected = answer.starts_with("HTTP/1.1 301") && !answer.contains('{');
    assert!(redirected || !answer.contains("HTTP/1.1"), "{listener}: {answer}");
}

/// Not even a handshake comes about, nor anything after it.
fn by_tls(listener: SocketAddr, own: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>) {
    let shown = own.is_some();
    let name = ServerName::IpAddress(listener.ip().into());
    let mut connection = rustls::ClientConnection::new(client(own), name).unwrap();
    let mut stream = connect(listener);
    let failed = loop {
        match connection.complete_io(&mut stream) {
            Err(error) => break error,
            Ok(_) if connection.is_handshaking() => {}
            Ok(_) => panic!("{listener} lets a stranger in (with a certificate: {shown})"),
        }
    };
    let refused = failed.kind() != std::io::ErrorKind::WouldBlock;
    assert!(refused, "{listener} leaves it open (with a certificate: {shown})");
}

/// The requests of the attack report, by those without a key, in both schemes.
async fn by_http(world: &World) {
    let (certificate, key) = foreign();
    let job = world.cluster.job_id(1);
    let target = world.config.data.join("taken-by-a-stranger");
    let own = world.provider.endpoint(world.cluster, 1).await.unwrap();
    let trusted = own.keys.as_ref().unwrap().trusted.clone();
    let foreign = orchestrator::flink::Keys { certificate, key, trusted };
    for endpoint in [
        orchestrator::flink::Endpoint { url: own.url.replace("https:", "http:"), keys: None },
        orchestrator::flink::Endpoint { url: own.url.clone(), keys: None },
        orchestrator::flink::Endpoint { url: own.url.clone(), keys: Some(foreign) },
    ] {
        let flink = JobManager::at(&endpoint).unwrap();
        assert!(flink.overview().await.is_err(), "{endpoint:?}");
        assert!(flink.cancel(&job).await.is_err(), "{endpoint:?}");
        let taken = flink
            .save(&job, &"0".repeat(32), &format!("file://{}", target.display()), Default::default())
            .await;
        assert!(taken.is_err(), "{endpoint:?}");
    }
    assert!(!target.exists());
}

/// A page of another origin could not read the answer even in the browser of somebody who has the key.
async fn as_a_page_of_another_origin(world: &World) {
    let own = world.provider.endpoint(world.cluster, 1).await.unwrap();
    let keys = own.keys.unwrap();
    let client = client(Some((keys.certificate, keys.key)));
    let listener = SocketAddr::from((world.address().await, 8081));
    let name = ServerName::IpAddress(listener.ip().into());
    let connection = rustls::ClientConnection::new(client, name).unwrap();
    let mut stream = rustls::StreamOwned::new(connection, connect(listener));
    let request = "GET /jobmanager/config HTTP/1.1\r\nOrigin: http://evil.example\r\nConnection: close\r\n";
    write!(stream, "{request}Host: {listener}\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // Flink hangs up without the good-bye of TLS.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8_lossy(&answer).to_lowercase();
    assert!(answer.starts_with("http/1.1 200"), "{answer}");
    let allowed: Vec<_> = answer.lines().filter(|line| line.contains("allow-origin: ")).collect();
    assert_eq!(allowed, [format!("access-control-allow-origin: {}", own.url)]);
}

/// Another user of the machine finds the keys closed; where the tests are not root nobody else can be tried, and the
/// modes of the files are all there is.
fn by_reading_the_keys(world: &World) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let run = world.run_folder(1);
    let keys = std::fs::read_dir(run.join("tls")).unwrap().map(|entry| entry.unwrap().path());
    let mut secret: Vec<_> = keys.collect();
    assert!(secret.len() >= 4, "{secret:?}");
    secret.push(run.join("conf/config.yaml"));
    let root = run.metadata().unwrap().uid() == 0;
    // The folders above would hide them anyway; here each file has to do it by itself.
    for folder in run.ancestors().take_while(|folder| folder.starts_with(&world.config.data)).filter(|_| root)
    {
        open(folder);
    }
    if root {
        open(&run.join("tls"));
    }
    for file in secret {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
        if root {
            let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "cat"];
            let cat = Command::new("setpriv").args(nobody).arg(&file).output().unwrap();
            let complaint = String::from_utf8_lossy(&cat.stderr).into_owned();
            assert!(!cat.status.success() && complaint.contains("denied"), "{complaint}");
            assert!(cat.stdout.is_empty());
        }
    }
}

fn open(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// A task manager as anybody can start one: Flink's own program, told of this job manager, without its keys.
async fn as_a_task_manager(world: &World) {
    let folder = world.config.data.join("stranger");
    std::fs::create_dir_all(folder.join("tmp")).unwrap();
    let address = world.address().await;
    let own = Ipv4Addr::from(u32::from(address) ^ 128);
    let configuration = format!(
        "jobmanager.rpc.address: {address}\njobmanager.rpc.port: 6123\ntaskmanager.host: {own}\n\
         taskmanager.bind-host: {own}\nio.tmp.dirs: {tmp}\n",
        tmp = folder.join("tmp").display(),
    );
    std::fs::write(folder.join("config.yaml"), configuration).unwrap();
    let log = folder.join("taskmanager.log");
    let output = std::fs::File::create(&log).unwrap();
    let mut java = Command::new("java");
    java.args(["-Xmx512m", "-cp", &format!("{}/lib/*", world.config.flink_home.display())])
        .arg(format!("-Dlog4j.configurationFile={}", console(&folder).display()))
        .arg("org.apache.flink.runtime.taskexecutor.TaskManagerRunner")
        .args(["--configDir".as_ref(), folder.as_os_str()])
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .stdin(Stdio::null());
    for option in [
        "taskmanager.cpu.cores=1.0",
        "taskmanager.numberOfTaskSlots=1",
        "taskmanager.memory.framework.heap.size=64m",
        "taskmanager.memory.framework.off-heap.size=32m",
        "taskmanager.memory.task.heap.size=64m",
        "taskmanager.memory.task.off-heap.size=0",
        "taskmanager.memory.managed.size=32m",
        "taskmanager.memory.network.min=32m",
        "taskmanager.memory.network.max=32m",
        "taskmanager.memory.jvm-metaspace.size=128m",
        "taskmanager.memory.jvm-overhead.min=64m",
        "taskmanager.memory.jvm-overhead.max=64m",
    ] {
        java.args(["-D", option]);
    }
    let mut java = java.spawn().unwrap();
    let began = Instant::now();
    let flink = world.flink().await;
    let tried = |text: &str| text.matches("Could not resolve ResourceManager address").count() >= 2;
    loop {
        let text = std::fs::read_to_string(&log).unwrap();
        assert!(!text.contains("Successful registration at resource manager"), "{text}");
        if let Ok(overview) = flink.overview().await {
            assert_eq!(overview.taskmanagers, 1, "{text}");
        }
        if tried(&text) {
            break;
        }
        let lives = java.try_wait().unwrap().is_none();
        assert!(lives && began.elapsed() < Duration::from_secs(90), "it never tried: {text}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    java.kill().unwrap();
    java.wait().unwrap();
}

/// A log that goes to the standard output.
fn console(folder: &Path) -> std::path::PathBuf {
    let file = folder.join("log4j.properties");
    let text = "rootLogger.level = INFO\nrootLogger.appenderRef.out.ref = out\nappender.out.name = out\n\
                appender.out.type = CONSOLE\nappender.out.layout.type = PatternLayout\n\
                appender.out.layout.pattern = %-5p %c{1.} - %m%n\n";
    std::fs::write(&file, text).unwrap();
    file
}

/// A client that trusts whoever answers, and shows this if it is asked.
fn client(own: Option<(CertificateDer<'static>, PrivateKeyDer<'static>)>) -> Arc<rustls::ClientConfig> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let client = rustls::ClientConfig::builder_with_provider(ring)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(TrustsEverybody));
    Arc::new(match own {
        Some((certificate, key)) => client.with_client_auth_cert(vec![certificate], key).unwrap(),
        None => client.with_no_client_auth(),
    })
}

fn connect(listener: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect_timeout(&listener, Duration::from_secs(10)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.set_write_timeout(Some(Duration::from_secs(20))).unwrap();
    stream
}

/// What a port answers until it hangs up or says no more for a while.
fn asked(listener: SocketAddr, ask: impl FnOnce(TcpStream) -> TcpStream) -> Vec<u8> {
    let mut stream = ask(connect(listener));
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// A key that somebody has made for himself.
fn foreign() -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let made = rcgen::generate_simple_self_signed(["Penstock".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    (made.cert.der().clone(), key)
}

/// A stranger does not care whom he talks to.
#[derive(Debug)]
struct TrustsEverybody;

impl rustls::client::danger::ServerCertVerifier for TrustsEverybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<rustls::client::danger::ServerCertVerified, rustls::Error> {
        Ok(rustls::client::danger::ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &rustls::DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, rustls::Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<rustls::SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
