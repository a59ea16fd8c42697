//! Addresses of pools as they were while a pool's name stood alone: `/pools/{name}` and what lay below it.

use axum::Extension;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::id::DraftId;
use orchestrator::Desk;

/// Leads an old address to the page that it is now, if there is one pool of that name among those that the caller sees.
pub(crate) async fn led(desk: Option<Extension<Desk>>, request: Request, next: Next) -> Response {
    if let Some(Extension(desk)) = desk
        && request.method() == Method::GET
        && let Some((name, rest)) = old(request.uri().path())
        && let Ok(pools) = desk.pools_called(name).await
        && let [pool] = &pools[..]
    {
        let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        return Redirect::to(&format!("{}{rest}{query}", app::pool(pool))).into_response();
    }
    next.run(request).await
}

/// The name in an old address and what stands behind it; `/pools/new` is the form of a pool. No pool has a name as long as a draft's id, so none of the
/// present addresses is one of these.
fn old(path: &str) -> Option<(&str, &str)> {
    let below = path.strip_prefix("/pools/")?;
    let (name, rest) = below.split_at(below.find('/').unwrap_or(below.len()));
    let draft = |rest: &str| rest.strip_prefix("/new/").is_some_and(|id| id.parse::<DraftId>().is_ok());
    let was = matches!(rest, "" | "/jobs" | "/new") || draft(rest);
    (was && !matches!(name, "" | "new")).then_some((name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_without_a_group_are_old() {
        let draft = "/pools/lab/new/019ab5b8-0000-7000-8000-000000000000";
        for (path, old_one) in [
            ("/pools/lab", Some(("lab", ""))),
            ("/pools/lab/jobs", Some(("lab", "/jobs"))),
            ("/pools/lab/new", Some(("lab", "/new"))),
            (draft, Some(("lab", &draft["/pools/lab".len()..]))),
            ("/pools", None),
            ("/pools/", None),
            ("/pools/new", None),
            ("/pools/Penstock/new/lab", None),
            ("/pools/Penstock/streaming/lab", None),
            ("/pools/Penstock/streaming/lab/new", None),
            ("/jobs", None),
        ] {
            assert_eq!(old(path), old_one, "{path}");
        }
    }
}
