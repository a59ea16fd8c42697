//! A portal of the test's own, as a child process.

use std::io::{BufRead, BufReader, Lines, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use reqwest::{Client, RequestBuilder, redirect};

/// A portal that runs, and the session of the person who opened its link.
pub(crate) struct PortalProcess {
    process: Process,
    /// `http://127.0.0.1:port`.
    pub(crate) url: String,
    /// The one-time link that it printed, used up.
    pub(crate) link: String,
    client: Client,
    cookie: String,
    /// Its data folder, removed with it.
    pub(crate) data: PathBuf,
}

impl PortalProcess {
    /// Starts one on an empty data folder and signs in.
    pub(crate) async fn signed_in() -> Self {
        Self::within("").await
    }

    /// Starts one from a shell that first does something to itself, such as to take a limit, and signs in.
    pub(crate) async fn within(before: &str) -> Self {
        let data = fresh_folder();
        Self::started(serve(&data, before), data).await
    }

    /// Starts one with more arguments and signs in.
    pub(crate) async fn with(arguments: &[&str]) -> Self {
        let data = fresh_folder();
        let mut command = serve(&data, "");
        command.args(arguments);
        Self::started(command, data).await
    }

    /// Starts the command that serves a data folder and signs in.
    pub(crate) async fn started(command: Command, data: PathBuf) -> Self {
        let (process, link) = Process::started(command, data.clone());
        let (url, _) = link.split_once("/sign-in/").expect("a link");
        // Which cipher suites there are, reqwest leaves to whoever starts the program. A second test says the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(redirect::Policy::none()).build().expect("a client");
        let mut portal =
            Self { process, url: url.to_owned(), link: link.clone(), client, cookie: String::new(), data };
        portal.cookie = portal.session(&link).await;
        portal
    }

    /// The cookie of a new session, by a link.
    pub(crate) async fn session(&self, link: &str) -> String {
        let answer = self.client.post(link).send().await.expect("an answer");
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        cookie.split(';').next().expect("a cookie").to_owned()
    }

    /// The cookie of another session of the same person.
    pub(crate) async fn another_session(&self) -> String {
        self.session(&self.another_link()).await
    }

    /// Another link, as the operator asks for one.
    pub(crate) fn another_link(&self) -> String {
        let output = penstock("link", &self.data).output().expect("it runs");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// A request of a stranger.
    pub(crate) fn unknown(&self, method: &str, path: &str) -> RequestBuilder {
        self.client.request(method.parse().expect("a method"), format!("{}{path}", self.url))
    }

    /// A request of the person who is signed in.
    pub(crate) fn known(&self, method: &str, path: &str) -> RequestBuilder {
        self.unknown(method, path).header("cookie", &self.cookie)
    }

    /// The page at a path, as a browser asks for it.
    pub(crate) async fn page(&self, path: &str) -> reqwest::Response {
        self.known("GET", path).header("accept", "text/html").send().await.expect("an answer")
    }

    /// `127.0.0.1:port`.
    pub(crate) fn host(&self) -> &str {
        self.url.split_once("://").map_or("", |(_, host)| host)
    }

    /// The person's cookie, as a request brings it.
    pub(crate) fn cookie(&self) -> &str {
        &self.cookie
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.process.child.id()
    }

    /// A file of its data folder as the portal itself sees it, which may have a disk of its own there.
    pub(crate) fn inside(&self, name: &str) -> PathBuf {
        let root = format!("/proc/{}/root", self.process.child.id());
        Path::new(&root).join(self.data.strip_prefix("/").expect("absolute")).join(name)
    }

    /// As Ctrl-C does.
    pub(crate) fn interrupt(&self) {
        let pid = self.process.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill runs").success());
    }

    /// As a service's manager does.
    pub(crate) fn terminate(&self) {
        let pid = self.process.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
    }

    /// Whether its process is gone.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.child.try_wait().expect("it can be asked").is_some()
    }

    /// The last line that it printed, once it has ended.
    pub(crate) fn last_line(&mut self) -> Option<String> {
        self.process.lines.by_ref().map_while(Result::ok).last()
    }

    /// An upload that has begun, and does not come to its end while this is held.
    pub(crate) fn begin_upload(&self, path: &str) -> TcpStream {
        let host = self.url.strip_prefix("http://").expect("an address");
        let mut stream = TcpStream::connect(host).expect("it listens");
        let head = format!("PUT {path} HTTP/1.1\r\nhost: {host}\r\ncookie: {}\r\n", self.cookie);
        let begun = format!("{head}content-length: 1000000\r\n\r\nbegun");
        stream.write_all(begun.as_bytes()).expect("sent");
        stream
    }

    /// Waits for its end.
    pub(crate) fn ended(&mut self) -> std::process::ExitStatus {
        self.process.child.wait().expect("it ends")
    }

    /// Whether it still answers: nothing that a test did may have ended it.
    pub(crate) async fn answers(&self) {
        assert_eq!(self.page("/pools").await.status(), 200);
    }
}

/// The process of a portal and its data folder; both end with it.
pub(crate) struct Process {
    child: Child,
    /// What it prints.
    lines: Lines<BufReader<ChildStdout>>,
    data: PathBuf,
}

impl Process {
    /// Starts the command that serves a data folder; its sign-in link.
    pub(crate) fn started(mut command: Command, data: PathBuf) -> (Self, String) {
        // What it logs goes to the test's own output: a pipe that nobody reads would stop it.
        let mut child = command.stderr(Stdio::inherit()).spawn().expect("the portal starts");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut said = lines.by_ref().map_while(Result::ok);
        let link =
            said.find_map(|line| line.split_once("Sign in once with  ").map(|(_, link)| link.to_owned()));
        let Some(link) = link else { panic!("the portal ended and said why above") };
        (Self { child, lines, data }, link)
    }
}

impl Drop for Process {
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
    let mut command = serve_unaddressed(data, before);
    command.args(["--listen", "127.0.0.1:0"]);
    command
}

/// The command that serves a data folder, without an address.
pub(crate) fn serve_unaddressed(data: &Path, before: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{before}\nexec \"$0\" \"$@\"")).arg(needed("PENSTOCK_BIN")).arg("serve");
    command.arg("--data").arg(data).args(["--flink-home", &needed("PENSTOCK_FLINK_HOME")]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Another command of the binary, on a data folder.
pub(crate) fn penstock(command: &str, data: &Path) -> Command {
    let mut penstock = Command::new(needed("PENSTOCK_BIN"));
    penstock.arg(command).arg("--data").arg(data).stdout(Stdio::piped()).stderr(Stdio::piped());
    penstock
}

/// What `cargo xtask test server` says.
pub(crate) fn needed(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: cargo xtask test server"))
}

/// What a portal that has ended said on its way.
pub(crate) fn said(child: &mut Child) -> String {
    let mut text = String::new();
    let _ = child.stderr.take().expect("piped").read_to_string(&mut text);
    text
}
