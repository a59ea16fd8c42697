//! What differs between two specifications: the diff that is shown before an update.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ClusterSpec;

/// One thing that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// `jar`, `task manager memory`, an option's key, `tag team`.
    pub what: String,
    /// What it was; none if it was not there.
    pub from: Option<String>,
    /// What it becomes; none if it goes.
    pub to: Option<String>,
}

/// Everything that differs, in the order of the form. Secrets differ, and are not shown.
pub fn changes(old: &ClusterSpec, new: &ClusterSpec) -> Vec<Change> {
    let (old_shown, new_shown) = (lines(&old.shown()), lines(&new.shown()));
    let (old, new) = (lines(old), lines(new));
    let mut order: Vec<&String> = new.iter().map(|(what, _)| what).collect();
    order
        .extend(old.iter().map(|(what, _)| what).filter(|what| !new.iter().any(|(other, _)| other == *what)));
    let find = |lines: &[(String, String)], what: &str| {
        lines.iter().find(|(other, _)| other == what).map(|(_, value)| value.clone())
    };
    order
        .into_iter()
        .filter(|what| find(&old, what) != find(&new, what))
        .map(|what| Change { what: what.clone(), from: find(&old_shown, what), to: find(&new_shown, what) })
        .map(|change| match &change.to {
            Some(to) if change.what == SCRIPT && change.from.as_ref() == Some(to) => {
                let (from, to) = (Some("its secrets".to_owned()), Some("others".to_owned()));
                Change { from, to, ..change }
            }
            Some(to) if change.from.as_ref() == Some(to) => {
                Change { to: Some(format!("{to} (another)")), ..change }
            }
            _ => shortened(change),
        })
        .collect()
}

/// How the script is called.
const SCRIPT: &str = "Flink SQL";

/// Of a long text only what differs: what both begin and end with says nothing.
fn shortened(change: Change) -> Change {
    let (Some(from), Some(to)) = (&change.from, &change.to) else { return change };
    if change.what != SCRIPT {
        return change;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (from.lines().collect(), to.lines().collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let left = old.len().min(new.len()) - same;
    let end = old.iter().rev().zip(new.iter().rev()).take(left).take_while(|(old, new)| old == new).count();
    let part = |lines: &[&str]| lines[same..lines.len() - end].join("\n");
    let (from, to) = (Some(part(&old)), Some(part(&new)));
    Change { what: format!("{SCRIPT}, from line {}", same + 1), from, to }
}

/// A specification as lines of what and value; what is absent has no line.
fn lines(spec: &ClusterSpec) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let mut line = |what: &str, value: String| {
        if !value.is_empty() {
            lines.push((what.to_owned(), value));
        }
    };
    line("name", spec.name.to_string());
    line("cluster version", spec.version.clone());
    line("storage account", spec.account.to_string());
    line("container", spec.container.to_string());
    line("jar", spec.job.jar.as_ref().map(ToString::to_string).unwrap_or_default());
    line(SCRIPT, spec.job.sql.clone().unwrap_or_default());
    line("more jars", spec.job.more_jars.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    line("entry class", spec.job.entry_class.clone().unwrap_or_default());
    line("args", spec.job.args.clone());
    let directory = spec.job.savepoint_directory.as_ref();
    line("savepoint directory", directory.map(ToString::to_string).unwrap_or_default());
    line("savepoint", spec.job.savepoint.as_ref().map(ToString::to_string).unwrap_or_default());
    line("upgrade mode", spec.job.upgrade_mode.name().to_owned());
    for (key, value) in &spec.job.options {
        line(key, value.clone());
    }
    line("node size", spec.node_size.clone());
    line("worker nodes", spec.worker_nodes.to_string());
    for (who, size) in [("task manager", spec.task_manager), ("job manager", spec.job_manager)] {
        line(&format!("{who} CPU"), size.cpu().to_string());
        line(&format!("{who} memory"), format!("{} MB", size.memory_mb()));
    }
    for (name, value) in &spec.tags {
        line(&format!("tag {name}"), format!("“{value}”"));
    }
    let integration = serde_json::to_value(&spec.integration).expect("a specification is JSON");
    let mut leaves = BTreeMap::new();
    flatten("", &integration, &mut leaves);
    for (what, value) in leaves {
        line(&what, value);
    }
    lines
}

fn flatten(what: &str, value: &serde_json::Value, leaves: &mut BTreeMap<String, String>) {
    let below = |key: &str| {
        if what.is_empty() { key.replace('_', " ") } else { format!("{what} {}", key.replace('_', " ")) }
    };
    match value {
        serde_json::Value::Object(fields) => {
            for (key, value) in fields {
                flatten(&below(key), value, leaves);
            }
        }
        serde_json::Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                flatten(&below(&(number + 1).to_string()), item, leaves);
            }
        }
        serde_json::Value::String(text) => {
            leaves.insert(what.to_owned(), text.clone());
        }
        serde_json::Value::Null => {}
        leaf => {
            leaves.insert(what.to_owned(), leaf.to_string());
        }
    }
}
