//! What the provider refuses, with its sentence, before anything is started.

use std::net::{Ipv4Addr, TcpListener};

use domain::lifecycle::{Ask, Restore};

use crate::world::{World, spec, test};

/// Asks for a launch, and waits for the sentence with which it is refused.
async fn refused(world: &mut World, from: Restore) -> (String, bool) {
    world.ask(Ask::Start { revision: world.revision(), from }).await;
    world.until("a refusal", |world| world.refused.is_some()).await;
    assert!(world.pids("").is_empty(), "a refused launch starts nothing");
    let refused = world.refused.take().unwrap();
    (refused.message, refused.retry)
}

#[test]
fn a_jar_that_is_not_in_the_storage_account() {
    test(async |mut world| {
        std::fs::remove_file(world.jar()).unwrap();
        let (sentence, retry) = refused(&mut world, Restore::Fresh).await;
        assert!(sentence.contains("jars/samples.jar") && sentence.contains("Upload it again"), "{sentence}");
        assert!(!retry);
    });
}

#[test]
fn a_jar_that_is_a_link_out_of_the_storage_account() {
    test(async |mut world| {
        std::fs::remove_file(world.jar()).unwrap();
        std::os::unix::fs::symlink(world.config.jars.join("penstock-samples.jar"), world.jar()).unwrap();
        let (sentence, retry) = refused(&mut world, Restore::Fresh).await;
        assert!(sentence.contains("links are not followed"), "{sentence}");
        assert!(!retry);
    });
}

#[test]
fn a_savepoint_that_is_not_complete() {
    test(async |mut world| {
        let path = "abfs://flink@teststorage.dfs.core.windows.net/saved".to_owned();
        std::fs::create_dir_all(world.container().join("saved")).unwrap();
        let (sentence, retry) = refused(&mut world, Restore::Savepoint { path }).await;
        assert!(sentence.contains("no complete savepoint"), "{sentence}");
        assert!(retry, "it may be there again; nothing is started from less");
        world.succeeds("cancel", Ask::Cancel).await;
    });
}

#[test]
fn a_subnet_without_a_free_address() {
    test(async |mut world| {
        // The only one that is not the portal's.
        let only = Ipv4Addr::from(u32::from(network(&world)) + 6);
        world.subnet = format!("{}/30", Ipv4Addr::from(u32::from(network(&world)) + 4));
        let stranger = TcpListener::bind((only, 8081)).unwrap();
        let (sentence, retry) = refused(&mut world, Restore::Fresh).await;
        assert!(
            sentence.contains(&format!("Every address of the pool's subnet {}", world.subnet)),
            "{sentence}"
        );
        assert!(retry);
        // It goes on by itself when the other program has ended.
        drop(stranger);
        world.until("running", |world| world.outcome.is_some() && world.observed().job.is_some()).await;
        assert_eq!(world.address().await, only);
    });
}

#[test]
fn a_subnet_that_is_none() {
    test(async |mut world| {
        world.subnet = "127.4.0.0".to_owned();
        let (sentence, retry) = refused(&mut world, Restore::Fresh).await;
        assert!(sentence.contains("Write it like 127.4.0.0/16") && !retry, "{sentence}");
    });
}

fn network(world: &World) -> Ipv4Addr {
    world.subnet.parse::<ipnet::Ipv4Net>().unwrap().network()
}

#[test]
fn memory_that_cannot_be_split() {
    test(async |mut world| {
        world.revisions = vec![spec("Counter", "", &[("taskmanager.memory.managed.size", "9g")])];
        let (sentence, retry) = refused(&mut world, Restore::Fresh).await;
        assert!(!sentence.is_empty() && !retry, "{sentence}");
    });
}
