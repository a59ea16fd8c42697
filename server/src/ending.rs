//! How the portal ends: within ten seconds of being told, whatever it is doing then, and with a last line that says so.
//!
//! Requests get a while to finish, then the control plane a while to close. What still hangs, on a disk, a database or
//! in a computation, is left where it is: everything that matters was recorded before it was done.

use std::io::Write;
use std::sync::Once;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// What a request that is under way when the portal ends may still take. Longer keeps a person waiting for an upload
/// that is lost anyway; shorter cuts off a page.
const REQUESTS: Duration = Duration::from_secs(3);
/// What the control plane may take to finish its passes and to close its database.
const CLOSING: Duration = Duration::from_secs(4);
/// What threads may take that wait for a disk.
const THREADS: Duration = Duration::from_millis(500);
/// When all of this has not come to an end, no thread may be left that could see to it.
const AT_LAST: Duration = Duration::from_secs(9);

/// That the portal is to end, known to all who wait for it.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    /// Somebody has told it.
    pub(crate) begun: CancellationToken,
    /// Somebody has told it again: nothing is waited for any more.
    hurried: CancellationToken,
}

impl Ending {
    /// Begins to listen for whoever ends the portal: Ctrl-C, or SIGTERM. On a thread of its own, so that it is heard
    /// while every other one is busy.
    pub(crate) fn listen() -> std::io::Result<Self> {
        let ending = Self { begun: CancellationToken::new(), hurried: CancellationToken::new() };
        let listening = Builder::new_current_thread().enable_all().build()?;
        let told = ending.clone();
        // Whoever ends it from here on is heard: the handlers are there before this returns.
        let (mut interrupt, mut terminate) = {
            let _in_it = listening.enter();
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
        };
        let listen = async move {
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            told.begun.cancel();
            let again = async {
                tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
                told.hurried.cancel();
                std::future::pending::<()>().await;
            };
            let _ = timeout(AT_LAST, again).await;
            tracing::warn!("The portal did not come to its end by itself; it ends now.");
            said_and_done(1);
        };
        std::thread::Builder::new().name("ending".to_owned()).spawn(move || listening.block_on(listen))?;
        Ok(ending)
    }

    /// Until requests had their time.
    pub(crate) async fn patience(&self) {
        self.begun.cancelled().await;
        tokio::select! { () = sleep(REQUESTS) => {}, () = self.hurried.cancelled() => {} }
    }

    /// Waits for the control plane to close; what it gives back, if it did in time.
    pub(crate) async fn closed<T>(&self, closing: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            closed = closing => Some(closed),
            () = sleep(CLOSING) => None,
            () = self.hurried.cancelled() => None,
        }
    }
}

/// Ends the runtime and then the process. `held` is what nobody else may have before this process is gone.
pub(crate) fn end<T>(runtime: Runtime, held: T) -> ! {
    runtime.shutdown_timeout(THREADS);
    let _held = held;
    said_and_done(0)
}

/// The last line, once, and nothing after it.
fn said_and_done(code: i32) -> ! {
    static LAST: Once = Once::new();
    LAST.call_once(|| {
        // Whoever has stopped listening loses the line, and nothing else happens.
        let _ = writeln!(std::io::stdout(), "The portal has ended; the clusters run on.");
        std::process::exit(code)
    });
    // Another thread says it, and the process ends under this one.
    loop {
        std::thread::park();
    }
}
