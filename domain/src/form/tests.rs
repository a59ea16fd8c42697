//! The form: every rule has a row here that breaks it, and a good form becomes the specification that it describes.

use proptest::prelude::*;

use super::*;
use crate::draft::ClusterDraft;
use crate::offer::{NodeSize, Offer, StorageAccount, Version};
use crate::option::OptionInfo;
use crate::spec::{Change, changes};

fn offer() -> Offer {
    let size = |name: &str, cpu: f64, memory_mb, price| NodeSize { name: name.into(), cpu, memory_mb, price };
    Offer {
        versions: vec![Version { version: "1.2.1".into(), flink: "1.20.5".into(), java: 17 }],
        accounts: vec![StorageAccount {
            name: "lake".into(),
            kind: "local".into(),
            folder: "/srv/penstock/storage/lake".into(),
            containers: vec!["flink".into(), "other".into()],
            free_space: Default::default(),
        }],
        node_sizes: vec![size("Standard_D2", 2.0, 8192, None), size("Standard_D8", 8.0, 32768, Some(0.384))],
        vaults: vec![],
        cpu_left: 136.0,
        memory_left_mb: 500_000,
        ..Offer::default()
    }
}

fn options() -> Vec<OptionInfo> {
    [("taskmanager.numberOfTaskSlots", "Integer"), ("execution.checkpointing.interval", "Duration")]
        .map(|(key, kind)| OptionInfo {
            key: key.into(),
            kind: kind.into(),
            default: (kind == "Integer").then(|| "1".into()),
            description: String::new(),
            values: vec![],
            deprecated: false,
        })
        .to_vec()
}

fn good() -> ClusterForm {
    ClusterForm {
        version: "1.2.1".into(),
        name: "payments-fraud".into(),
        account: "lake".into(),
        container: "flink".into(),
        node_size: "Standard_D8".into(),
        worker_nodes: "3".into(),
        jar: "abfs://flink@lake.dfs.core.windows.net/appmode/fraud-2.4.1.jar".into(),
        program: String::new(),
        sql: String::new(),
        more_jars: "lake/other/lib\n\n lake/flink/connectors/kafka.jar ".into(),
        entry_class: "com.example.fraud.FraudJob".into(),
        args: "--topic payments --threshold \"0.92\"".into(),
        savepoint_directory: "lake/other/kept here".into(),
        savepoint: String::new(),
        upgrade_mode: "UPDATE".into(),
        options: rows(&[("execution.checkpointing.interval", "30 s"), ("my.own.key", "x"), ("", "")]),
        task_manager_cpu: "2".into(),
        task_manager_memory: "4096".into(),
        job_manager_cpu: "1".into(),
        job_manager_memory: "2048".into(),
        tags: rows(&[("team", "risk"), ("empty", "")]),
        ..ClusterForm::default()
    }
}

fn rows(pairs: &[(&str, &str)]) -> Vec<Pair> {
    pairs.iter().map(|&(key, value)| Pair { key: key.into(), value: value.into() }).collect()
}

fn errors(form: &ClusterForm) -> Vec<(String, String)> {
    let errors = form.validate(&offer(), &options()).expect_err("a form that is wrong");
    errors.into_iter().map(|error| (error.field, error.message)).collect()
}

#[test]
fn a_good_form_becomes_the_specification_and_back() {
    let form = good();
    let spec = form.validate(&offer(), &options()).expect("a good form");
    assert_eq!(spec.worker_nodes, 3);
    assert_eq!(spec.job.options.len(), 2, "an empty row is no option");
    assert_eq!(spec.tags["empty"], "");
    let prefilled = ClusterForm::from(&spec);
    assert_eq!(prefilled.validate(&offer(), &options()).as_ref(), Ok(&spec));
    assert_eq!(prefilled.jar, form.jar);

    let mut form = good();
    form.savepoint =
        "file:/srv/penstock/storage/lake/flink/payments-fraud/savepoints/savepoint-d4c0f1-7be21a90c35d"
            .into();
    let spec = form.validate(&offer(), &options()).expect("a good form");
    let savepoint = spec.job.savepoint.expect("a savepoint");
    assert_eq!(
        savepoint.to_string(),
        "abfs://flink@lake.dfs.core.windows.net/payments-fraud/savepoints/savepoint-d4c0f1-7be21a90c35d"
    );
}

