//! All SQL. One file for each table, one text for SQLite and PostgreSQL.
//!
//! Invariants:
//! - columns are `text` or `bigint`, placeholders are `$1`, every statement is static;
//! - who reads and who writes take their connections from lanes of their own (`connection`); every write is a
//!   transaction, and what was answered is committed;
//! - two writers of one row meet in a compare-and-swap on its `version`: the loser gets [`StoreError::Stale`].

pub mod account;
mod around;
pub mod assignment;
pub mod audit;
pub mod cluster;
mod connection;
pub mod draft;
pub mod event;
pub mod figure;
mod fold;
pub(crate) mod foreign;
pub mod grid;
pub mod launched;
pub mod link;
mod more_jars;
mod needed;
pub mod network;
pub mod operation;
pub mod permit;
pub mod person;
mod place;
pub mod pool;
mod readable;
pub mod record;
pub mod revision;
pub mod run;
pub mod sample;
pub mod scope;
mod scrub;
mod sealed;
mod secret_value;
pub mod seed;
pub mod session;
mod sight;
pub mod snapshot;
mod sql_database;
pub mod status;
mod token;
mod trouble;
mod value;
pub mod vault;

pub(crate) use permit::Denied;
pub use permit::Permit;
pub(crate) use place::{At, Target, owner};
pub(crate) use sight::Sight;
pub use trouble::Trouble;

use std::sync::atomic::Ordering;

use domain::refusal::Refusal;
use domain::spec::Capacity;
use sqlx::any::AnyArguments;
use sqlx::migrate::MigrateError;
use sqlx::query::Query;
use sqlx::{Any, AnyConnection, Connection, Executor};

use self::connection::{Doubt, Lane, Turn, Write};
use crate::seal::Seal;

/// The rows.
#[derive(Clone, Debug)]
pub struct Store {
    readers: Lane,
    writers: Lane,
    doubt: Doubt,
    sqlite: bool,
    /// The key of what is secret in the rows.
    seal: Seal,
}

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Somebody else changed the row first: load it again.
    #[error("the row was changed by somebody else")]
    Stale,
    /// A unique name, address or key is taken.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// The pool has no room for it.
    #[error("the pool has no room")]
    Full {
        /// What others hold: its other clusters, or those of all pools that share what there is.
        held: Capacity,
        /// Whether it is not the pool's quota that is used up, but all that its provider has.
        shared: bool,
    },
    /// What was found within the transaction declines it.
    #[error("{0}")]
    Declined(Refusal),
    /// A run is to start from what is being deleted: the sentence says what.
    #[error("{0}")]
    Leaving(String),
    /// A permit for something else was shown.
    #[error("the permit is for something else")]
    Unpermitted,
    /// A row cannot be understood.
    #[error("the row {0} cannot be read")]
    Corrupt(String),
    /// A secret cannot be sealed or opened: the sentence says why.
    #[error("{0}")]
    Sealed(String),
    /// A newer version of the portal has migrated the database.
    #[error("the database was written by a newer version")]
    Newer,
    /// Too many wait for the database.
    #[error("too many wait for the database")]
    Busy,
    /// The database failed.
    #[error("the database failed: {0}")]
    Db(#[from] sqlx::Error),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the store refused");
        match error {
            StoreError::Stale => Refusal::Changed(
                "Somebody changed this at the same moment. Look again and repeat.".to_owned(),
            ),
            StoreError::Taken(what) => Refusal::Exists(format!("This {what} is taken.")),
            StoreError::Declined(refusal) => refusal,
            StoreError::Full { .. } => Refusal::OverQuota("The pool has no room for it.".to_owned()),
            StoreError::Unpermitted => Refusal::Forbidden(
                "The portal has asked for another permission than this takes, so nothing was done. That is a mistake of \
                 the portal's own: please report it."
                    .to_owned(),
            ),
            StoreError::Leaving(why) => Refusal::NotAllowed(why),
            StoreError::Corrupt(what) => Refusal::NotAllowed(unreadable(&what)),
            StoreError::Sealed(why) => Refusal::Unavailable(format!("Nothing was done. {why}")),
            StoreError::Db(_) | StoreError::Busy | StoreError::Newer => {
                let trouble = error.trouble().unwrap_or(Trouble::Away);
                Refusal::Unavailable(format!("Nothing was done. {}", trouble.sentence()))
            }
        }
    }
}

impl Store {
    /// Opens and migrates the database that the URL names.
    ///
    /// # Errors
    /// When it cannot be reached or not be migrated.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        prepare(url).await?;
        // From here on a file that is gone is an error, not a new database.
        let url = url.replace("mode=rwc", "mode=rw");
        let doubt = Doubt::default();
        let readers = Lane::readers(&url, doubt.clone()).await?;
        let writers = Lane::writers(&url, doubt.clone()).await?;
        Ok(Self { readers, writers, doubt, sqlite: is_sqlite(&url), seal: Seal::default() })
    }

    /// Waits until every connection is closed.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }

    /// A connection to read by.
    pub(crate) async fn reading(&self) -> Result<Turn, StoreError> {
        self.readers.turn().await
    }

    /// A connection for what cannot be done within a transaction.
    async fn writing(&self) -> Result<Turn, StoreError> {
        self.writers.turn().await
    }

    /// A transaction that writes. It is taken back unless it is committed.
    pub(crate) async fn begin(&self) -> Result<Write, StoreError> {
        self.writers.begin().await
    }

    /// One statement as a transaction of its own; how many rows it changed.
    pub(crate) async fn write(&self, statement: Query<'_, Any, AnyArguments>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let done = statement.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    /// Whether something went wrong since this was asked last: then the database may be ailing.
    pub(crate) fn in_doubt(&self) -> bool {
        self.doubt.swap(false, Ordering::Relaxed)
    }

    /// Writes something that changes nothing, to learn whether rows can be written.
    pub(crate) async fn probe(&self) -> Result<(), StoreError> {
        self.write(sqlx::query("update event_order set n = n where id = 1")).await.map(drop)
    }
}

/// Brings the database up to date by one connection, before there are others: SQLite refuses to change the journal's
/// kind, which it keeps, while somebody else is there.
async fn prepare(url: &str) -> Result<(), StoreError> {
    let mut connection = AnyConnection::connect(url).await?;
    if is_sqlite(url) {
        connection.execute("pragma busy_timeout = 10000; pragma journal_mode = wal;").await?;
    }
    sqlx::migrate!("./migrations").run(&mut connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => StoreError::Newer,
        error => StoreError::Db(error.into()),
    })?;
    Ok(connection.close().await?)
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// What cannot be read, and the way out.
pub(crate) fn unreadable(what: &str) -> String {
    format!(
        "What the portal has written of it cannot be read: {what}. What runs goes on and is left alone. Start the version \
         of Penstock that has written it, or put a copy of the database back."
    )
}

/// A violated unique index becomes `Taken(what)`.
pub(crate) fn taken(what: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => StoreError::Taken(what),
        _ => StoreError::Db(error),
    }
}
