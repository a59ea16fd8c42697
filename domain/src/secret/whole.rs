//! Specifications and forms as a whole: every place in which a secret may stand.

use std::collections::BTreeMap;

use super::{
    HIDDEN, Turn, carried_line, carried_script, carried_text, hidden, is_secret, line, sql, sure, text,
    turn_option,
};
use crate::draft::Pair;
use crate::form::ClusterForm;
use crate::spec::ClusterSpec;

impl ClusterSpec {
    /// As people see it: every secret value hidden.
    pub fn shown(&self) -> ClusterSpec {
        sure(self.turn_secrets(hidden))
    }

    /// With something else in place of each secret part. The store seals and opens them so.
    ///
    /// # Errors
    /// The first error of `turn`.
    pub fn turn_secrets<E>(&self, mut turn: impl FnMut(&str) -> Result<String, E>) -> Result<ClusterSpec, E> {
        let mut spec = self.clone();
        spec.job.args = line::turn(&self.job.args, &mut turn)?;
        if let Some(script) = &mut spec.job.sql {
            *script = sql::turn(script, &mut turn)?;
        }
        spec.job.options = turn_values(&self.job.options, &mut turn)?;
        if let Some(hive) = &mut spec.integration.hive {
            hive.database = text::turn(&hive.database, &mut turn)?;
        }
        for file in &mut spec.integration.files {
            file.values = turn_values(&file.values, &mut turn)?;
        }
        Ok(spec)
    }

    /// Whether it holds any secret.
    pub fn has_secrets(&self) -> bool {
        self.turn_secrets(|_| Err(())).is_err()
    }
}

fn turn_values<E>(
    values: &BTreeMap<String, String>,
    turn: &mut Turn<'_, E>,
) -> Result<BTreeMap<String, String>, E> {
    values.iter().map(|(key, value)| Ok((key.clone(), turn_option(key, value, turn)?))).collect()
}

impl ClusterForm {
    /// As people see it: every secret value hidden.
    pub fn shown(&self) -> ClusterForm {
        sure(self.turn_secrets(hidden))
    }

    /// With something else in place of each secret part. The store seals and opens them so.
    ///
    /// # Errors
    /// The first error of `turn`.
    pub fn turn_secrets<E>(&self, mut turn: impl FnMut(&str) -> Result<String, E>) -> Result<ClusterForm, E> {
        let mut form = self.clone();
        form.args = line::turn(&self.args, &mut turn)?;
        form.sql = sql::turn(&self.sql, &mut turn)?;
        for (_, field) in form.texts() {
            *field = text::turn(field, &mut turn)?;
        }
        for row in form.options.iter_mut().chain(&mut form.tags) {
            row.value = turn_option(row.key.trim(), &row.value, &mut turn)?;
        }
        Ok(form)
    }

    /// Whether it holds any secret.
    pub fn has_secrets(&self) -> bool {
        self.turn_secrets(|_| Err(())).is_err()
    }

    /// What is hidden in this form is what `stored` holds there: an option of the same key (or of the same row, while
    /// its key is being changed), a word of the arguments behind the same flag.
    pub fn carrying(&self, stored: &ClusterForm) -> ClusterForm {
        let mut form = self.clone();
        form.args = carried_line(&self.args, &stored.args);
        form.sql = carried_script(&self.sql, &stored.sql);
        for ((_, typed), (_, stored)) in form.texts().into_iter().zip(stored.clone().texts()) {
            if let Some(carried) = carried_text(typed, stored) {
                *typed = carried;
            }
        }
        carry_rows(&mut form.options, &stored.options);
        carry_rows(&mut form.tags, &stored.tags);
        form
    }
}

/// By key, the first of two first; else by row, where the row's own key is another one now.
fn carry_rows(rows: &mut [Pair], stored: &[Pair]) {
    let keys: Vec<String> = rows.iter().map(|row| row.key.trim().to_owned()).collect();
    let mut used = vec![false; stored.len()];
    for (at, row) in rows.iter_mut().enumerate() {
        let (key, typed) = (keys[at].as_str(), row.value.trim().to_owned());
        if !typed.contains(HIDDEN) {
            continue;
        }
        let meant = |kept: &Pair| sure(turn_option(kept.key.trim(), kept.value.trim(), &mut hidden)) == typed;
        let same_key = (0..stored.len())
            .find(|&other| !used[other] && stored[other].key.trim() == key && meant(&stored[other]));
        let same_row = || {
            let kept = stored.get(at)?;
            let renamed = !keys.iter().any(|key| key == kept.key.trim()) && is_secret(key);
            (renamed && !used[at] && meant(kept)).then_some(at)
        };
        if let Some(other) = same_key.or_else(same_row) {
            used[other] = true;
            row.value.clone_from(&stored[other].value);
        }
    }
}
