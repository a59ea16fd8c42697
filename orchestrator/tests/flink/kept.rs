//! The data folder of an earlier version: a job that its portal had stopped goes on from its savepoint, by its own jar.

use std::sync::Arc;

use domain::lifecycle::{Ask, Phase, Restore};
use flate2::read::GzDecoder;
use orchestrator::ControlPlane;
use orchestrator::clock::SystemClock;
use orchestrator::first_pool as lab;
use orchestrator::provider::fake::FakeProvider;

use crate::world::test;

const FOLDER: &[u8] = include_bytes!("../kept/96f80f1.tar.gz");
/// The stopped job's last line about its count, written before the savepoint.
const COUNTED: u64 = 84;

#[test]
fn a_job_that_an_earlier_version_stopped_goes_on_from_its_savepoint() {
    test(async |mut world| {
        // That version did not know containers by their files.
        std::fs::remove_file(world.config.data.join("containers-are-known")).unwrap();
        tar::Archive::new(GzDecoder::new(FOLDER)).unpack(&world.config.data).unwrap();
        // The rows as this version reads them; it is not to start the other clusters.
        let (fake, clock) = (Arc::new(FakeProvider::default()), Arc::new(SystemClock));
        let plane = ControlPlane::with_provider(world.config.clone(), fake, clock).await.unwrap();
        let id = plane.own_desk("Ada").cluster_named(&lab(), "stopped").await.unwrap();
        let standing = plane.store().cluster_record(id).await.unwrap().unwrap();
        world.revisions = vec![plane.store().spec(id, 1).await.unwrap()];
        plane.close().await;

        let Phase::Stopped { savepoint, .. } = &standing.status.phase else {
            panic!("{:?}", standing.status)
        };
        let from = Restore::Savepoint { path: savepoint.clone() };
        (world.cluster, world.phase) = (id, standing.status.phase.clone());
        world.succeeds("start", Ask::Start { revision: 1, from }).await;
        assert_eq!(world.run(), 2);
        let mut logs = String::new();
        for log in world.provider.logs(id).await.unwrap().into_iter().filter(|log| log.run == 2) {
            logs += &world.provider.log(id, 2, &log.name, None).await.unwrap().text;
        }
        let (_, rest) = logs.split_once("count starts at ").expect("the job has told its first count");
        let counted: u64 = rest.lines().next().unwrap().trim().parse().unwrap();
        assert!(counted >= COUNTED, "the count goes on: {counted}");
    });
}
