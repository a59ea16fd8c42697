//! The form of a new access token: its answer shows the token, once.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form, Json};
use domain::policy::Role;
use domain::refusal::Refusal;
use domain::scope::Scope;
use domain::token::{Lifetime, NewToken};
use serde::Deserialize;

use crate::mishap::{POLICY, refused, theme};
use crate::session::CurrentUser;

/// What is asked for, as it was typed.
#[derive(Deserialize)]
pub(crate) struct Asked {
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    scope: String,
    #[serde(default)]
    expires: String,
}

impl Asked {
    fn read(&self) -> Result<NewToken, Refusal> {
        let no_role = || {
            let names = Role::ALL.map(Role::name).join(", ");
            Refusal::field("role", &self.role, format!("“{}” is no role. Choose one of {names}.", self.role))
        };
        let scope = self.scope.parse::<Scope>();
        Ok(NewToken {
            name: self.name.clone(),
            role: Role::named(&self.role).ok_or_else(no_role)?,
            scope: scope.map_err(|error| Refusal::field("scope", &self.scope, error.to_string()))?,
            lifetime: Lifetime::parse(&self.expires)
                .map_err(|rule| Refusal::field("expires", &self.expires, rule))?,
        })
    }
}

/// Makes one: a person gets a page, a program JSON.
pub(crate) async fn create(
    Extension(desk): CurrentUser,
    headers: HeaderMap,
    Form(asked): Form<Asked>,
) -> Response {
    let made = match asked.read() {
        Ok(new) => desk.new_token(&new).await,
        Err(refusal) => Err(refusal),
    };
    let (token, secret) = match made {
        Ok(made) => made,
        Err(refusal) => return refused(&refusal),
    };
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if !accept.contains("text/html") {
        let answer = serde_json::json!({ "token": secret, "made": token });
        return (StatusCode::CREATED, Json(answer)).into_response();
    }
    let mut page = Html(app::made_token(&token, &secret, theme(&headers))).into_response();
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    page
}
