//! Launches that fail: each ends with its plain reason, and with no process left.

use std::io::{Read, Write};
use std::path::Path;

use domain::lifecycle::{Ask, MainMethod, Observation, Phase, Restore};
use domain::reason::Reason;
use jiff::SignedDuration;

use crate::world::{World, spec, test};

/// Launches revision 1 and gives the reason for which it fails.
async fn fails(world: &mut World, from: Restore) -> Reason {
    let outcome = world.asked("launch", Ask::Start { revision: world.revision(), from }).await;
    assert_eq!(outcome.succeeded, Some(false), "it came up");
    let reason = outcome.reason.unwrap();
    world.until("rest", |world| matches!(world.phase, Phase::Failed { at_launch: true, .. })).await;
    assert!(world.pids("").is_empty(), "a failed launch leaves processes");
    eprintln!("{}: {}", reason.code, reason.message);
    reason
}

/// The launch of that class fails for a reason that says this.
async fn class_fails(mut world: World, class: &str, says: &str) {
    world.revisions = vec![spec(class, "", &[])];
    let reason = fails(&mut world, Restore::Fresh).await;
    assert!(reason.message.contains(says), "{says}? {reason:#?}");
}

#[test]
fn a_main_that_throws() {
    test(async |world| class_fails(world, "Throws", "This main throws on purpose").await);
}

#[test]
fn a_main_that_ends_the_virtual_machine() {
    test(async |world| class_fails(world, "Exits", "System.exit").await);
}

#[test]
fn a_main_that_submits_nothing() {
    test(async |world| class_fails(world, "Silent", "execute()").await);
}

#[test]
fn a_main_that_runs_has_all_the_time_that_it_needs_until_somebody_cancels() {
    test(async |mut world| {
        world.config.limits.start = SignedDuration::from_secs(20);
        world.revisions = vec![spec("Hangs", "", &[])];
        world.ask(Ask::Start { revision: 1, from: Restore::Fresh }).await;
        world.until("its main", |world| {
            matches!(&world.seen, Observation::Present(observed) if observed.main == MainMethod::Runs)
        })
        .await;
        let Phase::Starting { until: first, .. } = world.phase else { panic!("{:?}", world.phase) };
        let later = |world: &World| matches!(world.phase, Phase::Starting { until, .. } if until > first);
        world.until("more time", later).await;
        world.succeeds("cancel", Ask::Cancel).await;
        assert!(world.pids("").is_empty());
    });
}

#[test]
fn an_entry_class_that_is_not_in_the_jar() {
    test(async |world| class_fails(world, "NotThere", "penstock.samples.NotThere").await);
}

#[test]
fn a_main_of_a_newer_java() {
    test(async |world| {
        newer(&world.jar());
        class_fails(world, "Counter", "Java").await;
    });
}

/// Makes every class in the jar one of a Java that is not there yet.
pub(crate) fn newer(path: &Path) {
    of_version(path, 99);
}

/// Gives every class in the jar this version.
pub(crate) fn of_version(path: &Path, version: u8) {
    let mut old = zip::ZipArchive::new(std::io::Cursor::new(std::fs::read(path).unwrap())).unwrap();
    let mut new = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for index in 0..old.len() {
        let mut entry = old.by_index(index).unwrap();
        if entry.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if entry.name().ends_with(".class") {
            bytes[7] = version;
        }
        new.start_file(entry.name(), zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&bytes).unwrap();
    }
    new.finish().unwrap();
}

#[test]
fn a_savepoint_of_another_job() {
    test(async |mut world| {
        world.create().await;
        let savepoint = world.succeeds("stop", Ask::Stop).await.unwrap();
        world.revisions.push(spec("OtherJob", "", &[]));
        let reason = fails(&mut world, Restore::Savepoint { path: savepoint.clone() }).await;
        assert!(reason.exception.contains("Cannot map checkpoint/savepoint state"), "{reason:#?}");
        // The savepoint is not spent: the first job goes on from it.
        world
            .succeeds("start", Ask::Start { revision: 1, from: Restore::Savepoint { path: savepoint } })
            .await;
    });
}
