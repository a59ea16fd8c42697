//! A portal of the test's own, as a child process.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use reqwest::{Client, RequestBuilder, redirect};

/// A portal that runs, and the session of the person who opened its link.
pub(crate) struct Portal {
    child: Child,
    /// `http://127.0.0.1:port`.
    pub(crate) url: String,
    /// The one-time link that it printed, not used yet.
    pub(crate) link: String,
    client: Client,
    cookie: String,
    /// Its data folder, removed with it.
    pub(crate) data: PathBuf,
}

impl Portal {
    /// Starts one on an empty data folder and signs in.
    pub(crate) async fn signed_in() -> Self {
        Self::within("").await
    }

    /// Starts one from a shell that first does something to itself, such as to take a limit, and signs in.
    pub(crate) async fn within(before: &str) -> Self {
        let data = fresh_folder();
        // What it logs goes to the test's own output: a pipe that nobody reads would stop it.
        let mut child = serve(&data, before).stderr(Stdio::inherit()).spawn().expect("the portal starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let link =
            lines.find_map(|line| line.split_once("Sign in once with  ").map(|(_, link)| link.to_owned()));
        let Some(link) = link else { panic!("the portal ended and said why above") };
        let (url, _) = link.split_once("/sign-in/").expect("a link");
        // Which cipher suites there are, reqwest leaves to whoever starts the program. A second test says the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        let mut portal =
            Self { child, url: url.to_owned(), link: link.clone(), client, cookie: String::new(), data };
        let answer = portal.client.get(&link).send().await.expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        portal.cookie = cookie.split(';').next().expect("a cookie").to_owned();
        portal
    }

    /// A request of a stranger.
    pub(crate) fn unknown(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().expect("a method"), format!("{}{path}", self.url))
    }

    /// A request of the person who is signed in.
    pub(crate) fn known(&self, method: &str, path: &str) -> RequestBuilder {
        self.unknown(method, path).header("cookie", &self.cookie)
    }

    /// A file of its data folder as the portal itself sees it, which may have a disk of its own there.
    pub(crate) fn inside(&self, name: &str) -> PathBuf {
        let root = format!("/proc/{}/root", self.child.id());
        Path::new(&root).join(self.data.strip_prefix("/").expect("absolute")).join(name)
    }

    /// As Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> std::process::ExitStatus {
        self.child.wait().expect("it ends")
    }

    /// Whether it still answers: nothing that a test did may have ended it.
    pub(crate) async fn answers(&self) {
        let answer =
            self.known("GET", "/pools").header("accept", "text/html").send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
    }
}

impl Drop for Portal {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// A folder that nobody has.
pub(crate) fn fresh_folder() -> PathBuf {
    std::env::temp_dir().join(format!("penstock-{}", uuid::Uuid::now_v7().simple()))
}

/// The command that serves a data folder on a free port.
pub(crate) fn serve(data: &Path, before: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before}\nexec \"$0\" \"$@\"")).arg(needed("PENSTOCK_BIN")).arg("serve");
    command.arg("--data").arg(data).args(["--flink-home", &needed("PENSTOCK_FLINK_HOME")]);
    command.args(["--listen", "127.0.0.1:0"]).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Another command of the binary, on a data folder.
pub(crate) fn penstock(command: &str, data: &Path) -> Command {
    let mut penstock = Command::new(needed("PENSTOCK_BIN"));
    penstock.arg(command).arg("--data").arg(data).stdout(Stdio::piped()).stderr(Stdio::piped());
    penstock
}

fn needed(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: cargo xtask test server"))
}

/// What a portal that has ended said on its way.
pub(crate) fn said(child: &mut Child) -> String {
    let mut text = String::new();
    let _ = child.stderr.take().expect("piped").read_to_string(&mut text);
    text
}
