//! The data folder is its owner's alone, and its database is the one of its clusters.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use super::database::{Database, on_both};
use super::{TestPortal, config};
use crate::ControlPlane;
use crate::clock::SystemClock;
use crate::provider::fake::FakeProvider;
use crate::{OpenError, PlaneConfig};

on_both!(a_database_of_a_newer_version_is_left_as_it_is);

async fn open(config: &PlaneConfig) -> Result<ControlPlane, OpenError> {
    ControlPlane::with_provider(config.clone(), Arc::new(FakeProvider::default()), Arc::new(SystemClock))
        .await
}

fn mode(path: &Path) -> u32 {
    path.metadata().expect("it is there").mode() & 0o777
}

fn make_open(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("ours");
}

#[tokio::test]
async fn a_folder_that_others_may_enter_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(folder.path(), &Database::Sqlite);
    std::fs::create_dir(&config.data).expect("made");
    make_open(&config.data, 0o755);
    open(&config).await.expect("an empty one is ours to close").close().await;
    assert_eq!(mode(&config.data), 0o700);
    let database = config.data.join("penstock.db");
    make_open(&config.data, 0o755);
    make_open(&database, 0o644);
    open(&config).await.expect("an older portal's too").close().await;
    assert_eq!((mode(&config.data), mode(&database)), (0o700, 0o600));
}

#[tokio::test]
async fn an_open_folder_that_holds_other_things_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = config(folder.path(), &Database::Sqlite);
    std::fs::create_dir(&config.data).expect("made");
    std::fs::write(config.data.join("thesis.txt"), "years of work").expect("written");
    make_open(&config.data, 0o755);
    let refused = open(&config).await.err().expect("refused").to_string();
    assert!(refused.contains("is open to other users of this machine, and holds other things"), "{refused}");
    assert_eq!(mode(&config.data), 0o755);
    assert!(!config.data.join("portal.lock").exists(), "nor is it a portal's from now on");
    make_open(&config.data, 0o700);
    open(&config).await.expect("closed by hand it is taken").close().await;
}

async fn a_database_of_a_newer_version_is_left_as_it_is(portal: TestPortal) {
    let newer = sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
         values (9999, 'later', true, '', 0)",
    );
    portal.plane.store().write(newer).await.expect("written");
    portal.plane.close().await;
    let config = config(portal.folder.path(), &portal.database);
    let refused = open(&config).await.err().expect("refused").to_string();
    assert!(refused.contains("was written by a newer version of Penstock. Start that version"), "{refused}");
}
