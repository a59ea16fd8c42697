//! The database cannot be written for a while: every page says that it is old and since when, what is asked is refused
//! with the reason, and when it is over the portal goes on by itself.

use std::fs::File;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, Instant};

use reqwest::Response;

use crate::portal::PortalProcess;

/// The line above every page.
const LINE: &str = "This page shows what was at";
/// When it is over, everything goes on within this.
const SOON: Duration = Duration::from_secs(5);

/// What is not told within this will not be.
const GIVE_UP_AFTER: Duration = Duration::from_secs(60);

/// From a shell: a small disk of its own for the data folder, in a view of the file system that only the portal has.
fn small_disk() -> Option<String> {
    let root = rustix::process::geteuid().is_root();
    let view = if root { "unshare --mount" } else { "unshare --user --map-root-user --mount" };
    let may = Command::new("sh").arg("-c").arg(format!("{view} mount -t tmpfs tmpfs /mnt")).output();
    if !may.is_ok_and(|made| made.status.success()) {
        assert!(std::env::var("CI").is_err(), "`{view}` must be allowed where CI is");
        eprintln!("left out: `{view}` is not allowed here, so no disk can be filled");
        return None;
    }
    let mount = "mount -t tmpfs -o size=24m,mode=700 tmpfs \"$3\" && exec \"$0\" \"$@\"";
    Some(format!("mkdir -m 700 \"$3\"; exec {view} sh -c '{mount}' \"$0\" \"$@\""))
}

/// Reads the stream until a message says this.
async fn told(live: &mut Response, message: &str) -> String {
    let mut heard = String::new();
    let listen = async {
        while !heard.contains(message) {
            let chunk = live.chunk().await.expect("the stream goes on").expect("it does not end");
            heard += &String::from_utf8_lossy(&chunk);
        }
    };
    let listened = tokio::time::timeout(GIVE_UP_AFTER, listen).await;
    assert!(listened.is_ok(), "{message:?} is not told, only {heard:?}");
    heard
}

async fn page(portal: &PortalProcess, path: &str) -> String {
    let answer = portal.known("GET", path).header("accept", "text/html").send().await.expect("an answer");
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.expect("a page")
}

/// Begins a draft: the smallest thing that is written.
async fn write(portal: &PortalProcess) -> (u16, String) {
    let asked = portal.known("POST", "/api/ui/new-draft").header("content-type", "application/json");
    // Each is another one, since a draft that nobody typed into is gone on with.
    let answer = asked.body("{\"pool\":\"Penstock/streaming/lab\"}").send().await.expect("an answer");
    let (status, text) = (answer.status().as_u16(), answer.text().await.expect("text"));
    if status == 200 {
        let draft: serde_json::Value = serde_json::from_str(&text).expect("its id");
        let form =
            serde_json::json!({ "id": draft, "form": { "name": "typed", "args": "x".repeat(20_000) } });
        let asked = portal.known("POST", "/api/ui/keep-draft").header("content-type", "application/json");
        let answer = asked.body(form.to_string()).send().await.expect("an answer");
        return (answer.status().as_u16(), answer.text().await.expect("text"));
    }
    (status, text)
}

#[tokio::test]
async fn a_full_disk_is_said_on_every_page_and_got_over() {
    let Some(small_disk) = small_disk() else { return };
    let portal = PortalProcess::within(&small_disk).await;
    let mut live = portal.known("GET", "/live").send().await.expect("an answer");
    told(&mut live, "event: old\ndata: null").await;
    assert_eq!(write(&portal).await.0, 200);
    assert!(!page(&portal, "/jobs").await.contains(LINE));

    let filler = portal.inside("filler");
    let mut file = File::create(&filler).expect("on that disk");
    for size in [1 << 16, 512, 1] {
        while file.write_all(&vec![0_u8; size]).is_ok() {}
    }
    // What the database has set aside already still takes some.
    let refused = loop {
        let (status, text) = write(&portal).await;
        if status != 200 {
            break text;
        }
    };
    assert!(refused.contains("The disk of the portal's database is full. Free some room"), "{refused}");
    let old = told(&mut live, "event: old\ndata: {").await;
    assert!(old.contains("\"since\":\""), "{old}");
    for path in ["/", "/jobs", "/pools", "/activity", "/settings"] {
        let page = page(&portal, path).await;
        assert!(page.contains(LINE) && page.contains("is full. Free some room"), "{path}");
    }

    let health = portal.unknown("GET", "/healthz").send().await.expect("an answer");
    assert_eq!(health.status(), 503);
    let health = health.text().await.expect("text");
    assert!(health.contains("\"failing\"") && health.contains("is full. Free some room"), "{health}");
    let metrics =
        portal.unknown("GET", "/metrics").send().await.expect("an answer").text().await.expect("text");
    assert!(metrics.contains("penstock_healthy 0\n"), "{metrics}");

    drop(file);
    std::fs::remove_file(&filler).expect("removed");
    let freed = Instant::now();
    told(&mut live, "event: old\ndata: null").await;
    assert!(freed.elapsed() < SOON, "{:?}", freed.elapsed());
    assert_eq!(write(&portal).await.0, 200);
    assert!(!page(&portal, "/jobs").await.contains(LINE));
    assert_eq!(portal.unknown("GET", "/healthz").send().await.expect("an answer").status(), 200);
}
