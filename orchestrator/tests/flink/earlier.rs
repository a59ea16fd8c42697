//! A cluster that an earlier portal started without keys is taken over as it runs: it is spoken to in clear, nothing
//! of it is ended, and its next run has keys.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use domain::lifecycle::{Act, Ask, Phase, Restore};
use sha2::{Digest, Sha256};

use crate::watched::Dies;
use crate::world::{World, spec, test};

#[test]
fn a_run_of_an_earlier_portal_is_spoken_to_in_clear_until_its_next_start() {
    test(async |mut world| {
        // What stands in the rows is as that portal left it; its run is made by hand.
        world.dies = Some(Dies::Before(|act| matches!(act, Act::Launch(_))));
        world.ask(Ask::Start { revision: 1, from: Restore::Fresh }).await;
        world.died("the launch").await;
        let mut processes = started_in_clear(&world);
        world.until("it runs", |world| matches!(world.phase, Phase::Running { .. })).await;
        let endpoint = world.provider.endpoint(world.cluster, 1).await.unwrap();
        assert_eq!(
            (endpoint.url, endpoint.keys.is_none()),
            (format!("http://{}:8081", address(&world)), true)
        );
        let counted = world.count().await;
        assert!(world.succeeds("savepoint", Ask::Savepoint).await.is_some());
        assert_eq!(world.run(), 1);
        for process in &mut processes {
            assert!(process.try_wait().unwrap().is_none(), "it is not ended for being in clear");
        }

        world.revisions.push(spec("Counter", "--rate 300", &[]));
        world.succeeds("update", Ask::Update { revision: 2, keep_state: true }).await;
        let endpoint = world.provider.endpoint(world.cluster, 2).await.unwrap();
        assert!(endpoint.url.starts_with("https://") && endpoint.keys.is_some(), "{}", endpoint.url);
        let after = world.count().await;
        assert!(after >= counted, "the count goes on: {counted}, then {after}");
        for mut process in processes {
            process.wait().unwrap();
        }
    });
}

/// The address that the cluster had: it was the cluster's then.
fn address(world: &World) -> Ipv4Addr {
    let subnet: ipnet::Ipv4Net = world.subnet.parse().unwrap();
    subnet.hosts().last().unwrap()
}

/// The run's folder and its processes as commit 96f80f1 made and started them.
fn started_in_clear(world: &World) -> Vec<Child> {
    let (run, address) = (world.run_folder(1), address(world));
    for folder in ["conf", "usrlib", "tmp", "log"] {
        std::fs::create_dir_all(run.join(folder)).unwrap();
    }
    std::fs::write(run.join("revision"), "1").unwrap();
    std::os::unix::fs::symlink(world.config.flink_home.join("lib"), run.join("lib")).unwrap();
    std::fs::copy(world.jar(), run.join("usrlib/samples.jar")).unwrap();
    std::fs::write(run.join("conf/config.yaml"), configuration(world, address, &run)).unwrap();
    std::fs::write(run.join("conf/log4j.properties"), LOGGING).unwrap();
    let job = world.cluster.job_id(1);
    let manager = "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint";
    let of_job = ["--job-id", &job, "--job-classname", "penstock.samples.Counter", "--", "--rate", "200"];
    let worker = "org.apache.flink.runtime.taskexecutor.TaskManagerRunner";
    let mut of_worker = Vec::new();
    for option in [
        "taskmanager.cpu.cores=1.0",
        "taskmanager.numberOfTaskSlots=2",
        "taskmanager.memory.framework.heap.size=128m",
        "taskmanager.memory.framework.off-heap.size=128m",
        "taskmanager.memory.task.heap.size=256m",
        "taskmanager.memory.task.off-heap.size=0",
        "taskmanager.memory.managed.size=128m",
        "taskmanager.memory.network.min=64m",
        "taskmanager.memory.network.max=64m",
        "taskmanager.memory.jvm-metaspace.size=256m",
        "taskmanager.memory.jvm-overhead.min=192m",
        "taskmanager.memory.jvm-overhead.max=192m",
    ] {
        of_worker.extend(["-D", option]);
    }
    vec![
        start(world, &run, "jobmanager", manager, &of_job),
        start(world, &run, "taskmanager-1", worker, &of_worker),
    ]
}

