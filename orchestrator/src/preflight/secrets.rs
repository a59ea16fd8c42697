//! The secrets of key vaults that a specification names: whether each can be had, and the specification with their values,
//! which its `main` is checked with.

use std::time::Instant;

use domain::draft::ClusterDraft;
use domain::policy::Actor;
use domain::refusal::{Finding, Refusal};
use domain::secret::{Place, Reference, Secrets};
use domain::spec::ClusterSpec;
use domain::vault::Withheld;
use domain::view::Check;
use jiff::Timestamp;

use super::{Subject, Verdict};
use crate::store::Store;
use crate::vault::Named;

/// Whence secrets come, and who reads them.
pub(crate) struct SecretSource<'a> {
    pub(crate) store: &'a Store,
    pub(crate) actor: &'a Actor,
    pub(crate) now: Timestamp,
}

/// What came of them.
pub(super) struct SecretsFound {
    /// None where none is named.
    pub(super) checks: Vec<Check>,
    /// With their values; none where one cannot be had.
    pub(super) spec: Option<ClusterSpec>,
    /// To be hidden in what is told of the other checks.
    pub(super) values: Secrets,
}

impl Subject<'_> {
    /// Reads them, which the audit trail keeps.
    pub(super) async fn secrets(&self, spec: &ClusterSpec) -> SecretsFound {
        let began = Instant::now();
        if spec.references().is_empty() {
            // A dollar sign that was doubled is one all the same.
            let spec = spec.resolved(|_| Err(())).ok();
            return SecretsFound { checks: Vec::new(), spec, values: Secrets::default() };
        }
        let title = "Secrets can be read";
        let SecretSource { store, actor, now } = self.vaults;
        let named = match store.named_secrets(spec, now).await {
            Ok(named) => named,
            Err(error) => {
                let verdict = Verdict::failed(Refusal::from(error).to_string());
                let checks = vec![verdict.check(title, "args", began)];
                return SecretsFound { checks, spec: None, values: Secrets::default() };
            }
        };
        let given = &named.given;
        if !named.withheld.is_empty() {
            let check = |one: Finding| Verdict::failed(one.message).check(title, &one.field, began);
            let checks = withheld(self.draft, &named).into_iter().map(check).collect();
            return SecretsFound { checks, spec: None, values: given.secrets() };
        }
        let purpose = format!("a check of {}", spec.name);
        if let Err(error) = store.note_readings(actor, given, &purpose, now).await {
            // What cannot be written down is not done.
            let verdict = Verdict::not_known(&format!("the audit trail cannot be written ({error})"));
            let checks = vec![verdict.check(title, "args", began)];
            return SecretsFound { checks, spec: None, values: given.secrets() };
        }
        let which: Vec<String> = given
            .versions()
            .map(|(one, version)| format!("{}/{}, version {version}", one.vault, one.secret))
            .collect();
        let checks = vec![Verdict::passed(which.join("; ")).check(title, "args", began)];
        SecretsFound { checks, spec: given.resolved(spec).ok(), values: given.secrets() }
    }
}

/// What is wrong with the secrets that are named, field by field.
pub(crate) fn withheld(draft: &ClusterDraft, named: &Named) -> Vec<Finding> {
    let finding = |(place, reference, why): &(Place, Reference, Withheld)| Finding {
        field: field(draft, place),
        message: why.sentence(reference),
        value: reference.to_string(),
    };
    named.withheld.iter().map(finding).collect()
}

/// The field of the form in which a reference stands.
fn field(draft: &ClusterDraft, place: &Place) -> String {
    match place {
        Place::Args => "args".to_owned(),
        Place::Script => "sql".to_owned(),
        Place::Option(key) => {
            let row = draft.options.iter().position(|pair| pair.key.trim() == key);
            row.map_or_else(|| "options".to_owned(), |row| format!("options[{row}].value"))
        }
    }
}