#[test]
fn a_script_runs_in_place_of_a_jar_and_its_secrets_stay_with_it() {
    let script =
        "CREATE TABLE a (x INT) WITH ('connector'='jdbc','password'='se''same');\nINSERT INTO a VALUES (1);";
    let form = ClusterForm { program: "sql".into(), sql: script.replace('\n', "\r\n"), ..good() };
    let spec = form.validate(&offer(), &options()).expect("a good form");
    assert_eq!((&spec.job.jar, &spec.job.entry_class, &*spec.job.args), (&None, &None, ""));
    assert_eq!(spec.job.sql.as_deref(), Some(script));
    let shown = ClusterForm::from(&spec).shown();
    assert!(shown.is_script() && shown.sql.contains("'password'='******'"), "{}", shown.sql);
    let typed = ClusterForm { sql: shown.sql.replace("VALUES (1)", "VALUES (2)"), ..shown };
    let next = typed.updating(&spec).validate(&offer(), &options()).expect("a good form");
    assert_eq!(next.job.sql.as_deref(), Some(&*script.replace("(1)", "(2)")));
    let found = changes(&spec, &next);
    let [Change { what, from, to }] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(what, "Flink SQL, from line 2");
    assert_eq!(
        (from.as_deref(), to.as_deref()),
        (Some("INSERT INTO a VALUES (1);"), Some("INSERT INTO a VALUES (2);"))
    );
    let (class, args) = spec.job.started_with().expect("it can be started");
    assert_eq!((class.as_deref(), args), (Some("penstock.sql.Script"), vec![script.to_owned()]));
    let both = ClusterDraft { jar: Some("lake/flink/a.jar".into()), ..ClusterDraft::from(&spec) };
    let found = both.validate(&offer(), &options()).expect_err("one of them runs");
    assert!(found.iter().any(|finding| finding.field == "sql"), "{found:?}");
}

