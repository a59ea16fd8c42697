//! Settings: the person's own sessions and access tokens, and how the portal itself does.

use domain::id::TokenId;
use domain::token::TokenView;
use domain::view::{ReconcilerView, Safeguard, SessionView};
use leptos::prelude::*;

use super::ApiError;
use super::codec::Json;
#[cfg(feature = "ssr")]
use super::desk;

/// The caller's sessions, the last used one first.
#[server(prefix = "/api/ui", endpoint = "sessions", input = Json, output = Json)]
pub(crate) async fn sessions() -> Result<Vec<SessionView>, ApiError> {
    Ok(desk().await?.sessions().await?)
}

/// Ends one of them. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "end-session", output = Json)]
pub(crate) async fn end_session(name: String, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.end_session(&name).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// Ends all of them but this one; how many. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "end-other-sessions", output = Json)]
pub(crate) async fn end_other_sessions(#[server(default)] back: String) -> Result<usize, ApiError> {
    let ended = desk().await?.end_other_sessions().await?;
    crate::navigation::go_on(&back);
    Ok(ended)
}

/// The caller's access tokens, the newest first.
#[server(prefix = "/api/ui", endpoint = "tokens", input = Json, output = Json)]
pub(crate) async fn tokens() -> Result<Vec<TokenView>, ApiError> {
    Ok(desk().await?.tokens().await?)
}

/// Revokes one of them. `back`: where a plain form post goes on.
#[server(prefix = "/api/ui", endpoint = "revoke-token", output = Json)]
pub(crate) async fn revoke_token(token: TokenId, #[server(default)] back: String) -> Result<(), ApiError> {
    desk().await?.revoke_token(token).await?;
    crate::navigation::go_on(&back);
    Ok(())
}

/// What whoever keeps the portal should know of it; nothing for who does not see everything.
#[server(prefix = "/api/ui", endpoint = "warnings", input = Json, output = Json)]
pub(crate) async fn warnings() -> Result<Vec<String>, ApiError> {
    if desk().await?.watches().await.is_err() {
        return Ok(Vec::new());
    }
    Ok(use_context::<crate::Warnings>().map(|warnings| warnings.sentences()).unwrap_or_default())
}

/// What programs of other people are kept from on this machine.
#[server(prefix = "/api/ui", endpoint = "safeguards", input = Json, output = Json)]
pub(crate) async fn safeguards() -> Result<Vec<Safeguard>, ApiError> {
    Ok(desk().await?.safeguards().await?)
}

/// How the reconciler stands.
#[server(prefix = "/api/ui", endpoint = "reconciler", input = Json, output = Json)]
pub(crate) async fn reconciler() -> Result<ReconcilerView, ApiError> {
    Ok(desk().await?.reconciler().await?)
}
