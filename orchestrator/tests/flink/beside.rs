//! A run owns where it listens: two runs of one cluster stand side by side, and the product still has but one.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use domain::lifecycle::{Act, Launch, Limits, Observation, ObservedRun, Phase, Restore};
use orchestrator::flink::JobManager;
use orchestrator::provider::{Provider, Target};

use crate::world::{World, test};

#[test]
fn two_runs_of_one_cluster_answer_side_by_side_and_a_launch_leaves_one() {
    test(async |mut world| {
        world.create().await;
        // The product itself would have but one: its loop is not there.
        world.die().await;
        let first = world.address().await;
        // Somebody else has the next place; that is no obstacle.
        let next = std::net::Ipv4Addr::from(u32::from(first) + 1);
        let _stranger = TcpListener::bind((next, 6123)).unwrap();

        let (launch, target) = second(&world);
        world.provider.start(&target, &launch).await.unwrap();
        let up = |run: &ObservedRun| run.job.as_ref().is_some_and(|job| job.up);
        let two = until(&world, &target, up).await;
        let one = until(&world, &world.target(), up).await;
        assert!(one.others_alive && two.others_alive);
        assert_eq!((world.pids("jobmanager").len(), world.pids("taskmanager").len()), (2, 2));
        assert_ne!(one.endpoint, two.endpoint);
        for (run, told) in [(1, &one.endpoint), (2, &two.endpoint)] {
            let endpoint = world.provider.endpoint(world.cluster, run).await.unwrap();
            assert_eq!(told.as_ref(), Some(&endpoint.url));
            let flink = JobManager::at(&endpoint).unwrap();
            for job in [1, 2] {
                let known = flink.job(&world.cluster.job_id(job)).await.unwrap();
                assert_eq!(known.is_some(), job == run, "run {run} and the job of run {job}");
            }
        }
        // What each is to read is still there.
        for run in [1, 2] {
            assert!(world.run_folder(run).join("conf/job.json").exists(), "run {run}");
        }

        world.provider.act(&target, &Act::Launch(launch)).await.unwrap();
        let alone = until(&world, &target, |run| up(run) && !run.others_alive).await;
        assert_eq!(alone.endpoint, two.endpoint, "it is the very same run");
        assert_eq!((world.pids("jobmanager").len(), world.pids("taskmanager").len()), (1, 1));
    });
}

/// The next run of the cluster, as a launch of the same revision.
fn second(world: &World) -> (Launch, Target) {
    let launch = Launch { run: 2, from: Restore::Fresh, ..world.phase.launch().unwrap().clone() };
    let until = jiff::Timestamp::now() + Limits::default().start;
    let phase = Phase::Starting { launch: launch.clone(), until, recoveries: Default::default() };
    (launch, Target { phase, ..world.target() })
}

async fn until(world: &World, target: &Target, is: impl Fn(&ObservedRun) -> bool) -> ObservedRun {
    let began = Instant::now();
    loop {
        match world.provider.observe(target).await {
            Observation::Present(run) if is(&run) => return run,
            seen => assert!(began.elapsed() < Duration::from_secs(90), "{seen:?}"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
