//! Key vaults by plain forms, as a browser without script posts them: what is done, what is refused on the page, and that
//! no page has a value.

use crate::portal::PortalProcess;

const VALUE: &str = "open-sesame-0815";

/// Posts a form; where it leads.
async fn posted(portal: &PortalProcess, function: &str, fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let answer = portal
        .known("POST", &format!("/api/ui/{function}"))
        .header("accept", "text/html")
        .header("referer", format!("{}/vaults/kv", portal.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.join("&"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 302, "{function}");
    let place = answer.headers()["location"].to_str().expect("text").to_owned();
    assert!(!place.contains(VALUE), "{place}");
    place.strip_prefix(&portal.url).unwrap_or(&place).to_owned()
}

async fn page(portal: &PortalProcess, place: &str) -> String {
    let text = portal.page(place).await.text().await.expect("text");
    assert!(!text.contains(VALUE), "{place} shows the value");
    text
}

#[tokio::test]
async fn secrets_are_kept_by_plain_forms_and_shown_on_no_page() {
    let portal = PortalProcess::signed_in().await;
    let empty = page(&portal, "/resources").await;
    assert!(empty.contains("Keys and certificates are not kept"), "{empty}");
    assert_eq!(posted(&portal, "new-vault", &[("name", "kv"), ("back", "/resources")]).await, "/resources");
    assert!(page(&portal, "/resources").await.contains("href=\"/vaults/kv\""));

    let secret = [("vault", "kv"), ("secret", "db-password"), ("value", VALUE), ("back", "/vaults/kv")];
    assert_eq!(posted(&portal, "write-secret", &secret).await, "/vaults/kv");
    let shown = page(&portal, "/vaults/kv").await;
    assert!(
        shown.contains("${kv/db-password}") && shown.contains("Disable db-password version 1"),
        "{shown}"
    );
    let change = [
        ("vault", "kv"),
        ("secret", "db-password"),
        ("version", "1"),
        ("enabled", "false"),
        ("expires", "2099-01-31"),
        ("back", "/vaults/kv"),
    ];
    assert_eq!(posted(&portal, "change-secret", &change).await, "/vaults/kv");
    let shown = page(&portal, "/vaults/kv").await;
    assert!(shown.contains("Enable db-password version 1") && shown.contains("2099-01-31"), "{shown}");

    // What is refused is said on the page, without what was typed as the value.
    let wrong = [("vault", "kv"), ("secret", "no good"), ("value", VALUE), ("back", "/vaults/kv")];
    let place = posted(&portal, "write-secret", &wrong).await;
    let said = page(&portal, &place).await;
    assert!(
        said.contains("The secret was not written") && said.contains("letters, digits and hyphens"),
        "{said}"
    );
    let gone = [("vault", "kv"), ("secret", "db-password"), ("back", "/vaults/kv")];
    assert_eq!(posted(&portal, "delete-secret", &gone).await, "/vaults/kv");
    assert!(page(&portal, "/vaults/kv").await.contains("No secret yet"));
    assert_eq!(
        posted(&portal, "delete-vault", &[("name", "kv"), ("back", "/resources")]).await,
        "/resources"
    );
    assert_eq!(portal.page("/vaults/kv").await.status(), 404);
    let activity = page(&portal, "/activity").await;
    assert!(activity.contains("Secret written") && activity.contains("Key vault deleted"), "{activity}");
}
