//! What a run leaves for people: logs, its configuration, figures; and where it listens.

use std::collections::BTreeSet;

use domain::lifecycle::Ask;
use orchestrator::provider::Target;

use crate::world::test;

#[test]
fn logs_configuration_and_figures_are_there_and_nothing_listens_elsewhere() {
    test(async |mut world| {
        world.create().await;

        let own = world.address().await;
        let elsewhere: BTreeSet<_> =
            world.listeners().into_iter().filter(|(address, _)| *address != own).collect();
        assert!(elsewhere.is_empty(), "{elsewhere:?}");
        let ports: BTreeSet<u16> = world.listeners().into_iter().map(|(_, port)| port).collect();
        assert!([8081, 6123, 6124].iter().all(|port| ports.contains(port)), "{ports:?}");

        let logs = world.provider.logs(world.cluster).await.unwrap();
        let names: Vec<&str> = logs.iter().map(|log| log.name.as_str()).collect();
        assert!(
            ["jobmanager.log", "jobmanager.out", "taskmanager-1.log"].iter().all(|name| names.contains(name))
        );
        let chunk = world.provider.log(world.cluster, 1, "taskmanager-1.log", Some(0)).await.unwrap();
        assert!(chunk.text.contains("TaskManagerRunner"));
        for name in ["../conf/config.yaml", "config.yaml", "", ".."] {
            let error = world.provider.log(world.cluster, 1, name, None).await.unwrap_err();
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{name}");
        }

        let configuration = world.provider.configuration(world.cluster, 1).await.unwrap();
        assert_eq!(configuration["rest.address"], own.to_string());
        assert_eq!(configuration["execution.checkpointing.interval"], "1 s");
        assert_eq!(configuration["security.ssl.rest.key-password"], domain::secret::HIDDEN);

        let sample = loop {
            world.pass().await;
            let target: Target = world.target();
            match world.provider.sample(&target).await {
                Some(sample) if sample.records_in > Some(0.0) && sample.checkpoint_ms.is_some() => {
                    break sample;
                }
                _ => tokio::time::sleep(std::time::Duration::from_millis(500)).await,
            }
        };
        eprintln!("{sample:?}");
        assert_eq!((sample.parallelism, sample.restarts), (2, Some(0)));
        assert!(sample.job_manager_heap > Some(1e6) && sample.task_manager_heap > Some(1e6));

        world.succeeds("delete", Ask::Delete { keep_savepoints: false, unseen: false }).await;
        assert!(world.provider.logs(world.cluster).await.unwrap_or_default().is_empty());
        assert!(!world.run_folder(1).exists());
    });
}
