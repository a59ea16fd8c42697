//! The data folder: one portal at a time, full, or not to be written.

use crate::portal::{Portal, fresh_folder, said, serve};

#[tokio::test]
async fn a_second_portal_on_the_same_folder_is_refused_with_a_sentence() {
    let portal = Portal::signed_in().await;
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
    assert!(said.contains(&format!("Cannot make the data folder {}", folder.display())), "{said}");
}

/// No file may grow beyond a few megabytes, as if the disk were full: an upload ends with a sentence and leaves no half
/// file, and the portal goes on.
#[tokio::test]
async fn an_upload_that_finds_no_room_leaves_nothing() {
    let portal = Portal::within("ulimit -f 8192; trap '' XFSZ").await;
    let large = vec![7_u8; 16 << 20];
    let answer =
        portal.known("PUT", "/files/lake/flink/large.jar").body(large).send().await.expect("an answer");
    assert_eq!(answer.status(), 503);
    let text = answer.text().await.expect("text");
    assert!(text.contains("large"), "{text}");
    let lake = portal.data.join("storage/lake/flink");
    let left: Vec<_> =
        lake.read_dir().expect("the container").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left, Vec::<std::ffi::OsString>::new());
    portal.answers().await;
}
