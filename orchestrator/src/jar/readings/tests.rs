//! A jar is read once, for those who wait, and remembered as it was.

use std::io::Write;
use std::path::PathBuf;

use futures::future::join_all;
use futures::poll;
use tokio::task::yield_now;

use super::*;

struct Lake {
    _folder: tempfile::TempDir,
    container: PathBuf,
    storage: Storage,
    readings: Readings,
}

impl Lake {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let storage = Storage::open(folder.path(), ("lake", "flink"), true).expect("opened");
        let container = folder.path().join("storage/lake/flink");
        Self { _folder: folder, container, storage, readings: Readings::new() }
    }

    /// A jar of so many classes of a megabyte.
    fn put(&self, name: &str, classes: usize) -> Address {
        let mut jar = zip::ZipWriter::new(File::create(self.container.join(name)).expect("a file"));
        let class = [&[0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 61][..], &[0; 1 << 20]].concat();
        for number in 0..classes {
            let options = zip::write::SimpleFileOptions::default();
            jar.start_file(format!("{number}.class"), options).expect("an entry");
            jar.write_all(&class).expect("written");
        }
        jar.finish().expect("whole");
        Address::parse(&format!("abfs://flink@lake.dfs.core.windows.net/{name}")).expect("an address")
    }

    async fn open(&self, address: &Address) -> Result<JarView, String> {
        self.readings.open(&self.storage, address).await
    }

    fn kept(&self) -> (usize, usize) {
        let known = self.readings.known();
        (known.files.told.len(), known.digests.told.len())
    }
}

#[tokio::test]
async fn a_jar_is_read_once_and_its_bytes_are_known_again() {
    let lake = Lake::new();
    let first = lake.put("a.jar", 1);
    let view = lake.open(&first).await.expect("a jar");
    std::fs::copy(lake.container.join("a.jar"), lake.container.join("b.jar")).expect("copied");
    let second = Address::parse(&first.to_string().replace("a.jar", "b.jar")).expect("an address");
    let copied = lake.open(&second).await.expect("a jar");
    assert!(copied.modified >= view.modified);
    assert_eq!(JarView { modified: view.modified, ..copied }, view);
    assert_eq!(lake.kept(), (2, 1));
    // From here on none is read: who asks again, nobody gets a turn.
    lake.readings.turns.close();
    assert_eq!(lake.open(&first).await.expect("it is known"), view);
    lake.put("a.jar", 2);
    assert_eq!(lake.open(&first).await, Err(GIVEN_UP.to_owned()), "another file now");
}

#[tokio::test]
async fn those_who_ask_at_once_share_a_reading_and_it_ends_with_the_last_of_them() {
    let lake = Lake::new();
    let address = lake.put("a.jar", 4);
    let turns = lake.readings.turns.clone().acquire_many_owned(2).await.expect("turns");
    let mut asking: Vec<_> = (0..20).map(|_| Box::pin(lake.open(&address))).collect();
    let waiting = || lake.readings.known().under_way.values().map(Weak::strong_count).collect::<Vec<_>>();
    while waiting() != [20] {
        for one in &mut asking {
            assert!(poll!(one).is_pending());
        }
        yield_now().await;
    }
    asking.truncate(5);
    assert_eq!(waiting(), [5]);
    drop(turns);
    assert!(join_all(asking).await.iter().all(Result::is_ok));
    assert_eq!((waiting(), lake.kept()), (vec![0], (1, 1)));
}

/// It would take seconds, and keep what it found.
#[tokio::test]
async fn a_reading_ends_when_nobody_waits_any_more() {
    let lake = Lake::new();
    let address = lake.put("a.jar", 2_000);
    let mut asking = Box::pin(lake.open(&address));
    while lake.readings.turns.available_permits() == 2 {
        assert!(poll!(&mut asking).is_pending());
        yield_now().await;
    }
    drop(asking);
    while lake.readings.turns.available_permits() < 2 {
        yield_now().await;
    }
    assert_eq!(lake.kept(), (0, 0));
}

#[tokio::test]
async fn what_is_no_file_is_refused_with_a_sentence() {
    let lake = Lake::new();
    let address = lake.put("a.jar", 1);
    for name in crate::file::tests::strange_things(&lake.container) {
        let address = Address::parse(&address.to_string().replace("a.jar", name)).expect("an address");
        let why = lake.open(&address).await.expect_err(name);
        assert!(why.contains(&format!("is a {name}")), "{why}");
    }
    let none = Address::parse(&address.to_string().replace("a.jar", "none.jar")).expect("an address");
    assert!(lake.open(&none).await.expect_err("nothing").starts_with("There is no file at abfs://"));
}
