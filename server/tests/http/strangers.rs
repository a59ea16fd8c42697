//! Who is not signed in, comes from another site, or calls the portal by another name.

use app as _; // its server functions register themselves

use crate::portal::PortalProcess;

/// A lock that the starter holds would be held by the processes of clusters, long after the portal has ended.
#[tokio::test]
async fn what_the_starter_has_open_goes_no_further() {
    const CLOEXEC: u32 = 0o2_000_000;
    let portal = PortalProcess::within("exec 9</dev/null").await;
    let told = std::fs::read_to_string(format!("/proc/{}/fdinfo/9", portal.pid())).expect("it is open still");
    let flags = told.lines().find_map(|line| line.strip_prefix("flags:")).expect("flags").trim();
    assert_ne!(u32::from_str_radix(flags, 8).expect("octal") & CLOEXEC, 0, "{told}");
}

#[tokio::test]
async fn nothing_is_open_to_who_is_not_signed_in() {
    let portal = PortalProcess::signed_in().await;
    let functions: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert!(functions.len() > 30, "the list is not empty by mistake: {}", functions.len());
    for (path, method) in functions {
        let answer = portal.unknown(method.as_str(), path).send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{method} {path}");
    }
    let id = "0360541a-f5e8-4dcd-9ccb-333d9964e96c";
    for (method, path) in [
        ("GET", "/live"),
        ("GET", "/files/lake/flink/a.jar"),
        ("PUT", "/files/lake/flink/a.jar"),
        ("POST", "/files"),
        ("GET", "/archives/lake/flink/savepoint-1"),
        ("POST", "/archives"),
        ("GET", &format!("/clusters/{id}/json")),
        ("GET", &format!("/clusters/{id}/logs/1/jobmanager.log")),
    ] {
        let answer = portal.unknown(method, path).send().await.expect("an answer");
        assert_eq!(answer.status(), 401, "{method} {path}");
        let text = answer.text().await.expect("text");
        assert!(text.contains("Sign in"), "{text}");
    }
    for page in ["/", "/jobs", "/pools/Penstock/streaming/lab/new", "/storage", "/settings"] {
        let answer =
            portal.unknown("GET", page).header("accept", "text/html").send().await.expect("an answer");
        assert_eq!(answer.headers()["location"], "/sign-in", "{page}");
    }
}

#[tokio::test]
async fn another_sites_page_can_ask_for_nothing() {
    let portal = PortalProcess::signed_in().await;
    for (header, value) in [("origin", "http://elsewhere.example"), ("sec-fetch-site", "cross-site")] {
        let answer = portal.known("POST", "/sign-out").header(header, value).send().await.expect("an answer");
        assert_eq!(answer.status(), 403, "{header}");
    }
    portal.answers().await;
    let answer =
        portal.known("GET", "/jobs").header("host", "elsewhere.example").send().await.expect("an answer");
    assert_eq!(answer.status(), 421, "a name that was bound to this address by somebody else");
}

#[tokio::test]
async fn a_page_may_load_from_its_own_origin_alone() {
    let portal = PortalProcess::signed_in().await;
    let answer = portal.known("GET", "/jobs").header("accept", "text/html").send().await.expect("an answer");
    let policy = answer.headers()["content-security-policy"].to_str().expect("text").to_owned();
    assert!(policy.starts_with("default-src 'none'; script-src 'self' 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("http"), "{policy}");
}

#[tokio::test]
async fn a_link_that_was_used_signs_nobody_in() {
    let portal = PortalProcess::signed_in().await;
    let path = portal.link.strip_prefix(&portal.url).expect("the portal's own").to_owned();
    for path in [path.as_str(), "/sign-in/0000", "/sign-in/%00%ff"] {
        let answer = portal.unknown("POST", path).send().await.expect("an answer");
        assert!(answer.headers().get("set-cookie").is_none(), "{path}");
        assert!(answer.status().is_redirection() || answer.status().is_client_error(), "{path}");
    }
}

#[tokio::test]
async fn who_signs_out_is_out() {
    let portal = PortalProcess::signed_in().await;
    portal.known("POST", "/sign-out").send().await.expect("an answer");
    let answer = portal.known("GET", "/live").send().await.expect("an answer");
    assert_eq!(answer.status(), 401);
}
