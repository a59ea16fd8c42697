//! `domain::memory` gives what Flink's own `bash-java-utils.jar` gives, flag for flag, and refuses what it refuses.
//!
//! Needs a Flink 1.20 in `PENSTOCK_FLINK_HOME` and a `java`. Without it the test says so and passes, except under
//! CI, where it must run.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use domain::memory::{JobManagerMemory, TaskManagerMemory};
use domain::option::FlinkOptions;

/// Memory in MB, and the user's options.
type Case = (u32, &'static [(&'static str, &'static str)]);

const TASK_MANAGERS: &[Case] = &[
    (1800, &[]),
    (2048, &[]),
    (3000, &[]),
    (4096, &[]),
    (8191, &[]),
    (16384, &[]),
    (131_072, &[]),
    (4096, &[("taskmanager.numberOfTaskSlots", "4")]),
    (4096, &[("taskmanager.memory.managed.fraction", "0")]),
    (4096, &[("taskmanager.memory.managed.fraction", "0.65")]),
    (4096, &[("taskmanager.memory.managed.fraction", "1.0")]),
    (4096, &[("taskmanager.memory.managed.size", "1g")]),
    (4096, &[("taskmanager.memory.managed.size", "9g")]),
    (4096, &[("taskmanager.memory.network.fraction", "0.333"), ("taskmanager.memory.network.max", "700 mb")]),
    (4096, &[("taskmanager.memory.network.min", "512m")]),
    (4096, &[("taskmanager.memory.network.min", "2g"), ("taskmanager.memory.network.max", "1g")]),
    (4096, &[("taskmanager.memory.network.fraction", "1.5")]),
    (
        4096,
        &[
            ("taskmanager.memory.framework.heap.size", "200m"),
            ("taskmanager.memory.framework.off-heap.size", "300m"),
        ],
    ),
    (4096, &[("taskmanager.memory.task.off-heap.size", "123456789")]),
    (
        4096,
        &[
            ("taskmanager.memory.jvm-metaspace.size", "400m"),
            ("taskmanager.memory.jvm-overhead.fraction", "0.2"),
        ],
    ),
    (
        16384,
        &[
            ("taskmanager.memory.jvm-overhead.max", "3g"),
            ("taskmanager.memory.jvm-overhead.fraction", "0.15"),
        ],
    ),
    (4096, &[("taskmanager.memory.jvm-overhead.min", "600m")]),
    (4096, &[("taskmanager.memory.jvm-metaspace.size", "4g")]),
    (4096, &[("taskmanager.memory.task.heap.size", "1500m")]),
    (4096, &[("taskmanager.memory.task.heap.size", "3500m")]),
    (4096, &[("taskmanager.memory.task.heap.size", "1900m")]),
    (4096, &[("taskmanager.memory.task.heap.size", "1400m"), ("taskmanager.memory.managed.size", "1280m")]),
    (4096, &[("taskmanager.memory.task.heap.size", "1g"), ("taskmanager.memory.managed.size", "1g")]),
    (4096, &[("taskmanager.memory.task.heap.size", "3g"), ("taskmanager.memory.managed.size", "3g")]),
    (
        4096,
        &[
            ("taskmanager.memory.task.heap.size", "1300m"),
            ("taskmanager.memory.managed.size", "1300m"),
            ("taskmanager.memory.network.fraction", "0.12"),
        ],
    ),
    (4096, &[("taskmanager.memory.managed.size", "much")]),
];

const JOB_MANAGERS: &[Case] = &[
    (1800, &[]),
    (2048, &[]),
    (4096, &[]),
    (16384, &[]),
    (2048, &[("jobmanager.memory.off-heap.size", "512m")]),
    (2048, &[("jobmanager.memory.off-heap.size", "4g")]),
    (2048, &[("jobmanager.memory.heap.size", "1400m")]),
    (2048, &[("jobmanager.memory.heap.size", "1600m")]),
    (2048, &[("jobmanager.memory.heap.size", "64m")]),
    (2048, &[("jobmanager.memory.enable-jvm-direct-memory-limit", "true")]),
    (
        8192,
        &[("jobmanager.memory.jvm-overhead.fraction", "0.07"), ("jobmanager.memory.jvm-overhead.max", "2g")],
    ),
    (2048, &[("jobmanager.memory.jvm-metaspace.size", "3g")]),
];

/// JVM flags and dynamic properties; nothing where the configuration is refused.
type Answer = Option<(Vec<String>, BTreeMap<String, String>)>;

#[test]
fn a_task_managers_memory_is_split_as_flink_splits_it() {
    let Some(classes) = class_path() else { return };
    let mut split = 0;
    for &(mb, options) in TASK_MANAGERS {
        let ours = TaskManagerMemory::split(mb, &owned(options)).ok().map(|memory| {
            let slots = options.iter().find(|(key, _)| key.ends_with("TaskSlots"));
            let slots = slots.map_or(1, |(_, slots)| slots.parse().expect("a number"));
            (memory.jvm_flags(), memory.dynamic_properties(slots).into_iter().collect())
        });
        split += u32::from(ours.is_some());
        let theirs = ask_flink(&classes, "GET_TM_RESOURCE_PARAMS", "taskmanager", mb, options);
        assert_eq!(ours, theirs, "task manager, {mb} MB, {options:?}");
    }
    assert!(split >= 18, "only {split} configurations were split; the comparison means nothing");
}

#[test]
fn a_job_managers_memory_is_split_as_flink_splits_it() {
    let Some(classes) = class_path() else { return };
    let mut split = 0;
    for &(mb, options) in JOB_MANAGERS {
        let ours = JobManagerMemory::split(mb, &owned(options))
            .ok()
            .map(|memory| (memory.jvm_flags(), memory.dynamic_properties().into_iter().collect()));
        split += u32::from(ours.is_some());
        let theirs = ask_flink(&classes, "GET_JM_RESOURCE_PARAMS", "jobmanager", mb, options);
        assert_eq!(ours, theirs, "job manager, {mb} MB, {options:?}");
    }
    assert!(split >= 8, "only {split} configurations were split; the comparison means nothing");
}

fn owned(options: &[(&str, &str)]) -> FlinkOptions {
    options.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// The class path of Flink's own calculation; none where there is no Flink to compare with.
fn class_path() -> Option<String> {
    let Some(home) = std::env::var_os("PENSTOCK_FLINK_HOME").map(PathBuf::from) else {
        assert!(
            std::env::var_os("CI").is_none(),
            "PENSTOCK_FLINK_HOME is not set; this comparison must run under CI"
        );
        eprintln!("PENSTOCK_FLINK_HOME is not set: nothing was compared");
        return None;
    };
    let lib = std::fs::read_dir(home.join("lib")).expect("a Flink home has a lib folder");
    let mut jars: Vec<PathBuf> = lib
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            name.starts_with("flink-dist") || name.starts_with("log4j")
        })
        .collect();
    jars.push(home.join("bin/bash-java-utils.jar"));
    Some(std::env::join_paths(jars).expect("paths without a colon").into_string().expect("readable paths"))
}

fn ask_flink(classes: &str, question: &str, process: &str, mb: u32, options: &[(&str, &str)]) -> Answer {
    let conf = tempfile::tempdir().expect("a folder for the configuration");
    let mut yaml = format!("{process}.memory.process.size: {mb}m\n");
    for (key, value) in options {
        yaml.push_str(&format!("{key}: {value}\n"));
    }
    std::fs::write(conf.path().join("config.yaml"), yaml).expect("the configuration is written");
    let output = Command::new("java")
        .args(["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classes])
        .args(["org.apache.flink.runtime.util.bash.BashJavaUtils", question, "--configDir"])
        .arg(conf.path())
        .output()
        .expect("java starts");
    let text = String::from_utf8_lossy(&output.stdout);
    let lines: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("BASH_JAVA_UTILS_EXEC_RESULT:")).collect();
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(
            error.contains("IllegalConfigurationException") || error.contains("IllegalArgumentException"),
            "{error}"
        );
        return None;
    }
    let [flags, properties] = lines[..] else { panic!("two lines of answer: {text}") };
    let flags = flags.split_whitespace().map(str::to_owned).collect();
    let properties = properties
        .split("-D ")
        .filter_map(|property| property.trim().split_once('='))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    Some((flags, properties))
}
