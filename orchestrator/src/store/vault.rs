//! Tables `vault`, `secret` and `secret_version`: written by commands. Values lie there sealed and leave by
//! `secret_value` alone.

use std::collections::BTreeMap;

use domain::event::{Event, ResourceAct};
use domain::id::{ClusterId, EventId};
use domain::name::{SecretName, VaultName};
use domain::policy::Permission;
use domain::vault::{SecretVersion, SecretView, VaultLine};
use jiff::Timestamp;
use serde_json::json;
use sqlx::AnyConnection;
use uuid::Uuid;

use super::audit::{self, Audit};
use super::event::{self, NewEvent};
use super::value::{id, micros, readable, small, time};
use super::{Permit, Store, StoreError, Target, taken};

/// What became of the wish to delete something that others may use.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// It is gone; the newest event.
    Done(Option<EventId>),
    /// It was not there.
    NotThere,
    /// Clusters name it.
    Used(Vec<(ClusterId, String)>),
}

/// How a version is to be from now on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VersionChange {
    pub(crate) number: u32,
    pub(crate) enabled: bool,
    pub(crate) expires: Option<Timestamp>,
}

type VersionRow = (String, i64, i64, Option<i64>, i64, String);

impl Store {
    /// Every vault, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn vaults(&self) -> Result<Vec<VaultLine>, StoreError> {
        let rows: Vec<(String, i64, i64, i64, String)> = sqlx::query_as(
            "select v.name, cast((select count(*) from secret s where s.vault = v.id) as bigint), \
             cast((select count(distinct u.cluster) from secret_use u join cluster c on c.id = u.cluster \
             where u.vault = v.name and c.deleted is null) as bigint), v.made, v.made_by_name from vault v order by v.name",
        )
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let line = |(name, secrets, clusters, made, made_by)| VaultLine {
            name,
            secrets: small(secrets),
            clusters: small(clusters),
            made: time(made),
            made_by,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// The secrets of a vault by name, without their users; none if there is no such vault.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn secrets_in(&self, vault: &str) -> Result<Option<Vec<SecretView>>, StoreError> {
        let mut reading = self.reading().await?;
        let found: Option<(String,)> = sqlx::query_as("select id from vault where name = $1")
            .bind(vault)
            .fetch_optional(&mut *reading)
            .await?;
        let Some((vault,)) = found else { return Ok(None) };
        let rows: Vec<VersionRow> = sqlx::query_as(
            "select s.name, v.number, v.enabled, v.expires, v.made, v.made_by_name from secret s \
             join secret_version v on v.secret = s.id where s.vault = $1 order by s.name, v.number desc",
        )
        .bind(vault)
        .fetch_all(&mut *reading)
        .await?;
        let mut secrets = Vec::<SecretView>::new();
        for (name, number, enabled, expires, made, made_by) in rows {
            let version = SecretVersion {
                number: small(number),
                enabled: enabled == 1,
                expires: expires.map(time),
                made: time(made),
                made_by,
            };
            match secrets.last_mut().filter(|last| last.name == name) {
                Some(secret) => secret.versions.push(version),
                None => secrets.push(SecretView { name, versions: vec![version], used_by: Vec::new() }),
            }
        }
        Ok(Some(secrets))
    }

