//! Specifications: what they keep as JSON, what results for Flink, what differs between two.

use serde_json::json;

use super::*;

fn spec() -> ClusterSpec {
    serde_json::from_value(json!({
        "name": "payments-fraud",
        "version": "1.2.1",
        "account": "lake",
        "container": "flink",
        "node_size": "Standard_D8",
        "worker_nodes": 3,
        "job": {
            "jar": "abfs://flink@lake.dfs.core.windows.net/appmode/fraud-2.4.1.jar",
            "entry_class": "com.example.fraud.FraudJob",
            "args": "--topic payments",
            "savepoint": null,
            "upgrade_mode": "UPDATE",
            "options": { "execution.checkpointing.interval": "30 s" },
        },
        "task_manager": { "cpu": 2.5, "memory_mb": 4096 },
        "job_manager": { "cpu": 1.0, "memory_mb": 2048 },
        "tags": { "team": "risk" },
    }))
    .expect("a specification")
}

fn node(cpu: f64, memory_mb: u32) -> crate::offer::NodeSize {
    crate::offer::NodeSize { name: "Standard_D8".into(), cpu, memory_mb, price: None }
}

#[test]
fn what_was_written_reads_back() {
    let mut spec = spec();
    let text = serde_json::to_string(&spec).expect("JSON");
    assert!(!text.contains("integration"), "what is empty is not written: {text}");
    assert_eq!(serde_json::from_str::<ClusterSpec>(&text).expect("its own JSON"), spec);

    spec.integration = Integration {
        identities: vec![Identity {
            kind: IdentityKind::Cluster,
            resource: "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/x".into(),
            client: uuid::Uuid::from_u128(1),
            object: uuid::Uuid::from_u128(2),
        }],
        hive: Some(HiveCatalog {
            database: "jdbc:postgresql://db/hms".into(),
            sign_in: MetastoreSignIn::Sql { user: "hive".into(), password: "hive-sql-password".into() },
            warehouse: None,
        }),
        history_server: Some(Resources::new(0.5, 2000).expect("resources")),
        prometheus: true,
        ssh_nodes: SshNodes::try_from(1).expect("few nodes"),
        ..Integration::default()
    };
    let text = serde_json::to_string(&spec).expect("JSON");
    assert_eq!(serde_json::from_str::<ClusterSpec>(&text).expect("its own JSON"), spec);
}

#[test]
fn a_wrong_value_does_not_come_in_as_json() {
    let good = serde_json::to_value(spec()).expect("JSON");
    for (place, value) in [
        ("/name", json!("Payments")),
        ("/account", json!("../lake")),
        ("/job/jar", json!("abfs://flink@lake.dfs.core.windows.net/../etc/passwd")),
        ("/job/savepoint", json!("file:///etc")),
        ("/job/upgrade_mode", json!("SOMEHOW")),
        ("/task_manager/cpu", json!(0)),
        ("/task_manager/memory_mb", json!(1799)),
        ("/worker_nodes", json!(-1)),
    ] {
        let mut wrong = good.clone();
        *wrong.pointer_mut(place).expect("a field") = value;
        assert!(serde_json::from_value::<ClusterSpec>(wrong).is_err(), "{place}");
    }
}

#[test]
fn task_managers_fill_the_worker_nodes() {
    let mut spec = spec();
    for (cpu, memory, expected) in [(8.0, 32768, 9), (8.0, 8192, 6), (2.0, 32768, 0), (7.5, 12288, 9)] {
        assert_eq!(task_managers(&spec, &node(cpu, memory)), expected, "{cpu} cores, {memory} MB");
    }
    assert_eq!(slots_per_task_manager(&spec), 2, "one for each whole core");
    spec.task_manager = Resources::new(0.5, 1800).expect("resources");
    assert_eq!(slots_per_task_manager(&spec), 1, "at least one");
    spec.job.options.insert(SLOTS.into(), "7".into());
    assert_eq!(slots_per_task_manager(&spec), 7, "as configured");
}