#[test]
fn every_rule_has_its_field_and_its_sentence() {
    type Break = fn(&mut ClusterForm);
    let cases: &[(Break, &str, &str)] = &[
        (|f| f.name = "Payments".into(), "name", "begins with a letter"),
        (|f| f.name = String::new(), "name", "begins with a letter"),
        (|f| f.version = "9".into(), "version", "There is no cluster version “9” here. On offer: 1.2.1."),
        (|f| f.account = String::new(), "account", "Choose a storage account. On offer: lake."),
        (|f| f.container = "nope".into(), "container", "On offer: flink, other."),
        (|f| f.node_size = "huge".into(), "node_size", "On offer: Standard_D2, Standard_D8."),
        (
            |f| f.worker_nodes = "two".into(),
            "worker_nodes",
            "“two” is not a whole number. Number of worker nodes takes",
        ),
        (|f| f.worker_nodes = "0".into(), "worker_nodes", "“0” is out of range."),
        (|f| f.worker_nodes = "251".into(), "worker_nodes", "from 1 to 250"),
        (|f| f.worker_nodes = "99999999999".into(), "worker_nodes", "out of range"),
        (|f| f.jar = String::new(), "jar", "Choose a jar"),
        (|f| f.jar = "http://x/y.jar".into(), "jar", "http:// addresses are not known here"),
        (|f| f.jar = "lake/flink/../x.jar".into(), "jar", "“.” or “..”"),
        (|f| f.jar = "lake/flink/".into(), "jar", "It names a container."),
        (|f| f.jar = "sea/flink/x.jar".into(), "jar", "no storage account “sea” here. On offer: lake."),
        (|f| f.jar = "lake/deep/x.jar".into(), "jar", "has no container “deep”. It has: flink, other."),
        (
            |f| f.more_jars = "lake/flink/a.jar\nkafka.jar".into(),
            "more_jars",
            "“kafka.jar”: It is not an address.",
        ),
        (|f| f.more_jars = "lake/deep/a.jar".into(), "more_jars", "has no container “deep”"),
        (|f| f.more_jars = "lake/flink/a\nlake/flink/a/".into(), "more_jars", "stands here twice"),
        (|f| f.program = "sql".into(), "sql", "Write a script"),
        (|f| (f.program, f.sql) = ("sql".into(), "x".repeat((1 << 20) + 1)), "sql", "(1 MB) are allowed"),
        (|f| f.more_jars = f.jar.clone(), "more_jars", "is the job's own jar"),
        (|f| f.more_jars = "lake/flink/a\n".repeat(51), "more_jars", "up to 50"),
        (|f| f.entry_class = "com.example.1Job".into(), "entry_class", "is not the name of a class"),
        (|f| f.entry_class = "-Xmx".into(), "entry_class", "is not the name of a class"),
        (|f| f.args = "--sql 'select".into(), "args", "A single quote (') is not closed."),
        (|f| f.args = "a ".repeat(5000), "args", "It has 10000 characters; up to 8192 are allowed."),
        (|f| f.savepoint_directory = "somewhere".into(), "savepoint_directory", "It is not an address."),
        (|f| f.savepoint_directory = "lake/deep/x".into(), "savepoint_directory", "no container “deep”"),
        (
            |f| f.savepoint_directory = format!("lake/other/{}/x", "0af3".repeat(8)),
            "savepoint_directory",
            "a cluster's own, by its name",
        ),
        (
            |f| f.savepoint_directory = format!("lake/other/{}", "a/".repeat(300)),
            "savepoint_directory",
            "up to 512",
        ),
        (|f| f.savepoint = "../x".into(), "savepoint", "“.” or “..”"),
        (|f| f.savepoint = "abfs://flink@sea.dfs.core.windows.net/x".into(), "savepoint", "“sea”"),
        (
            |f| f.upgrade_mode = "SOMEHOW".into(),
            "upgrade_mode",
            "On offer: UPDATE, STATELESS_UPDATE, LAST_STATE_UPDATE.",
        ),
        (|f| f.task_manager_cpu = "0".into(), "task_manager_cpu", "Task manager CPU takes more than 0"),
        (|f| f.task_manager_cpu = "NaN".into(), "task_manager_cpu", "out of range"),
        (|f| f.task_manager_cpu = "two".into(), "task_manager_cpu", "“two” is not a number."),
        (
            |f| f.task_manager_cpu = "9".into(),
            "task_manager_cpu",
            "does not fit on a worker node of size Standard_D8 (8 CPU)",
        ),
        (|f| f.task_manager_memory = "1799".into(), "task_manager_memory", "1800 or more"),
        (|f| f.task_manager_memory = "40000".into(), "task_manager_memory", "(32768 MB)"),
        (|f| f.job_manager_memory = String::new(), "job_manager_memory", "It is empty."),
        (|f| f.job_manager_cpu = "16".into(), "job_manager_cpu", "head node"),
        (|f| f.options[0].value = "half a minute".into(), "options[0].value", "is not a duration"),
        (|f| f.options[1].value = String::new(), "options[1].value", "my.own.key has no value."),
        (|f| f.options[2].value = "x".into(), "options[2].key", "The key is empty."),
        (|f| f.options[1].key = "my own key".into(), "options[1].key", "is not a key"),
        (|f| f.options[1].key = "rest.port".into(), "options[1].key", "rest.port is set by the portal: "),
        (|f| f.options[1].value = "a\nb: c".into(), "options[1].value", "control character"),
        (|f| f.options[1].key = "jmx.server.port".into(), "options[1].key", "asks nobody for a key"),
        (
            |f| {
                let class = "org.apache.flink.metrics.prometheus.PrometheusReporterFactory";
                f.options[1] = rows(&[("metrics.reporter.prom.factory.class", class)]).remove(0);
            },
            "options[1].value",
            "opens a port for Prometheus on every interface",
        ),
        (|f| f.options.push(f.options[0].clone()), "options[3].key", "stands here twice"),
        (|f| f.options = vec![Pair::default(); 201], "options", "up to 200"),
        (
            |f| f.options[1] = rows(&[("taskmanager.numberOfTaskSlots", "two")]).remove(0),
            "options[1].value",
            "“two” is not a whole number. taskmanager.numberOfTaskSlots takes an Integer, 1 or more; default 1.",
        ),
        (
            |f| f.options.extend(rows(&[("parallelism.default", "25")])),
            "options[3].value",
            "these nodes give 24",
        ),
        (
            |f| f.options.extend(rows(&[("taskmanager.memory.managed.size", "4g")])),
            "task_manager_memory",
            "exceed the",
        ),
        (
            |f| f.options.extend(rows(&[("taskmanager.memory.network.fraction", "2")])),
            "options[3].value",
            "a fraction from 0 to 1",
        ),
        (
            |f| f.options.extend(rows(&[("jobmanager.memory.off-heap.size", "4g")])),
            "job_manager_memory",
            "leaves nothing",
        ),
        (
            |f| f.tags.push(Pair { key: String::new(), value: "x".into() }),
            "tags[2].key",
            "The name is empty.",
        ),
        (|f| f.tags.push(Pair { key: "TEAM".into(), value: "x".into() }), "tags[2].key", "stands here twice"),
        (|f| f.tags[0].key = "a/b".into(), "tags[0].key", "Write it without."),
        (|f| f.tags[0].key = "a".repeat(513), "tags[0].key", "up to 512"),
        (|f| f.tags[0].value = "a".repeat(257), "tags[0].value", "up to 256"),
        (
            |f| f.tags = (0..51).map(|i| Pair { key: format!("t{i}"), value: String::new() }).collect(),
            "tags",
            "up to 50",
        ),
    ];
    for (number, (broken, field, sentence)) in cases.iter().enumerate() {
        let mut form = good();
        broken(&mut form);
        let errors = errors(&form);
        let [(at, message)] = &errors[..] else {
            panic!("case {number}, {field}: one error, not {errors:?}")
        };
        assert_eq!(at, field, "case {number}: {message}");
        assert!(message.contains(sentence), "case {number}, {field}: {message}");
    }
}

