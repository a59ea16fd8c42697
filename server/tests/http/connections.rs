//! Connections that say nothing, and many that do.

use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;

use crate::portal::PortalProcess;
use crate::wire;

/// Whoever waits this long in vain has been forgotten: thrice what the portal allows.
const TIMEOUT: Duration = Duration::from_secs(90);

/// With room for 128 connections, 300 that sent one byte: a page comes as soon as they are cut off, and the portal has
/// files left for everything else.
#[tokio::test]
async fn idle_connections_do_not_shut_others_out() {
    let portal = PortalProcess::within("ulimit -n 256").await;
    let mut idle = Vec::new();
    for _ in 0..300 {
        let mut stream = wire::connected(&portal).await;
        stream.write_all(b"G").await.expect("sent");
        idle.push(stream);
    }
    let served = tokio::time::timeout(TIMEOUT, portal.page("/jobs")).await.expect("in time");
    assert_eq!(served.status(), 200);
    let mut first = idle.swap_remove(0);
    let said = tokio::time::timeout(TIMEOUT, wire::rest(&mut first)).await.expect("cut off");
    assert_eq!(said, "");
}

/// A head is cut off after ten seconds and a body after thirty, each at the earliest when it is due.
#[tokio::test]
async fn half_a_request_is_cut_off() {
    let portal = PortalProcess::signed_in().await;
    let start = Instant::now();
    let mut head = wire::connected(&portal).await;
    head.write_all(b"GET /jobs HTTP/1.1\r\nhost: ").await.expect("sent");
    let mut body = wire::connected(&portal).await;
    let line = format!(
        "PUT /files/lake/flink/half.jar HTTP/1.1\r\nhost: {}\r\ncookie: {}\r\ncontent-length: 9\r\n\r\nhalf",
        portal.host(),
        portal.cookie()
    );
    body.write_all(line.as_bytes()).await.expect("sent");
    tokio::time::timeout(TIMEOUT, wire::rest(&mut head)).await.expect("cut off");
    assert!(start.elapsed() >= Duration::from_secs(10));
    let said = tokio::time::timeout(TIMEOUT, wire::rest(&mut body)).await.expect("cut off");
    assert!(start.elapsed() >= Duration::from_secs(30));
    assert!(!said.starts_with("HTTP/1.1 2"), "{said}");
    assert!(!portal.data.join("storage/lake/flink/half.jar").exists());
    portal.answers().await;
}

/// Nobody is refused for coming at the same time as others.
#[tokio::test]
async fn five_hundred_pages_at_once_are_all_served() {
    let portal = PortalProcess::signed_in().await;
    let start = Instant::now();
    let asked = (0..500).map(|number| {
        let path = ["/", "/jobs", "/pools", "/activity", "/storage/lake/flink"][number % 5];
        portal.page(path)
    });
    let answers = futures::future::join_all(asked).await;
    let refused: Vec<_> =
        answers.iter().map(|answer| answer.status()).filter(|status| *status != 200).collect();
    println!("500 pages took {:.1} s", start.elapsed().as_secs_f64());
    assert!(refused.is_empty(), "{} of 500 were refused: {:?}", refused.len(), refused.first());
}

/// The limit of open files is the highest that the system allows.
#[tokio::test]
async fn the_limit_of_open_files_is_raised() {
    let portal = PortalProcess::within("ulimit -S -n 128; ulimit -H -n 4096").await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", portal.pid())).expect("its limits");
    let files = limits.lines().find(|line| line.starts_with("Max open files")).expect("a line").to_owned();
    let (soft, hard) = (files.split_whitespace().nth(3), files.split_whitespace().nth(4));
    assert_eq!((soft, hard), (Some("4096"), Some("4096")), "{files}");
}

/// A portal that was started with nearly all of its files open says so in Settings; another one says nothing.
#[tokio::test]
async fn settings_warn_while_few_files_are_left() {
    let taken = "ulimit -n 1000; exec bash -c 'for file in $(seq 50 950); do eval \"exec $file</dev/null\"; done\n\
                 exec \"$0\" \"$@\"' \"$0\" \"$@\"";
    let low = PortalProcess::within(taken).await;
    let watched = async {
        loop {
            let page = low.page("/settings").await.text().await.expect("text");
            if page.contains("The portal needs a look") {
                return page;
            }
        }
    };
    let page = tokio::time::timeout(TIMEOUT, watched).await.expect("it warns");
    assert!(page.contains("of 1000 files open") && page.contains("ulimit -n"), "{page}");
    let enough = PortalProcess::signed_in().await;
    let page = enough.page("/settings").await.text().await.expect("text");
    assert!(page.contains("Where you are signed in") && !page.contains("The portal needs a look"), "{page}");
}
