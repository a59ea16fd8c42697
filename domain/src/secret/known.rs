//! The secrets of one specification, to be hidden wherever they turn up: in exceptions, reasons, answers.

use super::{HIDDEN, hide, is_secret, line, sql, text};
use crate::draft::ClusterDraft;
use crate::reason::Reason;
use crate::spec::ClusterSpec;

/// Shorter ones stand in many a text by chance, and hiding them there would tell what they are.
const SHORTEST: usize = 4;

/// Secret values, as programs receive them. Its debug form shows none.
#[derive(Clone, Default)]
pub struct Secrets(Vec<String>);

impl Secrets {
    /// Those of a specification whose secrets are open.
    pub fn of(spec: &ClusterSpec) -> Self {
        let job = &spec.job;
        let script = sql::values(job.sql.as_deref().unwrap_or_default());
        Self::gathered(&job.args, job.options.iter().map(|(key, value)| (key.as_str(), value.as_str())))
            .and(Self(script))
    }

    /// Those of what is asked for.
    pub fn asked(draft: &ClusterDraft) -> Self {
        let options = draft.options.iter().map(|row| (row.key.trim(), row.value.trim()));
        let mut asked = Self::gathered(draft.args.as_deref().unwrap_or_default(), options);
        for (_, field) in draft.texts() {
            asked.0.extend(text::parts(field).into_iter().map(|part| field[part].to_owned()));
        }
        asked.0.extend(sql::values(draft.sql.as_deref().unwrap_or_default()));
        for address in &draft.more_jars {
            asked.0.extend(text::parts(address).into_iter().map(|part| address[part].to_owned()));
        }
        for row in &draft.tags {
            if is_secret(row.key.trim()) {
                asked.0.push(row.value.trim().to_owned());
            }
        }
        asked.sorted()
    }

    fn gathered<'a>(args: &str, options: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut values = line::values(args);
        for (key, value) in options {
            if super::Reference::parse(value).is_some() {
                // It says where a secret is kept.
            } else if is_secret(key) {
                values.push(value.to_owned());
            } else {
                values.extend(text::parts(value).into_iter().map(|part| value[part].to_owned()));
            }
        }
        Self(values).sorted()
    }

    /// Longest first, so that no part of one stays when a shorter one is within it.
    fn sorted(mut self) -> Self {
        let word = |value: &str| matches!(&*value.to_ascii_lowercase(), "true" | "false" | "null" | "none");
        self.0.retain(|value| value.len() >= SHORTEST && value != HIDDEN && !word(value));
        self.0.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        self.0.dedup();
        self
    }

    /// These values, as they are.
    pub fn these(values: impl IntoIterator<Item = String>) -> Self {
        Self(values.into_iter().collect()).sorted()
    }

    /// These, and those.
    pub fn and(mut self, others: Secrets) -> Self {
        self.0.extend(others.0);
        self.sorted()
    }

    /// The text with every known secret hidden, and what looks like one.
    pub fn hide(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for value in &self.0 {
            if text.contains(value.as_str()) {
                text = text.replace(value.as_str(), HIDDEN);
            }
            // As a string in JSON has it.
            let written = serde_json::Value::from(value.as_str()).to_string();
            let written = &written[1..written.len() - 1];
            if written != value && text.contains(written) {
                text = text.replace(written, HIDDEN);
            }
        }
        hide(&text)
    }

    /// The reason with every known secret hidden.
    pub fn hide_in(&self, reason: &Reason) -> Reason {
        Reason {
            code: reason.code.clone(),
            message: self.hide(&reason.message),
            exception: self.hide(&reason.exception),
        }
    }
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} secrets", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Pair;

    #[test]
    fn secrets_are_hidden_wherever_they_turn_up() {
        let draft = ClusterDraft {
            args: Some("--password hunter2 --url jdbc:p://u:hunter22@h --flag".to_owned()),
            options: vec![
                Pair { key: "a.secret".to_owned(), value: "say \"open\"".to_owned() },
                Pair { key: "my.token.enabled".to_owned(), value: "true".to_owned() },
                Pair { key: "plain".to_owned(), value: "visible".to_owned() },
            ],
            ..ClusterDraft::default()
        };
        let secrets = Secrets::asked(&draft);
        let shown =
            secrets.hide(r#"no hunter22, no hunter2 in {"a":"say \"open\""}; it is true and visible"#);
        assert_eq!(shown, r#"no ******, no ****** in {"a":"******"}; it is true and visible"#);
        assert_eq!(format!("{secrets:?}"), "3 secrets");
    }
}
