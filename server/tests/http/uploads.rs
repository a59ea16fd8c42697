//! The form by which a page without script uploads.

use crate::portal::PortalProcess;

const BOUNDARY: &str = "b0und4ry";

/// The body of the form: its fields, then its files by name.
fn form(fields: &[(&str, &str)], files: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body +=
            &format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    for (name, content) in files {
        let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"");
        body += &format!("--{BOUNDARY}\r\n{head}\r\n\r\n{content}\r\n");
    }
    body + &format!("--{BOUNDARY}--\r\n")
}

fn to<'a>(path: &'a str, replace: &'a str) -> [(&'a str, &'a str); 4] {
    [("account", "lake"), ("container", "flink"), ("path", path), ("replace", replace)]
}

async fn post(portal: &PortalProcess, body: String) -> reqwest::Response {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    portal.known("POST", "/files").header("content-type", kind).body(body).send().await.expect("an answer")
}

/// Where the browser is sent on to.
async fn posted(portal: &PortalProcess, body: String) -> String {
    let answer = post(portal, body).await;
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().expect("text").to_owned()
}

#[tokio::test]
async fn files_of_a_form_are_uploaded_and_none_is_replaced_unasked() {
    let portal = PortalProcess::signed_in().await;
    let folder = portal.data.join("storage/lake/flink/jars");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("the file");
    let sent = form(&to("jars", ""), &[("a.jar", "one"), ("b c.jar", "two"), ("", "")]);
    assert_eq!(posted(&portal, sent).await, "/storage/lake/flink/jars");
    assert_eq!((read("a.jar"), read("b c.jar")), ("one".to_owned(), "two".to_owned()));

    let refused = posted(&portal, form(&to("jars", ""), &[("a.jar", "other")])).await;
    assert!(refused.starts_with("/storage/lake/flink/jars?refused=a.jar%3A"), "{refused}");
    assert_eq!(read("a.jar"), "one");
    assert_eq!(
        posted(&portal, form(&to("jars", "true"), &[("a.jar", "other")])).await,
        "/storage/lake/flink/jars"
    );
    assert_eq!(read("a.jar"), "other");
}

#[tokio::test]
async fn a_form_that_is_cut_off_or_leads_elsewhere_leaves_nothing() {
    let portal = PortalProcess::signed_in().await;
    let lake = portal.data.join("storage/lake");
    let cut = form(&to("", ""), &[("half.jar", &"x".repeat(100_000))]);
    let cut = cut[..60_000].to_owned();
    let long = "x".repeat(20_000);
    for body in [
        cut,
        form(&to("../..", ""), &[("up.jar", "x")]),
        form(&to("", ""), &[("../../up.jar", "x")]),
        form(&to(&long, ""), &[("up.jar", "x")]),
    ] {
        let refused = posted(&portal, body).await;
        assert!(refused.starts_with("/storage/") && refused.contains("?refused="), "{refused}");
    }
    for body in [form(&[], &[("up.jar", "x")]), form(&[], &[]), "no form at all".to_owned()] {
        let answer = post(&portal, body).await;
        assert_eq!(answer.status(), 400);
        assert!(answer.text().await.expect("text").contains(' '));
    }
    let names = |folder: std::path::PathBuf| {
        let entries = std::fs::read_dir(folder).expect("the folder");
        entries
            .map(|entry| entry.expect("an entry").file_name().into_string().expect("text"))
            .collect::<Vec<_>>()
    };
    assert!(names(portal.data.join("uploads")).is_empty(), "no half file");
    for folder in [lake.join("flink"), lake, portal.data.join("storage"), portal.data.clone()] {
        let names = names(folder);
        assert!(!names.iter().any(|name| name.ends_with(".jar")), "{names:?}");
    }
    portal.answers().await;
}

#[tokio::test]
async fn an_account_has_a_quota_that_is_shown_and_kept() {
    let portal = PortalProcess::signed_in().await;
    let set = async |quota: &str| {
        let asked = portal.known("POST", "/api/ui/set-quota").header("accept", "text/html");
        let asked = asked.header("content-type", "application/x-www-form-urlencoded");
        let answer = asked.body(format!("account=lake&quota={quota}&back=/storage")).send().await;
        assert!(answer.expect("an answer").status().is_redirection());
    };
    let page = async || {
        let asked = portal.known("GET", "/storage").header("accept", "text/html").send().await;
        asked.expect("an answer").text().await.expect("text")
    };
    assert!(page().await.contains("no quota"));
    set("0.001").await;
    assert!(page().await.contains("of 1 MB"));
    let put = async |length: usize| {
        let asked = portal.known("PUT", "/files/lake/flink/a.jar").body(vec![7; length]).send().await;
        let answer = asked.expect("an answer");
        (answer.status().as_u16(), answer.text().await.expect("text"))
    };
    let (status, said) = put(2_000_000).await;
    assert_eq!(status, 503);
    assert!(said.contains("would hold more than 1 MB, its quota"), "{said}");
    assert_eq!(put(900_000).await.0, 201);
    set("").await;
    assert!(page().await.contains("no quota"));
    portal.answers().await;
}
