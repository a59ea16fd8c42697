//! All SQL. One file for each table, one text for SQLite and PostgreSQL.
//!
//! Invariants:
//! - columns are `text` or `bigint`, placeholders are `$1`, every statement is static;
//! - a transaction begins with its write, so that SQLite never has to upgrade a lock;
//! - two writers of one row meet in a compare-and-swap on its `version`: the loser gets [`StoreError::Stale`].

pub mod account;
pub mod audit;
pub mod cluster;
pub mod draft;
pub mod event;
pub mod figure;
pub mod grid;
pub mod link;
pub mod operation;
pub mod person;
pub mod pool;
pub mod record;
pub mod revision;
pub mod run;
pub mod sample;
pub mod scope;
pub mod seed;
pub mod session;
pub mod snapshot;
pub mod status;
mod value;

pub(crate) use value::{from_milli, milli};

use std::time::Duration;

use domain::refusal::Refusal;
use sqlx::any::AnyPoolOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};

/// The rows.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) pool: AnyPool,
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
        /// Cores that its other clusters hold.
        cpu: f64,
        /// Memory that its other clusters hold, MB.
        memory_mb: u64,
    },
    /// A row cannot be understood.
    #[error("the row {0} cannot be read")]
    Corrupt(String),
    /// The database failed.
    #[error("the database failed: {0}")]
    Db(#[from] sqlx::Error),
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the store refused");
        match error {
            StoreError::Stale => Refusal::Conflict(
                "Somebody changed this at the same moment. Look again and repeat.".to_owned(),
            ),
            StoreError::Taken(what) => Refusal::Conflict(format!("This {what} is taken.")),
            StoreError::Full { .. } => Refusal::Conflict("The pool has no room for it.".to_owned()),
            StoreError::Corrupt(_) | StoreError::Db(_) => Refusal::Unavailable(sentence(&error)),
        }
    }
}

/// What a person is told when the database does not work.
fn sentence(error: &StoreError) -> String {
    let text = error.to_string();
    let why = if text.contains("is full") || text.contains("No space") {
        "The disk of the portal's data folder is full. Free some room; the portal carries on by itself."
    } else if text.contains("readonly") || text.contains("read-only") {
        "The portal's data folder is read-only. Make it writable; the portal carries on by itself."
    } else {
        "The portal's database does not answer. Try again; the portal carries on by itself."
    };
    format!("Nothing was done. {why}")
}

impl Store {
    /// Opens and migrates the database that the URL names.
    ///
    /// # Errors
    /// When it cannot be reached or not be migrated.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        prepare(url).await?;
        let sqlite = is_sqlite(url);
        let pool = AnyPoolOptions::new()
            .max_connections(8)
            .min_connections(2)
            .acquire_timeout(Duration::from_secs(10))
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if sqlite {
                        // `full`: what was recorded must outlive the machine's power before it is acted upon.
                        connection
                            .execute(
                                "pragma busy_timeout = 10000; pragma synchronous = full; \
                                 pragma foreign_keys = on; pragma cache_size = -4000;",
                            )
                            .await?;
                    }
                    Ok(())
                })
            })
            .connect(url)
            .await?;
        Ok(Self { pool })
    }

    /// Waits until every connection is closed.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    pub(crate) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        Ok(self.pool.begin().await?)
    }
}

/// Brings the database up to date by one connection, before there are others: SQLite refuses to change the journal's
/// kind, which it keeps, while somebody else is there.
async fn prepare(url: &str) -> Result<(), StoreError> {
    let mut connection = AnyConnection::connect(url).await?;
    if is_sqlite(url) {
        connection.execute("pragma busy_timeout = 10000; pragma journal_mode = wal;").await?;
    }
    sqlx::migrate!("./migrations").run(&mut connection).await.map_err(sqlx::Error::from)?;
    Ok(connection.close().await?)
}

fn is_sqlite(url: &str) -> bool {
    url.starts_with("sqlite:")
}

/// A violated unique index becomes `Taken(what)`.
pub(crate) fn taken(what: &'static str) -> impl FnOnce(sqlx::Error) -> StoreError {
    move |error| match &error {
        sqlx::Error::Database(database) if database.is_unique_violation() => StoreError::Taken(what),
        _ => StoreError::Db(error),
    }
}
