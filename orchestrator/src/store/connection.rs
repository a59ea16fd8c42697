//! How the store comes to a connection: readers and writers stand in queues of their own, and a connection whose
//! transaction did not end well is closed, never used again.
//!
//! SQLite has one writer: writers wait for it here, in their order, instead of being refused by it. Waiting in a queue
//! is no failure of the database; only when it cannot be reached, or has no time for long, is somebody refused.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Executor};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::StoreError;

/// How long somebody stands in a queue. Longer than the longest time that another program holds SQLite's lock in
/// passing; a person who waits longer has gone.
const QUEUE: Duration = Duration::from_secs(30);
/// How long a connection may take to be there. A database that is lost is observed_generation after this.
const CONNECT: Duration = Duration::from_secs(5);

/// Something went wrong on a lane since somebody looked: the database may be ailing.
pub(super) type Doubt = Arc<AtomicBool>;

/// What a kind of connections is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Read,
    Write,
}

/// Connections of one kind, and the queue before them.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pool: AnyPool,
    queue: Arc<Semaphore>,
    begin: &'static str,
    doubt: Doubt,
}

impl Lane {
    /// Those who read: several at once.
    pub(super) async fn readers(url: &str, doubt: Doubt) -> Result<Self, StoreError> {
        Self::open(url, Use::Read, 8, doubt).await
    }

    /// Those who write: one where SQLite allows no more.
    pub(super) async fn writers(url: &str, doubt: Doubt) -> Result<Self, StoreError> {
        Self::open(url, Use::Write, if super::is_sqlite(url) { 1 } else { 8 }, doubt).await
    }

    async fn open(url: &str, used: Use, connections: u32, doubt: Doubt) -> Result<Self, StoreError> {
        let sqlite = super::is_sqlite(url);
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(CONNECT)
            .idle_timeout(None)
            .max_lifetime(None)
            // A server may be gone since; a file within the portal's own process is not.
            .test_before_acquire(!sqlite)
            .after_connect(move |connection, _| {
                Box::pin(async move { connection.execute(settings(sqlite, used)).await.map(drop) })
            })
            .connect(url)
            .await?;
        let queue = Arc::new(Semaphore::new(connections as usize));
        // At once, since a transaction that begins with a read cannot always go on to write.
        Ok(Self { pool, queue, begin: if sqlite { "begin immediate" } else { "begin" }, doubt })
    }

    /// A connection, when it is one's turn.
    pub(super) async fn turn(&self) -> Result<Turn, StoreError> {
        let wait = tokio::time::timeout(QUEUE, self.queue.clone().acquire_owned()).await;
        let Ok(Ok(turn)) = wait else { return Err(StoreError::Busy) };
        let connection =
            self.pool.acquire().await.inspect_err(|_| self.doubt.store(true, Ordering::Relaxed))?;
        Ok(Turn { connection, _turn: turn })
    }

    /// A transaction that may write, when it is one's turn.
    pub(super) async fn begin(&self) -> Result<Write, StoreError> {
        let mut write = Write { turn: Some(self.turn().await?), doubt: self.doubt.clone() };
        write.execute(self.begin).await?;
        Ok(write)
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }
}

fn settings(sqlite: bool, used: Use) -> &'static str {
    match (sqlite, used) {
        // `full`: what was recorded must outlive the machine's power before it is acted upon.
        (true, Use::Write) => {
            "pragma busy_timeout = 5000; pragma synchronous = full; pragma foreign_keys = on; \
             pragma cache_size = -4000;"
        }
        // Nobody writes past the queue by mistake.
        (true, Use::Read) => "pragma busy_timeout = 5000; pragma query_only = on; pragma cache_size = -4000;",
        (false, Use::Write) => "set default_transaction_read_only = off",
        (false, Use::Read) => "set default_transaction_read_only = on",
    }
}

/// A connection for as long as it is one's turn.
#[derive(Debug)]
pub(crate) struct Turn {
    connection: PoolConnection<Any>,
    _turn: OwnedSemaphorePermit,
}

impl Deref for Turn {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.connection
    }
}

impl DerefMut for Turn {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.connection
    }
}

/// A transaction. Only after a commit or a roll-back that the database confirmed does its connection go back; dropped
/// in between, for whatever reason, the connection is closed, which every database takes for a roll-back.
///
/// The statements are sent as they are. The transactions of the library count depths, and one whose roll-back failed
/// (as it does once SQLite has rolled back by itself, being full) leaves a depth behind: from then on what looks like a
/// commit is only the end of an inner savepoint, is answered, and is never on disk.
#[derive(Debug)]
pub(crate) struct Write {
    /// None once it has ended.
    turn: Option<Turn>,
    doubt: Doubt,
}

impl Write {
    /// Makes what was written last. A statement that failed before ends the transaction without this being called.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        self.end("commit").await
    }

    /// Takes back what was written.
    pub(crate) async fn roll_back(self) -> Result<(), StoreError> {
        self.end("rollback").await
    }

    async fn end(mut self, how: &'static str) -> Result<(), StoreError> {
        self.execute(how).await?;
        // Back to the others.
        drop(self.turn.take());
        Ok(())
    }
}

impl Drop for Write {
    fn drop(&mut self) {
        if let Some(turn) = &mut self.turn {
            turn.connection.close_on_drop();
            self.doubt.store(true, Ordering::Relaxed);
        }
    }
}

const OPEN: &str = "a transaction has its connection until it ends, which consumes it";

impl Deref for Write {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.turn.as_ref().expect(OPEN)
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.turn.as_mut().expect(OPEN)
    }
}
