//! What every route may ask for. It is put together by the start (`boot.rs`).

use std::sync::Arc;
use std::time::Duration;

use app::Warnings;
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;
use orchestrator::ControlPlane;
use tokio_util::sync::CancellationToken;

use crate::cookie::SessionCookie;
use crate::notices::Sealer;
use crate::origin::Origin;
use crate::sign_in::Guesses;

/// The control plane, and what the process around it has.
#[derive(Clone)]
pub(crate) struct AppState {
    /// The control plane.
    pub(crate) plane: ControlPlane,
    /// What the pages must know of the build.
    pub(crate) leptos: LeptosOptions,
    /// Where people reach the portal.
    pub(crate) origin: Arc<Origin>,
    /// The session's cookie.
    pub(crate) cookie: Arc<SessionCookie>,
    /// How long a browser is to keep it.
    pub(crate) longest: Duration,
    /// Seals words for pages.
    pub(crate) sealer: Arc<Sealer>,
    /// Wrong sign-in links.
    pub(crate) guesses: Arc<Guesses>,
    /// What Settings says of this process.
    pub(crate) warnings: Warnings,
    /// The portal is about to end: streams that never end by themselves end with it.
    pub(crate) ending: CancellationToken,
}

impl FromRef<AppState> for LeptosOptions {
    fn from_ref(portal: &AppState) -> Self {
        portal.leptos.clone()
    }
}
