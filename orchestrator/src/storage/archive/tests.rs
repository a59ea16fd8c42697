//! A savepoint goes out and comes in as it is; what is none leaves nothing behind.

use std::io;

use bytes::Bytes;
use domain::address::Address;
use futures::{StreamExt, stream};
use tar::{EntryType, Header};

use crate::file;
use crate::storage::free_space::Allowance;
use crate::storage::{Storage, StorageError};

fn storage() -> (tempfile::TempDir, Storage) {
    let data = tempfile::tempdir().expect("a folder");
    let storage = Storage::open(data.path(), ("lake", "flink"), true).expect("it opens");
    (data, storage)
}

fn at(path: &str) -> Address {
    Address::parse(&format!("lake/flink/{path}")).expect("an address")
}

/// In pieces of so many bytes.
fn sent(bytes: &[u8], piece: usize) -> impl futures::Stream<Item = io::Result<Bytes>> + Unpin + use<> {
    let pieces: Vec<_> = bytes.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    stream::iter(pieces)
}

async fn packed(storage: &Storage, path: &str) -> Result<Vec<u8>, StorageError> {
    let (size, bytes) = storage.packed(&at(path))?;
    let chunks: Vec<_> = bytes.collect().await;
    let whole = chunks.into_iter().map(|chunk| chunk.expect("read")).collect::<Vec<_>>().concat();
    assert_eq!(size, whole.len() as u64, "as long as was said");
    Ok(whole)
}

async fn taken(storage: &Storage, file: &str, archive: &[u8], piece: usize) -> Result<String, StorageError> {
    let mut incoming = storage.receive(&at("in"), None, Allowance::default()).await?;
    incoming.archive(file, sent(archive, piece)).await?;
    incoming.complete()?;
    Ok(incoming.publish()?.address)
}

#[tokio::test]
async fn a_savepoint_comes_back_as_it_went() {
    let (data, storage) = storage();
    let there = data.path().join("storage/lake/flink/a/savepoint-1");
    std::fs::create_dir_all(&there).expect("made");
    for (name, length) in [("_metadata", 1_000), ("empty", 0), ("one", 512), ("two", 70_000)] {
        let bytes: Vec<u8> = (0..length).map(|at| u8::try_from(at % 251).expect("a byte")).collect();
        std::fs::write(there.join(name), bytes).expect("written");
    }
    let archive = packed(&storage, "a/savepoint-1").await.expect("packed");
    // As any tar program reads it.
    let mut names: Vec<_> = tar::Archive::new(&*archive)
        .entries()
        .expect("an archive")
        .map(|entry| entry.expect("an entry").path().expect("a path").display().to_string())
        .collect();
    names.sort();
    assert_eq!(names, ["_metadata", "empty", "one", "two"].map(|name| format!("savepoint-1/{name}")));
    for piece in [9, 511, 64 << 10] {
        let address = taken(&storage, "mine.tar", &archive, piece).await.expect("taken");
        assert_eq!(address, at("in/savepoint-1").to_string());
        for name in ["_metadata", "empty", "one", "two"] {
            let back = data.path().join("storage/lake/flink/in/savepoint-1").join(name);
            assert_eq!(std::fs::read(back).expect(name), std::fs::read(there.join(name)).expect(name));
        }
        let again = taken(&storage, "mine.tar", &archive, piece).await.expect_err("it is there");
        assert!(matches!(again, StorageError::Taken(_)), "{again}");
        storage.delete(&at("in")).expect("deleted");
    }
}

#[tokio::test]
async fn what_is_no_savepoint_is_not_packed() {
    let (data, storage) = storage();
    let flink = data.path().join("storage/lake/flink");
    for folder in ["none", "chk-7", "strange"] {
        std::fs::create_dir_all(flink.join(folder)).expect("made");
    }
    for folder in ["chk-7", "strange"] {
        std::fs::write(flink.join(folder).join("_metadata"), b"x").expect("written");
    }
    std::os::unix::fs::symlink(flink.join("strange"), flink.join("link")).expect("a link");
    for (path, says) in [
        ("none", "_metadata is missing"),
        ("nowhere", "There is nothing at"),
        ("chk-7", "Take a savepoint"),
        ("link", "links are not followed"),
    ] {
        let refused = packed(&storage, path).await.expect_err(path).to_string();
        assert!(refused.contains(says), "{path}: {refused}");
    }
    for name in file::tests::strange_things(&flink.join("strange")) {
        let alone = flink.join(format!("with-{name}"));
        std::fs::create_dir(&alone).expect("made");
        std::fs::write(alone.join("_metadata"), b"x").expect("written");
        std::fs::rename(flink.join("strange").join(name), alone.join(name)).expect("moved");
        let refused = packed(&storage, &format!("with-{name}")).await.expect_err(name).to_string();
        assert!(refused.contains(&format!("it is a {name}")), "{refused}");
    }
}

/// An archive of entries: kind, name as it stands in the header, content.
fn archive(entries: &[(EntryType, &str, &[u8])]) -> Vec<u8> {
    let mut whole = Vec::new();
    for (kind, name, content) in entries {
        let mut header = Header::new_gnu();
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_entry_type(*kind);
        header.set_size(content.len() as u64);
        header.set_cksum();
        whole.extend_from_slice(header.as_bytes());
        whole.extend_from_slice(content);
        whole.resize(whole.len().next_multiple_of(512), 0);
    }
    whole.resize((whole.len() + 1024).next_multiple_of(10_240), 0);
    whole
}

const FILE: EntryType = EntryType::Regular;

