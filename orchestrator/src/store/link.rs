//! Table `sign_in_link`: links that let somebody in, once. Holds hashes, never a token.

use domain::id::PrincipalId;
use domain::policy::Actor;
use jiff::Timestamp;

use super::audit::{self, Audit};
use super::value::{id, micros};
use super::{Store, StoreError, assignment, person, session};

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
    /// The browser, as it calls itself.
    pub(crate) agent: &'a str,
    /// Its network address.
    pub(crate) address: &'a str,
    /// The session's name in the audit trail.
    pub(crate) name: &'a str,
    /// What the audit trail says of it, as JSON.
    pub(crate) said: &'a str,
}

impl Store {
    /// Keeps a link.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn keep_link(
        &self,
        hash: &str,
        person: Option<PrincipalId>,
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

    /// Whether there is such a link, not used yet and in time.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn link_holds(&self, hash: &str, now: Timestamp) -> Result<bool, StoreError> {
        let found: Option<(i64,)> = sqlx::query_as(
            "select expires from sign_in_link where hash = $1 and used is null and expires > $2",
        )
        .bind(hash)
        .bind(micros(now))
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        Ok(found.is_some())
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
            "select coalesce(l.person, (select p.id from person p join role_assignment a on a.principal = p.id \
                 where a.role = 'Owner' and a.scope = '/' order by p.created, p.id limit 1)) from sign_in_link l where l.hash = $1",
        )
        .bind(link.token)
        .fetch_one(&mut *tx)
        .await?;
        let actor = match person_id {
            Some(text) => person::find(&mut tx, id("sign_in_link.person", &text)?).await?,
            None => {
                person::insert(&mut tx, link.first, now).await?;
                assignment::insert_first(&mut tx, link.first, now).await?;
                link.first.clone()
            }
        };
        let Redeemed { session: hash, expires, agent, address, .. } = *link;
        let new = session::NewSession { hash, actor: &actor, expires, agent, address };
        session::insert(&mut tx, &new, now).await?;
        let entry = Audit {
            actor: &actor,
            action: "session/SIGN_IN".to_owned(),
            target: link.name.to_owned(),
            before: String::new(),
            after: link.said.to_owned(),
        };
        audit::insert(&mut tx, &entry, now).await?;
        tx.commit().await?;
        Ok(Some(actor))
    }
}