fn start(world: &World, run: &Path, role: &str, class: &str, args: &[&str]) -> Child {
    let data = Sha256::digest(world.config.data.canonicalize().unwrap().as_os_str().as_encoded_bytes());
    let cluster = world.cluster.0.simple();
    let log = run.join("log");
    let output = std::fs::File::create(log.join(format!("{role}.out"))).unwrap();
    let mut child = Command::new("java")
        .args(["-Xmx512m", "-XX:+UseSerialGC", "--add-opens=java.base/java.util=ALL-UNNAMED"])
        .args(["--add-opens=java.base/java.lang=ALL-UNNAMED", "--add-opens=java.base/java.net=ALL-UNNAMED"])
        .arg(format!("-Dpenstock.run={}:{cluster}:1:{role}", hex::encode(&data[..8])))
        .arg(format!("-Dlog.file={}", log.join(format!("{role}.log")).display()))
        .arg(format!("-Dlog4j.configurationFile={}", run.join("conf/log4j.properties").display()))
        .args(["-cp", &format!("{}/lib/*", world.config.flink_home.display()), class, "--configDir"])
        .arg(run.join("conf"))
        .args(args)
        .current_dir(run)
        .env("FLINK_CONF_DIR", run.join("conf"))
        .env("FLINK_LIB_DIR", run.join("lib"))
        .stdin(Stdio::null())
        .stdout(output.try_clone().unwrap())
        .stderr(output)
        .spawn()
        .unwrap();
    // Between its start and its first step a process has no command line yet, and would be taken for one that has
    // ended.
    let line = format!("/proc/{}/cmdline", child.id());
    while std::fs::read(&line).is_ok_and(|line| line.is_empty()) && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    std::fs::write(run.join(format!("{role}.pid")), child.id().to_string()).unwrap();
    child
}

fn configuration(world: &World, address: Ipv4Addr, run: &Path) -> String {
    let state = world.jar().ancestors().nth(2).unwrap().join(world.cluster.0.simple().to_string());
    let mut text =
        String::from("# Written by Penstock for this run. What is changed here is not read again.\n");
    for key in [
        "jobmanager.rpc.address",
        "jobmanager.bind-host",
        "rest.address",
        "rest.bind-address",
        "taskmanager.host",
        "taskmanager.bind-host",
    ] {
        text += &format!("\"{key}\": \"{address}\"\n");
    }
    for (key, value) in [
        ("rest.port", "8081".to_owned()),
        ("jobmanager.rpc.port", "6123".to_owned()),
        ("blob.server.port", "6124".to_owned()),
        ("io.tmp.dirs", run.join("tmp").display().to_string()),
        ("execution.checkpointing.dir", format!("file://{}", state.join("checkpoints").display())),
        ("execution.checkpointing.savepoint-dir", format!("file://{}", state.join("savepoints").display())),
        ("execution.checkpointing.interval", "1 s".to_owned()),
        ("execution.shutdown-on-application-finish", "false".to_owned()),
        ("execution.submit-failed-job-on-application-error", "true".to_owned()),
        ("parallelism.default", "2".to_owned()),
        ("taskmanager.numberOfTaskSlots", "2".to_owned()),
        ("pipeline.name", "sample".to_owned()),
        ("web.submit.enable", "false".to_owned()),
        ("web.cancel.enable", "false".to_owned()),
    ] {
        text += &format!("\"{key}\": \"{value}\"\n");
    }
    text
}

const LOGGING: &str = "\
rootLogger.level = INFO
rootLogger.appenderRef.file.ref = file
appender.file.name = file
appender.file.type = File
appender.file.fileName = ${sys:log.file}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p %c{1.} - %m%n
";
