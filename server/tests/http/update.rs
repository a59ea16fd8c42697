//! An update where no script runs: what is typed is kept in a draft, and no address holds a word of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::portal::PortalProcess;
use crate::secrets::asked;

const ARGS: &str = "--rate 77 --label typed-by-hand";
const SECRET: &str = "typed-and-secret";

#[tokio::test]
async fn nothing_that_is_typed_stands_in_an_address() {
    let portal = PortalProcess::with(&["--sample"]).await;
    let id = sample(&portal).await;
    let form = format!("/clusters/{id}/update");
    let shown = portal.page(&form).await.text().await.expect("text");
    assert!(shown.contains("method=\"post\" action=\"/api/ui/update-step\""), "{shown}");

    let first = step(&portal, &id, "", SECRET, "look").await;
    let page = portal.page(&first).await.text().await.expect("text");
    assert!(page.contains(ARGS) && page.contains("******") && !page.contains(SECRET), "{page}");

    // What is hidden now is what was typed before, and one more row does not change that.
    let draft = first.split("draft=").nth(1).and_then(|rest| rest.split('&').next()).expect("a draft");
    let second = step(&portal, &id, draft, "******", "add-options").await;
    assert!(second.contains(draft), "the same draft: {second}");
    let kept = asked(&portal, "updating", json!({ "id": id, "draft": draft })).await;
    let row = |kept: &Value, at: usize| kept["form"]["options"][at].clone();
    assert_eq!(row(&kept, 0), json!({ "key": "my.password", "value": "******" }));
    assert_eq!(row(&kept, 1), json!({ "key": "", "value": "" }));

    // A refusal stands on the page, with everything that was typed.
    let third = step(&portal, &id, draft, "******", "update").await;
    let page = portal.page(&third).await.text().await.expect("text");
    assert!(page.contains("The update was not accepted") && page.contains(ARGS), "{page}");
    assert!(!page.contains(SECRET));

    // It is nobody else's form, and no draft of a new cluster.
    let drafts = asked(&portal, "new-draft", json!({ "pool": "Penstock/streaming/lab" })).await;
    let created = asked(&portal, "creation", json!({ "id": drafts })).await;
    assert_eq!(created["others"], json!([]));
    let end = portal.known("POST", "/api/ui/act").header("accept", "text/html");
    let end = end.header("content-type", "application/x-www-form-urlencoded");
    let end = end.body(format!("action=DELETE&clusters[0]={id}&confirm=sample-counter&back=/jobs"));
    assert!(end.send().await.expect("an answer").status().is_redirection());
    let began = Instant::now();
    while portal.page(&format!("/clusters/{id}")).await.status() != 404 {
        assert!(began.elapsed() < Duration::from_secs(60), "it is not deleted");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Presses a button of the form; where the browser is sent on to.
async fn step(portal: &PortalProcess, id: &str, draft: &str, secret: &str, go: &str) -> String {
    let view = asked(portal, "updating", json!({ "id": id })).await;
    let mut fields =
        vec![("cluster".to_owned(), id.to_owned()), ("base[revision]".to_owned(), "1".to_owned())];
    for (name, value) in [("action", "UPDATE"), ("base[draft]", draft), ("go", go)] {
        fields.push((name.to_owned(), value.to_owned()));
    }
    for (name, value) in view["form"].as_object().expect("a form") {
        if let Some(text) = value.as_str() {
            let text = match &**name {
                "args" => ARGS,
                // What fails for certain: the update is refused by its own checks.
                "entry_class" => "typed.Nowhere",
                _ => text,
            };
            fields.push((format!("form[{name}]"), text.to_owned()));
        }
    }
    fields.push(("form[options][0][key]".to_owned(), "my.password".to_owned()));
    fields.push(("form[options][0][value]".to_owned(), secret.to_owned()));
    let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encode(value))).collect();
    let asked = portal.known("POST", "/api/ui/update-step").header("accept", "text/html");
    let asked = asked.header("content-type", "application/x-www-form-urlencoded");
    let asked = asked.header("referer", format!("{}/clusters/{id}/update", portal.url));
    let answer = asked.body(body.join("&")).send().await.expect("an answer");
    assert!(answer.status().is_redirection(), "{}", answer.status());
    for (name, value) in answer.headers() {
        let value = value.to_str().unwrap_or_default();
        for typed in ["typed", "rate", "password", "Nowhere"] {
            assert!(!value.contains(typed), "{go}: {name}: {value}");
        }
    }
    let leads = answer.headers()["location"].to_str().expect("text").to_owned();
    assert!(leads.starts_with(&format!("/clusters/{id}/update?action=UPDATE&revision=1&draft=")), "{leads}");
    leads
}

/// The sample's id, once it is there.
async fn sample(portal: &PortalProcess) -> String {
    let began = Instant::now();
    loop {
        let jobs = asked(portal, "search", json!({ "text": "sample-counter" })).await;
        if let Some(id) = jobs.pointer("/0/cluster") {
            return id.as_str().expect("text").to_owned();
        }
        assert!(began.elapsed() < Duration::from_secs(60), "{jobs}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
