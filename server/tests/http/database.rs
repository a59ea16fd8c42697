//! A database that is not the one of the data folder's clusters, or is not what it was.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use sha2::{Digest, Sha256};

use crate::portal::{PortalProcess, fresh_folder, penstock, said, serve};

/// A process that carries the marker of a cluster of the data folder, as Flink's do.
fn cluster_of(data: &Path) -> Child {
    let data = data.canonicalize().expect("it is there");
    let digest = Sha256::digest(data.as_os_str().as_encoded_bytes());
    let marker = format!("-Dpenstock.run={}:{}:1:jobmanager", hex::encode(&digest[..8]), "7".repeat(32));
    let mut command = Command::new("sh");
    // Ends by itself when the test does.
    command.args(["-c", "read never", &marker]).stdin(Stdio::piped()).spawn().expect("started")
}

/// Why no portal starts on the folder.
fn refused(data: &Path, more: &[&str]) -> String {
    let mut portal = serve(data, "").args(more).spawn().expect("started");
    assert!(!portal.wait().expect("ended").success());
    said(&mut portal)
}

#[tokio::test]
async fn a_database_that_knows_none_of_the_clusters_that_run_is_refused() {
    let mut portal = PortalProcess::signed_in().await;
    portal.interrupt();
    assert!(portal.ended().success());
    let mut cluster = cluster_of(&portal.data);
    let said = refused(&portal.data, &[]);
    assert!(said.contains("A cluster of this data folder runs, and its rows are not there"), "{said}");
    assert!(said.contains("Put the right one back") && said.contains("penstock clean --data"), "{said}");

    let database = portal.data.join("penstock.db");
    for missing in [true, false] {
        if missing {
            std::fs::remove_file(&database).expect("removed");
        } else {
            std::fs::write(&database, "").expect("emptied");
        }
        let said = refused(&portal.data, &[]);
        assert!(said.contains("its rows are not there"), "{said}");
        assert_eq!(database.metadata().map_or(0, |file| file.len()), 0, "nor is one made");
    }

    let clean = penstock("clean", &portal.data).output().expect("it runs");
    assert!(clean.status.success(), "{}", String::from_utf8_lossy(&clean.stderr));
    assert!(!cluster.wait().expect("ended").success(), "clean ends what carries the folder's marker");
    assert!(!portal.data.exists());
}

#[tokio::test]
async fn a_damaged_database_is_said_with_the_way_out() {
    let mut portal = PortalProcess::signed_in().await;
    portal.interrupt();
    assert!(portal.ended().success());
    let database = portal.data.join("penstock.db");
    let whole = std::fs::read(&database).expect("the database");
    for (what, bytes) in [("garbled", vec![7_u8; whole.len()]), ("half", whole[..whole.len() / 2].to_vec())] {
        std::fs::write(&database, bytes).expect("written");
        let said = refused(&portal.data, &[]);
        assert!(said.contains(&format!("The database {} is damaged", database.display())), "{what}: {said}");
        assert!(said.contains("Put a copy of it in its place"), "{what}: {said}");
        assert!(said.contains(&format!("penstock clean --data {}", portal.data.display())), "{what}: {said}");
    }
    std::fs::write(&database, whole).expect("put back");
    let mut again = serve(&portal.data, "").spawn().expect("started");
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(again.stdout.take().expect("piped")));
    assert!(lines.any(|line| line.is_ok_and(|line| line.contains("Sign in once"))), "put back it is opened");
    again.kill().expect("ended");
    again.wait().expect("ended");
}

#[test]
fn a_folder_that_is_open_to_others_and_no_portals_is_left_alone() {
    let folder = fresh_folder();
    std::fs::create_dir(&folder).expect("made");
    std::fs::write(folder.join("thesis.txt"), "years of work").expect("written");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&folder, open).expect("opened");
    let said = refused(&folder, &[]);
    assert!(said.contains("is open to other users of this machine"), "{said}");
    std::fs::remove_dir_all(&folder).expect("removed");
}

/// Whatever the shell's own umask is, nobody else may read what the portal writes.
#[tokio::test]
async fn nothing_in_the_folder_is_for_others() {
    let portal = PortalProcess::within("umask 000").await;
    let put = portal.known("PUT", "/files/lake/flink/a/b.txt").body("here").send().await.expect("an answer");
    assert_eq!(put.status(), 201);
    let mut folders = vec![portal.data.clone()];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        for entry in folder.read_dir().expect("a folder") {
            let entry = entry.expect("an entry");
            let metadata = entry.metadata().expect("it is there");
            let mode = std::os::unix::fs::MetadataExt::mode(&metadata);
            assert_eq!(mode & 0o077, 0, "{} is {mode:o}", entry.path().display());
            looked_at += 1;
            if metadata.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    assert!(looked_at > 8, "{looked_at}");
}
