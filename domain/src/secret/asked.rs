//! What is asked for, where it would tell a secret, or lacks one.

use std::convert::Infallible;

use super::{HIDDEN, Secrets, hidden, is_secret, line, sql, sure, text, turn_option};
use crate::draft::{ClusterDraft, Pair};
use crate::refusal::Finding;

impl ClusterDraft {
    /// What is hidden in it and stored nowhere, field by field.
    pub fn lacking(&self) -> Vec<Finding> {
        let mut found = Vec::new();
        let mut lacks = |field: String, what: &str| {
            let message = format!(
                "{what} holds a hidden value ({HIDDEN}) of which nothing is kept. Write the value itself."
            );
            found.push(Finding { field, message, value: String::new() });
        };
        let hides = |text: &str| text::turn(text, &mut |part: &str| refuse(part)).is_err();
        for (field, text) in self.texts() {
            if hides(text) {
                lacks(field.to_owned(), "It");
            }
        }
        if line::turn(self.args.as_deref().unwrap_or_default(), &mut |part: &str| refuse(part)).is_err() {
            lacks("args".to_owned(), "The line");
        }
        if sql::turn(self.sql.as_deref().unwrap_or_default(), &mut |part: &str| refuse(part)).is_err() {
            lacks("sql".to_owned(), "The script");
        }
        for (row, pair) in self.options.iter().enumerate() {
            let key = pair.key.trim();
            if turn_option(key, pair.value.trim(), &mut |part: &str| refuse(part)).is_err() {
                lacks(format!("options[{row}].value"), key);
            }
        }
        found
    }

    /// Tags that would show a secret: grids filter by tags, so everybody sees them. Those of `kept` are not told again.
    pub fn secret_tags(&self, kept: &[Pair]) -> Vec<Finding> {
        let is_one =
            |pair: &Pair| turn_option(pair.key.trim(), pair.value.trim(), &mut |_: &str| Err(())).is_err();
        let rows = self.tags.iter().enumerate().filter(|(_, pair)| is_one(pair) && !kept.contains(pair));
        rows.map(|(row, pair)| Finding {
            field: format!("tags[{row}].value"),
            message: format!(
                "Everybody who may see the cluster sees its tags, and “{}” looks like a secret. Give it to the job \
                 as an option or an argument, or call the tag otherwise.",
                pair.key.trim()
            ),
            value: String::new(),
        })
        .collect()
    }

    /// Findings about this draft, as they may be shown and kept.
    pub(crate) fn discreet(&self, findings: Vec<Finding>) -> Vec<Finding> {
        if findings.is_empty() {
            return findings;
        }
        let secrets = Secrets::asked(self);
        let secret_row = |field: &str| {
            let (list, rest) = field.split_once('[')?;
            let rows = if list == "tags" { &self.tags } else { &self.options };
            let key = rows.get(rest.split(']').next()?.parse::<usize>().ok()?)?.key.trim();
            Some(rest.ends_with(".value") && is_secret(key))
        };
        let mut discreet = findings;
        for finding in &mut discreet {
            finding.message = secrets.hide(&finding.message);
            finding.value = match &*finding.field {
                // What is secret in a line is told by the words before it, which may have been cut off.
                "args" => sure(line::turn(&finding.value, &mut hidden)),
                field if secret_row(field) == Some(true) && !finding.value.is_empty() => HIDDEN.to_owned(),
                _ => secrets.hide(&finding.value),
            };
        }
        discreet
    }
}

fn refuse(part: &str) -> Result<String, Option<Infallible>> {
    if part == HIDDEN { Err(None) } else { Ok(part.to_owned()) }
}
