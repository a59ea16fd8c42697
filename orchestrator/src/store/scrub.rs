//! An older portal kept secrets in the open. Once, in one transaction, its rows are converted: what is needed again is
//! sealed, what is only shown is hidden. Then the pages that held it are overwritten. Interrupted at any point it is
//! begun again at the next start.

use std::collections::{BTreeMap, HashMap};

use domain::form::ClusterForm;
use domain::policy::Actor;
use domain::secret::{Secrets, shown_option};
use domain::spec::ClusterSpec;
use futures::TryStreamExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use sqlx::{AnyConnection, Executor};

use super::audit::{self, Audit};
use super::value::{micros, to_json};
use super::{Store, StoreError};

/// What a column holds.
#[derive(Clone, Copy)]
enum Holds {
    /// Words for people.
    Words,
    /// JSON with such words within it.
    Reasons,
    /// A run's configuration.
    Configuration,
    /// A specification, or another JSON.
    Audited,
}

/// Columns that are only shown: how rows are read (id, cluster, text) and how one is written (text, id).
const SHOWN: [(&str, &str, Holds); 16] = [
    (
        "select id, cluster, message from operation",
        "update operation set message = $1 where id = $2",
        Holds::Words,
    ),
    (
        "select id, cluster, reason from operation where reason is not null",
        "update operation set reason = $1 where id = $2",
        Holds::Reasons,
    ),
    (
        "select id, cluster, steps from operation",
        "update operation set steps = $1 where id = $2",
        Holds::Reasons,
    ),
    (
        "select cluster, cluster, note from status",
        "update status set note = $1 where cluster = $2",
        Holds::Words,
    ),
    (
        "select cluster, cluster, step_detail from status",
        "update status set step_detail = $1 where cluster = $2",
        Holds::Words,
    ),
    (
        "select cluster, cluster, result_message from status where result_message is not null",
        "update status set result_message = $1 where cluster = $2",
        Holds::Words,
    ),
    (
        "select cluster, cluster, reason from status where reason is not null",
        "update status set reason = $1 where cluster = $2",
        Holds::Reasons,
    ),
    (
        "select cluster, cluster, phase_data from status",
        "update status set phase_data = $1 where cluster = $2",
        Holds::Reasons,
    ),
    (
        "select cluster, cluster, seen from status",
        "update status set seen = $1 where cluster = $2",
        Holds::Reasons,
    ),
    (
        "select cluster || '/' || run, cluster, why from run",
        "update run set why = $1 where cluster || '/' || run = $2",
        Holds::Words,
    ),
    (
        "select cluster || '/' || run, cluster, configuration from run",
        "update run set configuration = $1 where cluster || '/' || run = $2",
        Holds::Configuration,
    ),
    (
        "select cast(id as text), coalesce(cluster, ''), title from event",
        "update event set title = $1 where id = cast($2 as bigint)",
        Holds::Words,
    ),
    (
        "select cast(id as text), coalesce(cluster, ''), detail from event",
        "update event set detail = $1 where id = cast($2 as bigint)",
        Holds::Words,
    ),
    (
        "select id, target, before_json from audit",
        "update audit set before_json = $1 where id = $2",
        Holds::Audited,
    ),
    (
        "select id, target, after_json from audit",
        "update audit set after_json = $1 where id = $2",
        Holds::Audited,
    ),
    (
        "select id, cluster, arguments from operation",
        "update operation set arguments = $1 where id = $2",
        Holds::Configuration,
    ),
];

/// Statements that overwrite what rows held before; each outside of a transaction.
const SQLITE: [&str; 2] = ["vacuum", "pragma wal_checkpoint(truncate)"];
const POSTGRES: [&str; 7] = [
    "vacuum full revision",
    "vacuum full draft",
    "vacuum full operation",
    "vacuum full status",
    "vacuum full run",
    "vacuum full event",
    "vacuum full audit",
];

/// The secrets of each cluster, by its id.
type SecretsByCluster = HashMap<String, Secrets>;

impl Store {
    /// Looks after what an older portal left, unless that is done.
    ///
    /// # Errors
    /// When the database fails, or the key is not there.
    pub(crate) async fn scrub(&self, now: Timestamp) -> Result<(), StoreError> {
        let row: Option<(Option<i64>, Option<i64>)> =
            sqlx::query_as("select sealed, scrubbed from portal_key where id = 1")
                .fetch_optional(&mut *self.reading().await?)
                .await?;
        let Some((sealed, scrubbed)) = row else { return Ok(()) };
        if sealed.is_none() {
            self.convert(now).await?;
        }
        if scrubbed.is_none() {
            self.overwrite().await?;
            let done = sqlx::query("update portal_key set scrubbed = $1 where id = 1").bind(micros(now));
            self.write(done).await?;
        }
        Ok(())
    }

