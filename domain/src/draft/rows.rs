//! Rows of keys and values: Flink options and tags.

pub(super) mod as_map;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::findings::Findings;
use crate::option;
use crate::option::OptionInfo;
use crate::secret::{Reference, is_secret};

/// A row of a key and value list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pair {
    /// Left.
    pub key: String,
    /// Right.
    pub value: String,
}

/// A row for each entry.
pub(super) fn of(map: &BTreeMap<String, String>) -> Vec<Pair> {
    map.iter().map(|(key, value)| Pair { key: key.clone(), value: value.clone() }).collect()
}

/// The most Flink options of a cluster.
pub const MOST_OPTIONS: usize = 200;
/// The most tags of a cluster.
pub const MOST_TAGS: usize = 50;

/// The Flink job configuration: keys that may be set, once each, with values of their option's kind.
pub(super) fn read_options(
    found: &mut Findings<'_>,
    rows: &[Pair],
    known: &[OptionInfo],
) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    if rows.len() > MOST_OPTIONS {
        found.add(
            "options",
            "",
            format!("There are {} options; up to {MOST_OPTIONS} are allowed.", rows.len()),
        );
    }
    for (row, pair) in rows.iter().enumerate().take(MOST_OPTIONS) {
        let (key, value) = (pair.key.trim(), pair.value.trim());
        let (at_key, at_value) = (format!("options[{row}].key"), format!("options[{row}].value"));
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.$".contains(c);
        if key.is_empty() && value.is_empty() {
            continue;
        } else if key.is_empty() {
            found.add(at_key, key, "The key is empty. Write one, or remove the row.");
        } else if !found.short(&at_key, key, 256) {
        } else if !key.chars().all(plain) {
            found.add(
                at_key,
                key,
                format!("“{key}” is not a key. A key has letters, digits, dots, hyphens and underscores."),
            );
        } else if let Some(why) = option::why_owned(key) {
            found.add(at_key, key, format!("{key} is set by the portal: {why}."));
        } else if options.contains_key(key) {
            found.add(at_key, key, format!("{key} stands here twice. Remove one of the rows."));
        } else {
            options.insert(key.to_owned(), value.to_owned());
            if value.is_empty() {
                found.add(at_value, value, format!("{key} has no value. Write one, or remove the row."));
            } else if !found.short(&at_value, value, 4096) {
            } else if value.chars().any(char::is_control) {
                found.add(
                    at_value,
                    value,
                    format!("The value of {key} contains a control character. Write it in one line."),
                );
            } else if let Some(why) = option::why_refused(key, value) {
                found.add(at_value, value, why);
            // A secret is not told by what is wrong with it; and it may be hidden here, and kept elsewhere.
            } else if is_secret(key) || !Reference::all(value).is_empty() {
            } else if let Some(info) = known.iter().find(|info| info.key == key) {
                found.keep(&at_value, value, option::check(info, value));
            }
        }
    }
    options
}

/// The tags, within the limits of ARM.
pub(super) fn read_tags(found: &mut Findings<'_>, rows: &[Pair]) -> BTreeMap<String, String> {
    let mut tags = BTreeMap::new();
    let mut names = BTreeSet::new(); // ARM compares tag names without regard to case
    let typed =
        rows.iter().filter(|pair| !pair.key.trim().is_empty() || !pair.value.trim().is_empty()).count();
    if typed > MOST_TAGS {
        found.add("tags", "", format!("There are {typed} tags; up to {MOST_TAGS} are allowed."));
    }
    for (row, pair) in rows.iter().enumerate().take(rows.len().min(4 * MOST_TAGS)) {
        let (name, value) = (pair.key.trim(), pair.value.trim());
        let (at_name, at_value) = (format!("tags[{row}].key"), format!("tags[{row}].value"));
        if name.is_empty() && value.is_empty() {
            continue;
        } else if name.is_empty() {
            found.add(at_name, name, "The name is empty. Write one, or remove the row.");
        } else if !found.short(&at_name, name, 512) || !found.short(&at_value, value, 256) {
        } else if name.contains(['<', '>', '%', '&', '\\', '?', '/']) || name.chars().any(char::is_control) {
            found.add(
                at_name,
                name,
                format!("“{name}” contains one of < > % & \\ ? / or a control character. Write it without."),
            );
        } else if value.chars().any(char::is_control) {
            found.add(
                at_value,
                value,
                format!("The value of {name} contains a control character. Write it in one line."),
            );
        } else if !names.insert(name.to_lowercase()) {
            found.add(at_name, name, format!("The tag {name} stands here twice (upper and lower case are the same). Remove one of the rows."));
        } else {
            tags.insert(name.to_owned(), value.to_owned());
        }
    }
    tags
}
