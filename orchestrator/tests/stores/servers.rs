//! Real servers that stand in for clouds, each with a folder of its own, on loopback, gone when it is dropped.
//!
//! `PENSTOCK_STORES` names the folder that `cargo xtask test stores` has put them into.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use domain::account::AccountForm;

/// Of Azurite's own account, which its documentation names.
pub(crate) const EMULATED: (&str, &str) = (
    "devstoreaccount1",
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
);
const KEY: (&str, &str) = ("tests", "a secret of the tests");

/// A server that runs.
pub(crate) struct Server {
    child: Child,
    /// How the portal is told of it.
    pub(crate) form: AccountForm,
    _folder: tempfile::TempDir,
}

/// Where the servers are; none where they are not, except where `CI` is set.
pub(crate) fn stores() -> Option<PathBuf> {
    let stores = std::env::var_os("PENSTOCK_STORES").map(PathBuf::from);
    assert!(stores.is_some() || std::env::var("CI").is_err(), "PENSTOCK_STORES must be set where CI is");
    if stores.is_none() {
        eprintln!("left out: PENSTOCK_STORES is not set");
    }
    stores
}

impl Server {
    /// Azure's blobs, at a port of its own or at the one where Flink looks for the emulator.
    pub(crate) fn azurite(stores: &std::path::Path, port: Option<u16>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = port.unwrap_or_else(free);
        let program = stores.join("azurite/node_modules/azurite/dist/src/blob/main.js");
        let mut command = Command::new("node");
        command
            .arg(program)
            .args(["--blobHost", "127.0.0.1", "--blobPort", &port.to_string(), "--location"])
            .arg(folder.path())
            .args(["--disableTelemetry", "--skipApiVersionCheck", "--silent"]);
        let form = AccountForm {
            name: "blobs".to_owned(),
            kind: "wasb".to_owned(),
            endpoint: format!("http://127.0.0.1:{port}/{}", EMULATED.0),
            secret: EMULATED.1.to_owned(),
            ..AccountForm::default()
        };
        Self::start(command, port, form, folder)
    }

    /// S3.
    pub(crate) fn versity(stores: &std::path::Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, data, sidecar) = (free(), folder.path().join("data"), folder.path().join("sidecar"));
        std::fs::create_dir(&data).unwrap();
        std::fs::create_dir(&sidecar).unwrap();
        let mut command = Command::new(stores.join("bin/versitygw"));
        command
            .env("ROOT_ACCESS_KEY", KEY.0)
            .env("ROOT_SECRET_KEY", KEY.1)
            .args(["--port", &format!("127.0.0.1:{port}"), "--keep-alive", "--quiet", "posix", "--sidecar"])
            .arg(sidecar)
            .arg(data);
        let form = AccountForm {
            name: "objects".to_owned(),
            kind: "s3".to_owned(),
            endpoint: format!("http://127.0.0.1:{port}"),
            path_style: "true".to_owned(),
            key_id: KEY.0.to_owned(),
            secret: KEY.1.to_owned(),
            ..AccountForm::default()
        };
        Self::start(command, port, form, folder)
    }

    fn start(mut command: Command, port: u16, form: AccountForm, folder: tempfile::TempDir) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut server = Self { child: command.spawn().unwrap(), form, _folder: folder };
        let (began, address) = (Instant::now(), SocketAddr::from(([127, 0, 0, 1], port)));
        while TcpStream::connect_timeout(&address, Duration::from_secs(1)).is_err() {
            let ended = server.child.try_wait().unwrap();
            let log = std::fs::read_to_string(server._folder.path().join("log")).unwrap();
            assert!(
                ended.is_none() && began.elapsed() < Duration::from_secs(60),
                "no server: {ended:?} {log}"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that nobody has.
pub(crate) fn free() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
