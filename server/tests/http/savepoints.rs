//! A savepoint is carried away and brought back by plain links and forms.

use crate::portal::PortalProcess;

const BOUNDARY: &str = "b0und4ry";
/// A `_metadata` of Flink's third format: magic number, version, checkpoint 7, no states.
const METADATA: [u8; 24] =
    [0x49, 0x60, 0x67, 0x2d, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0];

/// The body of the form: its fields, then its files by name.
fn form(path: &str, name: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (field, value) in [("account", "lake"), ("container", "flink"), ("path", path), ("name", name)] {
        let head = format!("content-disposition: form-data; name=\"{field}\"");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n").bytes());
    }
    for (file, content) in files {
        let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{file}\"");
        body.extend(format!("--{BOUNDARY}\r\n{head}\r\n\r\n").bytes());
        body.extend_from_slice(content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

/// Where the browser is sent on to.
async fn posted(portal: &PortalProcess, body: Vec<u8>) -> String {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let asked = portal.known("POST", "/archives").header("content-type", kind).body(body);
    let answer = asked.send().await.expect("an answer");
    assert_eq!(answer.status(), 303);
    answer.headers()["location"].to_str().expect("text").to_owned()
}

#[tokio::test]
async fn a_savepoint_is_downloaded_and_uploaded_again_without_script() {
    let portal = PortalProcess::signed_in().await;
    let flink = portal.data.join("storage/lake/flink");
    let there = flink.join("a/savepoint-1");
    std::fs::create_dir_all(&there).expect("made");
    std::fs::write(there.join("_metadata"), METADATA).expect("written");
    std::fs::write(there.join("7c0d"), vec![7; 3_000]).expect("written");
    let page = portal.page("/storage/lake/flink/a").await.text().await.expect("text");
    assert!(page.contains("href=\"/archives/lake/flink/a/savepoint-1\""), "{page}");
    assert!(page.contains("action=\"/archives\"") && page.contains("enctype=\"multipart/form-data\""));

    let answer = portal.known("GET", "/archives/lake/flink/a/savepoint-1").send().await.expect("an answer");
    assert_eq!(answer.headers()["content-type"], "application/x-tar");
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"savepoint-1.tar\"");
    let length = answer.headers()["content-length"].to_str().expect("text").to_owned();
    let archive = answer.bytes().await.expect("bytes");
    assert_eq!(length, archive.len().to_string());
    std::fs::remove_dir_all(&there).expect("deleted");

    assert_eq!(posted(&portal, form("b", "", &[("x.tar", &archive)])).await, "/storage/lake/flink/b");
    let named = form("b", "mine", &[("_metadata", &METADATA), ("7c0d", &[7; 3_000])]);
    assert_eq!(posted(&portal, named).await, "/storage/lake/flink/b");
    for name in ["savepoint-1", "mine"] {
        let back = flink.join("b").join(name);
        assert_eq!(std::fs::read(back.join("_metadata")).expect(name), METADATA);
        assert_eq!(std::fs::read(back.join("7c0d")).expect(name), vec![7; 3_000]);
    }
    let activity = portal.page("/activity").await.text().await.expect("text");
    assert!(activity.contains("Savepoint downloaded") && activity.contains("Savepoint uploaded"));
    portal.answers().await;
}

#[tokio::test]
async fn what_is_no_savepoint_is_refused_with_its_reason_and_leaves_nothing() {
    let portal = PortalProcess::signed_in().await;
    let lake = portal.data.join("storage/lake/flink");
    let whole: Vec<(&str, &[u8])> = vec![("_metadata", &METADATA)];
    assert_eq!(posted(&portal, form("", "there", &whole)).await, "/storage/lake/flink");
    for (body, says) in [
        (form("", "", &[("x.tar", &[7; 2_000])]), "no tar archive"),
        (form("", "a", &[("other", b"1")]), "_metadata is not in it"),
        (form("", "a", &[("_metadata", b"no such thing")]), "cannot be read as a savepoint"),
        (form("", "", &whole), "what the savepoint is to be called"),
        (form("", "../a", &whole), "no name for a folder"),
        (form("", "there", &whole), "already something"),
        (form("", "a", &[("../_metadata", &METADATA)]), "no name of a savepoint"),
        (form("../..", "a", &whole), "must not contain"),
        (form("", "a", &[]), "No file was chosen"),
        (form("", "a", &[("_metadata", &[7; 900])])[..900].to_vec(), "The upload broke off"),
    ] {
        let leads = posted(&portal, body).await;
        let page = portal.page(&leads).await.text().await.expect("text");
        assert!(page.contains(says), "{says}: {leads}");
        assert!(!page.contains(&portal.data.display().to_string()), "{says}: a path of the machine");
    }
    let names = |folder: &std::path::Path| {
        let mut names: Vec<_> =
            folder.read_dir().expect("a folder").map(|entry| entry.expect("one").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names(&lake), [".penstock-container", "there"]);
    assert!(names(&portal.data.join("uploads")).is_empty());
    for path in
        ["/archives/lake/flink/there/_metadata", "/archives/lake/flink/nowhere", "/archives/lake/none/x"]
    {
        let answer = portal.known("GET", path).send().await.expect("an answer");
        assert!([400, 404].contains(&answer.status().as_u16()), "{path}");
        assert!(answer.text().await.expect("text").contains(' '));
    }
    portal.answers().await;
}
