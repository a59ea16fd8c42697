//! Table `account`: storage accounts. Their containers are folders and belong to storage.

use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::{Store, StoreError, taken, value::micros};

/// A storage account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// `local`: a folder of the portal.
    pub kind: String,
}

impl Store {
    /// Every account, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        Ok(sqlx::query_as("select name, kind from account order by name")
            .fetch_all(&mut *self.reading().await?)
            .await?)
    }

    /// The account of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        Ok(sqlx::query_as("select name, kind from account where name = $1")
            .bind(name)
            .fetch_optional(&mut *self.reading().await?)
            .await?)
    }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    name: &str,
    kind: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("insert into account (id, name, kind, created) values ($1, $2, $3, $4)")
        .bind(Uuid::now_v7().to_string())
        .bind(name)
        .bind(kind)
        .bind(micros(now))
        .execute(connection)
        .await
        .map_err(taken("account"))?;
    Ok(())
}
