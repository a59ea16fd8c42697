//! Table `account`: storage accounts. Their containers are folders and belong to storage.

use domain::account::{Access, AccountKind, AccountSpec};
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
            "select a.name, a.kind, a.quota, a.endpoint, a.region, a.path_style, a.access, a.key_id, a.secret, cast((select coalesce(sum(k.jar_size), 0) from (select distinct \
             r.jar_sha256, r.jar_size from revision r join cluster c on c.id = r.cluster where c.deleted is null \
             and r.jar_account = a.name) k) as bigint) as kept from account a ",
            $tail
        )
    };
}

/// A storage account.
#[derive(Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// `local`: a folder of the portal; the others as [`AccountKind`] names them.
    pub kind: String,
    endpoint: Option<String>,
    region: String,
    path_style: i64,
    access: String,
    key_id: String,
    /// Sealed.
    secret: Option<String>,
    /// As in the column.
    quota: Option<i64>,
    /// Bytes of the jars that revisions have from it.
    kept: i64,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Account").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Account {
    /// What it is.
    ///
    /// # Errors
    /// When the row says what there is not.
    pub fn spec(&self) -> Result<AccountSpec, StoreError> {
        let corrupt = |column: &str| StoreError::Corrupt(format!("account.{column} is none of the kind"));
        Ok(AccountSpec {
            name: self.name.as_str().try_into().map_err(|_| corrupt("name"))?,
            kind: AccountKind::named(&self.kind).ok_or_else(|| corrupt("kind"))?,
            endpoint: self.endpoint.clone(),
            region: self.region.clone(),
            path_style: self.path_style != 0,
            access: Access::named(&self.access).ok_or_else(|| corrupt("access"))?,
            key_id: self.key_id.clone(),
        })
    }

    /// Whether its files are behind a network.
    pub fn is_remote(&self) -> bool {
        AccountKind::named(&self.kind).is_some_and(AccountKind::is_remote)
    }

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

    /// The remote accounts, each with what it is signed in to by, or why that cannot be opened.
    pub(crate) async fn remote_accounts(
        &self,
    ) -> Result<Vec<(AccountSpec, Result<String, String>)>, StoreError> {
        let mut all = Vec::new();
        for account in self.accounts().await? {
            let Ok(spec) = account.spec() else { continue };
            if spec.kind.is_remote() {
                let secret = account.secret.as_deref().unwrap_or_default();
                all.push((spec, self.seal().open(secret).map_err(|error| error.to_string())));
            }
        }
        Ok(all)
    }

    /// The containers of a remote account that the portal knows, by name.
    pub(crate) async fn containers(&self, account: &str) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> =
            sqlx::query_as("select name from container where account = $1 order by name")
                .bind(account)
                .fetch_all(&mut *self.reading().await?)
                .await?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }

    /// Knows a container of a remote account from now on; what is known stays so.
    pub(crate) async fn know_container(
        &self,
        permit: &Permit,
        account: &str,
        container: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        permit.must(Permission::UseStorage, |target| *target == Target::Account(account.to_owned()))?;
        let mut tx = self.begin().await?;
        insert_container(&mut tx, account, container, now).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Makes an account, with its first container where it is a remote one, and with who did it.
    pub(crate) async fn new_account(
        &self,
        permit: &Permit,
        new: &AccountSpec,
        (secret, container): (&str, &str),
        (entry, event): (&Audit<'_>, NewEvent),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Administer, |target| *target == Target::Portal)?;
        let mut tx = self.begin().await?;
        insert(&mut tx, &new.name, new.kind.name(), now).await?;
        self.write_spec(&mut tx, new, Some(secret)).await?;
        if new.kind.is_remote() {
            insert_container(&mut tx, &new.name, container, now).await?;
        }
        audit::insert(&mut tx, entry, now).await?;
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }

    /// Changes how an account is reached. Without a new secret it keeps its own.
    pub(crate) async fn change_account(
        &self,
        permit: &Permit,
        changed: &AccountSpec,
        secret: Option<&str>,
        (entry, event): (&Audit<'_>, NewEvent),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Administer, |target| *target == Target::Portal)?;
        let mut tx = self.begin().await?;
        self.write_spec(&mut tx, changed, secret).await?;
        audit::insert(&mut tx, entry, now).await?;
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
    }

    async fn write_spec(
        &self,
        connection: &mut AnyConnection,
        spec: &AccountSpec,
        secret: Option<&str>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "update account set endpoint = $1, region = $2, path_style = $3, access = $4, key_id = $5 where name = $6",
        )
        .bind(&spec.endpoint)
        .bind(&spec.region)
        .bind(i64::from(spec.path_style))
        .bind(spec.access.name())
        .bind(&spec.key_id)
        .bind(spec.name.as_str())
        .execute(&mut *connection)
        .await?;
        if let Some(secret) = secret {
            sqlx::query("update account set secret = $1 where name = $2")
                .bind(self.seal().seal(secret)?)
                .bind(spec.name.as_str())
                .execute(connection)
                .await?;
        }
        Ok(())
    }

    /// Takes an account out of the portal. What is stored in it stays where it is.
    pub(crate) async fn delete_account(
        &self,
        permit: &Permit,
        name: &str,
        (entry, event): (&Audit<'_>, NewEvent),
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        permit.must(Permission::Administer, |target| *target == Target::Portal)?;
        let mut tx = self.begin().await?;
        for query in ["delete from container where account = $1", "delete from account where name = $1"] {
            sqlx::query(query).bind(name).execute(&mut *tx).await?;
        }
        audit::insert(&mut tx, entry, now).await?;
        let last = event::append(&mut tx, &[event], now).await?;
        tx.commit().await?;
        Ok(last)
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

async fn insert_container(
    connection: &mut AnyConnection,
    account: &str,
    container: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into container (account, name, created) values ($1, $2, $3) on conflict (account, name) do nothing",
    )
    .bind(account)
    .bind(container)
    .bind(micros(now))
    .execute(connection)
    .await?;
    Ok(())
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
