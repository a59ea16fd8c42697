//! Table `account`: storage accounts. Their containers are folders and belong to storage.

use domain::id::EventId;
use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::audit::{self, Audit};
use super::event::{self, NewEvent};
use super::value::{large, micros, signed};
use super::{Store, StoreError, taken};

/// A storage account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// `local`: a folder of the portal.
    pub kind: String,
    /// As in the column.
    quota: Option<i64>,
}

impl Account {
    /// What it may hold, bytes; none for as much as its disk.
    pub fn quota(&self) -> Option<u64> {
        self.quota.map(large)
    }
}

impl Store {
    /// Every account, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        Ok(sqlx::query_as("select name, kind, quota from account order by name")
            .fetch_all(&mut *self.reading().await?)
            .await?)
    }

    /// The account of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        Ok(sqlx::query_as("select name, kind, quota from account where name = $1")
            .bind(name)
            .fetch_optional(&mut *self.reading().await?)
            .await?)
    }

    /// Sets what an account may hold, bytes, with who did it.
    pub(crate) async fn set_quota(
        &self,
        name: &str,
        quota: Option<u64>,
        entry: &Audit<'_>,
        event: NewEvent,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin().await?;
        sqlx::query("update account set quota = $1 where name = $2")
            .bind(quota.map(signed))
            .bind(name)
            .execute(&mut *tx)
            .await?;
        audit::insert(&mut tx, entry, now).await?;
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
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
