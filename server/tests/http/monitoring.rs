//! Programs that watch the portal: what they are told, and who is not.

use serde_json::Value;

use crate::portal::PortalProcess;
use crate::wire;

#[tokio::test]
async fn health_and_figures_are_told_without_a_session() {
    let portal = PortalProcess::signed_in().await;
    let health = portal.unknown("GET", "/healthz").send().await.expect("an answer");
    assert_eq!(health.status(), 200);
    let health: Value = serde_json::from_str(&health.text().await.expect("text")).expect("JSON");
    assert_eq!(health["status"], "ok");
    assert_eq!(health["reconciler"]["failures"], 0, "{health}");
    assert_eq!(health["reconciler"]["lag_ms"], 0, "{health}");

    let metrics = portal.unknown("GET", "/metrics").send().await.expect("an answer");
    assert_eq!(metrics.status(), 200);
    assert!(
        metrics.headers()["content-type"].to_str().expect("text").starts_with("application/openmetrics-text")
    );
    let metrics = metrics.text().await.expect("text");
    for line in [
        "penstock_healthy 1\n",
        "penstock_clusters{group=\"running\"} 0\n",
        "penstock_reconciler_passes_total 0\n",
        "penstock_reconciler_failures_total 0\n",
        "penstock_reconciler_queued 0\n",
        "penstock_reconciler_lag_seconds 0.0\n",
        "# EOF\n",
    ] {
        assert!(metrics.contains(line), "{line}{metrics}");
    }
}

#[tokio::test]
async fn only_programs_of_the_machine_are_told() {
    let portal = PortalProcess::signed_in().await;
    for path in ["/healthz", "/metrics"] {
        for header in ["x-forwarded-for", "forwarded"] {
            let passed_on = portal.unknown("GET", path).header(header, "for=192.0.2.7");
            let answer = passed_on.send().await.expect("an answer");
            assert_eq!(answer.status(), 403, "{path} by a proxy");
            assert!(answer.text().await.expect("text").contains("Ask from there, or with a token"));
        }
        for (host, status) in
            [("127.0.0.1:9", 200), ("[::1]", 200), ("elsewhere.example", 421), ("192.0.2.7", 421)]
        {
            let answer = portal.unknown("GET", path).header("host", host).send().await.expect("an answer");
            assert_eq!(answer.status(), status, "{path} at {host}");
        }
    }
    // The machine's address is good for nothing else.
    let answer = portal.known("GET", "/jobs").header("host", "127.0.0.1:9").send().await.expect("an answer");
    assert_eq!(answer.status(), 421);
    let answer = wire::ask(&portal, "POST /healthz", "content-length: 0", b"").await;
    assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
}
