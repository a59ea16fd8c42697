//! Links, sessions and tokens as the portal's door uses them.

use std::time::Duration;

use domain::policy::PrincipalKind;
use domain::refusal::Refusal;
use jiff::{SignedDuration, Timestamp};

use super::ControlPlane;
use crate::desk::Desk;
use crate::sign_in::{self, Origin};
use crate::store::StoreError;
use crate::store::session::Awake;

/// A session's last use is written down no more often than this.
const NOTED_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// And a token's, of which people want to know whether it is still used.
const TOKEN_NOTED_EVERY: SignedDuration = SignedDuration::from_mins(1);
/// How long a session that was ended elsewhere may go unnoticed by who follows it.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// By what somebody asks: a session or a token that lasts.
#[derive(Clone)]
pub struct Session {
    /// The desk of the person or token.
    pub desk: Desk,
    hash: String,
}

impl ControlPlane {
    /// A new one-time sign-in link's token.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn new_link(&self) -> Result<String, Refusal> {
        Ok(sign_in::new_link(self.store(), self.now()).await?)
    }

    /// Turns a one-time token into a session's secret.
    ///
    /// # Errors
    /// `NotFound` when it is unknown, used or too old.
    pub async fn redeem_link(&self, token: &str, origin: &Origin) -> Result<String, Refusal> {
        let times = (self.now(), self.inner.config.sessions.longest);
        sign_in::redeem(self.store(), token, origin, times).await?.ok_or_else(|| {
            Refusal::NotFound(
                "This link was used already or is too old. Ask for a new one: `penstock link` prints it."
                    .to_owned(),
            )
        })
    }

    /// The session with this secret.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn session(&self, secret: &str) -> Result<Option<Session>, Refusal> {
        let (hash, awake) = (sign_in::hash(secret), self.awake());
        let Some(found) = self.store().session(&hash, awake).await? else { return Ok(None) };
        let noted = NOTED_EVERY.min(self.inner.config.sessions.idle / 4);
        if self.now().duration_since(found.used) > noted
            && let Err(error) = self.store().use_session(&hash, self.now()).await
        {
            // Who asks is known all the same.
            tracing::debug!(%error, "the use of a session was not recorded");
        }
        let desk = Desk { plane: self.clone(), actor: found.actor, session: Some(hash.clone()) };
        Ok(Some(Session { desk, hash }))
    }

    /// The token with this secret, if it is neither revoked nor over.
    ///
    /// # Errors
    /// `Unavailable` when the store does not answer.
    pub async fn token(&self, secret: &str) -> Result<Option<Session>, Refusal> {
        let (hash, now) = (sign_in::hash(secret), self.now());
        let Some(found) = self.store().token(&hash, now).await? else { return Ok(None) };
        if found.used.is_none_or(|used| now.duration_since(used) > TOKEN_NOTED_EVERY)
            && let Err(error) = self.store().use_token(found.actor.id, now).await
        {
            tracing::debug!(%error, "the use of a token was not recorded");
        }
        Ok(Some(Session { desk: self.desk(found.actor), hash }))
    }

    /// Until a session is over: signed out, ended by its person, or grown too old; or a token: revoked, or at its end.
    pub async fn over(&self, session: &Session) {
        let mut ended = self.inner.ended.subscribe(); // before the first look, so that nothing falls between
        let mut ends = self.now() + SignedDuration::ZERO;
        loop {
            match self.lasts(session).await {
                Ok(None) => return,
                Ok(Some(lasts)) => ends = lasts,
                // What cannot be seen is not judged.
                Err(error) => tracing::debug!(%error, "a session could not be looked at"),
            }
            let left = Duration::try_from(ends.duration_since(self.now())).unwrap_or_default();
            let left = left.clamp(Duration::from_millis(10), LOOK_AGAIN);
            tokio::select! { () = tokio::time::sleep(left) => {}, _ = ended.recv() => {} }
        }
    }

    /// Until when a session or a token lasts, unless it is ended before; none if it is over.
    async fn lasts(&self, session: &Session) -> Result<Option<Timestamp>, StoreError> {
        if session.desk.actor.kind == PrincipalKind::Token {
            let found = self.store().token(&session.hash, self.now()).await?;
            return Ok(found.map(|found| found.expires.unwrap_or(Timestamp::MAX)));
        }
        let found = self.store().session(&session.hash, self.awake()).await?;
        Ok(found.map(|found| {
            let rests = sign_in::later(found.used, self.inner.config.sessions.idle);
            if found.used == Timestamp::UNIX_EPOCH { found.expires } else { found.expires.min(rests) }
        }))
    }

    /// Now, and since when a session may not have rested.
    pub(crate) fn awake(&self) -> Awake {
        let now = self.now();
        (now, now.checked_sub(self.inner.config.sessions.idle).unwrap_or(Timestamp::MIN))
    }
}