    async fn convert(&self, now: Timestamp) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        let (known, specifications) = self.seal_specifications(&mut tx).await?;
        let drafts = self.seal_drafts(&mut tx).await?;
        let mut shown = 0;
        for (read, write, holds) in SHOWN {
            shown += hide(&mut tx, &known, read, write, holds).await?;
        }
        if specifications + drafts + shown > 0 {
            let actor = Actor::portal("Penstock");
            let counts = json!({ "specifications": specifications, "drafts": drafts, "shown": shown });
            let entry = Audit {
                actor: &actor,
                action: "portal/SEAL".to_owned(),
                target: "database".to_owned(),
                before: String::new(),
                after: counts.to_string(),
            };
            audit::insert(&mut tx, &entry, now).await?;
            tracing::info!(specifications, drafts, shown, "secrets of an older portal were sealed or hidden");
        }
        sqlx::query("update portal_key set sealed = $1 where id = 1")
            .bind(micros(now))
            .execute(&mut *tx)
            .await?;
        tx.commit().await
    }

    async fn seal_specifications(
        &self,
        tx: &mut AnyConnection,
    ) -> Result<(SecretsByCluster, usize), StoreError> {
        let rows: Vec<(String, i64, String)> =
            sqlx::query_as("select cluster, revision, spec from revision").fetch_all(&mut *tx).await?;
        let (mut known, mut changed) = (SecretsByCluster::new(), 0);
        for (cluster, revision, text) in rows {
            let Ok(spec) = serde_json::from_str::<ClusterSpec>(&text) else { continue }; // its cluster says so on its page
            let secrets = known.remove(&cluster).unwrap_or_default().and(Secrets::of(&spec));
            known.insert(cluster.clone(), secrets);
            if !spec.has_secrets() {
                continue;
            }
            sqlx::query("update revision set spec = $1 where cluster = $2 and revision = $3")
                .bind(to_json(&self.seal_spec(&spec)?)?)
                .bind(cluster)
                .bind(revision)
                .execute(&mut *tx)
                .await?;
            changed += 1;
        }
        Ok((known, changed))
    }

    /// What is wrong with a draft is found again when it is opened.
    async fn seal_drafts(&self, tx: &mut AnyConnection) -> Result<usize, StoreError> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("select id, form from draft").fetch_all(&mut *tx).await?;
        let mut changed = 0;
        for (id, text) in rows {
            let Ok(form) = serde_json::from_str::<ClusterForm>(&text) else { continue };
            if form.has_secrets() {
                sqlx::query("update draft set form = $1, errors = '[]' where id = $2")
                    .bind(to_json(&self.seal_form(&form)?)?)
                    .bind(id)
                    .execute(&mut *tx)
                    .await?;
                changed += 1;
            }
        }
        Ok(changed)
    }

    async fn overwrite(&self) -> Result<(), StoreError> {
        let mut connection = self.writing().await?;
        let statements = if self.sqlite { &SQLITE[..] } else { &POSTGRES[..] };
        for statement in statements {
            connection.execute(*statement).await?;
        }
        Ok(())
    }
}

async fn hide(
    tx: &mut AnyConnection,
    known: &SecretsByCluster,
    read: &'static str,
    write: &'static str,
    holds: Holds,
) -> Result<usize, StoreError> {
    let none = Secrets::default();
    let mut changed = Vec::new();
    let mut rows = sqlx::query_as::<_, (String, String, String)>(read).fetch(&mut *tx);
    while let Some((id, cluster, text)) = rows.try_next().await? {
        let hidden = hidden(&text, known.get(&cluster).unwrap_or(&none), holds);
        if hidden != text {
            changed.push((id, hidden));
        }
    }
    drop(rows);
    for (id, text) in &changed {
        sqlx::query(write).bind(text).bind(id).execute(&mut *tx).await?;
    }
    Ok(changed.len())
}

fn hidden(text: &str, secrets: &Secrets, holds: Holds) -> String {
    match holds {
        Holds::Words => secrets.hide(text),
        Holds::Configuration => {
            let Ok(options) = serde_json::from_str::<BTreeMap<String, String>>(text) else {
                return text.to_owned();
            };
            let shown = options.iter().map(|(key, value)| (key, secrets.hide(&shown_option(key, value))));
            let shown: BTreeMap<&String, String> = shown.collect();
            if shown.iter().all(|(key, value)| options.get(*key) == Some(value)) {
                return text.to_owned();
            }
            to_json(&shown).unwrap_or_else(|_| text.to_owned())
        }
        Holds::Audited => match serde_json::from_str::<ClusterSpec>(text) {
            Ok(spec) if spec.has_secrets() => to_json(&spec.shown()).unwrap_or_default(),
            Ok(_) => text.to_owned(),
            Err(_) => hidden(text, secrets, Holds::Reasons),
        },
        Holds::Reasons => {
            let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
            if hide_words(&mut value, secrets) { value.to_string() } else { text.to_owned() }
        }
    }
}

/// Hides within the words of a JSON; everything else of it has its meaning and stays.
fn hide_words(value: &mut Value, secrets: &Secrets) -> bool {
    let mut changed = false;
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if let Value::String(text) = field
                    && matches!(name.as_str(), "message" | "exception" | "why" | "detail")
                {
                    let hidden = secrets.hide(text);
                    changed |= hidden != *text;
                    *text = hidden;
                } else {
                    changed |= hide_words(field, secrets);
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                changed |= hide_words(item, secrets);
            }
        }
        _ => {}
    }
    changed
}