#[test]
fn all_errors_come_at_once() {
    let mut form = good();
    form.name = "X".into();
    form.args = "'".into();
    form.worker_nodes = String::new();
    form.options[0].value = "soon".into();
    form.tags[1].key = "a<b".into();
    let fields: Vec<String> = errors(&form).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["name", "worker_nodes", "args", "options[0].value", "tags[1].key"]);
    let empty: Vec<String> = errors(&ClusterForm::default()).into_iter().map(|(field, _)| field).collect();
    assert_eq!(
        empty,
        [
            "name",
            "version",
            "account",
            "container",
            "node_size",
            "worker_nodes",
            "jar",
            "upgrade_mode",
            "task_manager_cpu",
            "task_manager_memory",
            "job_manager_cpu",
            "job_manager_memory",
        ]
    );
}

#[test]
fn the_consequences_are_those_of_the_numbers() {
    let gives = good().consequences(&offer()).expect("numbers that give something");
    assert_eq!((gives.per_node, gives.task_managers, gives.slots), (4, 12, 24));
    assert_eq!((gives.node_memory_left_mb, gives.node_cpu_left), (16384, 0.0));
    assert_eq!((gives.cpu, gives.memory_mb), (25.0, 12 * 4096 + 2048));
    assert!((gives.cost.expect("a price") - 1.92).abs() < 1e-9);
    let shown: Vec<String> =
        gives.task_manager_memory.iter().map(|part| format!("{} {}", part.name, part.mb)).collect();
    assert_eq!(
        shown,
        [
            "Task heap 1459",
            "Managed (state) 1372",
            "Network 343",
            "Framework 256",
            "Metaspace 256",
            "JVM 410"
        ]
    );
    let mut form = good();
    form.worker_nodes = "many".into();
    assert_eq!(form.consequences(&offer()), None);
    let mut form = good();
    form.options = rows(&[("taskmanager.memory.managed.size", "9g")]);
    let gives = form.consequences(&offer()).expect("the rest is known");
    assert_eq!(gives.task_manager_memory, []);
    assert!(!gives.job_manager_memory.is_empty());
}

#[test]
fn numbers_beyond_all_measure_do_not_overflow() {
    let mut form = good();
    form.worker_nodes = "250".into();
    form.options =
        rows(&[("taskmanager.numberOfTaskSlots", "2147483647"), ("parallelism.default", "2147483647")]);
    assert!(form.validate(&offer(), &options()).is_ok());
    assert_eq!(form.consequences(&offer()).map(|gives| gives.slots), Some(u32::MAX));
    for key in [
        "taskmanager.memory.task.heap.size",
        "taskmanager.memory.managed.size",
        "jobmanager.memory.heap.size",
    ] {
        form.options.extend(rows(&[(key, "8388607t")]));
    }
    let fields: Vec<String> = errors(&form).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["job_manager_memory", "task_manager_memory"]);
}

#[test]
fn every_field_has_its_tab() {
    for (field, tab) in [
        ("name", Tab::Basics),
        ("container", Tab::Basics),
        ("options[2].value", Tab::Configuration),
        ("jar", Tab::Configuration),
        ("tags[0].key", Tab::Tags),
    ] {
        assert_eq!(Tab::of(field), tab, "{field}");
    }
}