#[tokio::test]
async fn archives_of_other_programs_are_taken() {
    let (data, storage) = storage();
    let of_python: &[u8] = b"28 mtime=1700000000.1234567\n20 path=s/_metadata\n";
    let long = format!("s/{}", "x".repeat(120));
    for (name, entries) in [
        ("s", vec![(EntryType::Directory, "s/", &b""[..]), (FILE, "s/_metadata", b"m"), (FILE, "s/x", b"1")]),
        (
            "s",
            vec![
                (EntryType::Directory, "./", b""),
                (EntryType::Directory, "./s", b""),
                (FILE, "./s/_metadata", b"m"),
            ],
        ),
        ("mine", vec![(FILE, "_metadata", b"m"), (FILE, "x", b"1")]),
        ("mine", vec![(EntryType::Directory, ".", b""), (FILE, "./_metadata", b"m")]),
        ("s", vec![(EntryType::XHeader, "pax", of_python), (FILE, "cut", b"m")]),
        (
            "s",
            vec![
                (EntryType::GNULongName, "L", long.as_bytes()),
                (FILE, "cut", b"1"),
                (FILE, "s/_metadata", b"m"),
            ],
        ),
        (
            "s",
            vec![
                (EntryType::XGlobalHeader, "g", b"10 a=bcde\n"),
                (FILE, "s/._x", b"mac"),
                (FILE, "s/_metadata", b"m"),
            ],
        ),
    ] {
        let address = taken(&storage, "mine.tar", &archive(&entries), 700).await.expect("taken");
        assert_eq!(address, at(&format!("in/{name}")).to_string());
        let folder = data.path().join("storage/lake/flink/in").join(name);
        assert_eq!(std::fs::read(folder.join("_metadata")).expect("it is there"), b"m");
        assert!(!folder.join("._x").exists());
        storage.delete(&at("in")).expect("deleted");
    }
}

#[tokio::test]
async fn what_is_no_savepoints_archive_leaves_nothing() {
    let (data, storage) = storage();
    let good = archive(&[(FILE, "s/_metadata", b"m"), (FILE, "s/x", &[7; 3_000])]);
    let mut damaged = good.clone();
    damaged[0] = b'S';
    let mut followed = good.clone();
    followed.extend(vec![1; 5 << 20]);
    let one = |kind: EntryType, name: &str| archive(&[(FILE, "s/_metadata", b"m"), (kind, name, b"")]);
    for (whole, says) in [
        (one(FILE, "/etc/passwd"), "leads elsewhere"),
        (one(FILE, "s/../../up"), "leads elsewhere"),
        (one(FILE, "../s/x"), "leads elsewhere"),
        (one(FILE, "s//x"), "leads elsewhere"),
        (one(FILE, "s\\x"), "leads elsewhere"),
        (one(FILE, "s/deep/x"), "too deep"),
        (one(FILE, "t/x"), "more than one folder"),
        (one(FILE, "x"), "more than one folder"),
        (one(FILE, "s/_metadata"), "came twice"),
        (one(EntryType::Symlink, "s/x"), "is a link"),
        (one(EntryType::Link, "s/x"), "is a link"),
        (one(EntryType::Fifo, "s/x"), "is a pipe"),
        (one(EntryType::Char, "s/x"), "is a device"),
        (one(EntryType::Directory, "s/x"), "is a folder"),
        (one(EntryType::GNUSparse, "s/x"), "with holes"),
        (one(EntryType::new(b'Z'), "s/x"), "not known"),
        (archive(&[(EntryType::XHeader, "pax", &[b'x'; 70_000]), (FILE, "a", b"")]), "more about a file"),
        (archive(&[(EntryType::XHeader, "pax", b"11 size=99\n"), (FILE, "a", b"")]), "--format=gnu"),
        (archive(&[(FILE, "s/x", b"1")]), "_metadata is not in it"),
        (archive(&[(FILE, "s/\u{1}", b"1")]), "control character"),
        (good[..2_000].to_vec(), "breaks off"),
        (good[..1_024].to_vec(), "breaks off"),
        (damaged, "no tar archive"),
        (followed, "follows the end"),
        (b"PK\x03\x04 a zip".repeat(100), "no tar archive"),
        (Vec::new(), "breaks off"),
    ] {
        let refused = taken(&storage, "mine.tar", &whole, 4_096).await.expect_err(says).to_string();
        assert!(refused.contains(says), "{says}: {refused}");
    }
    let mut few =
        storage.receive(&at(""), Some("q"), Allowance { quota: Some(2_000), kept: 0 }).await.expect("begun");
    let full = few.archive("mine.tar", sent(&good, 512)).await.expect_err("more than its quota");
    assert!(matches!(full, StorageError::Full(_)), "{full}");
    drop(few);
    let left = |folder: &str| data.path().join(folder).read_dir().expect("a folder").count();
    assert_eq!((left("uploads"), left("storage/lake/flink")), (0, 1), "nothing but the container's own file");
}

#[tokio::test]
async fn files_that_come_one_by_one_make_a_savepoint_too() {
    let (data, storage) = storage();
    let mut incoming =
        storage.receive(&at("in"), Some("by-hand"), Allowance::default()).await.expect("begun");
    for name in ["../x", "a/b", "..", ""] {
        assert!(incoming.file(name, sent(b"x", 9)).await.is_err(), "{name}");
    }
    incoming.file("x", sent(b"1", 9)).await.expect("taken");
    assert_eq!(incoming.publish().expect("whole").address, at("in/by-hand").to_string());
    assert!(data.path().join("storage/lake/flink/in/by-hand/x").is_file());
    for name in ["a/b", "..", ""] {
        let incoming = storage.receive(&at("in"), Some(name), Allowance::default()).await.expect("begun");
        assert!(incoming.address().is_err(), "{name}");
    }
}
