//! Notices: words that come with an address are shown only if the portal put them there, for this session and place.

use reqwest::Response;

use crate::portal::PortalProcess;

const WORDS: &str = "Call this number at once";

/// Every page that shows what a form was refused for, with an address by which a stranger would have it say something.
fn made_up() -> Vec<String> {
    let json = format!("{{\"Refused\":{{\"NotAllowed\":\"{WORDS}\"}}}}");
    let error = base64(json.as_bytes());
    let id = "0360541a-f5e8-4dcd-9ccb-333d9964e96c";
    let words = WORDS.replace(' ', "%20");
    let told = |page: &str, function: &str| format!("{page}__path=%2Fapi%2Fui%2F{function}&__err={error}");
    let mut all = vec![
        format!("/storage/lake/flink?refused={words}"),
        format!("/storage/lake/flink?%72efused={words}"),
        told("/storage?", "new-container"),
        told("/storage/delete?account=lake&container=flink&path=a&", "delete-file"),
        told(&format!("/clusters/{id}/savepoints/delete?snapshot={id}&"), "delete-snapshot"),
        told(&format!("/clusters/{id}/update?"), "update-step"),
        told(&format!("/ask?action=STOP&cluster={id}&"), "act"),
        told("/settings?", "end-session"),
        "/sign-in?refused=1".to_owned(),
    ];
    all.extend(all.clone().into_iter().map(|address| format!("{address}&seal={}", "0".repeat(64))));
    all
}

#[tokio::test]
async fn no_address_makes_a_notice() {
    let portal = PortalProcess::signed_in().await;
    for address in made_up() {
        let answer = portal.page(&address).await;
        assert_eq!(answer.status(), 303, "{address}");
        let bare = answer.headers()["location"].to_str().expect("text").to_owned();
        assert!(!bare.contains("err") && !bare.contains("refused") && !bare.contains("seal"), "{bare}");
        let (path, _) = address.split_once('?').expect("a query");
        assert!(bare.starts_with(path), "{bare}");
        let page = portal.page(&bare).await.text().await.expect("text");
        assert!(!page.contains(WORDS) && !page.contains("This link does not work"), "{address}");
    }
}

/// Also none that a page leads back to: the browser's own router would follow it without asking.
#[tokio::test]
async fn no_page_leads_back_to_a_notice() {
    let portal = PortalProcess::signed_in().await;
    for address in made_up() {
        let back: String = address.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let asked = format!("/storage/delete?account=lake&container=flink&path=a&back={back}");
        let page = portal.page(&asked).await.text().await.expect("text");
        assert!(page.contains("href=\"/jobs\""), "{page}");
        assert!(!page.contains("__err=") && !page.contains("refused="), "{address}");
    }
}

/// What the portal itself says comes through, to this session, at this place, as it is.
#[tokio::test]
async fn a_forms_refusal_is_shown_to_its_session_alone() {
    let portal = PortalProcess::signed_in().await;
    let answer = new_container(&portal, "No Good", &format!("{}/storage?x=1", portal.url)).await;
    assert_eq!(answer.status(), 302);
    let told = answer.headers()["location"].to_str().expect("text").to_owned();
    assert!(told.starts_with("/storage?x=1&__path="), "{told}");
    let sentence = "lower-case letters, digits and hyphens";
    let page = portal.page(&told).await.text().await.expect("text");
    assert!(page.contains(sentence), "{page}");

    let cookie = portal.another_session().await;
    let stranger = portal.unknown("GET", &told).header("cookie", cookie).header("accept", "text/html").send();
    assert_eq!(stranger.await.expect("an answer").headers()["location"], "/storage?x=1");
    let elsewhere = told.replace("/storage?", "/settings?");
    assert_eq!(portal.page(&elsewhere).await.headers()["location"], "/settings?x=1");
    let other = told.replace("__err=", "__err=A");
    assert_eq!(portal.page(&other).await.headers()["location"], "/storage?x=1");

    // A second refusal takes the place of the first, and a success leaves none.
    let answer = new_container(&portal, "Worse Still", &format!("{}{told}", portal.url)).await;
    let again = answer.headers()["location"].to_str().expect("text").to_owned();
    assert_eq!(again.matches("__err=").count(), 1, "{again}");
    assert!(portal.page(&again).await.text().await.expect("text").contains(sentence));
}

#[tokio::test]
async fn a_form_leads_back_within_the_portal_alone() {
    let portal = PortalProcess::signed_in().await;
    for (number, back) in [
        "/%09/evil.example",
        "/%00x",
        "/%0d%0aset-cookie:a=b",
        "//evil.example",
        "/%5cevil.example",
        "https://evil.example/",
        "/%252f%252fevil.example",
        "/%20/evil.example",
        "/j%C3%A4",
        "/storage?__err=x",
    ]
    .iter()
    .enumerate()
    {
        let form = format!("account=lake&container=c{number}&back={back}");
        let answer = post(&portal, "new-container", form, "").await;
        assert_eq!(
            (answer.status().as_u16(), &answer.headers()["location"]),
            (302, &"/jobs".parse().expect("text"))
        );
    }
    // Nor to the page that a program says it came from.
    for from in
        ["https://evil.example/storage", "http://127.0.0.1:1@evil.example/", "//evil.example", "javascript:1"]
    {
        let answer = new_container(&portal, "No Good", from).await;
        assert_eq!(answer.headers()["location"], "/jobs", "{from}");
    }
}

async fn new_container(portal: &PortalProcess, name: &str, from: &str) -> Response {
    post(portal, "new-container", format!("account=lake&container={}", name.replace(' ', "+")), from).await
}

async fn post(portal: &PortalProcess, function: &str, form: String, from: &str) -> Response {
    let asked = portal.known("POST", &format!("/api/ui/{function}")).header("accept", "text/html");
    let asked = asked.header("content-type", "application/x-www-form-urlencoded").header("referer", from);
    asked.body(form).send().await.expect("an answer")
}

/// As server functions write their errors into addresses.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |place: usize| u32::from(three.get(place).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let value = usize::try_from(bits >> (18 - 6 * digit) & 63).expect("six bits");
            text.push(if digit <= three.len() { char::from(DIGITS[value]) } else { '=' });
        }
    }
    text
}
