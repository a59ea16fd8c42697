//! Table `session`: who is signed in. Holds hashes, never a secret.

use domain::policy::Actor;
use jiff::Timestamp;
use sqlx::AnyConnection;

use super::value::micros;
use super::{Store, StoreError, person};

impl Store {
    /// Who is signed in with the secret of this hash.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session(&self, hash: &str, now: Timestamp) -> Result<Option<Actor>, StoreError> {
        let row: Option<(String, String, String)> = sqlx::query_as(
            "select p.id, p.name, p.role from session s join person p on p.id = s.person \
             where s.hash = $1 and s.expires > $2",
        )
        .bind(hash)
        .bind(micros(now))
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        row.map(|(id, name, role)| person::actor(&id, name, &role)).transpose()
    }

    /// Ends a session. One that is not there is ended already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, hash: &str, now: Timestamp) -> Result<(), StoreError> {
        self.write(
            sqlx::query("delete from session where hash = $1 or expires <= $2").bind(hash).bind(micros(now)),
        )
        .await?;
        Ok(())
    }
}

pub(super) async fn insert(
    connection: &mut AnyConnection,
    hash: &str,
    actor: &Actor,
    (now, expires): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    sqlx::query("insert into session (hash, person, created, expires) values ($1, $2, $3, $4)")
        .bind(hash)
        .bind(actor.id.to_string())
        .bind(micros(now))
        .bind(micros(expires))
        .execute(connection)
        .await?;
    Ok(())
}
