//! What is refused at the door, and what a person sees of a mishap.

use reqwest::Response;

use crate::portal::PortalProcess;

/// A refusal is as well guarded as a page, whoever makes it.
#[tokio::test]
async fn every_refusal_carries_the_headers_of_a_page() {
    let portal = PortalProcess::signed_in().await;
    let large = vec![b'a'; 2 << 20];
    let kind = ("content-type", "application/x-www-form-urlencoded");
    let refused = [
        (421, portal.known("GET", "/jobs").header("host", "elsewhere.example")),
        (403, portal.known("POST", "/sign-out").header("origin", "http://elsewhere.example")),
        (401, portal.unknown("GET", "/live")),
        (303, portal.unknown("GET", "/jobs").header("accept", "text/html")),
        (413, portal.known("POST", "/api/ui/act").header(kind.0, kind.1).body(large)),
        (404, portal.known("GET", "/clusters/none/json")),
        (404, portal.known("GET", "/nowhere")),
        (405, portal.known("GET", "/api/ui/act")),
        (400, portal.known("POST", "/files").body("no form")),
    ];
    for (status, asked) in refused {
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.status(), status);
        guarded(&answer);
    }
}

/// The same of a person's browser.
#[tokio::test]
async fn a_person_who_is_refused_gets_a_page() {
    let portal = PortalProcess::signed_in().await;
    for (status, asked, sentence) in [
        (421, portal.known("GET", "/jobs").header("host", "elsewhere.example"), portal.url.as_str()),
        (403, portal.known("POST", "/sign-out").header("origin", "http://elsewhere.example"), "another site"),
        (404, portal.known("GET", "/files/lake/flink/none.txt"), "none.txt"),
        (401, portal.unknown("POST", "/api/ui/end-other-sessions"), "Sign in"),
    ] {
        // As browsers ask: words that were packed are no longer so once they are a page.
        let asked = asked.header("accept", "text/html").header("accept-encoding", "gzip, br");
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.status(), status);
        assert!(!answer.headers().contains_key("content-encoding"), "{answer:?}");
        page(answer, sentence).await;
    }
}

/// As if the disk had died: the session cannot be looked up, nor anything else.
#[tokio::test]
async fn without_its_database_the_portal_says_so_on_a_page() {
    let portal = PortalProcess::signed_in().await;
    for file in ["penstock.db", "penstock.db-wal"] {
        let file =
            std::fs::OpenOptions::new().write(true).open(portal.data.join(file)).expect("the database");
        file.set_len(0).expect("cut off");
    }
    let answer = portal.page("/jobs?text=a&page=2").await;
    assert_eq!(answer.status(), 503);
    let text = page(answer, "database").await;
    assert!(text.contains("href=\"/jobs?text=a&amp;page=2\"") && text.contains("Try again"), "{text}");
    let theme = portal.known("GET", "/jobs").header("accept", "text/html").header("cookie", "theme=dark");
    let theme = theme.send().await.expect("an answer").text().await.expect("text");
    assert!(theme.contains("data-theme=\"dark\""), "{theme}");
    // What that page is drawn with needs no database either, and a program gets no page.
    assert_eq!(portal.known("GET", "/pkg/penstock.css").send().await.expect("an answer").status(), 200);
    let program = portal.known("GET", "/live").send().await.expect("an answer");
    assert_eq!(program.status(), 503);
    assert!(program.text().await.expect("text").starts_with("{\"error\":"));
}

async fn page(answer: Response, sentence: &str) -> String {
    guarded(&answer);
    assert_eq!(answer.headers()["content-type"], "text/html; charset=utf-8");
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.contains("style-src 'self'") && !policy.contains("script-src"), "{policy}");
    let text = answer.text().await.expect("text");
    assert!(text.starts_with("<!DOCTYPE html>") && text.contains(sentence), "{text}");
    text
}

fn guarded(answer: &Response) {
    let header =
        |name: &str| answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
    assert_eq!(header("x-content-type-options").as_deref(), Some("nosniff"), "{answer:?}");
    assert_eq!(header("x-frame-options").as_deref(), Some("DENY"), "{answer:?}");
    assert_eq!(header("referrer-policy").as_deref(), Some("same-origin"), "{answer:?}");
    assert_eq!(header("cache-control").as_deref(), Some("no-store"), "{answer:?}");
    let policy = header("content-security-policy").unwrap_or_default();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{answer:?}");
}
