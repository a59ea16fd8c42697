//! Who is signed in, known to both faces from the first paint.

use domain::policy::{Actor, Permission, Role, may};
use leptos::prelude::*;

/// The person whose session this is.
#[derive(Clone, Debug)]
pub(crate) struct Me(Actor);

impl Me {
    /// From the session on the server, from the page in the browser; none without a session.
    pub(crate) fn provide() -> Option<Self> {
        let me = SharedValue::new(actor).into_inner().map(Self)?;
        provide_context(me.clone());
        Some(me)
    }

    /// The person of this page.
    pub(crate) fn here() -> Self {
        expect_context::<Self>()
    }

    /// The name in histories.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// The role as a word.
    pub(crate) fn role(&self) -> &'static str {
        match self.0.role {
            Role::Reader => "Reader",
            Role::Contributor => "Contributor",
            Role::Owner => "Owner",
        }
    }

    /// Whether the person may do it. The desk asks again.
    pub(crate) fn may(&self, deed: Permission) -> bool {
        may(self.0.role, deed)
    }

    /// Up to two letters for the round button.
    pub(crate) fn initials(&self) -> String {
        self.0
            .name
            .split_whitespace()
            .filter_map(|word| word.chars().next())
            .take(2)
            .flat_map(char::to_uppercase)
            .collect()
    }
}

#[cfg(feature = "ssr")]
fn actor() -> Option<Actor> {
    use_context::<axum::http::request::Parts>()?.extensions.get::<Actor>().cloned()
}

/// After a sign-in the whole page is loaded, so this is never reached with someone to name.
#[cfg(not(feature = "ssr"))]
fn actor() -> Option<Actor> {
    None
}
