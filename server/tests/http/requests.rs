//! Requests that are malformed, too large, or ask for what lies elsewhere.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::portal::PortalProcess;
use crate::secrets::asked;
use crate::wire;

/// Every server function gets bodies that are no arguments: it answers with a sentence and no panic.
#[tokio::test]
async fn what_is_no_argument_is_refused_with_a_sentence() {
    let portal = PortalProcess::signed_in().await;
    let kinds = ["application/json", "application/x-www-form-urlencoded", "text/plain"];
    for (path, method) in server_fn::axum::server_fn_paths() {
        for kind in kinds {
            for body in ["", "{", "[1,2]", "{\"id\":7}", "id=%ff&form[options][9999999]=x", "\u{0}\u{1}"] {
                let asked = portal.known(method.as_str(), path).header("content-type", kind);
                let answer = asked.body(body).send().await.expect("an answer");
                let status = answer.status();
                let text = answer.text().await.expect("text");
                assert!(!text.contains("panicked"), "{path} {body}: {text}");
                // Some of these are arguments after all: a search for nothing, a draft without a form.
                assert!(!status.is_server_error(), "{path} {kind} {body}: {status} {text}");
                assert!(
                    !status.is_client_error() || text.contains(' '),
                    "{path} {kind} {body}: {status} {text}"
                );
            }
        }
    }
    portal.answers().await;
}

#[tokio::test]
async fn a_form_larger_than_any_form_is_refused() {
    let portal = PortalProcess::signed_in().await;
    for path in ["/api/ui/create-step", "/api/ui/keep-draft", "/api/ui/jobs"] {
        let asked = portal.known("POST", path).header("content-type", "application/x-www-form-urlencoded");
        let answer = asked.body(vec![b'a'; 2 << 20]).send().await.expect("an answer");
        assert_eq!(answer.status(), 413, "{path}");
        assert!(answer.text().await.expect("text").contains("1 MB"));
    }
    portal.answers().await;
}

/// In chunks, so that only counting tells how much it is.
#[tokio::test]
async fn a_form_that_does_not_say_how_large_it_is_is_refused_with_the_same_sentence() {
    let portal = PortalProcess::signed_in().await;
    let mut sentences = Vec::new();
    for (pieces, status) in [(1, 200), (40, 413)] {
        let body = format!("10000\r\n{}\r\n", "a".repeat(0x10000)).repeat(pieces) + "0\r\n\r\n";
        let kind = "content-type: application/x-www-form-urlencoded\r\ntransfer-encoding: chunked";
        let answer = wire::ask(&portal, "POST /api/ui/end-other-sessions", kind, body.as_bytes()).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        sentences.push(answer.contains("larger than a form can be, which is 1 MB. Nothing was done."));
    }
    assert_eq!(sentences, [false, true]);
    portal.answers().await;
}

#[tokio::test]
async fn a_file_of_the_site_that_did_not_change_may_be_kept() {
    let portal = PortalProcess::signed_in().await;
    let first = portal.unknown("GET", "/pkg/penstock.css").send().await.expect("an answer");
    let tag = first.headers()["etag"].clone();
    let again = portal.unknown("GET", "/pkg/penstock.css").header("if-none-match", tag).send();
    let again = again.await.expect("an answer");
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["cache-control"], first.headers()["cache-control"]);
}

#[tokio::test]
async fn a_path_cannot_leave_its_account() {
    let portal = PortalProcess::signed_in().await;
    let answer = portal.known("PUT", "/files/lake/flink/a.txt").body("here").send().await.expect("an answer");
    assert_eq!(answer.status(), 201);
    let lake = portal.data.join("storage/lake/flink");
    std::os::unix::fs::symlink("/etc", lake.join("out")).expect("a link");
    std::os::unix::fs::symlink("/etc/hostname", lake.join("name")).expect("a link");
    for path in [
        "/files/lake/flink/%2e%2e/%2e%2e/%2e%2e/penstock.db",
        "/files/lake/flink/..%2f..%2f..%2fpenstock.db",
        "/files/lake/%2e%2e/a",
        "/files/%2e%2e/flink/a",
        "/files/lake/flink//etc/hostname",
        "/files/lake/flink/out/hostname",
        "/files/lake/flink/name",
        "/files/lake/flink/a%00b",
    ] {
        for method in ["GET", "PUT"] {
            let answer = portal.known(method, path).body("no").send().await.expect("an answer");
            let status = answer.status();
            assert!(status.is_client_error(), "{method} {path}: {status}");
        }
    }
    assert_eq!(std::fs::read_to_string(lake.join("a.txt")).expect("the file"), "here");
    let answer = portal.known("PUT", "/files/lake/flink/out/new").body("no").send().await.expect("an answer");
    assert!(answer.status().is_client_error());
    assert!(!std::path::Path::new("/etc/new").exists());
}

/// A person opens another page at once, a program's connection breaks.
#[tokio::test]
async fn what_was_asked_is_done_also_for_who_does_not_wait_for_the_answer() {
    const NAMES: [&str; 5] = ["one", "two", "three", "four", "five"];
    let portal = PortalProcess::signed_in().await;
    for name in NAMES {
        let body = format!("account=lake&container={name}");
        let fields = format!(
            "content-type: application/x-www-form-urlencoded\r\norigin: {}\r\ncontent-length: {}\r\n",
            portal.url,
            body.len()
        );
        drop(wire::sent(&portal, "POST /api/ui/new-container", &fields, body.as_bytes()).await);
    }
    let began = Instant::now();
    loop {
        let accounts = asked(&portal, "accounts", json!({})).await;
        let made = accounts[0]["containers"].as_array().cloned().unwrap_or_default();
        if NAMES.iter().all(|name| made.contains(&json!(name))) {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{made:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
