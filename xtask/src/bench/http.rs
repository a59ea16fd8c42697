//! As much HTTP as a measurement needs: one request on one connection, its bytes counted as they come.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// One browser, as far as the portal can tell.
pub(super) struct Client {
    pub(super) portal: SocketAddr,
    pub(super) cookie: String,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) head: String,
    pub(super) body: Vec<u8>,
    /// Bytes on the wire, head and chunks counted.
    pub(super) wire: usize,
    pub(super) took: Duration,
}

impl Answer {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header's value; names without regard to case.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut fields = self.head.lines().filter_map(|line| line.split_once(": "));
        fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

impl Client {
    /// Fetches a page or a file; anything but a 200 is an error.
    pub(super) fn get(&self, path: &str, encoding: &str) -> Result<Answer> {
        let answer =
            self.ask("GET", path, &format!("Accept: text/html,*/*\r\nAccept-Encoding: {encoding}\r\n"), "")?;
        expect_success(path, answer)
    }

    /// Asks a server function that takes JSON, as the pages do.
    pub(super) fn post_json(&self, path: &str, encoding: &str, body: &str) -> Result<Answer> {
        let fields = format!(
            "Content-Type: application/json\r\nAccept: application/json\r\nAccept-Encoding: {encoding}\r\n"
        );
        expect_success(path, self.ask("POST", path, &fields, body)?)
    }

    /// Sends a form to a server function.
    pub(super) fn post_form(&self, path: &str, body: &str) -> Result<Answer> {
        let fields = "Content-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n";
        expect_success(path, self.ask("POST", path, fields, body)?)
    }

    /// One request; the status is the caller's to judge.
    pub(super) fn ask(&self, method: &str, path: &str, fields: &str, body: &str) -> Result<Answer> {
        let start = Instant::now();
        let mut stream = self.send(method, path, fields, body)?;
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).with_context(|| format!("{path}: the answer broke off"))?;
        let took = start.elapsed();
        let end =
            bytes.windows(4).position(|four| four == b"\r\n\r\n").context("an answer without a head")?;
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let status = head
            .split(' ')
            .nth(1)
            .and_then(|code| code.parse().ok())
            .context("an answer without a status")?;
        let wire = bytes.len();
        let body = bytes.split_off(end + 4);
        let chunked = head.to_ascii_lowercase().contains("transfer-encoding: chunked");
        let body = if chunked { joined(&body).context("an answer in broken chunks")? } else { body };
        Ok(Answer { status, head, body, wire, took })
    }

    /// Opens a stream of server-sent events and waits until it is open.
    pub(super) fn listen(&self, path: &str) -> Result<News> {
        let stream = self.send("GET", path, "Accept: text/event-stream\r\n", "")?;
        let mut news = News { lines: BufReader::new(stream) };
        let first = news.line()?;
        if !first.contains(" 200 ") {
            bail!("{path} does not open: {first}");
        }
        while !news.line()?.trim().is_empty() {}
        Ok(news)
    }

    fn send(&self, method: &str, path: &str, fields: &str, body: &str) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(self.portal)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let Client { portal, cookie } = self;
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {portal}\r\nConnection: close\r\nCookie: {cookie}\r\n\
             Content-Length: {length}\r\n{fields}\r\n{body}"
        );
        stream.write_all(request.as_bytes())?;
        Ok(stream)
    }
}

fn expect_success(path: &str, answer: Answer) -> Result<Answer> {
    if answer.status != 200 {
        bail!("{path} answered {}: {:.300}", answer.status, answer.text());
    }
    Ok(answer)
}

/// The chunks of a body without their lengths.
fn joined(mut chunks: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = chunks.windows(2).position(|two| two == b"\r\n")?;
        let length = usize::from_str_radix(std::str::from_utf8(&chunks[..line]).ok()?, 16).ok()?;
        if length == 0 {
            return Some(body);
        }
        let start = line + 2;
        body.extend_from_slice(chunks.get(start..start + length)?);
        chunks = chunks.get(start + length + 2..)?;
    }
}

/// An open stream of events.
pub(super) struct News {
    lines: BufReader<TcpStream>,
}

impl News {
    /// Reads until a line names `what`.
    pub(super) fn wait_for(&mut self, what: &str, patience: Duration) -> Result<()> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if self.line()?.contains(what) {
                return Ok(());
            }
        }
        bail!("nothing was told about {what} within {} s", patience.as_secs());
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.lines.read_line(&mut line).context("no news came")? == 0 {
            bail!("the stream of events ended");
        }
        Ok(line)
    }
}
