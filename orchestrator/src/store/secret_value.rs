//! The values of secrets: how they leave the rows. Each reading for a launch or a check is in the audit trail.

use std::collections::BTreeMap;

use domain::event::ResourceAct;
use domain::id::ClusterId;
use domain::policy::Actor;
use domain::secret::{Place, Reference, Secrets};
use domain::spec::ClusterSpec;
use domain::vault::{SecretReading, SecretView, Withheld};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::audit::{self, Audit};
use super::value::{from_json, time, to_json};
use super::{Store, StoreError};
use crate::vault::{GivenSecrets, Named};

/// So many of the last readings are shown.
const SHOWN: i64 = 20;

/// What the audit trail keeps of a reading.
#[derive(Deserialize, Serialize)]
struct Read {
    version: u32,
    #[serde(rename = "for")]
    purpose: String,
}

impl Store {
    /// The secrets that a specification names, with their values, or why they cannot be had.
    ///
    /// # Errors
    /// `Sealed`; when the database fails.
    pub(crate) async fn named_secrets(
        &self,
        spec: &ClusterSpec,
        now: Timestamp,
    ) -> Result<Named, StoreError> {
        self.named_by(spec.references(), now).await
    }

    /// The same of these references.
    ///
    /// # Errors
    /// `Sealed`; when the database fails.
    pub(crate) async fn named_by(
        &self,
        references: impl IntoIterator<Item = (Place, Reference)>,
        now: Timestamp,
    ) -> Result<Named, StoreError> {
        let mut named = Named::default();
        let mut vaults = BTreeMap::<String, Option<Vec<SecretView>>>::new();
        for (place, reference) in references {
            if named.given.has(&reference) {
                continue;
            }
            let vault = reference.vault.to_string();
            if !vaults.contains_key(&vault) {
                vaults.insert(vault.clone(), self.secrets_in(&vault).await?);
            }
            let meant = match &vaults[&vault] {
                None => Err(Withheld::NoVault),
                Some(secrets) => match secrets.iter().find(|secret| reference.secret == *secret.name) {
                    None => Err(Withheld::NoSecret),
                    Some(secret) => secret.meant(reference.version, now).map(|version| version.number),
                },
            };
            match meant {
                Ok(version) => {
                    let value = self.secret_value(&reference, version).await?;
                    named.given.put(reference, version, value);
                }
                Err(why) => named.withheld.push((place, reference, why)),
            }
        }
        Ok(named)
    }

    async fn secret_value(&self, reference: &Reference, version: u32) -> Result<String, StoreError> {
        let (sealed,): (String,) = sqlx::query_as(
            "select v.value from secret_version v join secret s on s.id = v.secret join vault k on k.id = s.vault \
             where k.name = $1 and s.name = $2 and v.number = $3",
        )
        .bind(reference.vault.to_string())
        .bind(reference.secret.to_string())
        .bind(i64::from(version))
        .fetch_one(&mut *self.reading().await?)
        .await?;
        Ok(self.seal().open(&sealed)?)
    }

    /// Writes down that these were read, each once for the same purpose.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn note_readings(
        &self,
        actor: &Actor,
        given: &GivenSecrets,
        purpose: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for (reference, version) in given.versions() {
            let target = format!("{}/{}", reference.vault, reference.secret);
            let after = to_json(&Read { version, purpose: purpose.to_owned() })?;
            let action = ResourceAct::SECRET_READ.to_owned();
            let noted: Option<(String,)> = sqlx::query_as(
                "select id from audit where target = $1 and action = $2 and after_json = $3 and actor = $4 limit 1",
            )
            .bind(&target)
            .bind(&action)
            .bind(&after)
            .bind(actor.id.to_string())
            .fetch_optional(&mut *self.reading().await?)
            .await?;
            if noted.is_some() {
                continue;
            }
            let entry = Audit { actor, action, target, before: String::new(), after };
            let mut tx = self.begin().await?;
            audit::insert(&mut tx, &entry, now).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The last readings of a vault's secrets, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn readings(&self, vault: &str) -> Result<Vec<SecretReading>, StoreError> {
        let rows: Vec<(i64, String, String, String)> = sqlx::query_as(
            "select at, actor_name, target, after_json from audit where action = $1 and target like $2 || '/%' \
             order by at desc, id desc limit $3",
        )
        .bind(ResourceAct::SECRET_READ)
        .bind(vault)
        .bind(SHOWN)
        .fetch_all(&mut *self.reading().await?)
        .await?;
        super::value::readable(rows, |(at, by, target, after)| {
            let Read { version, purpose } = from_json("audit.after_json", &after)?;
            let secret = target.split_once('/').map_or(target.as_str(), |(_, secret)| secret);
            Ok(SecretReading { at: time(at), by, what: format!("{secret}, version {version}"), purpose })
        })
    }

    /// Every value that a run of a cluster may have been given, sealed: all versions of all secrets that one of its
    /// revisions names.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) async fn sealed_values_of(&self, cluster: ClusterId) -> Result<Vec<String>, StoreError> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "select distinct v.value from secret_use u join vault k on k.name = u.vault join secret s on s.vault = k.id \
             and s.name = u.secret join secret_version v on v.secret = s.id where u.cluster = $1",
        )
        .bind(cluster.to_string())
        .fetch_all(&mut *self.reading().await?)
        .await?;
        Ok(rows.into_iter().map(|(value,)| value).collect())
    }

    /// What is to be hidden wherever it turns up. Without the key nobody knows.
    pub(crate) fn open_values(&self, sealed: &[String]) -> Secrets {
        Secrets::these(sealed.iter().filter_map(|value| self.seal().open(value).ok()))
    }
}

/// Which secrets a revision names, by its specification before anything of it was sealed.
pub(super) async fn insert_uses(
    connection: &mut sqlx::AnyConnection,
    (cluster, revision): (ClusterId, u32),
    spec: &ClusterSpec,
) -> Result<(), StoreError> {
    for (_, reference) in spec.references() {
        sqlx::query(
            "insert into secret_use (cluster, revision, vault, secret) values ($1, $2, $3, $4) \
             on conflict (cluster, revision, vault, secret) do nothing",
        )
        .bind(cluster.to_string())
        .bind(i64::from(revision))
        .bind(reference.vault.to_string())
        .bind(reference.secret.to_string())
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
