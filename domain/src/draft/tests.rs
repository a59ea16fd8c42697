//! A draft as files and programs write it.

use super::*;
use crate::offer::{NodeSize, Offer, StorageAccount, Version};

fn offer() -> Offer {
    Offer {
        versions: vec![Version { version: "1.2.1".into(), flink: "1.20.5".into(), java: 17 }],
        accounts: vec![StorageAccount {
            name: "lake".into(),
            kind: "local".into(),
            folder: "/srv/penstock/storage/lake".into(),
            containers: vec!["flink".into()],
            free_space: Default::default(),
        }],
        node_sizes: vec![NodeSize { name: "Standard_D2".into(), cpu: 2.0, memory_mb: 8192, price: None }],
        vaults: vec![],
        cpu_left: 8.0,
        memory_left_mb: 50_000,
        ..Offer::default()
    }
}

/// As a person writes it: what is a number or a truth value needs no quotes.
const WRITTEN: &str = r#"{
  "version": "1.2.1",
  "name": "orders",
  "account": "lake",
  "container": "flink",
  "node_size": "Standard_D2",
  "worker_nodes": 2,
  "jar": "abfs://flink@lake.dfs.core.windows.net/jars/orders.jar",
  "upgrade_mode": "UPDATE",
  "options": {
    "parallelism.default": 2,
    "execution.checkpointing.interval": "30 s",
    "state.backend.incremental": true
  },
  "task_manager_cpu": 0.5,
  "task_manager_memory": 1800,
  "job_manager_cpu": 1,
  "job_manager_memory": 1800,
  "tags": { "team": "risk" }
}"#;

fn written(change: impl FnOnce(&mut serde_json::Value)) -> Result<ClusterDraft, String> {
    let mut json: serde_json::Value = serde_json::from_str(WRITTEN).expect("JSON");
    change(&mut json);
    serde_json::from_value(json).map_err(|error| error.to_string())
}

#[test]
fn a_written_draft_is_the_specification_that_it_says_and_is_written_the_same_again() {
    let draft = written(|_| {}).expect("a draft");
    let spec = draft.validate(&offer(), &[]).expect("it is right");
    assert_eq!((spec.worker_nodes, spec.task_manager.cpu()), (2, 0.5));
    assert_eq!(spec.job.options["parallelism.default"], "2");
    assert_eq!(spec.job.options["state.backend.incremental"], "true");
    let again = ClusterDraft::from(&spec);
    let text = serde_json::to_string(&again).expect("JSON");
    let read: ClusterDraft = serde_json::from_str(&text).expect("its own words");
    assert_eq!((&read, read.validate(&offer(), &[])), (&again, Ok(spec)));
}

#[test]
fn what_is_missing_is_found_field_by_field_in_the_order_of_the_form() {
    let findings = ClusterDraft::default().validate(&offer(), &[]).expect_err("everything is missing");
    let told: Vec<String> = findings.iter().map(|one| format!("{}: {}", one.field, one.message)).collect();
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn numbers_out_of_range_are_said_as_they_were_given() {
    let draft = written(|json| {
        json["worker_nodes"] = 251.into();
        json["task_manager_cpu"] = (-1).into();
        json["job_manager_memory"] = 12.into();
    });
    let findings = draft.expect("a draft").validate(&offer(), &[]).expect_err("three are wrong");
    let told: Vec<_> = findings.iter().map(|one| (one.field.as_str(), one.value.as_str())).collect();
    assert_eq!(told, [("worker_nodes", "251"), ("task_manager_cpu", "-1"), ("job_manager_memory", "12")]);
    assert!(findings.iter().all(|one| one.message.contains("is out of range")), "{findings:?}");
}

#[test]
fn a_field_that_there_is_not_is_named() {
    let error = written(|json| json["worker_node"] = 2.into()).expect_err("it is misspelled");
    assert!(error.contains("unknown field `worker_node`"), "{error}");
    let error = written(|json| json["worker_nodes"] = "two".into()).expect_err("it is no number");
    assert!(error.contains("expected u32"), "{error}");
}

#[test]
fn a_key_that_stands_twice_is_told() {
    let text = r#"{"options": {"a.b": "1", "a.b": "2"}}"#;
    let draft: ClusterDraft = serde_json::from_str(text).expect("a draft");
    let findings = draft.validate(&offer(), &[]).expect_err("much is missing");
    let twice = findings.iter().find(|one| one.field == "options[1].key").expect("the second");
    assert_eq!(twice.message, "a.b stands here twice. Remove one of the rows.");
}
