//! What programs are told that watch the portal: `/healthz`, whether it follows its clusters, and `/metrics`, figures in
//! the text format of Prometheus.
//!
//! Programs of this machine are not asked who they are: the connection comes from a loopback address, and no proxy has
//! passed it on. Others show a token that may see everything. They answer under any loopback address too, which no name of another site can be.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json, Router, middleware, routing::get};
use domain::view::{GroupCounts, Old, ReconcilerView};
use orchestrator::Desk;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::{Registry, Unit};
use serde_json::json;

use crate::connections::Peer;
use crate::mishap::{MISTAKE, declined, refused};
use crate::state::AppState;

const HEALTH: &str = "/healthz";
const METRICS: &str = "/metrics";
/// What Prometheus expects of the text that [`encode`] writes.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Whether it is one of these paths, for which nobody signs in.
pub(crate) fn is_one(path: &str) -> bool {
    path == HEALTH || path == METRICS
}

/// Whether a request names the machine itself, by its address.
pub(crate) fn names_the_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let Ok(named) = host.parse::<Authority>() else { return false };
    named.host().trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Both routes.
pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route(HEALTH, get(health))
        .route(METRICS, get(metrics))
        .layer(middleware::from_fn(of_this_machine))
}

async fn of_this_machine(desk: Option<Extension<Desk>>, request: Request, next: Next) -> Response {
    if let Some(Extension(desk)) = desk {
        return match desk.watches().await {
            Ok(()) => next.run(request).await,
            Err(refusal) => refused(&refusal),
        };
    }
    let peer = request.extensions().get::<Peer>().is_some_and(|peer| peer.0.is_loopback());
    let passed_on = ["forwarded", "x-forwarded-for"].iter().any(|name| request.headers().contains_key(*name));
    if peer && !passed_on {
        return next.run(request).await;
    }
    declined(
        StatusCode::FORBIDDEN,
        "Only programs of the portal's own machine are told how it is without a token. Ask from there, or with a token that \
         may see everything.",
    )
}

async fn health(State(portal): State<AppState>) -> Response {
    let old = portal.plane.old();
    let status = if old.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let reconciler = portal.plane.reconciler();
    let Some(Old { since, why }) = old else {
        return (status, Json(json!({ "status": "ok", "reconciler": reconciler }))).into_response();
    };
    let body = json!({ "status": "failing", "since": since, "why": why, "reconciler": reconciler });
    (status, Json(body)).into_response()
}

async fn metrics(State(portal): State<AppState>) -> Response {
    let healthy = portal.plane.old().is_none();
    // While the database is away, the others are all the more worth telling.
    let counts = portal.plane.counts().await.ok();
    let registry = registry(healthy, &portal.plane.reconciler(), counts.as_ref());
    let mut text = String::new();
    match encode(&mut text, &registry) {
        Ok(()) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(_) => declined(StatusCode::INTERNAL_SERVER_ERROR, MISTAKE),
    }
}

fn registry(healthy: bool, reconciler: &ReconcilerView, counts: Option<&GroupCounts>) -> Registry {
    let mut registry = Registry::with_prefix("penstock");
    let healthy = ConstGauge::new(i64::from(healthy));
    registry.register("healthy", "1 while the portal follows its clusters, otherwise 0", healthy);
    if let Some(counts) = counts {
        let clusters = Family::<[(&str, &str); 1], Gauge>::default();
        for (group, count) in [
            ("running", counts.running),
            ("moving", counts.moving),
            ("failing", counts.failing),
            ("stopped", counts.stopped),
        ] {
            clusters.get_or_create(&[("group", group)]).set(i64::from(count));
        }
        registry.register("clusters", "Clusters by the group of their state", clusters);
    }
    register(registry.sub_registry_with_prefix("reconciler"), reconciler);
    registry
}

/// What the reconciler tells of itself.
fn register(registry: &mut Registry, reconciler: &ReconcilerView) {
    registry.register("passes", "Passes since the portal was started", ConstCounter::new(reconciler.passes));
    registry.register_with_unit(
        "passes_duration",
        "What they took together",
        Unit::Seconds,
        ConstCounter::new(seconds(reconciler.passes_ms)),
    );
    registry.register(
        "failures",
        "Passes that could not be finished",
        ConstCounter::new(reconciler.failures),
    );
    registry.register_with_unit(
        "last_pass",
        "When the last pass ended, since 1970",
        Unit::Seconds,
        ConstGauge::new(reconciler.last_pass.map_or(0.0, |at| at.as_duration().as_secs_f64())),
    );
    registry.register_with_unit(
        "lag",
        "How long the cluster has waited that has been due for longest",
        Unit::Seconds,
        ConstGauge::new(seconds(reconciler.lag_ms)),
    );
    for (name, help, length) in [
        ("queued", "Clusters that wait for their next look", reconciler.queued),
        ("under_way", "Clusters that are looked at", reconciler.under_way),
        ("waiting_to_start", "Clusters that wait for others to have started", reconciler.waiting),
    ] {
        registry.register(name, help, ConstGauge::new(i64::try_from(length).unwrap_or(i64::MAX)));
    }
}

#[expect(clippy::cast_precision_loss, reason = "seconds of a process's life")]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}
