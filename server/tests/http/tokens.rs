//! Access tokens over HTTP: what they open, what they do not, and the command that makes one.

use serde_json::Value;

use crate::portal::{PortalProcess, needed};

const LAB: &str =
    "/subscriptions/Penstock/resourceGroups/streaming/providers/Microsoft.HDInsight/clusterPools/lab";

/// `penstock token create`, beside the portal that runs; what it prints.
fn made(portal: &PortalProcess, arguments: &[&str]) -> String {
    let output = command(portal, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    let secret = text.trim_end().to_owned();
    assert!(secret.starts_with("penstock_") && !secret.contains(char::is_whitespace), "alone: {text:?}");
    secret
}

fn command(portal: &PortalProcess, arguments: &[&str]) -> std::process::Output {
    let mut command = std::process::Command::new(needed("PENSTOCK_BIN"));
    command.args(["token", "create", "--data"]).arg(&portal.data).args(arguments);
    command.output().expect("it runs")
}

/// A request by a token, without a cookie.
fn by(portal: &PortalProcess, secret: &str, method: &str, path: &str) -> reqwest::RequestBuilder {
    portal.unknown(method, path).header("authorization", format!("Bearer {secret}"))
}

async fn pools(portal: &PortalProcess, secret: &str) -> reqwest::Response {
    let asked = by(portal, secret, "POST", "/api/ui/pools").header("content-type", "application/json");
    asked.body("{}").send().await.expect("an answer")
}

#[tokio::test]
async fn a_token_of_the_command_line_opens_what_it_is_for() {
    let portal = PortalProcess::signed_in().await;
    let owner = made(&portal, &[]);
    let answer = pools(&portal, &owner).await;
    assert_eq!(answer.status(), 200);
    assert!(answer.text().await.expect("text").contains("\"Penstock/streaming/lab\""));
    // A write that names another origin: only a cookie could have been led there.
    let written =
        by(&portal, &owner, "PUT", "/files/lake/flink/by/token").header("origin", "http://ci.example");
    assert_eq!(written.body("x").send().await.expect("an answer").status(), 201);
    let cookie = portal.known("PUT", "/files/lake/flink/by/cookie").header("origin", "http://ci.example");
    assert_eq!(cookie.body("x").send().await.expect("an answer").status(), 403);

    let reader =
        made(&portal, &["--name", "grafana", "--role", "reader", "--scope", LAB, "--expires", "30d"]);
    assert_eq!(pools(&portal, &reader).await.status(), 200);
    let refused = by(&portal, &reader, "PUT", "/files/lake/flink/by/reader").body("x").send().await;
    assert_eq!(refused.expect("an answer").status(), 403, "too small a role");
    // Settings lists both, and holds neither.
    let page = portal.page("/settings").await.text().await.expect("text");
    assert!(page.contains("grafana") && page.contains("Reader of the pool lab"), "{page}");
    assert!(!page.contains(&owner) && !page.contains(&reader));
}

#[tokio::test]
async fn a_token_that_does_not_hold_is_refused_without_saying_why() {
    let portal = PortalProcess::signed_in().await;
    let good = made(&portal, &["--name", "leaked"]);
    let live = by(&portal, &good, "GET", "/live").send().await.expect("an answer");
    assert_eq!(live.status(), 200);
    let page = portal.page("/settings").await.text().await.expect("text");
    let (_, after) = page.split_once("name=\"token\" value=\"").expect("it can be revoked");
    let id = after.split('"').next().expect("an id");
    let revoked = portal
        .known("POST", "/api/ui/revoke-token")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("token={id}&back=%2Fsettings"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(revoked.headers()["location"], "/settings");
    // Its stream of hints ends with it.
    let mut live = live;
    while let Ok(Some(_)) = live.chunk().await {}

    let mut answers = Vec::new();
    for secret in [&*good, "penstock_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "", "x"] {
        // A good cookie beside it means nothing.
        let asked = by(&portal, secret, "GET", "/live").header("cookie", portal.cookie());
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{secret}");
        assert_eq!(answer.headers()["www-authenticate"], "Bearer", "{secret}");
        answers.push(answer.text().await.expect("text"));
    }
    assert!(answers.iter().all(|answer| answer == &answers[0]), "{answers:?}");
    assert!(!answers[0].contains(&good));
    // Another scheme is none of the portal's.
    let basic = portal.known("GET", "/settings").header("authorization", "Basic eDp5").send().await;
    assert_eq!(basic.expect("an answer").status(), 200);
}

#[tokio::test]
async fn who_watches_from_elsewhere_shows_a_token() {
    let portal = PortalProcess::signed_in().await;
    let (all, lab) =
        (made(&portal, &["--role", "Reader"]), made(&portal, &["--role", "Owner", "--scope", LAB]));
    for path in ["/healthz", "/metrics"] {
        let elsewhere =
            |secret: &str| by(&portal, secret, "GET", path).header("x-forwarded-for", "192.0.2.7");
        assert_eq!(elsewhere(&all).send().await.expect("an answer").status(), 200, "{path}");
        assert_eq!(elsewhere(&lab).send().await.expect("an answer").status(), 404, "{path}");
        assert_eq!(elsewhere("penstock_x").send().await.expect("an answer").status(), 401, "{path}");
        let none = portal.unknown("GET", path).header("x-forwarded-for", "192.0.2.7").send().await;
        assert_eq!(none.expect("an answer").status(), 403, "{path}");
        assert_eq!(portal.unknown("GET", path).send().await.expect("an answer").status(), 200, "{path}");
    }
}

/// By the form that a page without script has.
#[tokio::test]
async fn a_token_is_shown_once_and_stands_nowhere_else() {
    let portal = PortalProcess::signed_in().await;
    let form = "name=ci-orders&role=Contributor&scope=%2F&expires=30d";
    let post = |form: &'static str| {
        let post = portal.known("POST", "/tokens").header("accept", "text/html");
        post.header("content-type", "application/x-www-form-urlencoded").body(form).send()
    };
    let answer = post(form).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let page = answer.text().await.expect("text");
    let (_, after) = page.split_once("penstock_").expect("the token");
    let secret = format!("penstock_{}", after.split('<').next().expect("text"));
    assert_eq!(pools(&portal, &secret).await.status(), 200);
    let settings = portal.page("/settings").await.text().await.expect("text");
    assert!(settings.contains("ci-orders") && !settings.contains(&secret));
    let database = std::fs::read(portal.data.join("penstock.db")).expect("read");
    let wal = std::fs::read(portal.data.join("penstock.db-wal")).unwrap_or_default();
    for bytes in [database, wal] {
        assert!(!String::from_utf8_lossy(&bytes).contains(&secret));
    }
    for wrong in [
        "name=&role=Reader&scope=%2F",
        "name=x&role=King&scope=%2F",
        "name=x&role=Reader&scope=x",
        "name=x&role=Reader&scope=%2F&expires=soon",
    ] {
        let refused = post(wrong).await.expect("an answer");
        assert_eq!(refused.status(), 400, "{wrong}");
        assert!(refused.text().await.expect("text").contains("The portal declined"), "{wrong}");
    }
    // A program that is let in by a token makes no other.
    let asked = by(&portal, &secret, "POST", "/tokens");
    let asked = asked.header("content-type", "application/x-www-form-urlencoded").body(form);
    let refused = asked.send().await.expect("an answer");
    assert_eq!(refused.status(), 403);
    let answer: Value = serde_json::from_str(&refused.text().await.expect("text")).expect("JSON");
    assert!(
        answer["error"].as_str().is_some_and(|why| why.contains("makes and revokes no tokens")),
        "{answer}"
    );
}

#[tokio::test]
async fn the_command_says_what_is_wrong_with_what_it_is_given() {
    let portal = PortalProcess::signed_in().await;
    for (arguments, says) in [
        (&["--role", "King"][..], "is no role"),
        (&["--scope", "lab"], "is no scope"),
        (&["--scope", "/subscriptions/Penstock/resourceGroups/none"], "There is nothing at"),
        (&["--expires", "soon"], "is no length of time"),
        (&["--name", " "], "1 to 64 characters"),
    ] {
        let output = command(&portal, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && output.stdout.is_empty() && said.contains(says),
            "{arguments:?}: {said}"
        );
    }
    portal.answers().await;
}
