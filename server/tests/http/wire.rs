//! Requests byte by byte, as no client library would send them.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::portal::PortalProcess;

/// A connection that says nothing yet.
pub(crate) async fn connected(portal: &PortalProcess) -> TcpStream {
    TcpStream::connect(portal.host()).await.expect("a connection")
}

/// The whole answer to one request of the person who is signed in. `line`: method and path; `fields`: more of the head.
pub(crate) async fn ask(portal: &PortalProcess, line: &str, fields: &str, body: &[u8]) -> String {
    rest(&mut sent(portal, line, fields, body).await).await
}

/// The same, before there is an answer.
pub(crate) async fn sent(portal: &PortalProcess, line: &str, fields: &str, body: &[u8]) -> TcpStream {
    let mut stream = connected(portal).await;
    let head =
        format!("{line} HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\n{fields}", portal.host(), portal.cookie());
    stream
        .write_all(format!("{}\r\nconnection: close\r\n\r\n", head.trim_end()).as_bytes())
        .await
        .expect("sent");
    stream.write_all(body).await.expect("sent");
    stream
}

/// What comes until the other side ends the connection.
pub(crate) async fn rest(stream: &mut (impl AsyncReadExt + Unpin)) -> String {
    let mut answer = Vec::new();
    // An end without a farewell is an end too.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}
