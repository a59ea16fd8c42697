//! Every test body runs on both databases: a file of its own, a schema of its own.

use domain::policy::Actor;
use sqlx::{AnyPool, Executor};
use uuid::Uuid;

use crate::store::Store;

/// Where a test's rows are.
pub(crate) enum Database {
    /// SQLite within the test's data folder.
    Sqlite,
    /// A schema of its own on the server of `TEST_POSTGRES_URL`.
    Postgres(String),
}

impl Database {
    pub(crate) fn url(&self) -> Option<&str> {
        match self {
            Database::Sqlite => None,
            Database::Postgres(url) => Some(url),
        }
    }

    /// A fresh schema; none where no server was named, which only a developer's machine may do.
    pub(crate) async fn postgres() -> Option<Self> {
        let Ok(server) = std::env::var("TEST_POSTGRES_URL") else {
            assert!(std::env::var("CI").is_err(), "TEST_POSTGRES_URL must name a PostgreSQL server");
            return None;
        };
        sqlx::any::install_default_drivers();
        let schema = format!("t{}", Uuid::new_v4().simple());
        let pool = AnyPool::connect(&server).await.expect("the server of TEST_POSTGRES_URL answers");
        // The name is ours: letters and digits.
        let statement = sqlx::AssertSqlSafe(format!("create schema {schema}"));
        pool.execute(sqlx::raw_sql(statement)).await.expect("a schema of its own");
        pool.close().await;
        let sign = if server.contains('?') { '&' } else { '?' };
        Some(Self::Postgres(format!("{server}{sign}options[search_path]={schema}")))
    }
}

/// Makes two tests of one body.
macro_rules! on_both {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::tests::TestPortal::open($crate::tests::database::Database::Sqlite).await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(database) = $crate::tests::database::Database::postgres().await {
                    super::$name($crate::tests::TestPortal::open(database).await).await;
                }
            }
        }
    )+};
}
pub(crate) use on_both;

/// As the first sign-in writes it.
pub(super) async fn insert_person(store: &Store, person: &Actor) {
    let row = sqlx::query("insert into person (id, name, created) values ($1, $2, 0)");
    let row = row.bind(person.id.to_string()).bind(person.name.clone());
    store.write(row).await.expect("a person");
}