#[test]
fn the_resulting_configuration_says_whose_each_value_is() {
    let mut spec = spec();
    spec.job.options.insert("state.checkpoints.num-retained".into(), "3".into());
    spec.job.options.insert("execution.shutdown-on-application-finish".into(), "true".into());
    let options = spec.effective_options();
    let is = |key: &str| options.get(key).map(|option| (option.value.as_str(), option.origin.word()));
    assert_eq!(is("execution.checkpointing.interval"), Some(("30 s", "yours")));
    assert_eq!(is("taskmanager.memory.process.size"), Some(("4096m", "form")));
    assert_eq!(is(SLOTS), Some(("2", "portal")));
    assert_eq!(is("state.checkpoints.num-retained"), Some(("3", "yours")));
    assert_eq!(is("execution.checkpointing.num-retained"), None, "its older name is set");
    assert_eq!(
        is("execution.shutdown-on-application-finish"),
        Some(("false", "portal")),
        "never anybody else's"
    );
    spec.job.options.clear();
    let options = spec.effective_options();
    assert_eq!(options["execution.checkpointing.interval"].value, "60 s");
    assert_eq!(options["execution.checkpointing.num-retained"].value, "5");
}

#[test]
fn every_key_that_the_portal_sets_for_good_is_refused_in_the_form() {
    for (key, option) in spec().effective_options() {
        let free = [
            "taskmanager.numberOfTaskSlots",
            "execution.checkpointing.interval",
            "execution.checkpointing.num-retained",
            "web.timeout",
        ];
        assert_eq!(crate::option::why_owned(&key).is_none(), free.contains(&&*key), "{key} {option:?}");
    }
}

#[test]
fn what_an_older_revision_could_open_in_clear_is_left_out_of_later_runs() {
    let mut spec = spec();
    let reporter = "metrics.reporter.prom.factory.class";
    for (key, value) in [
        ("taskmanager.data.ssl.enabled", "false"),
        ("jmx.server.port", "9010"),
        (reporter, "org.apache.flink.metrics.prometheus.PrometheusReporterFactory"),
    ] {
        spec.job.options.insert(key.into(), value.into());
        assert!(!spec.effective_options().contains_key(key), "{key}");
    }
    let sends = "org.apache.flink.metrics.prometheus.PrometheusPushGatewayReporterFactory";
    spec.job.options.insert(reporter.into(), sends.into());
    assert_eq!(spec.effective_options()[reporter].value, sends);
}

#[test]
fn a_diff_names_what_changes_and_nothing_else() {
    let old = spec();
    assert_eq!(changes(&old, &old), []);
    let mut new = old.clone();
    new.job.jar = Some(Address::parse("lake/flink/appmode/fraud-2.5.0.jar").expect("an address"));
    new.job.entry_class = None;
    new.job.options.insert("state.backend.type".into(), "rocksdb".into());
    new.task_manager = Resources::new(2.5, 8192).expect("resources");
    new.tags.insert("team".into(), String::new());
    new.integration.prometheus = true;
    let shown: Vec<String> = changes(&old, &new)
        .into_iter()
        .map(|c| format!("{}: {} -> {}", c.what, c.from.unwrap_or_default(), c.to.unwrap_or_default()))
        .collect();
    assert_eq!(
        shown,
        [
            "jar: abfs://flink@lake.dfs.core.windows.net/appmode/fraud-2.4.1.jar -> \
             abfs://flink@lake.dfs.core.windows.net/appmode/fraud-2.5.0.jar",
            "state.backend.type:  -> rocksdb",
            "task manager memory: 4096 MB -> 8192 MB",
            "tag team: “risk” -> “”",
            "prometheus:  -> true",
            "entry class: com.example.fraud.FraudJob -> ",
        ]
    );
}
