//! Table `portal_key`, and secrets as they lie in other tables: sealed in place, so that the JSON around them stays
//! what it is.

use domain::form::ClusterForm;
use domain::spec::ClusterSpec;
use jiff::Timestamp;

use super::{Store, StoreError, value::micros};
use crate::seal::{Seal, SealError};

impl From<SealError> for StoreError {
    fn from(error: SealError) -> Self {
        StoreError::Sealed(error.to_string())
    }
}

impl Store {
    /// This store with its key; the key's public half is kept beside the rows.
    pub(crate) async fn sealed_by(mut self, seal: Seal, now: Timestamp) -> Result<Self, StoreError> {
        if let Some(recipient) = seal.recipient() {
            let kept = sqlx::query(
                "insert into portal_key (id, recipient, created) values (1, $1, $2) on conflict (id) do nothing",
            );
            self.write(kept.bind(recipient.to_owned()).bind(micros(now))).await?;
        }
        self.seal = seal;
        Ok(self)
    }

    /// What seals and opens.
    pub(crate) fn seal(&self) -> &Seal {
        &self.seal
    }

    /// The public half of the key by which secrets are sealed; none before the first.
    pub(crate) async fn recipient(&self) -> Result<Option<String>, StoreError> {
        let row: Option<(String,)> = sqlx::query_as("select recipient from portal_key where id = 1")
            .fetch_optional(&mut *self.reading().await?)
            .await?;
        Ok(row.map(|(recipient,)| recipient))
    }

    /// A specification as its row has it.
    pub(crate) fn seal_spec(&self, spec: &ClusterSpec) -> Result<ClusterSpec, StoreError> {
        Ok(spec.turn_secrets(|secret| self.seal.seal(secret))?)
    }

    /// A row's specification with its secrets open.
    pub(crate) fn open_spec(&self, spec: &ClusterSpec) -> Result<ClusterSpec, StoreError> {
        Ok(spec.turn_secrets(|sealed| self.seal.open(sealed))?)
    }

    /// A form as its row has it.
    pub(crate) fn seal_form(&self, form: &ClusterForm) -> Result<ClusterForm, StoreError> {
        Ok(form.turn_secrets(|secret| self.seal.seal(secret))?)
    }

    /// A row's form with its secrets open.
    pub(crate) fn open_form(&self, form: &ClusterForm) -> Result<ClusterForm, StoreError> {
        Ok(form.turn_secrets(|sealed| self.seal.open(sealed))?)
    }
}