    /// The clusters that name a secret of a vault in one of their revisions, by the secret's name.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn users_of_secrets(
        &self,
        vault: &str,
    ) -> Result<BTreeMap<String, Vec<(ClusterId, String)>>, StoreError> {
        let users = users(&mut *self.reading().await?, vault, "").await?;
        let mut by_secret = BTreeMap::<String, Vec<_>>::new();
        for (secret, cluster, name) in users {
            by_secret.entry(secret).or_default().push((cluster, name));
        }
        Ok(by_secret)
    }

    /// Makes a vault.
    ///
    /// # Errors
    /// `Unpermitted`; `Taken`; when the database fails.
    pub(crate) async fn make_vault(
        &self,
        permit: &Permit,
        name: &VaultName,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let mut tx = self.begin_around(permit).await?;
        sqlx::query("insert into vault (id, name, made, made_by_name) values ($1, $2, $3, $4)")
            .bind(Uuid::now_v7().to_string())
            .bind(name.to_string())
            .bind(micros(now))
            .bind(&permit.actor().name)
            .execute(&mut *tx)
            .await
            .map_err(taken("name"))?;
        let done = Done {
            what: ResourceAct::VaultMade,
            name: name.to_string(),
            before: "".into(),
            after: "".into(),
        };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok(last)
    }

    /// Deletes a vault with its secrets, unless a cluster names one of them.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn delete_vault(
        &self,
        permit: &Permit,
        name: &str,
        now: Timestamp,
    ) -> Result<Dropped, StoreError> {
        let mut tx = self.begin_around(permit).await?;
        let Some(vault) = lock_vault(&mut tx, name).await? else { return Ok(Dropped::NotThere) };
        let mut used = users(&mut tx, name, "").await?;
        if !used.is_empty() {
            used.sort_by(|a, b| (&a.2, a.1).cmp(&(&b.2, b.1)));
            used.dedup_by_key(|(_, cluster, _)| *cluster);
            return Ok(Dropped::Used(used.into_iter().map(|(_, cluster, name)| (cluster, name)).collect()));
        }
        sqlx::query("delete from secret_version where secret in (select id from secret where vault = $1)")
            .bind(&vault)
            .execute(&mut *tx)
            .await?;
        sqlx::query("delete from secret where vault = $1").bind(&vault).execute(&mut *tx).await?;
        sqlx::query("delete from vault where id = $1").bind(&vault).execute(&mut *tx).await?;
        let done =
            Done { what: ResourceAct::VaultDeleted, name: name.into(), before: "".into(), after: "".into() };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok(Dropped::Done(last))
    }

    /// Writes the next version of a secret; the first one makes it. None if there is no such vault.
    ///
    /// # Errors
    /// `Unpermitted`; `Sealed`; when the database fails.
    pub(crate) async fn write_secret(
        &self,
        permit: &Permit,
        (vault, secret): (&str, &SecretName),
        (value, expires): (&str, Option<Timestamp>),
        now: Timestamp,
    ) -> Result<Option<(u32, Option<EventId>)>, StoreError> {
        let sealed = self.seal().seal(value)?;
        let mut tx = self.begin_around(permit).await?;
        let Some(vault_id) = lock_vault(&mut tx, vault).await? else { return Ok(None) };
        sqlx::query(
            "insert into secret (id, vault, name) values ($1, $2, $3) on conflict (vault, name) do nothing",
        )
        .bind(Uuid::now_v7().to_string())
        .bind(&vault_id)
        .bind(secret.to_string())
        .execute(&mut *tx)
        .await?;
        let (id, newest): (String, i64) = sqlx::query_as(
            "select s.id, cast((select coalesce(max(v.number), 0) from secret_version v where v.secret = s.id) as bigint) \
             from secret s where s.vault = $1 and s.name = $2",
        )
        .bind(&vault_id)
        .bind(secret.to_string())
        .fetch_one(&mut *tx)
        .await?;
        sqlx::query(
            "insert into secret_version (secret, number, value, enabled, expires, made, made_by_name) \
             values ($1, $2, $3, 1, $4, $5, $6)",
        )
        .bind(&id)
        .bind(newest + 1)
        .bind(sealed)
        .bind(expires.map(micros))
        .bind(micros(now))
        .bind(&permit.actor().name)
        .execute(&mut *tx)
        .await?;
        let after = json!({ "version": newest + 1, "expires": expires }).to_string();
        let name = format!("{vault}/{secret}");
        let done = Done { what: ResourceAct::SecretWritten, name, before: String::new(), after };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok(Some((small(newest + 1), last)))
    }

    /// Enables, disables or limits a version; false if it is not there.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn change_secret(
        &self,
        permit: &Permit,
        (vault, secret): (&str, &str),
        change: VersionChange,
        now: Timestamp,
    ) -> Result<(bool, Option<EventId>), StoreError> {
        let VersionChange { number, enabled, expires } = change;
        let mut tx = self.begin_around(permit).await?;
        let before: Option<(String, i64, Option<i64>)> = sqlx::query_as(
            "select v.secret, v.enabled, v.expires from secret_version v join secret s on s.id = v.secret \
             join vault k on k.id = s.vault where k.name = $1 and s.name = $2 and v.number = $3",
        )
        .bind(vault)
        .bind(secret)
        .bind(i64::from(number))
        .fetch_optional(&mut *tx)
        .await?;
        let Some((id, was, until)) = before else { return Ok((false, None)) };
        sqlx::query("update secret_version set enabled = $1, expires = $2 where secret = $3 and number = $4")
            .bind(i64::from(enabled))
            .bind(expires.map(micros))
            .bind(id)
            .bind(i64::from(number))
            .execute(&mut *tx)
            .await?;
        let said = |enabled: bool, expires: Option<Timestamp>| {
            json!({ "version": number, "enabled": enabled, "expires": expires }).to_string()
        };
        let done = Done {
            what: ResourceAct::SecretChanged,
            name: format!("{vault}/{secret}"),
            before: said(was == 1, until.map(time)),
            after: said(enabled, expires),
        };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok((true, last))
    }

    /// Deletes a secret with all its versions, unless a cluster names it.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn delete_secret(
        &self,
        permit: &Permit,
        (vault, secret): (&str, &str),
        now: Timestamp,
    ) -> Result<Dropped, StoreError> {
        let mut tx = self.begin_around(permit).await?;
        let found: Option<(String,)> = sqlx::query_as(
            "select s.id from secret s join vault v on v.id = s.vault where v.name = $1 and s.name = $2",
        )
        .bind(vault)
        .bind(secret)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((id,)) = found else { return Ok(Dropped::NotThere) };
        let used = users(&mut tx, vault, secret).await?;
        if !used.is_empty() {
            return Ok(Dropped::Used(used.into_iter().map(|(_, cluster, name)| (cluster, name)).collect()));
        }
        sqlx::query("delete from secret_version where secret = $1").bind(&id).execute(&mut *tx).await?;
        sqlx::query("delete from secret where id = $1").bind(&id).execute(&mut *tx).await?;
        let name = format!("{vault}/{secret}");
        let done =
            Done { what: ResourceAct::SecretDeleted, name, before: String::new(), after: String::new() };
        let last = done.note(&mut tx, permit, now).await?;
        tx.commit().await?;
        Ok(Dropped::Done(last))
    }

    /// What stands around clusters is the portal's own.
    pub(super) async fn begin_around(&self, permit: &Permit) -> Result<super::connection::Write, StoreError> {
        permit.must(Permission::Administer, |target| *target == Target::Portal)?;
        self.begin().await
    }
}