proptest! {
    /// Whatever is typed: no panic, and either a specification that its own form gives again, or errors with fields.
    #[test]
    fn nothing_that_is_typed_escapes(
        name in "\\PC{0,12}", jar in "([a-z]{1,5}/){0,4}\\PC{0,8}", args in "\\PC{0,20}", cpu in "[0-9.eN-]{0,5}",
        memory in "[0-9]{0,7}", nodes in "[0-9]{0,4}", key in "[a-z.]{0,9}", value in "\\PC{0,9}",
    ) {
        let mut form = good();
        if !name.is_empty() { form.name = name; }
        if !jar.is_empty() { form.jar = jar; }
        form.args = args;
        if !cpu.is_empty() { form.task_manager_cpu = cpu; }
        if !memory.is_empty() { form.task_manager_memory = memory; }
        if !nodes.is_empty() { form.worker_nodes = nodes; }
        form.options = rows(&[(&key, &value)]);
        form.consequences(&offer());
        match form.validate(&offer(), &options()) {
            Ok(spec) => {
                let gives = form.consequences(&offer()).expect("a valid form gives something");
                prop_assert_eq!(gives.task_managers, crate::spec::task_managers(&spec, &offer().node_sizes[1]));
                let parts: u32 = gives.task_manager_memory.iter().map(|part| part.mb).sum();
                prop_assert_eq!(parts, spec.task_manager.memory_mb());
                prop_assert_eq!(ClusterForm::from(&spec).validate(&offer(), &options()), Ok(spec));
            }
            Err(errors) => prop_assert!(errors.iter().all(|e| !e.field.is_empty() && !e.message.is_empty())),
        }
    }
}

#[test]
fn a_secret_that_is_not_shown_survives_an_update_and_is_asked_for_again_in_a_new_cluster() {
    let form = ClusterForm { options: rows(&[("s3.secret-key", "sesame")]), ..good() };
    let spec = form.validate(&offer(), &options()).expect("it is good");
    let shown = spec.shown();
    assert!(!serde_json::to_string(&shown).expect("JSON").contains("sesame"));
    let typed = ClusterForm::from(&shown);
    assert_eq!(typed.updating(&spec).options, form.options);
    let again = ClusterForm::again(&shown).validate(&offer(), &options()).expect_err("its secret is missing");
    assert_eq!(again[0].field, "options[0].value");
}

#[test]
fn a_hidden_value_belongs_to_its_key_and_is_never_shown_by_another() {
    let options = rows(&[("a.password", "sesame"), ("my.db", "jdbc:p://u:simsim@h"), ("b.token", "third")]);
    let stored = ClusterForm { options, ..good() };
    let shown = stored.shown();
    let values: Vec<&str> = shown.options.iter().map(|row| row.value.as_str()).collect();
    assert_eq!(values, ["******", "jdbc:p://u:******@h", "******"]);
    assert_eq!(shown.carrying(&stored), stored);

    for (typed, carried) in [
        // Removed, moved, changed: each row keeps what is its own.
        (vec![("b.token", "******"), ("a.password", "new")], vec!["third", "new"]),
        // While its key is being typed a row keeps its value; under a key that is no secret's it would be shown.
        (vec![("a.passwort.secret", "******"), ("my.db", "x")], vec!["sesame", "x"]),
        (vec![("a.plain", "******")], vec!["******"]),
        (vec![("my.other", "jdbc:p://u:******@h")], vec!["jdbc:p://u:******@h"]),
        (vec![("a.password", "******"), ("a.password", "******")], vec!["sesame", "******"]),
    ] {
        let form = ClusterForm { options: rows(&typed), ..good() }.carrying(&stored);
        let values: Vec<&str> = form.options.iter().map(|row| row.value.as_str()).collect();
        assert_eq!(values, carried, "{typed:?}");
        let shown = format!("{:?}", form.shown());
        assert!(["sesame", "simsim", "third"].iter().all(|secret| !shown.contains(secret)), "{shown}");
    }
}

#[test]
fn what_is_wrong_with_a_form_does_not_tell_its_secrets() {
    let form = ClusterForm {
        args: "--password 'sesame".into(), // not closed
        jar: "https://u:sesame@host/x.jar".into(),
        options: rows(&[("a.token", "sesame\u{1}"), ("taskmanager.numberOfTaskSlots", "sesame")]),
        tags: rows(&[("password", "sesame"), ("team", "risk")]),
        ..good()
    };
    let errors = ClusterDraft::from(&form).admit(&offer(), &options(), &[]).expect_err("much is wrong");
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(fields, ["jar", "args", "options[0].value", "options[1].value", "tags[0].value"]);
    assert!(!format!("{errors:?}").contains("sesame"), "{errors:?}");

    let kept =
        ClusterDraft::from(&form).admit(&offer(), &options(), &form.tags[..1]).expect_err("much is wrong");
    assert!(kept.iter().all(|error| error.field != "tags[0].value"), "a tag of before is no news: {kept:?}");

    let unknown =
        ClusterForm { args: "--token ******".into(), options: rows(&[("a.pwd", "******")]), ..good() };
    assert!(unknown.validate(&offer(), &options()).is_ok(), "in a browser it may be kept elsewhere");
    let errors = ClusterDraft::from(&unknown).admit(&offer(), &options(), &[]).expect_err("nothing is kept");
    assert_eq!(errors.len(), 2, "{errors:?}");
}
