//! The data folder: one portal at a time, full, or not to be written.

use crate::portal::{PortalProcess, fresh_folder, penstock, said, serve};

#[tokio::test]
async fn a_second_portal_on_the_same_folder_is_refused_with_a_sentence() {
    let portal = PortalProcess::signed_in().await;
    let mut second = serve(&portal.data, "").spawn().expect("started");
    assert!(!second.wait().expect("ended").success());
    let said = said(&mut second);
    assert!(said.contains("Another portal"), "{said}");
    portal.answers().await;
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let file = fresh_folder();
    std::fs::write(&file, "in the way").expect("a file");
    let folder = file.join("data");
    let mut portal = serve(&folder, "").spawn().expect("started");
    assert!(!portal.wait().expect("ended").success());
    let said = said(&mut portal);
    std::fs::remove_file(&file).expect("removed");
    assert!(said.contains(&format!("The data folder {} cannot be written", folder.display())), "{said}");
}

/// A file system that nobody may write to, not even root.
#[tokio::test]
async fn a_read_only_folder_is_refused_with_the_way_out() {
    let mut portal = serve(std::path::Path::new("/sys"), "").spawn().expect("started");
    assert!(!portal.wait().expect("ended").success());
    let said = said(&mut portal);
    assert!(said.contains("The data folder /sys cannot be written"), "{said}");
    assert!(said.contains("Give it room and write permission"), "{said}");
}

#[tokio::test]
async fn a_folder_that_is_no_portals_is_not_cleaned() {
    let folder = fresh_folder();
    std::fs::create_dir_all(&folder).expect("made");
    std::fs::write(folder.join("thesis.txt"), "years of work").expect("written");
    let mut clean = penstock("clean", &folder).spawn().expect("started");
    assert!(!clean.wait().expect("ended").success());
    assert!(said(&mut clean).contains("is not the data folder of a portal; nothing was removed"));
    assert!(folder.join("thesis.txt").exists());
    std::fs::remove_dir_all(&folder).expect("removed");
}

#[tokio::test]
async fn another_link_leads_to_where_the_portal_answers_and_works_once() {
    let portal = PortalProcess::signed_in().await;
    let link = portal.another_link();
    let path = link.strip_prefix(&portal.url).expect("the portal's own address").to_owned();
    for signs_in in [true, false] {
        let answer = portal.unknown("POST", &path).send().await.expect("an answer");
        assert_eq!(answer.headers().contains_key("set-cookie"), signs_in);
    }
}

/// A page that is open holds a stream that never ends by itself; Ctrl-C must not wait for it.
#[tokio::test]
async fn an_interrupted_portal_ends_while_pages_are_open() {
    let mut portal = PortalProcess::signed_in().await;
    let mut live = portal.known("GET", "/live").send().await.expect("an answer");
    assert_eq!(live.status(), 200);
    portal.interrupt();
    while let Ok(Some(_)) = live.chunk().await {}
    assert!(portal.ended().success());
}

/// A log that lies on a full disk costs the log.
#[tokio::test]
async fn a_log_that_cannot_be_written_ends_nothing() {
    let portal = PortalProcess::within("exec 2>/dev/full").await;
    portal.answers().await;
}

/// No file may grow beyond a few megabytes, as if the disk were full: an upload ends with a sentence and leaves no half
/// file, and the portal goes on.
#[tokio::test]
async fn an_upload_that_finds_no_room_leaves_nothing() {
    let portal = PortalProcess::within("ulimit -f 8192; trap '' XFSZ").await;
    let large = vec![7_u8; 16 << 20];
    let answer =
        portal.known("PUT", "/files/lake/flink/large.jar").body(large).send().await.expect("an answer");
    assert_eq!(answer.status(), 503);
    let text = answer.text().await.expect("text");
    assert!(text.contains("large"), "{text}");
    let lake = portal.data.join("storage/lake/flink");
    let left: Vec<_> =
        lake.read_dir().expect("the container").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, [".penstock-container"], "the file by which it is known, and nothing else");
    portal.answers().await;
}