/// The id of a vault, which nobody else changes until the transaction ends.
async fn lock_vault(connection: &mut AnyConnection, name: &str) -> Result<Option<String>, StoreError> {
    let found: Option<(String,)> =
        sqlx::query_as("update vault set name = name where name = $1 returning id")
            .bind(name)
            .fetch_optional(connection)
            .await?;
    Ok(found.map(|(id,)| id))
}

/// Secret, cluster and the cluster's name; `secret` empty for every one of the vault.
async fn users(
    connection: &mut AnyConnection,
    vault: &str,
    secret: &str,
) -> Result<Vec<(String, ClusterId, String)>, StoreError> {
    let rows: Vec<(String, String, String)> = sqlx::query_as(
        "select distinct u.secret, c.id, c.name from secret_use u join cluster c on c.id = u.cluster \
         where u.vault = $1 and (u.secret = $2 or $2 = '') and c.deleted is null order by u.secret, c.name, c.id",
    )
    .bind(vault)
    .bind(secret)
    .fetch_all(connection)
    .await?;
    readable(rows, |(secret, cluster, name)| Ok((secret, id("cluster.id", &cluster)?, name)))
}

/// Something that was done to what stands around clusters, for audit trail and history.
pub(super) struct Done {
    pub(super) what: ResourceAct,
    pub(super) name: String,
    /// As JSON; may be empty.
    pub(super) before: String,
    /// As JSON; may be empty.
    pub(super) after: String,
}

impl Done {
    /// Call it last in a transaction.
    pub(super) async fn note(
        self,
        connection: &mut AnyConnection,
        permit: &Permit,
        now: Timestamp,
    ) -> Result<Option<EventId>, StoreError> {
        let (actor, Done { what, name, before, after }) = (permit.actor(), self);
        let entry = Audit { actor, action: what.name().to_owned(), target: name.clone(), before, after };
        audit::insert(connection, &entry, now).await?;
        let event = Event::Resource { what, name, by: actor.name.clone() };
        event::append(connection, &[NewEvent::done_by(actor, event)], now).await
    }
}
