//! Sign-in links, sessions, and how they end.

use reqwest::Response;

use crate::portal::PortalProcess;

/// Mail programs and chats open links before people do.
#[tokio::test]
async fn a_link_is_used_up_by_its_button_and_by_nothing_else() {
    let portal = PortalProcess::signed_in().await;
    let link = portal.another_link();
    let path = link.strip_prefix(&portal.url).expect("the portal's own").to_owned();
    for method in ["HEAD", "GET", "GET"] {
        let answer =
            portal.unknown(method, &path).header("accept", "text/html").send().await.expect("an answer");
        assert_eq!(answer.status(), 200, "{method}");
        assert!(answer.headers().get("set-cookie").is_none(), "{method}");
        let page = answer.text().await.expect("text");
        assert!(method == "HEAD" || page.contains(&format!("action=\"{path}\"")), "{page}");
    }
    let answer = portal.unknown("POST", &path).send().await.expect("an answer");
    assert_eq!(
        (answer.status().as_u16(), &answer.headers()["location"]),
        (303, &"/".parse().expect("a header"))
    );
    assert!(answer.headers().contains_key("set-cookie"));
    let again = portal.unknown("POST", &path).send().await.expect("an answer");
    assert!(again.headers().get("set-cookie").is_none());
    let leads = again.headers()["location"].to_str().expect("text").to_owned();
    let told = portal.unknown("GET", &leads).header("accept", "text/html").send().await.expect("an answer");
    assert!(told.text().await.expect("text").contains("This link does not work."));
}

#[tokio::test]
async fn another_site_cannot_press_the_button() {
    let portal = PortalProcess::signed_in().await;
    let link = portal.another_link();
    let path = link.strip_prefix(&portal.url).expect("the portal's own").to_owned();
    let answer = portal.unknown("POST", &path).header("origin", "http://elsewhere.example").send().await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.status(), 403);
    assert!(answer.headers().get("set-cookie").is_none());
    assert!(!portal.session(&link).await.is_empty(), "the link is as good as before");
}

#[tokio::test]
async fn who_guesses_links_has_to_wait() {
    let portal = PortalProcess::signed_in().await;
    let mut seen = Vec::new();
    for guess in 0..40 {
        let path = format!("/sign-in/{guess:064x}");
        let answer = portal.unknown("POST", &path).send().await.expect("an answer");
        if answer.status() == 429 {
            assert!(answer.headers().contains_key("retry-after"));
        }
        seen.push(answer.status().as_u16());
    }
    assert_eq!(seen[..30], [303; 30]);
    assert_eq!(seen[30..], [429; 10]);
    portal.answers().await;
}

#[tokio::test]
async fn the_stream_of_hints_ends_with_its_session() {
    let portal = PortalProcess::signed_in().await;
    let cookie = portal.another_session().await;
    let other = |method: &str, path: &str| portal.unknown(method, path).header("cookie", &cookie);
    let (mine, theirs) = (follows(portal.known("GET", "/live")).await, follows(other("GET", "/live")).await);
    let answer = portal.known("POST", "/api/ui/end-other-sessions").send().await.expect("an answer");
    assert_eq!(answer.text().await.expect("text"), "1");
    ends(theirs).await;
    assert_eq!(other("GET", "/live").send().await.expect("an answer").status(), 401);

    portal.known("POST", "/sign-out").send().await.expect("an answer");
    ends(mine).await;
    assert_eq!(portal.known("GET", "/live").send().await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn a_session_grows_old_while_it_is_followed() {
    let portal = PortalProcess::with(&["--session-longest", "3s"]).await;
    ends(follows(portal.known("GET", "/live")).await).await;
    assert_eq!(portal.known("GET", "/live").send().await.expect("an answer").status(), 401);
}

/// By the forms that a page without script has.
#[tokio::test]
async fn sessions_are_listed_and_ended_on_a_page() {
    let portal = PortalProcess::signed_in().await;
    let cookie = portal.another_session().await;
    let page = portal.page("/settings").await.text().await.expect("text");
    assert_eq!(
        page.matches("action=\"/api/ui/end-session\"").count(),
        1,
        "its own cannot be ended there: {page}"
    );
    assert!(page.contains("This one") && page.contains("127.0.0.1"), "{page}");
    let (_, after) = page.split_once("name=\"name\" value=\"").expect("the other one's name");
    let name = after.split('"').next().expect("a value");
    let form = format!("name={name}&back=%2Fsettings");
    let answer = portal
        .known("POST", "/api/ui/end-session")
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.headers()["location"], "/settings");
    let gone = portal.unknown("GET", "/live").header("cookie", &cookie).send().await.expect("an answer");
    assert_eq!(gone.status(), 401);
    let page = portal.page("/settings").await.text().await.expect("text");
    assert!(!page.contains("action=\"/api/ui/end-session\""), "{page}");
}

async fn follows(asked: reqwest::RequestBuilder) -> Response {
    let answer = asked.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer
}

async fn ends(mut stream: Response) {
    while let Ok(Some(_)) = stream.chunk().await {}
}
