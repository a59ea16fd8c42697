//! A person's own sessions: where they were begun, and ending them.

use domain::policy::Permission;
use domain::refusal::Refusal;
use domain::view::SessionView;

use super::Desk;
use crate::sign_in;
use crate::store::At;
use crate::store::audit::Audit;
use crate::store::session::SessionRow;

impl Desk {
    /// The person's sessions, the last used one first.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sessions(&self) -> Result<Vec<SessionView>, Refusal> {
        let rows = self.rows().await?;
        let view = |row: SessionRow| SessionView {
            here: self.session.as_ref() == Some(&row.hash),
            name: sign_in::name(&row.hash).to_owned(),
            agent: row.agent,
            address: row.address,
            begun: row.created,
            used: row.used,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    /// Ends one of the person's sessions.
    ///
    /// # Errors
    /// `NotFound` if it is over already or another person's.
    pub async fn end_session(&self, name: &str) -> Result<(), Refusal> {
        let found = self.rows().await?.into_iter().find(|row| sign_in::name(&row.hash) == name);
        let ended = match found {
            Some(row) => self.end(&row, "session/END").await?,
            None => false,
        };
        if ended { Ok(()) } else { Err(Refusal::NotFound("This session is over already.".to_owned())) }
    }

    /// Ends every session of the person but this one; how many there were.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn end_other_sessions(&self) -> Result<usize, Refusal> {
        let mut ended = 0;
        for row in self.rows().await? {
            if self.session.as_ref() != Some(&row.hash) && self.end(&row, "session/END").await? {
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// Ends the session by which the person asks.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn sign_out(&self) -> Result<(), Refusal> {
        let here = self.rows().await?.into_iter().find(|row| self.session.as_ref() == Some(&row.hash));
        if let Some(row) = here {
            self.end(&row, "session/SIGN_OUT").await?;
        }
        Ok(())
    }

    async fn rows(&self) -> Result<Vec<SessionRow>, Refusal> {
        Ok(self.plane.store().sessions(&self.actor, self.plane.awake()).await?)
    }

    async fn end(&self, row: &SessionRow, action: &str) -> Result<bool, Refusal> {
        let permit = self.authorize(Permission::See, At::Own).await?;
        let entry = Audit {
            actor: &self.actor,
            action: action.to_owned(),
            target: sign_in::name(&row.hash).to_owned(),
            before: serde_json::json!({ "agent": row.agent, "address": row.address }).to_string(),
            after: String::new(),
        };
        let ended = self.plane.store().end_session(&permit, &row.hash, &entry, self.plane.awake()).await?;
        // Whoever follows the session looks again; nobody following is no mistake.
        let _ = self.plane.inner.ended.send(());
        Ok(ended)
    }
}
