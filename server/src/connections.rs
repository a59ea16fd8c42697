//! Connections: how many there are at once, how long each may take to say what it wants, and how they end. Whoever
//! opens one and says nothing holds up nobody for long.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use futures::FutureExt;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutWriter;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower_http::timeout::TimeoutBody;
use tower_service::Service;

use crate::carried;

/// Connections at once, where the limit of open files has room for them.
const MOST: u64 = 2048;
/// The head of a request is there within this, or the connection ends; also one that rests between two requests.
const HEAD: Duration = Duration::from_secs(10);
/// As long a TLS handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Each next piece of a body comes within this, and each piece of an answer is taken.
const PIECE: Duration = Duration::from_secs(30);
/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 64 * 1024;
/// After the system has refused a connection, for it has no more files: it will not have any at once.
const PAUSE: Duration = Duration::from_millis(500);

/// The network address at the other end of a request's connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// What answers on every connection.
#[derive(Clone)]
pub(crate) struct Answering {
    /// The routes.
    pub(crate) router: Router,
    /// HTTPS by the portal itself.
    pub(crate) tls: Option<TlsAcceptor>,
    /// No new request is taken after this; those under way are answered.
    pub(crate) ending: CancellationToken,
}

/// Answers until the portal ends and the last answer is given. `files`: how many the process may have open.
pub(crate) async fn answer(listener: TcpListener, answering: Answering, files: u64) {
    // The other half is for the clusters: their processes, their logs, the database.
    let most = usize::try_from(MOST.min(files / 2)).unwrap_or(usize::MAX);
    let places = Arc::new(Semaphore::new(most));
    let mut open = JoinSet::new();
    while let Some((stream, peer, place)) = next(&listener, &places, &answering.ending).await {
        open.spawn(connection(stream, peer, answering.clone(), place));
        while open.try_join_next().is_some() {}
    }
    drop(listener);
    while open.join_next().await.is_some() {}
}

/// The next connection, once there is a place for it; who waits for one waits in the system's queue. None at the end.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    ending: &CancellationToken,
) -> Option<(TcpStream, Peer, OwnedSemaphorePermit)> {
    let accepted = async {
        let place = places.clone().acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, peer)) => return Some((stream, Peer(peer.ip()), place)),
                Err(error) if is_the_callers(&error) => {}
                Err(error) => {
                    tracing::warn!("No connection can be taken now: {error}.");
                    sleep(PAUSE).await;
                }
            }
        }
    };
    tokio::select! { accepted = accepted => accepted, () = ending.cancelled() => None }
}

/// Whether only that one connection failed, before it was taken.
fn is_the_callers(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

async fn connection(stream: TcpStream, peer: Peer, answering: Answering, place: OwnedSemaphorePermit) {
    // Without it a short answer may wait for the other side to confirm the one before.
    let _ = stream.set_nodelay(true);
    match answering.tls.clone() {
        None => http(stream, peer, answering).await,
        Some(tls) => {
            let handshake = timeout(HANDSHAKE, tls.accept(stream));
            if let Ok(Ok(stream)) = handshake.await {
                http(stream, peer, answering).await;
            }
        }
    }
    drop(place);
}

async fn http<S: AsyncRead + AsyncWrite>(stream: S, peer: Peer, answering: Answering) {
    let Answering { router, ending, .. } = answering;
    let answered = service_fn(move |request: hyper::Request<Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(|body| Body::new(TimeoutBody::new(PIECE, body)));
        request.extensions_mut().insert(peer);
        let method = request.method().clone();
        let answer = async move { router.call(request).await.unwrap_or_else(|never| match never {}) };
        carried::on(&method, answer).map(Ok::<_, Infallible>)
    });
    let mut taken = TimeoutWriter::new(stream);
    taken.set_timeout(Some(PIECE));
    let stream = Box::pin(taken);
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LONGEST_HEAD)
        .serve_connection(TokioIo::new(stream), answered);
    let mut http = pin!(http);
    // How a connection ends is the other side's business: it tells nothing of the portal.
    tokio::select! {
        _ = http.as_mut() => return,
        () = ending.cancelled() => http.as_mut().graceful_shutdown(),
    }
    let _ = http.await;
}
