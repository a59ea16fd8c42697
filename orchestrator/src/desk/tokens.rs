//! Access tokens: made and revoked by persons, each with no more than whoever made it has.

use domain::id::TokenId;
use domain::policy::{Permission, PrincipalKind};
use domain::refusal::Refusal;
use domain::token::{self, NewToken, TokenView};

use super::Desk;
use crate::sign_in;
use crate::store::At;

impl Desk {
    /// Makes a token; its secret is in this answer and nowhere else.
    ///
    /// # Errors
    /// `InvalidArgument` at `name`; `NotFound` for the scope; `Forbidden` for more than the caller may, and for a token.
    pub async fn new_token(&self, new: &NewToken) -> Result<(TokenView, String), Refusal> {
        self.only_a_person()?;
        let name = token::name(&new.name).map_err(|rule| Refusal::field("name", &new.name, rule))?;
        let permit = self.authorize(new.role.deed(), At::Scope(&new.scope)).await?;
        let (secret, hash) = sign_in::new_token();
        let new = NewToken { name, ..new.clone() };
        let made = self.plane.store().new_token(&permit, &new, &hash, self.plane.now()).await?;
        Ok((made, secret))
    }

    /// The caller's tokens, the newest first; to an owner of everything also those that the command line made.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn tokens(&self) -> Result<Vec<TokenView>, Refusal> {
        let portals = self.authorize(Permission::Administer, At::Portal).await.is_ok();
        Ok(self.plane.store().tokens((self.actor.id, portals), self.plane.now()).await?)
    }

    /// Revokes a token of the caller; an owner of everything revokes any.
    ///
    /// # Errors
    /// `NotFound`; `Forbidden` for a token.
    pub async fn revoke_token(&self, token: TokenId) -> Result<(), Refusal> {
        self.only_a_person()?;
        let permit = match self.authorize(Permission::Administer, At::Portal).await {
            Ok(permit) => permit,
            Err(_) => self.authorize(Permission::See, At::Own).await?,
        };
        let revoked = self.plane.store().revoke_token(&permit, token, self.plane.now()).await?;
        // Whoever follows something by it looks again; nobody following is no mistake.
        let _ = self.plane.inner.ended.send(());
        self.plane.inner.roles_changed();
        match revoked {
            true => Ok(()),
            false => Err(Refusal::NotFound("There is no such token; it may be revoked already.".to_owned())),
        }
    }

    /// What leaked could otherwise make itself last.
    fn only_a_person(&self) -> Result<(), Refusal> {
        match self.actor.kind {
            PrincipalKind::Person | PrincipalKind::Portal => Ok(()),
            PrincipalKind::Token => Err(Refusal::Forbidden(
                "A token makes and revokes no tokens. Sign in, and do it in Settings.".to_owned(),
            )),
        }
    }
}
