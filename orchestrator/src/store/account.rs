//! Table `account`: storage accounts. Their containers are folders and belong to storage.

use domain::id::EventId;
use domain::policy::Permission;
use jiff::Timestamp;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::audit::{self, Audit};
use super::event::{self, NewEvent};
use super::value::{large, micros, signed};
use super::{Permit, Store, StoreError, Target, taken};
use crate::storage::Allowance;

/// Jars are kept for the revisions that name them, each once, whatever becomes of the files in the account: they count
/// against the quota of the account that they came from, or deleting a file would make room that is not there.
macro_rules! select {
    ($tail:literal) => {
        concat!(
            "select a.name, a.kind, a.quota, cast((select coalesce(sum(k.jar_size), 0) from (select distinct \
             r.jar_sha256, r.jar_size from revision r join cluster c on c.id = r.cluster where c.deleted is null \
             and r.jar_account = a.name) k) as bigint) as kept from account a ",
            $tail
        )
    };
}

/// A storage account.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// `local`: a folder of the portal.
    pub kind: String,
    /// As in the column.
    quota: Option<i64>,
    /// Bytes of the jars that revisions have from it.
    kept: i64,
}

impl Account {
    /// What it may hold, bytes; none for as much as its disk.
    pub fn quota(&self) -> Option<u64> {
        self.quota.map(large)
    }

    /// Its quota, and what counts against it beside its files.
    pub(crate) fn allowance(&self) -> Allowance {
        Allowance { quota: self.quota(), kept: large(self.kept) }
    }
}

impl Store {
    /// Every account, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accounts(&self) -> Result<Vec<Account>, StoreError> {
        Ok(sqlx::query_as(select!("order by a.name")).fetch_all(&mut *self.reading().await?).await?)
    }

    /// The account of that name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account(&self, name: &str) -> Result<Option<Account>, StoreError> {
        Ok(sqlx::query_as(select!("where a.name = $1"))
            .bind(name)
            .fetch_optional(&mut *self.reading().await?)
            .await?)
    }

    /// Sets what an account may hold, bytes, with who did it. Accounts are the portal's own.
    pub(crate) async fn set_quota(
        &self,
        permit: &Permit,
        name: &str,
        quota: Option<u64>,
        entry: &Audit<'_>,
        event: NewEvent,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Administer, |target| *target == Target::Portal)?;
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
