//! Who is signed in, known to both faces from the first paint.

use domain::policy::Permission;
use domain::view::Caller;
use leptos::prelude::*;

/// The person whose session this is.
#[derive(Clone, Debug)]
pub(crate) struct Me(Caller);

impl Me {
    /// From the session on the server, from the page in the browser; none without a session.
    pub(crate) fn provide() -> Option<Self> {
        let me = SharedValue::new(caller).into_inner().map(Self)?;
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

    /// The roles as words, one for each.
    pub(crate) fn roles(&self) -> Vec<String> {
        self.0.words()
    }

    /// The roles in a few words.
    pub(crate) fn role(&self) -> String {
        match (self.0.everywhere, &*self.0.words()) {
            (Some(role), _) => role.name().to_owned(),
            (None, []) => "No role yet".to_owned(),
            (None, [only]) => only.clone(),
            (None, several) => format!("{} roles", several.len()),
        }
    }

    /// A scope in which the person has a role, as its path.
    pub(crate) fn first_scope(&self) -> String {
        let first = self.0.roles.first().map(|(_, scope)| scope.to_string());
        first.unwrap_or_else(|| "/".to_owned())
    }

    /// Whether the person may do it with everything. The desk asks again.
    pub(crate) fn may_everywhere(&self, deed: Permission) -> bool {
        self.0.may_everywhere(deed)
    }

    /// Whether the person may do it somewhere. The desk asks again.
    pub(crate) fn may_somewhere(&self, deed: Permission) -> bool {
        self.0.may_somewhere(deed)
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
fn caller() -> Option<Caller> {
    use_context::<axum::http::request::Parts>()?.extensions.get::<Caller>().cloned()
}

/// After a sign-in the whole page is loaded, so this is never reached with someone to name.
#[cfg(not(feature = "ssr"))]
fn caller() -> Option<Caller> {
    None
}
