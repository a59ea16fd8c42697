//! Table `sign_in_link`: links that let somebody in, once. Holds hashes, never a token.

use domain::id::PersonId;
use domain::policy::Actor;
use jiff::Timestamp;

use super::value::{id, micros};
use super::{Store, StoreError, person, session};

/// What redeeming a link makes.
pub(crate) struct Redeemed<'a> {
    /// Hash of the token.
    pub(crate) token: &'a str,
    /// Hash of the new session's secret.
    pub(crate) session: &'a str,
    /// Until when the session lasts.
    pub(crate) expires: Timestamp,
    /// Who becomes the first owner, if nobody is.
    pub(crate) first: &'a Actor,
}

impl Store {
    /// Keeps a link.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn keep_link(
        &self,
        hash: &str,
        person: Option<PersonId>,
        (now, expires): (Timestamp, Timestamp),
    ) -> Result<(), StoreError> {
        self.write(
            sqlx::query("insert into sign_in_link (hash, person, created, expires) values ($1, $2, $3, $4)")
                .bind(hash)
                .bind(person.map(|person| person.to_string()))
                .bind(micros(now))
                .bind(micros(expires)),
        )
        .await?;
        Ok(())
    }

    /// Uses a link up and begins a session, in one transaction. `None`: no such link, used, or too late.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn redeem(
        &self,
        link: &Redeemed<'_>,
        now: Timestamp,
    ) -> Result<Option<Actor>, StoreError> {
        let mut tx = self.begin().await?;
        let used = sqlx::query(
            "update sign_in_link set used = $1 where hash = $2 and used is null and expires > $1",
        )
        .bind(micros(now))
        .bind(link.token)
        .execute(&mut *tx)
        .await?;
        if used.rows_affected() == 0 {
            tx.roll_back().await?;
            return Ok(None);
        }
        let (person_id,): (Option<String>,) = sqlx::query_as(
            "select coalesce(l.person, (select p.id from person p where p.role = 'Owner' \
                 order by p.created, p.id limit 1)) from sign_in_link l where l.hash = $1",
        )
        .bind(link.token)
        .fetch_one(&mut *tx)
        .await?;
        let actor = match person_id {
            Some(text) => person::find(&mut tx, id("sign_in_link.person", &text)?).await?,
            None => {
                person::insert(&mut tx, link.first, now).await?;
                link.first.clone()
            }
        };
        session::insert(&mut tx, link.session, &actor, (now, link.expires)).await?;
        tx.commit().await?;
        Ok(Some(actor))
    }
}
