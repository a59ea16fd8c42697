//! Table `session`: who is signed in. Holds hashes, never a secret.

use domain::policy::{Actor, Permission};
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::audit::{self, Audit};
use super::value::{micros, time};
use super::{Permit, Store, StoreError, Target, person};

/// A session that lasts.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose it is.
    pub actor: Actor,
    /// Until when it lasts at most.
    pub expires: Timestamp,
    /// When it was last used; the beginning of time if that was not recorded yet.
    pub used: Timestamp,
}

/// One of a person's sessions, as a list shows it.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Hash of its secret.
    pub hash: String,
    /// When it was begun.
    pub created: Timestamp,
    /// When it was last used.
    pub used: Timestamp,
    /// The browser that began it, as it called itself.
    pub agent: String,
    /// The network address from which it was begun.
    pub address: String,
}

/// Now, and since when a session may not have rested.
pub(crate) type Awake = (Timestamp, Timestamp);

impl Store {
    /// The session of a secret with this hash.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn session(
        &self,
        hash: &str,
        (now, awake): Awake,
    ) -> Result<Option<Session>, StoreError> {
        let row: Option<(String, String, i64, i64)> = sqlx::query_as(
            "select p.id, p.name, s.expires, s.used from session s join person p on p.id = s.person \
             where s.hash = $1 and s.expires > $2 and (s.used = 0 or s.used > $3)",
        )
        .bind(hash)
        .bind(micros(now))
        .bind(micros(awake))
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        row.map(|(id, name, expires, used)| {
            Ok(Session { actor: person::actor(&id, &name)?, expires: time(expires), used: time(used) })
        })
        .transpose()
    }

    /// Records that a session is being used.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn use_session(&self, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        let used = sqlx::query("update session set used = $1 where hash = $2").bind(micros(now)).bind(hash);
        self.write(used).await?;
        Ok(())
    }

    /// A person's sessions that last, the last used one first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn sessions(
        &self,
        person: &Actor,
        (now, awake): Awake,
    ) -> Result<Vec<SessionRow>, StoreError> {
        let rows: Vec<(String, i64, i64, String, String)> = sqlx::query_as(
            "select hash, created, case when used = 0 then created else used end, agent, address from session \
             where person = $1 and expires > $2 and (used = 0 or used > $3) order by 3 desc, hash",
        )
        .bind(person.id.to_string())
        .bind(micros(now))
        .bind(micros(awake))
        .fetch_all(&mut *self.reading().await?)
        .await?;
        rows.into_iter()
            .map(|(hash, created, used, agent, address)| {
                Ok(SessionRow { hash, created: time(created), used: time(used), agent, address })
            })
            .collect()
    }

    /// Ends a session of the caller and notes it; false if it is ended already. Those that are over anyway are removed
    /// with it.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn end_session(
        &self,
        permit: &Permit,
        hash: &str,
        entry: &Audit<'_>,
        (now, awake): Awake,
    ) -> Result<bool, StoreError> {
        permit.must(Permission::See, |target| *target == Target::Own)?;
        let mut tx = self.begin().await?;
        let ended = sqlx::query("delete from session where hash = $1 and person = $2")
            .bind(hash)
            .bind(permit.actor().id.to_string())
            .execute(&mut *tx)
            .await?;
        let ended = ended.rows_affected() > 0;
        if ended {
            audit::insert(&mut tx, entry, now).await?;
        }
        sqlx::query("delete from session where expires <= $1 or (used > 0 and used <= $2)")
            .bind(micros(now))
            .bind(micros(awake))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(ended)
    }
}

/// A new session's row.
pub(super) struct NewSession<'a> {
    /// Hash of its secret.
    pub(super) hash: &'a str,
    /// Whose it is.
    pub(super) actor: &'a Actor,
    /// Until when it lasts at most.
    pub(super) expires: Timestamp,
    /// The browser, as it calls itself.
    pub(super) agent: &'a str,
    /// Its network address.
    pub(super) address: &'a str,
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    new: &NewSession<'_>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "insert into session (hash, person, created, expires, used, agent, address) \
         values ($1, $2, $3, $4, $3, $5, $6)",
    )
    .bind(new.hash)
    .bind(new.actor.id.to_string())
    .bind(micros(now))
    .bind(micros(new.expires))
    .bind(new.agent)
    .bind(new.address)
    .execute(connection)
    .await?;
    Ok(())
}
