//! Table `token`: access tokens. Holds hashes, never a secret. What a token may is in `role_assignment`.

use std::collections::HashMap;

use domain::id::{PrincipalId, TokenId};
use domain::policy::{Actor, Permission, PrincipalKind};
use domain::rights::Rights;
use domain::token::{NewToken, TokenView};
use jiff::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::audit::{self, Audit};
use super::permit::Permit;
use super::value::{id, micros, readable, time};
use super::{Store, StoreError, Target, assignment};

/// A token that holds.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// Who asks by it.
    pub(crate) actor: Actor,
    /// When it ends; none for never.
    pub(crate) expires: Option<Timestamp>,
    /// When its use was last noted.
    pub(crate) used: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    id: String,
    name: String,
    made_by_name: String,
    made: i64,
    expires: Option<i64>,
    used: Option<i64>,
}

impl Store {
    /// The token of a secret with this hash: neither revoked nor over, and for something that is there.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn token(&self, hash: &str, now: Timestamp) -> Result<Option<Token>, StoreError> {
        let row: Option<(String, String, Option<i64>, Option<i64>)> = sqlx::query_as(
            "select id, name, expires, used from token where hash = $1 and revoked is null \
             and (expires is null or expires > $2)",
        )
        .bind(hash)
        .bind(micros(now))
        .fetch_optional(&mut *self.reading().await?)
        .await?;
        let Some((token, name, expires, used)) = row else { return Ok(None) };
        let actor = Actor { id: id("token.id", &token)?, kind: PrincipalKind::Token, name };
        if self.roles_of(actor.id).await?.is_empty() {
            return Ok(None);
        }
        Ok(Some(Token { actor, expires: expires.map(time), used: used.map(time) }))
    }

    /// Its own role, and the roles of whoever made it.
    pub(super) async fn rights_of_token(&self, token: PrincipalId) -> Result<Rights, StoreError> {
        let maker: Option<(String, String)> =
            sqlx::query_as("select made_by_kind, made_by from token where id = $1 and revoked is null")
                .bind(token.to_string())
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        let Some((kind, maker)) = maker else { return Ok(Rights::default()) };
        let at_most = match PrincipalKind::named(&kind) {
            Some(PrincipalKind::Portal) => None,
            Some(PrincipalKind::Person | PrincipalKind::Token) | None => {
                Some(self.roles_of(id("token.made_by", &maker)?).await?)
            }
        };
        Ok(Rights { own: self.roles_of(token).await?, at_most, portal: false })
    }

    /// Records that a token is being used.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn use_token(&self, token: PrincipalId, now: Timestamp) -> Result<(), StoreError> {
        let used = sqlx::query("update token set used = $1 where id = $2");
        self.write(used.bind(micros(now)).bind(token.to_string())).await?;
        Ok(())
    }

    /// Makes a token where the permit is for, with no more than that permits; with audit row.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn new_token(
        &self,
        permit: &Permit,
        new: &NewToken,
        hash: &str,
        now: Timestamp,
    ) -> Result<TokenView, StoreError> {
        permit.must(new.role.deed(), |target| target.key().is_some())?;
        let (by, token, expires) = (permit.actor(), Uuid::now_v7(), new.lifetime.end(now));
        let mut tx = self.begin().await?;
        sqlx::query(
            "insert into token (id, name, hash, made_by_kind, made_by, made_by_name, made, expires) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(token.to_string())
        .bind(&new.name)
        .bind(hash)
        .bind(by.kind.name())
        .bind(by.id.to_string())
        .bind(&by.name)
        .bind(micros(now))
        .bind(expires.map(micros))
        .execute(&mut *tx)
        .await?;
        let actor = Actor { id: PrincipalId(token), kind: PrincipalKind::Token, name: new.name.clone() };
        assignment::insert(&mut tx, permit, &actor, new.role, now).await?;
        let scope = permit.scope().cloned().unwrap_or_default();
        let after = serde_json::json!({
            "name": new.name, "role": new.role.name(), "scope": scope, "expires": expires
        });
        let entry = Audit {
            actor: by,
            action: "token/CREATE".to_owned(),
            target: token.to_string(),
            before: String::new(),
            after: after.to_string(),
        };
        audit::insert(&mut tx, &entry, now).await?;
        tx.commit().await?;
        Ok(TokenView {
            id: TokenId(token),
            name: new.name.clone(),
            role: Some((new.role, scope)),
            made_by: by.name.clone(),
            made: now,
            expires,
            used: None,
        })
    }

    /// The tokens of these makers that are neither revoked nor over, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn tokens(
        &self,
        (maker, portals): (PrincipalId, bool),
        now: Timestamp,
    ) -> Result<Vec<TokenView>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "select id, name, made_by_name, made, expires, used from token where (made_by = $1 \
             or ($2 = 1 and made_by_kind = 'portal')) and revoked is null and (expires is null or expires > $3) \
             order by made desc, id desc",
        )
        .bind(maker.to_string())
        .bind(i64::from(portals))
        .bind(micros(now))
        .fetch_all(&mut *self.reading().await?)
        .await?;
        let mut roles = HashMap::new();
        for row in &rows {
            let principal: PrincipalId = id("token.id", &row.id)?;
            if let Some(given) = self.roles_of(principal).await?.into_iter().next() {
                roles.insert(row.id.clone(), (given.role, given.scope));
            }
        }
        readable(rows, |row| {
            Ok(TokenView {
                id: id("token.id", &row.id)?,
                role: roles.get(&row.id).cloned(),
                name: row.name,
                made_by: row.made_by_name,
                made: time(row.made),
                expires: row.expires.map(time),
                used: row.used.map(time),
            })
        })
    }

    /// Revokes a token of the caller, or any one with the permit to administer everything; with audit row. False if there is
    /// none.
    ///
    /// # Errors
    /// `Unpermitted`; when the database fails.
    pub(crate) async fn revoke_token(
        &self,
        permit: &Permit,
        token: TokenId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let own = permit.must(Permission::See, |target| *target == Target::Own);
        let any = permit.must(Permission::Administer, |target| *target == Target::Portal);
        own.or(any)?;
        let by = permit.actor();
        let mut tx = self.begin().await?;
        let revoked = sqlx::query(
            "update token set revoked = $1 where id = $2 and revoked is null and (made_by = $3 or $4 = 1)",
        )
        .bind(micros(now))
        .bind(token.to_string())
        .bind(by.id.to_string())
        .bind(i64::from(*permit.target() == Target::Portal))
        .execute(&mut *tx)
        .await?;
        if revoked.rows_affected() == 0 {
            tx.roll_back().await?;
            return Ok(false);
        }
        let (name,): (String,) = sqlx::query_as("select name from token where id = $1")
            .bind(token.to_string())
            .fetch_one(&mut *tx)
            .await?;
        let entry = Audit {
            actor: by,
            action: "token/REVOKE".to_owned(),
            target: token.to_string(),
            before: serde_json::json!({ "name": name }).to_string(),
            after: String::new(),
        };
        audit::insert(&mut tx, &entry, now).await?;
        tx.commit().await?;
        Ok(true)
    }
}
