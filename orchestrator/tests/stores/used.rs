//! What every kind of account does: it is made with its first container, lists, takes files in, gives them out, deletes.

use bytes::Bytes;
use domain::account::AccountForm;
use domain::refusal::Refusal;
use domain::view::EntryKind;
use futures::{StreamExt, TryStreamExt};

use crate::servers::Server;
use crate::{Portal, test};

/// More than two parts, and no whole number of them.
const LARGE: usize = (20 << 20) + 7;

#[test]
fn azures_blobs_are_files() {
    test(async |portal, stores| is_used(&portal, &Server::azurite(&stores, None).form).await);
}

#[test]
fn s3s_objects_are_files() {
    test(async |portal, stores| is_used(&portal, &Server::versity(&stores).form).await);
}

async fn is_used(portal: &Portal, form: &AccountForm) {
    let (desk, account) = (&portal.desk, form.name.as_str());
    desk.new_account(form, "flink").await.unwrap();
    let known = desk.accounts().await.unwrap().into_iter().find(|one| one.name == account).unwrap();
    assert_eq!(
        (known.kind.as_str(), known.containers.as_slice()),
        (form.kind.as_str(), &["flink".to_owned()][..])
    );
    assert_eq!(known.folder, "", "it has no folder here");
    let tried = desk.test_account(account, "flink").await.unwrap();
    let steps: Vec<&str> = tried.iter().map(|tried| tried.step.as_str()).collect();
    assert!(tried.iter().all(|tried| tried.failed.is_none()), "{tried:?}");
    assert_eq!(steps, ["List", "Write", "Read", "Delete"]);
    assert!(desk.list(account, "flink", "").await.unwrap().entries.is_empty(), "nothing of the test is left");

    let large: Bytes = (0..LARGE).map(|at| u8::try_from(at / 1000 % 251).unwrap()).collect::<Vec<_>>().into();
    for (path, bytes) in
        [("jars/a b+ü%.jar", Bytes::from("small")), ("large", large.clone()), ("empty", Bytes::new())]
    {
        upload(portal, account, path, false, bytes.clone()).await.unwrap();
        assert!(
            matches!(upload(portal, account, path, false, bytes).await, Err(Refusal::Exists(_))),
            "{path}"
        );
    }
    upload(portal, account, "jars/a b+ü%.jar", true, Bytes::from("other")).await.unwrap();
    let listed = desk.list(account, "flink", "").await.unwrap();
    let names: Vec<(&str, EntryKind)> =
        listed.entries.iter().map(|one| (one.name.as_str(), one.kind)).collect();
    assert_eq!(names, [("jars", EntryKind::Folder), ("empty", EntryKind::File), ("large", EntryKind::File)]);
    let entry = desk.entry(account, "flink", "jars/a b+ü%.jar").await.unwrap();
    assert_eq!((entry.size, entry.kind), (5, EntryKind::File));
    for (path, bytes) in [("jars/a b+ü%.jar", Bytes::from("other")), ("large", large)] {
        let (size, chunks) = desk.download(account, "flink", path).await.unwrap();
        let read: Vec<Bytes> = chunks.try_collect().await.unwrap();
        assert_eq!((size, read.concat()), (bytes.len() as u64, bytes.to_vec()), "{path}");
    }
    // What breaks off on its way leaves nothing.
    let broken =
        futures::stream::iter([Ok(Bytes::from(vec![1; 9 << 20])), Err(std::io::Error::other("gone"))]);
    desk.upload(account, "flink", "broken", false, broken.boxed()).await.unwrap_err();
    assert!(matches!(desk.entry(account, "flink", "broken").await, Err(Refusal::NotFound(_))));

    // A folder goes with all that is in it; what is not there is said so.
    desk.delete(account, "flink", "jars").await.unwrap();
    assert!(matches!(desk.delete(account, "flink", "jars").await, Err(Refusal::NotFound(_))));
    desk.new_container(account, "second").await.unwrap();
    assert!(matches!(desk.new_container(account, "second").await, Err(Refusal::Exists(_))));
    let view = desk.account(account).await.unwrap();
    assert_eq!((view.containers, view.users), (vec!["flink".to_owned(), "second".to_owned()], Vec::new()));

    // Taken out and made again, it has what it had.
    desk.delete_account(account).await.unwrap();
    assert!(desk.accounts().await.unwrap().iter().all(|one| one.name != account));
    assert!(matches!(desk.list(account, "flink", "").await, Err(Refusal::NotFound(_))));
    desk.new_account(form, "flink").await.unwrap();
    assert_eq!(desk.list(account, "flink", "").await.unwrap().entries.len(), 2);
    is_told_and_keeps_its_secret(portal, form).await;
}

/// The history names what was done and nothing tells the key; a portal that starts again still has it.
async fn is_told_and_keeps_its_secret(portal: &Portal, form: &AccountForm) {
    let events = portal.desk.activity(&Default::default()).await.unwrap().events;
    assert!(events.iter().any(|event| event.title == "Storage account made"), "{events:?}");
    assert!(events.iter().any(|event| event.title == "Storage account deleted"), "{events:?}");
    assert!(!format!("{events:?}").contains(&form.secret));
    portal.plane.close().await;
    for entry in std::fs::read_dir(portal.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(form.secret.len()).any(|part| part == form.secret.as_bytes());
            assert!(!found, "{} has the key in clear", path.display());
        }
    }
    let again = Portal::on(portal.folder.path()).await;
    let listed = again.own_desk("Ada").list(&form.name, "flink", "").await.unwrap();
    assert_eq!(listed.entries.len(), 2);
    again.close().await;
}

pub(crate) async fn upload(
    portal: &Portal,
    account: &str,
    path: &str,
    replace: bool,
    bytes: Bytes,
) -> Result<(), Refusal> {
    // As it comes over a network.
    let chunks: Vec<_> = bytes.chunks(60_000).map(|chunk| Ok(bytes.slice_ref(chunk))).collect();
    portal.desk.upload(account, "flink", path, replace, futures::stream::iter(chunks).boxed()).await.map(drop)
}
